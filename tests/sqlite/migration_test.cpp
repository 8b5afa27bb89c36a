// Proves that a database of an earlier schema is migrated when it is opened and keeps everything, and that a process of
// the earlier version fails clearly instead of counting wrong.
#include <fstream>
#include <sstream>

#include "catch.hpp"
#include "folder.hpp"
#include "sql/first_schema.hpp"
#include "statements.hpp"

namespace migration_test {

using namespace roster;
using namespace roster_test;
using namespace fixtures;

namespace {

std::string step_text(const char* name) {
  std::ifstream file(std::string(ROSTER_SOURCE_DIR) + "/src/sqlite/schema/" + name);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

/// A database of schema 1 with a row of every kind, written by its statements.
struct FirstSchema {
  Folder place;
  std::string path = place.file("roster.db");
  sqlite3* host = nullptr;

  FirstSchema() {
    REQUIRE(sqlite3_open(path.c_str(), &host) == SQLITE_OK);
    REQUIRE(execute(host, step_text("1-tables.sql").c_str()));
    REQUIRE(execute(
        host,
        "UPDATE roster_schema SET version = 1;"
        "INSERT INTO roster_organizations (n, id, slug, parent, joinable, seats_max, version, has_roles, counted)"
        " VALUES (1, 'above', NULL, NULL, 0, NULL, 4, 0, 0), (2, 'acme', 'the-acme', 1, 1, 9, 7, 1, 1);"
        "INSERT INTO roster_accounts (n, id, email_key, email, username_key, username, disabled, invited, verified,"
        " version) VALUES (1, 'ann', 'ann@x.example', 'Ann@x.example', 'ann1', 'ann1', 0, 0, 1, 3),"
        " (2, 'ben', NULL, NULL, NULL, NULL, 1, 0, 0, 1), (3, 'cyd', NULL, NULL, NULL, NULL, 0, 1, 0, 1),"
        " (4, 'dan', NULL, NULL, NULL, NULL, 0, 0, 0, 1), (5, 'eve', NULL, NULL, NULL, NULL, 0, 0, 0, 1);"
        "INSERT INTO roster_roles VALUES (1, 'owner'), (2, 'clerk');"
        "INSERT INTO roster_catalog VALUES (2, 1, 5, 1, 1, 1), (2, 2, 1, 1, 0, 0);"
        "INSERT INTO roster_memberships VALUES"
        " (2, 1, 1, 0, 2, 1000, 0, x'01000000000000000000000000000001', zeroblob(16), NULL, NULL, NULL),"
        " (2, 2, 1, 0, 2, 1000, 0, x'01000000000000000000000000000002', zeroblob(16), 5000, NULL, NULL),"
        " (2, 3, 2, 1, 2, 1000, 900000000, x'01000000000000000000000000000003', zeroblob(16), NULL, 1, NULL),"
        " (2, 4, 2, 2, 3, 1000, 7000000, x'01000000000000000000000000000004', zeroblob(16), 6000, 1, zeroblob(16)),"
        " (2, 5, 2, 3, 4, 1000, 0, x'01000000000000000000000000000005', zeroblob(16), 8000, 1, zeroblob(16));"
        "INSERT INTO roster_counts VALUES (2, 1, 0, 2), (2, 2, 2, 1);"
        "INSERT INTO roster_groups VALUES (1, 'team'); INSERT INTO roster_group_accounts VALUES (1, 0, 1), (1, 1, 3);"
        "INSERT INTO roster_outbox (occurred_at, event, account, version, idempotency_key)"
        " VALUES (1, 'added', 'ann', 1, zeroblob(16))"));
  }
  ~FirstSchema() { sqlite3_close(host); }
  /// Makes step 2, by the version of roster that knew no other.
  void make_second() const {
    REQUIRE(execute(host, (step_text("2-invitations-and-seats.sql") + "UPDATE roster_schema SET version = 2").c_str()));
  }
  FirstSchema(const FirstSchema&) = delete;
  FirstSchema& operator=(const FirstSchema&) = delete;
};

}  // namespace

TEST_CASE("a database of an earlier schema is migrated when it is opened, and keeps everything") {
  const FirstSchema first, second;
  second.make_second();
  for (int start = 0; start < 4; ++start) {
    const FirstSchema& database = start % 2 == 0 ? first : second;
    INFO("start " << start / 2 << " of schema " << 1 + start % 2);
    const auto store = SqliteStore::open(database.path.c_str(), {.outbox = true, .create_if_missing = false});
    REQUIRE(store);
    sql_testing::check_first_schema(store.value());
    CHECK(read_number(database.host, "SELECT version FROM roster_schema") == 3);
    CHECK(read_number(database.host, "SELECT count(*) FROM roster_outbox") == 1);
    CHECK(read_number(database.host, "SELECT count(*) FROM roster_group_accounts") == 2);
    CHECK(read_number(database.host, "SELECT invitation_until FROM roster_memberships WHERE account = 3") == 900000000);
  }
}

TEST_CASE("after the migration an organization can be closed, and its members keep it closed") {
  const FirstSchema database;
  auto store = SqliteStore::open(database.path.c_str());
  REQUIRE(store);
  sql_testing::close_first_schema(store.value());
}

TEST_CASE("after the migration a process of schema 1 fails, and a process that begins is refused") {
  const FirstSchema database;
  // A statement of schema 1, prepared before the migration.
  const char* const counts = "UPDATE roster_counts SET members = members + 1 WHERE organization = 2";
  sqlite3_stmt* prepared = nullptr;
  REQUIRE(sqlite3_prepare_v2(database.host, counts, -1, &prepared, nullptr) == SQLITE_OK);
  REQUIRE(SqliteStore::open(database.path.c_str()));
  CHECK(sqlite3_step(prepared) == SQLITE_ERROR);
  CHECK(std::string(sqlite3_errmsg(database.host)) == "no such table: roster_counts");
  sqlite3_finalize(prepared);
  // Schema 1 opens a database only if readable_from is at most 1.
  CHECK(read_number(database.host, "SELECT readable_from FROM roster_schema") == 2);
}

}
