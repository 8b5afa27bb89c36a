// Proves that a query whose answer no list can hold is out of memory, and that nothing is written behind a list. On
// processors of 32 bits a product of two sizes would wrap.
#include <vector>

#include "catch.hpp"
#include "numbered_world.hpp"

using namespace roster;
using namespace roster_test;
using namespace fixtures;

TEST_CASE("limits: 2^15 wanted roles in each of 2^17 organizations are out of memory") {
  auto store = SqliteStore::open(":memory:");
  REQUIRE(store);
  REQUIRE(put_numbered(store.value(), 1, 1));
  const std::vector<OrganizationSelector> organizations(std::size_t{1} << 17, OrganizationSelector(organization(0)));
  const std::vector<AccountSelector> accounts(1, AccountSelector(account(0)));
  const std::vector<RoleId> roles(std::size_t{1} << 15, clerk);
  Query query;
  query.organizations = organizations;
  query.accounts = accounts;
  query.roles = roles;
  Facts facts;
  const auto fetched = store.value().fetch(query, facts);
  REQUIRE(fetched.has_error());
  CHECK(fetched.assume_error().code == Errc::out_of_memory);
}
