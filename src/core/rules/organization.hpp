// Facts about an organization and about the actor there, as every kind of command sees them.
#ifndef ROSTER_CORE_RULES_ORGANIZATION_HPP
#define ROSTER_CORE_RULES_ORGANIZATION_HPP

#include "role.hpp"
#include "transitions.hpp"

namespace roster::inline ROSTER_ABI {

/// What the actor's own role lets it give and take away. Not limited: the host has decided, vouches for the actor, or
/// the actor is the organization itself.
struct ActorAuthority {
  bool limited = false, owns = false;
  std::uint16_t rank = 0;

  /// Nobody gives, or takes away, a role above their own; an owner's role is an owner's affair.
  constexpr bool is_outranked_by(std::uint16_t other, bool other_owns) const noexcept {
    return limited && (other > rank || (other_owns && !owns));
  }
};

/// False where the host has decided, or vouches for the actor: then no rule about the actor is looked at.
inline bool checks_actor(const Profile& profile, const Command& command) noexcept {
  return profile.actor != ActorRule::host_decides && !command.actor.staff;
}

/// The organization that the actor rule looks at for this row: the row itself, or its parent. no_index: there is none.
inline std::uint32_t actor_organization(const Profile& profile, const Facts& facts, std::uint32_t row) noexcept {
  return profile.actor == ActorRule::parent_manager ? facts.organizations[row].parent : row;
}

/// Whether a membership with this role may give such a command: a transfer is for owners, anything else for who
/// manages, and an add or an invitation, under ActorRule::member, for anybody.
inline bool may_command(const Profile& profile, CommandKind kind, const Role& role) noexcept {
  if (kind == CommandKind::transfer_ownership) return role.owns;
  return role.manages || (profile.actor == ActorRule::member && is_add(kind));
}

/// Whether the actor is let in; if because of a membership, `standing` becomes what that lets it give. An organization
/// that acts on itself is asked for no membership, so none needs a guard.
[[gnu::always_inline]] inline bool authorize(const Profile& profile, const Command& command, const Facts& facts,
                                             std::uint32_t row, ActorAuthority& authority) noexcept {
  if (!checks_actor(profile, command)) return true;
  if (profile.organization_is_account && profile.actor != ActorRule::parent_manager &&
      facts.organizations[row].id.view() == command.actor.id.view())
    return true;
  const std::uint32_t at = actor_organization(profile, facts, row);
  if (at == no_index || !facts.organizations[at].actor_is_member) return false;
  const Role& role = known_role(profile, facts.roles[facts.organizations[at].actor_role]);
  if (!may_command(profile, command.kind(), role)) return false;
  authority = {true, role.owns, role.rank};
  return true;
}

/// The same for an account that gives a command about its own memberships: it needs no right. Only, where organizations
/// are hidden, an account that has no part in one is told what it would be told if that were not there.
inline bool authorize_own(const Policy& policy, bool has_membership) noexcept {
  return has_membership || !policy.hides_organizations();
}

/// Whether an inviter may not give that role any more, by the rule that an add would be judged by. A store that does
/// not know the inviter leaves it at what was right then.
inline bool has_lapsed(const Profile& profile, const Facts& facts, const InviterFact& inviter,
                       const Role& invited_as) noexcept {
  if (!inviter.known) return false;
  if (!inviter.is_member) return true;
  const Role& own = known_role(profile, facts.roles[inviter.role]);
  return !may_command(profile, CommandKind::invite, own) ||
         ActorAuthority{true, own.owns, own.rank}.is_outranked_by(invited_as.rank, invited_as.owns);
}

}  // namespace roster::inline ROSTER_ABI

#endif
