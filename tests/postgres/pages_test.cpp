// Proves that the SQL of the pages runs on a database of PostgresStore, and finds a member there.
#include "conventions/pages.hpp"

#include "scenario.hpp"

namespace pages_test {

using namespace postgres_testing;

TEST_CASE("the SQL blocks of the pages run on a database of the store", "[cells]") {
  const std::string conninfo = make_database("pages", Tables::read_committed);
  PostgresStore store(conninfo.c_str());
  fill(store);
  must(store, store.put_account({.id = AccountId("ada")}));
  UuidSource ids({1, 4});
  must(store, Engine(rules(), store, ids).add({acme, AccountId("ada"), clerk, by(boss)}, now));
  Session session(conninfo);
  for (const pages::Block& block : pages::run_by("tests/postgres/pages_test.cpp")) {
    INFO(pages::joined(block.code));
    CHECK(session.run(pages::joined(block.code)) == "acme");
  }
}

}
