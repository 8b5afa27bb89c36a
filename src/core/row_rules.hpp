// Rules about one organization and who asks: judged once per row, whatever the command.
#ifndef ROSTER_CORE_ROW_RULES_HPP
#define ROSTER_CORE_ROW_RULES_HPP

#include "roster/decision.hpp"

ROSTER_BEGIN

/// What a verdict says where no rule stands against the row, the column or the role.
inline constexpr Outcome no_objection = Outcome::added;

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
bool membership_allows(const Profile& profile, const Facts& facts, std::uint32_t row) noexcept;

/// organization_not_found, forbidden, organization_not_joinable, or no_objection.
Outcome judge_row(const Profile& profile, const Command& command, const Facts& facts, std::uint32_t row) noexcept;

/// True if the actor may learn what is in this row: neither "not found" nor "forbidden".
inline bool discloses(Outcome verdict) noexcept {
  return verdict != Outcome::organization_not_found && verdict != Outcome::forbidden;
}

ROSTER_END

#endif
