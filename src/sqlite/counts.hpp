// The counts of an organization: its memberships by state and role.
#ifndef ROSTER_SQLITE_COUNTS_HPP
#define ROSTER_SQLITE_COUNTS_HPP

#include "roster/facts.hpp"
#include "sqlite/connection.hpp"

namespace roster::inline ROSTER_ABI {
namespace sqlite {

/// The values of the column `kind` of roster_member_counts.
inline constexpr std::int64_t uncounted_kind = -1;
/// `limited`: the membership has an expiry or a disabled account, or the invitation has an end of its own.
inline std::int64_t kind_of(MembershipState state, bool limited) noexcept {
  if (state == MembershipState::active) return limited ? 1 : 0;
  if (state == MembershipState::invited) return limited ? 3 : 2;
  return uncounted_kind;
}

/// Adds a row of Sql::counts.
void add_counts(Statement& found, const CountedRoles& by, MemberCounts& to) noexcept;

/// Counts the members of uncounted organizations, and marks these as counted. Column c0 is the number of the
/// organization.
Code count_members(Connection& connection, const Rows& organizations) noexcept;

}  // namespace sqlite
}  // namespace roster::inline ROSTER_ABI

#endif
