// Rules about one organization and who asks: judged once per row, whatever the command.
#ifndef ROSTER_CORE_ROW_RULES_HPP
#define ROSTER_CORE_ROW_RULES_HPP

#include "role_rules.hpp"
#include "roster/decision.hpp"
#include "standing.hpp"

ROSTER_BEGIN

/// The organization that the actor rule looks at for this row: the row itself, or its parent. no_index: there is none.
inline std::uint32_t actor_place(const Profile& profile, const Facts& facts, std::uint32_t row) noexcept {
  return profile.actor == ActorRule::parent_manager ? facts.organizations[row].parent : row;
}

/// False where the host has decided, or vouches for the actor: then no rule about the actor is looked at.
inline bool is_judged(const Profile& profile, const Command& command) noexcept {
  return profile.actor != ActorRule::host_decides && !command.actor.staff;
}

/// Whether a membership with this role may give such a command: a transfer is for owners, anything else for who
/// manages, and an add or an invitation, under ActorRule::member, for anybody.
inline bool has_right(const Profile& profile, Kind kind, const Role& role) noexcept {
  if (kind == Kind::transfer_ownership) return role.owns;
  return role.manages || (profile.actor == ActorRule::member && (kind == Kind::add || kind == Kind::invite));
}

/// Whether the actor is let in; if because of a membership, `standing` becomes what that lets it give. The decision
/// then leans on that membership, which must still stand when the commit is made.
[[gnu::always_inline]] inline bool lets_in(const Profile& profile, const Command& command, const Facts& facts,
                                           std::uint32_t row, Standing& standing) noexcept {
  if (!is_judged(profile, command)) return true;
  const std::uint32_t place = actor_place(profile, facts, row);
  if (place != no_index && facts.organizations[place].actor_is_member) {
    const Role& role = known_role(profile, facts.roles[facts.organizations[place].actor_role]);
    if (has_right(profile, command.kind(), role)) {
      standing = {true, role.owns, role.rank};
      return true;
    }
  }
  return profile.organization_is_account && profile.actor != ActorRule::parent_manager &&
         facts.organizations[row].id.view() == command.actor.id.view();
}

/// An organization that is not there, as the actor is told.
inline Outcome unknown_organization(const Profile& profile, const Command& command) noexcept {
  const bool hidden = profile.hides_organizations && !command.actor.staff;
  return hidden ? Outcome::forbidden : Outcome::organization_not_found;
}

/// organization_not_found, forbidden, organization_not_joinable, or no_objection.
[[gnu::always_inline]] inline Outcome judge_row(const Profile& profile, const Command& command, const Facts& facts,
                                                std::uint32_t row, Standing& standing) noexcept {
  const OrganizationFact& fact = facts.organizations[row];
  if (fact.id.empty()) return unknown_organization(profile, command);
  if (!lets_in(profile, command, facts, row, standing)) return Outcome::forbidden;
  if (!fact.joinable) return Outcome::organization_not_joinable;
  return no_objection;
}

/// True if the actor may learn what is in this row: neither "not found" nor "forbidden".
inline bool discloses(Outcome verdict) noexcept {
  return verdict != Outcome::organization_not_found && verdict != Outcome::forbidden;
}

ROSTER_END

#endif
