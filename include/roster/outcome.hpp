// Outcome: what became of one cell, that is, of one account in one organization.
#ifndef ROSTER_OUTCOME_HPP
#define ROSTER_OUTCOME_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "roster/version.hpp"

ROSTER_PUBLIC_BEGIN

/// Refusals are 1 to 127, successes 128 and more; 0 is no outcome. A number is given once and never again: numbers say
/// nothing about precedence, which is the order of `outcomes_by_precedence`. docs/outcomes.md has a paragraph on each.
enum class Outcome : std::uint8_t {
  organization_not_found = 1,
  forbidden = 2,                  ///< the actor may not do this here; also "not found" where the profile hides that
  organization_not_joinable = 3,  ///< it takes no members, for example a personal one
  role_not_found = 10,
  role_not_assignable = 11,
  group_not_found = 20,
  account_not_found = 21,
  account_disabled = 22,
  not_verified = 23,     ///< an invitation is accepted by an account whose e-mail address is verified
  outranked = 30,        ///< the role asked for, or the one the member has, is above the actor's own
  parent_required = 31,  ///< the account is not in the parent organization, which ParentRule::require asks for, or into
                         ///< which ParentRule::add cannot put it because it takes no members or has had this one before
  not_member = 40,       ///< there is no membership to change
  request_reused = 41,   ///< this RequestKey did something else to the membership before
  was_suspended = 42,    ///< it is suspended: the profile refuses to add over that, or the request is older than that
  was_removed = 43,      ///< it was removed: the profile refuses to add again, or the request is older than the removal
  has_returned = 44,     ///< it was suspended, removed or over, and came back: the request is older than the return
  inviter_lapsed = 45,   ///< whoever sent the invitation may not give that role any more
  conflict = 50,         ///< already a member, and the profile says reject
  role_conflict = 51,    ///< already a member with another role, and the profile says reject
  seats_taken = 60,      ///< the organization has as many members as it may have
  last_owner = 61,       ///< the organization would be left without an owner
  not_attempted = 120,   ///< atomic only: another cell was refused, so nothing was done
  undecided = 121,       ///< the operation stopped before this cell was settled: Report::stopped says why
  added = 128,
  invited = 129,         ///< added, for an account that is only invited: the membership waits until it is accepted
  existing = 130,        ///< was a member; nothing changed
  replaced = 131,        ///< was a member with another role
  removed = 132,         ///< was a member, or invited, and is neither any more
  suspended = 133,       ///< was a member, and is suspended now
  reactivated = 134,     ///< was suspended or removed, and is a member again
  accepted = 135,        ///< was invited, and is a member now
  expiry_changed = 136,  ///< a member, whose time now ends at another moment
  replayed = 137,        ///< this very request wrote it before: a retry, or the same person twice in one command
};

/// Every outcome once. The first that applies is reported: what concerns the organization and the actor, then the role,
/// then the account, then the two together; successes come last.
inline constexpr std::array outcomes_by_precedence = {
    Outcome::organization_not_found,
    Outcome::forbidden,
    Outcome::organization_not_joinable,
    Outcome::role_not_found,
    Outcome::role_not_assignable,
    Outcome::group_not_found,
    Outcome::account_not_found,
    Outcome::account_disabled,
    Outcome::not_verified,
    Outcome::outranked,
    Outcome::parent_required,
    Outcome::not_member,
    Outcome::request_reused,
    Outcome::was_suspended,
    Outcome::was_removed,
    Outcome::has_returned,
    Outcome::inviter_lapsed,
    Outcome::conflict,
    Outcome::role_conflict,
    Outcome::seats_taken,
    Outcome::last_owner,
    Outcome::not_attempted,
    Outcome::undecided,
    Outcome::added,
    Outcome::invited,
    Outcome::existing,
    Outcome::replaced,
    Outcome::removed,
    Outcome::suspended,
    Outcome::reactivated,
    Outcome::accepted,
    Outcome::expiry_changed,
    Outcome::replayed,
};
inline constexpr std::size_t outcome_count = outcomes_by_precedence.size();

namespace detail {
/// For each of the 256 values of a byte, its place in `outcomes_by_precedence`.
inline constexpr std::array<std::uint8_t, 256> outcome_ordinals = [] {
  std::array<std::uint8_t, 256> ordinals{};
  for (std::uint8_t& ordinal : ordinals) ordinal = outcome_count;
  for (std::size_t i = 0; i < outcome_count; ++i)
    ordinals[static_cast<std::uint8_t>(outcomes_by_precedence[i])] = static_cast<std::uint8_t>(i);
  return ordinals;
}();
}  // namespace detail

/// The place of an outcome in `outcomes_by_precedence`; outcome_count for a value that is no outcome. Unlike the
/// outcome's number it changes from version to version: index with it, and do not store it.
constexpr std::size_t ordinal(Outcome outcome) noexcept {
  return detail::outcome_ordinals[static_cast<std::uint8_t>(outcome)];
}

/// A value for each outcome. Values that are no outcome share one more, so that any byte may be looked up.
template <class T>
class OutcomeTable {
 public:
  constexpr T& operator[](Outcome outcome) noexcept { return values_[ordinal(outcome)]; }
  constexpr const T& operator[](Outcome outcome) const noexcept { return values_[ordinal(outcome)]; }
  friend constexpr bool operator==(const OutcomeTable&, const OutcomeTable&) = default;

 private:
  std::array<T, outcome_count + 1> values_{};
};

constexpr bool succeeded(Outcome outcome) noexcept {
  return (static_cast<std::uint8_t>(outcome) & 0x80u) != 0;
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
