// Outcome: what became of one cell, that is, of one account in one organization.
#ifndef ROSTER_OUTCOME_HPP
#define ROSTER_OUTCOME_HPP

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "roster/version.hpp"

ROSTER_BEGIN

/// In order of precedence: the first that applies is reported, so row rules (the organization, the actor, the role)
/// come before column rules (the account), and those before the rules of the cell. Successes come last.
/// Values are stable within a major version. docs/outcomes.md has a paragraph on each.
enum class Outcome : std::uint8_t {
  organization_not_found,
  forbidden,                  ///< the actor may not add members here; also "not found" where the profile hides that
  organization_not_joinable,  ///< it takes no members, for example a personal one
  role_not_found,
  role_not_assignable,
  group_not_found,
  account_not_found,
  account_disabled,
  parent_required,  ///< the account is not in the parent organization, which ParentRule::require asks for, or into
                    ///< which ParentRule::add cannot put it because it takes no members
  request_reused,   ///< this RequestKey gave the membership another role before
  conflict,         ///< already a member, and the profile says reject
  role_conflict,    ///< already a member with another role, and the profile says reject
  not_attempted,    ///< atomic only: another cell was refused, so nothing was done
  undecided,        ///< the operation stopped before this cell was settled: Report::stopped says why
  added,
  invited,   ///< added, for an account that is only invited: the membership waits until it is accepted
  existing,  ///< was a member; nothing changed
  replaced,  ///< was a member with another role
  replayed,  ///< this very request wrote it before: a retry, or the same person twice in one command
};
inline constexpr std::size_t outcome_count = static_cast<std::size_t>(Outcome::replayed) + 1;

constexpr bool succeeded(Outcome outcome) noexcept {
  return outcome >= Outcome::added;
}
/// True where a membership was written or changed by this command, in this or an earlier attempt.
constexpr bool wrote(Outcome outcome) noexcept {
  return succeeded(outcome) && outcome != Outcome::existing;
}

/// Stable machine name, for example "role_not_found"; "unknown" for a value outside the enumeration.
std::string_view name(Outcome outcome) noexcept;
/// One sentence for people: what happened and what to do next. Lower case, no full stop.
std::string_view describe(Outcome outcome) noexcept;

ROSTER_END

#endif
