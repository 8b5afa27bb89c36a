#include "sqlite/counts.hpp"

namespace roster::inline ROSTER_ABI {
namespace sqlite {

namespace {

/// Whether the role of the row is in the list.
bool has(std::span<const RoleId> roles, Statement& found) noexcept {
  for (const RoleId& role : roles)
    if (role.view() == found.text(3)) return true;
  return false;
}

}  // namespace

void add_counts(Statement& found, const CountedRoles& by, MemberCounts& to) noexcept {
  const auto members = static_cast<std::uint32_t>(found.number(2));
  const std::int64_t kind = found.number(1);
  const bool by_catalog = by.counts_by_catalog();
  // A role that is in no catalog has NULL there, and takes a seat.
  const bool takes_seat = by_catalog ? found.is_null(5) || found.flag(5) : !has(by.free_roles, found);
  // Some rows have a negative number: the invitations that are over.
  const bool invited =
      kind == kind_of(MembershipState::invited, false) || kind == kind_of(MembershipState::invited, true);
  if (takes_seat) (invited ? to.invited : to.active) += members;
  if (kind != kind_of(MembershipState::active, false)) return;  // an owner with an expiry, or disabled, does not count
  if (by_catalog ? found.flag(4) : has(by.owner_roles, found)) to.owners += members;
}

Code count_members(Connection& connection, const Rows& organizations) noexcept {
  Statement count(connection, Sql::count_members);
  const Code counted = count.rows(1, organizations).run();
  if (counted != ok) return counted;
  Statement mark(connection, Sql::mark_counted);
  return mark.rows(1, organizations).run();
}

}  // namespace sqlite
}  // namespace roster::inline ROSTER_ABI
