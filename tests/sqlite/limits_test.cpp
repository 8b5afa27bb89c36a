// Proves that a query whose answer no list can hold is out of memory, and that nothing is written behind a list. On
// processors of 32 bits a product of two sizes would wrap.
#include <vector>

#include "catch.hpp"
#include "numbered_world.hpp"

namespace limits_test {

using namespace roster;
using namespace roster_test;
using namespace fixtures;

TEST_CASE("limits: usernames of 255 bytes are compared to the last one, and without case if the store is so") {
  for (const bool folds : {false, true}) {
    auto opened = SqliteStore::open(":memory:", {.case_insensitive_usernames = folds});
    REQUIRE(opened);
    SqliteStore& store = opened.value();
    const auto name = [](char letter, char last) { return Username::parse(std::string(254, letter) + last).value(); };
    REQUIRE(store.put_account({.id = account(0), .username = name('N', 'a')}));
    REQUIRE(store.put_account({.id = account(1), .username = name('N', 'b')}));
    REQUIRE(store.put_organization({.id = organization(0)}));
    CHECK(store.account(name('N', 'b')).value()->username == name('N', 'b'));
    CHECK(store.account(name('n', 'b')).value().has_value() == folds);
    const std::vector<AccountSelector> accounts = {name('N', 'b'), name('n', 'a'), name('N', 'c')};
    const std::vector<OrganizationSelector> organizations(1, OrganizationSelector(organization(0)));
    for (const std::size_t count : {1u, 3u}) {
      Query query;
      query.organizations = organizations;
      query.accounts = std::span(accounts).first(count);
      Facts facts;
      REQUIRE(store.fetch(query, facts));
      CHECK(facts.accounts[0].id == account(1));
      if (count == 1) continue;
      CHECK(facts.accounts[1].id == (folds ? account(0) : AccountId()));
      CHECK(facts.accounts[2].id.empty());
    }
  }
}

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

}
