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

/// True where the actor rule is answered by a membership, which must then still stand when the commit is made.
inline bool actor_leans_on_membership(const Profile& profile, const Command& command, const Facts& facts,
                                      std::uint32_t row) noexcept {
  if (profile.actor == ActorRule::host_decides || command.actor.staff) return false;
  const bool itself = profile.organization_is_account && profile.actor != ActorRule::parent_manager &&
                      facts.organizations[row].id.view() == command.actor.id.view();
  return !itself;
}

/// organization_not_found, forbidden, organization_not_joinable, or no_objection.
Outcome judge_row(const Profile& profile, const Command& command, const Facts& facts, std::uint32_t row) noexcept;

/// True if the actor may learn what is in this row: neither "not found" nor "forbidden".
inline bool discloses(Outcome verdict) noexcept {
  return verdict != Outcome::organization_not_found && verdict != Outcome::forbidden;
}

ROSTER_END

#endif
