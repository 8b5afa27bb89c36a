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
  forbidden,                  ///< the actor may not do this here; also "not found" where the profile hides that
  organization_not_joinable,  ///< it takes no members, for example a personal one
  role_not_found,
  role_not_assignable,
  group_not_found,
  account_not_found,
  account_disabled,
  not_verified,     ///< an invitation is accepted by an account whose e-mail address is verified
  outranked,        ///< the role asked for, or the one the member has, is above the actor's own
  parent_required,  ///< the account is not in the parent organization, which ParentRule::require asks for, or into
                    ///< which ParentRule::add cannot put it because it takes no members
  not_member,       ///< there is no membership to change
  request_reused,   ///< this RequestKey did something else to the membership before
  was_suspended,    ///< it is suspended: the profile refuses to add over that, or the request is older than that
  was_removed,      ///< it was removed: the profile refuses to add again, or the request is older than the removal
  has_returned,     ///< it was suspended, removed or over, and came back: the request is older than the return
  inviter_lapsed,   ///< whoever sent the invitation may not give that role any more
  conflict,         ///< already a member, and the profile says reject
  role_conflict,    ///< already a member with another role, and the profile says reject
  seats_taken,      ///< the organization has as many members as it may have
  last_owner,       ///< the organization would be left without an owner
  not_attempted,    ///< atomic only: another cell was refused, so nothing was done
  undecided,        ///< the operation stopped before this cell was settled: Report::stopped says why
  added,
  invited,         ///< added, for an account that is only invited: the membership waits until it is accepted
  existing,        ///< was a member; nothing changed
  replaced,        ///< was a member with another role
  removed,         ///< was a member, or invited, and is neither any more
  suspended,       ///< was a member, and is suspended now
  reactivated,     ///< was suspended or removed, and is a member again
  accepted,        ///< was invited, and is a member now
  expiry_changed,  ///< a member, whose time now ends at another moment
  replayed,        ///< this very request wrote it before: a retry, or the same person twice in one command
};
inline constexpr std::size_t outcome_count = static_cast<std::size_t>(Outcome::replayed) + 1;

constexpr bool succeeded(Outcome outcome) noexcept {
  return outcome >= Outcome::added;
}
/// True where a membership was written or changed by this command, in this or an earlier attempt.
constexpr bool wrote(Outcome outcome) noexcept {
  return succeeded(outcome) && outcome != Outcome::existing;
}

/// What an outcome leaned on: where to look, and what would have to change for a refused cell to succeed.
enum class Subject : std::uint8_t {
  nothing,       ///< no rule stood against it
  organization,  ///< that it exists, may be seen, takes members
  actor,         ///< who asks: its membership there, and that membership's role
  role,          ///< the role asked for, and the catalog
  group,
  account,     ///< that it exists, is enabled, is verified
  parent,      ///< the membership in the parent organization
  membership,  ///< the one that is there, or is not: its role and its state
  inviter,     ///< the membership of whoever sent the invitation
  request,     ///< the request key
  seats,       ///< how many may be in the organization
  owners,      ///< who else is an owner of it
  others,      ///< other cells of this command
  store        ///< the operation was stopped: Report::stopped
};
Subject subject(Outcome outcome) noexcept;
/// Stable machine name, for example "membership".
std::string_view name(Subject subject) noexcept;

/// Stable machine name, for example "role_not_found"; "unknown" for a value outside the enumeration.
std::string_view name(Outcome outcome) noexcept;
/// One sentence for people: what happened and what to do next. Lower case, no full stop.
std::string_view describe(Outcome outcome) noexcept;

ROSTER_END

#endif
