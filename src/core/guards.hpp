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

/// Written field by field where it stays: a guard put together elsewhere would be copied before it is whole.
[[nodiscard]] inline bool lean_on(Guard::Record record, std::uint32_t organization, std::uint32_t account,
                                  Version version, Guards& guards) noexcept {
  const std::uint32_t at = guards.size();
  if (!guards.resize_uninitialized(std::size_t{at} + 1)) return false;
  Guard& guard = guards[at];
  guard.record = record;
  guard.organization = organization;
  guard.account = account;
  guard.version = version;
  guard.limit = 0;
  return true;
}

/// `actor_at`: where the actor's membership stands that the row leans on; no_index: on none.
[[nodiscard]] inline bool guard_row(const Facts& facts, std::uint32_t row, std::uint32_t actor_at,
                                    Guards& guards) noexcept {
  if (!lean_on(Guard::Record::organization, row, 0, facts.organizations[row].version, guards)) return false;
  return actor_at == no_index ||
         lean_on(Guard::Record::actor, actor_at, 0, facts.organizations[actor_at].actor_version, guards);
}

[[nodiscard]] inline bool guard_account(const Facts& facts, std::uint32_t column, Guards& guards) noexcept {
  const AccountFact& fact = facts.accounts[column];
  return fact.id.empty() || lean_on(Guard::Record::account, 0, column, fact.version, guards);
}

/// An atomic answer leans on every membership it found in its rows.
[[nodiscard]] inline bool guard_memberships(const Facts& facts, std::uint32_t rows, Guards& guards) noexcept {
  for (const MembershipFact& fact : facts.memberships)
    if (fact.organization < rows)
      if (!lean_on(Guard::Record::membership, fact.organization, fact.account, fact.version, guards)) return false;
  return true;
}

ROSTER_END

#endif
