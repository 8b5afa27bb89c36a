// Proves that no table names an account that was erased with its mentions, and that the events of one whose mentions
// are kept stay.
#include "sql/erased_mentions.hpp"

#include "catch.hpp"
#include "folder.hpp"

namespace erased_mentions_test {

using namespace roster;
using namespace roster_test;

namespace {

/// All values of all tables.
std::string all_values(sqlite3* connection) {
  const auto append = [](void* to, int columns, char** values, char**) {
    for (int i = 0; i < columns; ++i)
      *static_cast<std::string*>(to) += std::string(values[i] == nullptr ? "" : values[i]) + "\n";
    return 0;
  };
  std::string names, text;
  REQUIRE(sqlite3_exec(connection, "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'roster%'",
                       append, &names, nullptr) == SQLITE_OK);
  std::istringstream tables(names);
  for (std::string table; std::getline(tables, table);)
    REQUIRE(sqlite3_exec(connection, ("SELECT * FROM " + table).c_str(), append, &text, nullptr) == SQLITE_OK);
  return text;
}

}  // namespace

TEST_CASE("no table names an account that was erased with its mentions") {
  const Folder place;
  const std::string path = place.file("roster.db");
  auto store = SqliteStore::open(path.c_str(), {.outbox = true});
  REQUIRE(store);
  sql_testing::check_mentions(store.value(), [&] { return all_values(store.value().connection()); });
}

}  // namespace erased_mentions_test
