// Facts about an organization, and about the actor's membership in it.
#ifndef ROSTER_CORE_RULES_ORGANIZATION_HPP
#define ROSTER_CORE_RULES_ORGANIZATION_HPP

#include "role.hpp"
#include "transitions.hpp"

namespace roster::inline ROSTER_ABI {

/// The roles that the actor may grant and take away, by its own role. `limited` is false in three cases: the host has
/// decided, the actor is staff, or the organization acts on itself.
struct ActorAuthority {
  bool limited = false, owns = false;
  std::uint16_t rank = 0;

  /// No actor grants or takes away a role above its own. Only an owner grants or takes away a role that owns.
  constexpr bool is_outranked_by(std::uint16_t other, bool other_owns) const noexcept {
    return limited && (other > rank || (other_owns && !owns));
  }
};

/// False if the host has decided, or if the actor is staff: then no rule about the actor applies.
inline bool checks_actor(const Profile& profile, const Command& command) noexcept {
  return profile.actor != ActorRule::host_decides && !command.actor.staff;
}

/// The organization in which the actor rule requires a membership: the row itself, or its parent. no_index: there is
/// none.
inline std::uint32_t actor_organization(const Profile& profile, const Facts& facts, std::uint32_t row) noexcept {
  return profile.actor == ActorRule::parent_manager ? facts.organizations[row].parent : row;
}

/// Whether a membership with this role may issue such a command. A transfer requires an owner. Any other command
/// requires a role that manages. Under ActorRule::member, any member may also add and invite.
inline bool may_command(const Profile& profile, CommandKind kind, const Role& role) noexcept {
  if (kind == CommandKind::transfer_ownership) return role.owns;
  return role.manages || (profile.actor == ActorRule::member && is_add(kind));
}

/// Whether the account is the organization itself. Such an account acts and invites there without a membership.
[[gnu::always_inline]] inline bool is_own_account(const Profile& profile, const OrganizationId& organization,
                                                  const AccountId& account) noexcept {
  return profile.organization_is_account && organization.view() == account.view();
}

/// Whether the actor may issue the command here. If a membership is the reason, `authority` becomes the limits of its
/// role. An organization that acts on itself needs no membership, and so no guard.
[[gnu::always_inline]] inline bool authorize(const Profile& profile, const Command& command, const Facts& facts,
                                             std::uint32_t row, ActorAuthority& authority) noexcept {
  if (!checks_actor(profile, command)) return true;
  if (profile.actor != ActorRule::parent_manager &&
      is_own_account(profile, facts.organizations[row].id, command.actor.id))
    return true;
  const std::uint32_t at = actor_organization(profile, facts, row);
  if (at == no_index || !facts.organizations[at].actor_is_member) return false;
  const Role& role = known_role(profile, facts.roles[facts.organizations[at].actor_role]);
  if (!may_command(profile, command.kind(), role)) return false;
  authority = {true, role.owns, role.rank};
  return true;
}

/// The same for an account that acts on its own memberships, which requires no right. If organizations are hidden, an
/// account without a membership gets the outcome of an organization that does not exist.
inline bool authorize_own(const Policy& policy, bool has_membership) noexcept {
  return has_membership || !policy.hides_organizations();
}

/// Whether an acceptance checks the inviter again. The inviter is judged like an actor, so it does only for a rule
/// about actors that requires membership in the organization itself.
inline bool checks_inviter(const Profile& profile) noexcept {
  return profile.rechecks_inviter && (profile.actor == ActorRule::member || profile.actor == ActorRule::manager);
}

/// Whether an inviter with the role `own` may no longer invite as `invited_as`, by the rule that an add is judged by.
inline bool has_lapsed(const Profile& profile, const Role& own, const Role& invited_as) noexcept {
  return !may_command(profile, CommandKind::invite, own) ||
         ActorAuthority{true, own.owns, own.rank}.is_outranked_by(invited_as.rank, invited_as.owns);
}
/// Whether no membership gave the right to send the invitation. The host authorized it, and no inviter is recorded, or
/// the organization itself is the inviter. So an acceptance has nothing to check again.
inline bool invites_without_membership(const Profile& profile, const OrganizationId& organization,
                                       const AccountId& inviter) noexcept {
  return inviter.empty() || is_own_account(profile, organization, inviter);
}
/// The same by the facts, for an inviter that needed a membership.
inline bool has_lapsed(const Profile& profile, const Facts& facts, const InviterFact& inviter,
                       const Role& invited_as) noexcept {
  return !inviter.is_member || has_lapsed(profile, known_role(profile, facts.roles[inviter.role]), invited_as);
}

}  // namespace roster::inline ROSTER_ABI

#endif
