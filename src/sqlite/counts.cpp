#include "sqlite/counts.hpp"

namespace roster::inline ROSTER_ABI {
namespace sqlite {

void Counts::add(Statement& found, MemberCounts& to) const noexcept {
  const auto members = static_cast<std::uint32_t>(found.number(2));
  const std::int64_t kind = found.number(1);
  if (kind == kind_of(MembershipState::invited, false) || kind == kind_of(MembershipState::invited, true)) {
    to.invited += members;  // one row has a negative number: the invitations that are over
    return;
  }
  to.active += members;
  if (kind != kind_of(MembershipState::active, false)) return;  // an owner with an expiry or disabled does not count
  bool owns = owner_roles_.empty() && found.flag(4);
  for (const RoleId& role : owner_roles_) owns |= role.view() == found.text(3);
  if (owns) to.owners += members;
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
