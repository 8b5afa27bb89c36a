// The end of an invitation, as the column invitation_until stores it: 0 is the expiry of its membership, and only
// another end has a value of its own.
//
// A version that knows schema 1 alone moves valid_until, and leaves invitation_until as it is. With 0 the end moves
// along, as that version means it.
#ifndef ROSTER_POSTGRES_INVITATION_END_HPP
#define ROSTER_POSTGRES_INVITATION_END_HPP

#include <limits>

#include "sql/requests.hpp"

namespace roster::inline ROSTER_ABI {
namespace postgres {

/// The stored value of no end, if the membership has an expiry. It is never reached.
inline constexpr std::int64_t invitation_without_end = std::numeric_limits<std::int64_t>::max();

/// The value of the column, for the end of an invitation whose membership has that expiry.
constexpr std::int64_t stored_invitation_end(Time end, Time valid_until) noexcept {
  if (end == valid_until) return 0;
  return end == Time{} ? invitation_without_end : static_cast<std::int64_t>(end);
}

/// The value of MembershipFact::invitation_until. The version of schema 1 may leave the negative value of a tombstone
/// in an invitation, which is then like 0.
inline Time invitation_end(MembershipState state, std::int64_t stored, Time valid_until, Time written_at) noexcept {
  if (state != MembershipState::invited) return sql::invitation_end(state, Time{stored}, written_at);
  if (stored == invitation_without_end) return Time{};
  return stored > 0 ? Time{stored} : valid_until;
}

#define ROSTER_NO_END "9223372036854775807"
/// The same in SQL, for the membership `m`. It is 0 in every other state.
#define ROSTER_INVITATION_END                                      \
  "(CASE WHEN m.state <> 1 OR m.invitation_until = " ROSTER_NO_END \
  " THEN 0 WHEN m.invitation_until > 0 THEN "                      \
  "m.invitation_until ELSE m.valid_until END)"
/// Whether the membership `m` is no invitation, or one that is not over at a time.
#define ROSTER_IS_NOT_OVER(time) "(" ROSTER_INVITATION_END " NOT BETWEEN 1 AND " time ")"

}  // namespace postgres
}  // namespace roster::inline ROSTER_ABI

#endif
