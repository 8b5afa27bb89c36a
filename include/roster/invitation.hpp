// Invitation: the status of a pending invitation, for pages that list invitations.
//
//     store.invitations(OrganizationId("acme"), after, page);
//     switch (invitation_status(rules, {}, page[i], inviter, inviter_account, now)) { ... }
#ifndef ROSTER_INVITATION_HPP
#define ROSTER_INVITATION_HPP

#include <cstdint>
#include <span>

#include "roster/profile.hpp"
#include "roster/records.hpp"

namespace roster {
inline namespace ROSTER_PUBLIC_ABI {

/// InvitationStatus is the effect that an acceptance of an invitation would have.
enum class InvitationStatus : std::uint8_t {
  pending,    ///< its account can accept it
  expired,    ///< its end has passed: an acceptance is `was_removed`
  lapsed,     ///< its inviter may no longer grant the role: an acceptance is `inviter_lapsed`
  role_gone,  ///< its role is in no catalog any more: an acceptance is `role_not_found`
};

/// invitation_status() returns the status of a pending invitation at a moment, by the rules of AcceptInvitation. An
/// expired invitation is `expired`, whatever its inviter or role. One whose role is gone is `role_gone`. Under a
/// profile that does not check inviters, and for an invitation without a recorded inviter, no invitation is `lapsed`.
/// An organization that acts on itself (Profile::organization_is_account) is an inviter that never lapses.
/// The status of an invitation that is not pending is `expired`. Conditions on the account and the organization are not
/// part of it.
///
/// - `catalog`: the organization's own roles. It is read only if the profile has no catalog. An inviter
///   with a role that is missing there manages nothing.
/// - `inviter`: the membership of Membership::invited_by in the same organization; null: none.
/// - `inviter_account`: the account of the inviter; null: none. Without an enabled account the inviter grants nothing.
InvitationStatus invitation_status(const Profile& profile, std::span<const Role> catalog, const Membership& invitation,
                                   const Membership* inviter, const AccountRecord* inviter_account, Time now) noexcept;

}  // namespace ROSTER_PUBLIC_ABI
}  // namespace roster

#endif
