#include "roster/invitation.hpp"

#include "rules/organization.hpp"

namespace roster::inline ROSTER_ABI {

namespace {

/// The role with this id, from the profile's catalog or from that of the organization.
const Role& role_of(const Profile& profile, std::span<const Role> catalog, const RoleId& id) noexcept {
  const Role* const role = profile.roles.empty() ? find_in(catalog, id) : find_role(profile, id);
  return role != nullptr ? *role : unknown_role;
}

}  // namespace

InvitationStatus invitation_status(const Profile& profile, std::span<const Role> catalog, const Membership& invitation,
                                   const Membership* inviter, const AccountRecord* inviter_account, Time now) noexcept {
  if (invitation.state != MembershipState::invited) return InvitationStatus::expired;
  if (has_expired(earlier_end(invitation.invitation_until, invitation.valid_until), now))
    return InvitationStatus::expired;
  const Role& offered = role_of(profile, catalog, invitation.role);
  if (!offered.exists) return InvitationStatus::role_gone;
  if (!checks_inviter(profile) || invites_without_membership(profile, invitation.organization, invitation.invited_by))
    return InvitationStatus::pending;
  const bool is_member =
      inviter != nullptr && inviter_account != nullptr && is_effective(*inviter, *inviter_account, now);
  const bool lapsed = !is_member || has_lapsed(profile, role_of(profile, catalog, inviter->role), offered);
  return lapsed ? InvitationStatus::lapsed : InvitationStatus::pending;
}

}  // namespace roster::inline ROSTER_ABI
