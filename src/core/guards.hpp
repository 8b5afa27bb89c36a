// What a decision leaned on must still hold when it is committed. Absence needs no guard: it is a unique key.
#ifndef ROSTER_CORE_GUARDS_HPP
#define ROSTER_CORE_GUARDS_HPP

#include "roster/decision.hpp"
#include "row_rules.hpp"

ROSTER_BEGIN

/// Why an organization is written to: a cell of its own row, or ParentRule::add for a row below it.
enum Write : std::uint8_t { by_rule = 1, as_parent = 2 };

using Guards = decltype(ChangeSet::guards);

// Each of these is false only when memory is out.

[[nodiscard]] inline bool guard_row(const Profile& profile, const Command& command, const Facts& facts,
                                    std::uint32_t row, std::uint8_t why, Guards& guards) noexcept {
  if (!guards.push({Guard::Record::organization, row, 0, facts.organizations[row].version})) return false;
  if ((why & by_rule) == 0 || !is_judged(profile, command) || !membership_allows(profile, facts, row)) return true;
  const std::uint32_t place = actor_place(profile, facts, row);
  return guards.push({Guard::Record::actor, place, 0, facts.organizations[place].actor_version});
}

[[nodiscard]] inline bool guard_account(const Facts& facts, std::uint32_t column, Guards& guards) noexcept {
  const AccountFact& fact = facts.accounts[column];
  return fact.id.empty() || guards.push({Guard::Record::account, 0, column, fact.version});
}

/// An atomic answer leans on every membership it found.
[[nodiscard]] inline bool guard_memberships(const Profile& profile, const Facts& facts, std::uint32_t rows,
                                            Guards& guards) noexcept {
  if (profile.mode != Mode::atomic) return true;
  for (const MembershipFact& fact : facts.memberships)
    if (fact.organization < rows)
      if (!guards.push({Guard::Record::membership, fact.organization, fact.account, fact.version})) return false;
  return true;
}

ROSTER_END

#endif
