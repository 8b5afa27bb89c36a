// Outcome: the result of one cell, that is, of one account in one organization.
//
//     if (succeeded(outcome)) return "done";
//     log(name(outcome), describe(outcome));  // a stable machine name, and a sentence for people
#ifndef ROSTER_OUTCOME_HPP
#define ROSTER_OUTCOME_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "roster/version.hpp"

namespace roster {
inline namespace ROSTER_PUBLIC_ABI {

/// Refusals are 1 to 127, successes 128 and more; 0 is no outcome. A number is assigned once and never reused. Numbers
/// do not express precedence, which is the order of `outcomes_by_precedence`. docs/reference/outcomes.md describes
/// each outcome.
enum class Outcome : std::uint8_t {
  organization_not_found = 1,     ///< there is no such organization, or the actor may not learn of it
  forbidden = 2,                  ///< the actor is not authorized here; also "not found", if the profile hides that
  organization_not_joinable = 3,  ///< it takes no members, for example a personal organization
  organization_closed = 4,        ///< the host has closed it: its memberships can only end
  role_not_found = 10,            ///< no such role in the catalog
  role_not_assignable = 11,       ///< the role is read only
  group_not_found = 20,           ///< no such group
  account_not_found = 21,         ///< no such account
  account_disabled = 22,          ///< the host has disabled the account
  not_verified = 23,              ///< only an account with a verified e-mail address can accept an invitation
  outranked = 30,                 ///< the requested role, or the member's current role, ranks above the actor's own
  parent_required = 31,  ///< the account is not in the parent organization (ParentRule::require), or cannot be added
                         ///< there (ParentRule::add). The parent takes no members, or the account is a former member
  not_member = 40,       ///< there is no membership to change
  request_reused = 41,   ///< this IdempotencyKey was used for a different request about the membership
  was_suspended = 42,    ///< suspended: the profile refuses an add, or the request is older than the last change
  was_removed = 43,      ///< removed: the profile refuses an add, or the request is older than the removal
  has_changed = 44,      ///< the membership was changed after this request was made
  inviter_lapsed = 45,   ///< the inviter may no longer grant that role
  conflict = 50,         ///< already a member, and the profile rejects that
  role_conflict = 51,    ///< already a member with another role, and the profile rejects that
  seats_taken = 60,      ///< every seat of the organization is taken
  last_owner = 61,       ///< the organization would have no owner
  not_attempted = 120,   ///< atomic only: another cell was refused, so nothing was written
  undecided = 121,       ///< the operation stopped before this cell was settled; Report::stopped has the reason
  added = 128,           ///< has a new membership
  invited = 129,         ///< added as an invitation, which the account must accept
  existing = 130,        ///< was a member; nothing changed
  replaced = 131,        ///< was a member with another role
  removed = 132,         ///< was a member or invited, and is neither now
  suspended = 133,       ///< was a member, and is suspended now
  reactivated = 134,     ///< was suspended or removed, and is a member again
  accepted = 135,        ///< was invited, and is a member now
  expiry_changed = 136,  ///< the expiry of the membership has changed
  replayed = 137,        ///< this same request wrote it before: a retry, or a duplicate account in one command
  still_invited = 138,   ///< is invited and has not accepted yet; nothing changed
  invitation_renewed = 139,  ///< was invited, and is invited again: by this actor, with this role and end
};

/// Every outcome once, in order of precedence. A cell reports the first that applies. The order is: organization and
/// actor, role, account, the pair of both, successes.
inline constexpr std::array outcomes_by_precedence = {
    Outcome::organization_not_found,
    Outcome::forbidden,
    Outcome::organization_closed,
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
    Outcome::has_changed,
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
    Outcome::still_invited,
    Outcome::replaced,
    Outcome::removed,
    Outcome::suspended,
    Outcome::reactivated,
    Outcome::accepted,
    Outcome::invitation_renewed,
    Outcome::expiry_changed,
    Outcome::replayed,
};
/// The number of outcomes.
inline constexpr std::size_t outcome_count = outcomes_by_precedence.size();

namespace detail {
/// For each of the 256 values of a byte, its position in `outcomes_by_precedence`.
inline constexpr std::array<std::uint8_t, 256> outcome_ordinals = [] {
  std::array<std::uint8_t, 256> ordinals{};
  for (std::uint8_t& ordinal : ordinals) ordinal = outcome_count;
  for (std::size_t i = 0; i < outcome_count; ++i)
    ordinals[static_cast<std::uint8_t>(outcomes_by_precedence[i])] = static_cast<std::uint8_t>(i);
  return ordinals;
}();
}  // namespace detail

/// ordinal() returns the position of an outcome in `outcomes_by_precedence`, or outcome_count for a value that is no
/// outcome. Unlike the number of an outcome it changes between versions. Use it as an index, and do not store it.
constexpr std::size_t ordinal(Outcome outcome) noexcept {
  return detail::outcome_ordinals[static_cast<std::uint8_t>(outcome)];
}

/// OutcomeTable holds one value for each outcome. All other byte values share one more entry, so every byte is a valid
/// index.
template <class T>
class OutcomeTable {
 public:
  constexpr T& operator[](Outcome outcome) noexcept { return values_[ordinal(outcome)]; }  ///< the entry of an outcome
  constexpr const T& operator[](Outcome outcome) const noexcept {
    return values_[ordinal(outcome)];
  }                                                                                      ///< the entry of an outcome
  friend constexpr bool operator==(const OutcomeTable&, const OutcomeTable&) = default;  ///< compares all entries

 private:
  std::array<T, outcome_count + 1> values_{};
};

/// succeeded() is true if the outcome is a success, that is, 128 or more.
constexpr bool succeeded(Outcome outcome) noexcept {
  return (static_cast<std::uint8_t>(outcome) & 0x80u) != 0;
}
/// wrote() is true if this command wrote the membership, in this or an earlier attempt.
constexpr bool wrote(Outcome outcome) noexcept {
  return succeeded(outcome) && outcome != Outcome::existing && outcome != Outcome::still_invited;
}

/// Subject is the fact on which an outcome depends. For a refused cell, it is the fact that would have to change.
enum class Subject : std::uint8_t {
  nothing,       ///< no rule refused the cell
  organization,  ///< its existence, visibility, whether it is closed, and whether it takes members
  actor,         ///< its membership in the organization, and the role of that
  role,          ///< the requested role, and the catalog
  group,         ///< its existence
  account,       ///< its existence, and whether it is enabled and verified
  parent,        ///< the membership in the parent organization
  membership,    ///< its existence, role and state
  inviter,       ///< the membership of the inviter
  request,       ///< the idempotency key
  seats,         ///< the number of seats of the organization
  owners,        ///< the other owners of the organization
  others,        ///< other cells of this command
  store          ///< the operation stopped: Report::stopped
};
/// subject() returns the fact on which an outcome depends.
Subject subject(Outcome outcome) noexcept;
/// Stable machine name, for example "membership".
std::string_view name(Subject subject) noexcept;

/// Stable machine name, for example "role_not_found"; "unknown" for a value outside the enumeration.
std::string_view name(Outcome outcome) noexcept;
/// One sentence for people: the meaning and the next step. Lower case, no full stop.
std::string_view describe(Outcome outcome) noexcept;

}  // namespace ROSTER_PUBLIC_ABI
}  // namespace roster

#endif
