// Proves that the SQL of the pages runs on a database of SqliteStore, and finds a member there.
#include "conventions/pages.hpp"

#include "catch.hpp"
#include "roster/sqlite_store.hpp"
#include "sqlite3.h"

namespace pages_test {

using namespace roster;

TEST_CASE("the SQL blocks of the pages run on a database of the store") {
  SqliteStore store = SqliteStore::open(":memory:").value();
  REQUIRE(store.put_organization({.id = OrganizationId("acme")}));
  REQUIRE(store.put_account({.id = AccountId("ada")}));
  std::array<MembershipId, 1> id;
  UuidSource({1, 2}).fill(id);
  const Membership ada{
      .id = id[0], .organization = OrganizationId("acme"), .account = AccountId("ada"), .role = RoleId("member")};
  REQUIRE(store.put_membership(ada));
  for (const pages::Block& block : pages::run_by("tests/sqlite/pages_test.cpp")) {
    const std::string sql = pages::joined(block.code);
    int rows = 0;
    INFO(sql);
    CHECK(sqlite3_exec(
              store.connection(), sql.c_str(),
              [](void* to, int, char**, char**) { return ++*static_cast<int*>(to), 0; }, &rows, nullptr) == SQLITE_OK);
    CHECK(rows == 1);
  }
}

}
