// Rules about one organization and who asks: judged once per row, whatever the command.
#ifndef ROSTER_CORE_ROW_RULES_HPP
#define ROSTER_CORE_ROW_RULES_HPP

#include "role_rules.hpp"
#include "roster/decision.hpp"

ROSTER_BEGIN

/// The organization that the actor rule looks at for this row: the row itself, or its parent. no_index: there is none.
inline std::uint32_t actor_place(const Profile& profile, const Facts& facts, std::uint32_t row) noexcept {
  return profile.actor == ActorRule::parent_manager ? facts.organizations[row].parent : row;
}

/// False where the host has decided, or vouches for the actor: then no rule about the actor is looked at.
inline bool is_judged(const Profile& profile, const Command& command) noexcept {
  return profile.actor != ActorRule::host_decides && !command.actor.staff;
}

/// True where the actor's membership satisfies the rule. The decision then leans on that membership, which must still
/// stand when the commit is made.
inline bool membership_allows(const Profile& profile, const Facts& facts, std::uint32_t row) noexcept {
  const std::uint32_t place = actor_place(profile, facts, row);
  if (place == no_index) return false;
  const OrganizationFact& fact = facts.organizations[place];
  if (!fact.actor_is_member) return false;
  return profile.actor == ActorRule::member || manages(profile, facts.roles[fact.actor_role]);
}

inline bool may_add(const Profile& profile, const Command& command, const Facts& facts, std::uint32_t row) noexcept {
  if (!is_judged(profile, command) || membership_allows(profile, facts, row)) return true;
  return profile.organization_is_account && profile.actor != ActorRule::parent_manager &&
         facts.organizations[row].id.view() == command.actor.id.view();
}

/// organization_not_found, forbidden, organization_not_joinable, or no_objection.
inline Outcome judge_row(const Profile& profile, const Command& command, const Facts& facts,
                         std::uint32_t row) noexcept {
  const OrganizationFact& fact = facts.organizations[row];
  if (fact.id.empty()) {
    const bool hidden = profile.hides_organizations && !command.actor.staff;
    return hidden ? Outcome::forbidden : Outcome::organization_not_found;
  }
  if (!may_add(profile, command, facts, row)) return Outcome::forbidden;
  if (!fact.joinable) return Outcome::organization_not_joinable;
  return no_objection;
}

/// True if the actor may learn what is in this row: neither "not found" nor "forbidden".
inline bool discloses(Outcome verdict) noexcept {
  return verdict != Outcome::organization_not_found && verdict != Outcome::forbidden;
}

ROSTER_END

#endif
