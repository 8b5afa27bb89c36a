// A page of a set. The order is that of the numbers of the records, which the indexes of memberships have.
#include "roster/request.hpp"
#include "sqlite/fetch.hpp"
#include "sqlite/member_positions.hpp"

namespace roster::inline ROSTER_ABI {
namespace sqlite {

Code Fetch::set() noexcept {
  const SetPage& page = *query_.set;
  const bool members = page.of == SetPage::Of::members;
  const IdempotencyKey lowest = remembered(query_.idempotency_key, 0), highest = remembered(lowest, ~std::uint32_t{0});
  Statement found(connection_, members ? Sql::members_of_set : Sql::organizations_of_set);
  found.text(1, members ? page.organization.view() : page.account.view());
  found.number(2, static_cast<std::int64_t>(page.after)).number(3, page.entries_max);
  page.any_state ? found.null(4) : found.number(4, static_cast<std::int64_t>(page.state));
  found.text_if_any(5, page.role.view());
  if (query_.idempotency_key.empty())
    found.null(6).null(7);
  else
    found.blob(6, lowest.bytes).blob(7, highest.bytes);
  if (!members) found.text_if_any(8, page.parent.view()).number(9, page.with_parent ? 1 : 0);
  while (found.next()) {
    const Locator locator{found.index(0)};
    OrganizationFact organization;
    organization.locator = locator;
    if (!members) organization.id = found.id<OrganizationId>(1);
    const bool kept = members ? facts_.accounts.try_push_back({.id = found.id<AccountId>(1), .locator = locator})
                              : facts_.organizations.try_push_back(organization);
    if (!kept) return no_memory;
  }
  return found.code();
}

}  // namespace sqlite
}  // namespace roster::inline ROSTER_ABI
