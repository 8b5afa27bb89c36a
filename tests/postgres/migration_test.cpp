// Proves that tables of an earlier schema are migrated by create_schema() and keep everything, and that a start without
// a missing step waits for nobody.
#include <fstream>
#include <sstream>

#include "scenario.hpp"
#include "sql/first_schema.hpp"

namespace migration_test {

using namespace postgres_testing;

namespace {

std::string step_text(const std::string& name) {
  std::ifstream file(std::string(ROSTER_SOURCE_DIR) + "/src/postgres/schema/" + name);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

/// A database of schema 1 with a row of every kind, written by its statements.
std::string first_schema(const std::string& name) {
  const std::string conninfo = make_database(name, Tables::read_committed);
  Session session(conninfo);
  session.run("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
  session.run(step_text("1-tables.sql"));
  session.run(
      "INSERT INTO roster_organizations (organization_id, slug, parent_id, joinable, seats_max, version)"
      " VALUES ('above', NULL, NULL, false, 4294967295, 4), ('acme', 'the-acme', 'above', true, 9, 7);"
      "INSERT INTO roster_slugs VALUES ('the-acme', 'acme');"
      "INSERT INTO roster_roles VALUES ('acme', 'owner', 5, true, true, true), ('acme', 'clerk', 1, true, false, "
      "false);"
      "INSERT INTO roster_accounts VALUES"
      " ('ann', 'Ann@x.example', 'ann@x.example', 'ann1', 'ann1', false, false, true, 3),"
      " ('ben', NULL, NULL, NULL, NULL, true, false, false, 1), ('cyd', NULL, NULL, NULL, NULL, false, true, false, 1),"
      " ('dan', NULL, NULL, NULL, NULL, false, false, false, 1), ('eve', NULL, NULL, NULL, NULL, false, false, false, "
      "1);"
      "INSERT INTO roster_emails VALUES ('ann@x.example', 'ann'); INSERT INTO roster_usernames VALUES ('ann1', 'ann');"
      "INSERT INTO roster_groups VALUES ('team', ARRAY['ann', 'cyd']);"
      "INSERT INTO roster_memberships (organization_id, account_id, membership_id, version, added_at, valid_until,"
      " written_at, state, role_id, state_changed_by) VALUES"
      " ('acme', 'ann', '00000000-0000-0000-0000-000000000001', 2, 1000, 0, NULL, 0, 'owner', NULL),"
      " ('acme', 'ben', '00000000-0000-0000-0000-000000000002', 2, 1000, 0, 5000, 0, 'owner', NULL),"
      " ('acme', 'cyd', '00000000-0000-0000-0000-000000000003', 2, 1000, 900000000, NULL, 1, 'clerk', 'ann'),"
      " ('acme', 'dan', '00000000-0000-0000-0000-000000000004', 3, 1000, 7000000, 6000, 2, 'clerk', 'ann'),"
      " ('acme', 'eve', '00000000-0000-0000-0000-000000000005', 4, 1000, 0, 8000, 3, 'clerk', 'ann');"
      "INSERT INTO roster_outbox (organization_id, record, version, event, account_id, occurred_at)"
      " VALUES ('acme', 'x', 1, 'added', 'ann', 1)");
  return conninfo;
}

}  // namespace

TEST_CASE("migration: tables of an earlier schema are migrated, and keep everything", "[postgres][trips]") {
  const std::string first = first_schema("migrated"), second = first_schema("migrated_again");
  Session(second).run(step_text("2-invitations-and-seats.sql"));
  for (int start = 0; start < 4; ++start) {
    const std::string& conninfo = start % 2 == 0 ? first : second;
    Session session(conninfo);
    INFO("start " << start / 2 << " of schema " << 1 + start % 2);
    PostgresStore store(conninfo.c_str());
    must(store, store.create_schema());
    sql_testing::check_first_schema(store);
    CHECK(session.run("SELECT version || ' ' || readable_from FROM roster_schema") == "3 1");
    CHECK(session.run("SELECT count(*) FROM roster_outbox") == "1");
    CHECK(session.run("SELECT accounts FROM roster_groups") == "{ann,cyd}");
    CHECK(session.run("SELECT invitation_until FROM roster_memberships WHERE account_id = 'cyd'") == "0");
    CHECK(session.run("SELECT bool_and(takes_seat) FROM roster_roles") == "t");
  }
}

TEST_CASE("migration: an organization can be closed, and its members keep it closed", "[postgres][trips]") {
  PostgresStore store(first_schema("closed").c_str());
  must(store, store.create_schema());
  sql_testing::close_first_schema(store);
}

TEST_CASE("migration: a start without a missing step does not wait for a transaction", "[postgres][trips]") {
  const std::string conninfo = first_schema("waiting");
  PostgresStore store(conninfo.c_str());
  must(store, store.create_schema());
  Session session(conninfo);
  session.run("BEGIN; SELECT count(*) FROM roster_memberships");
  PostgresStore other((conninfo + " options='-c lock_timeout=1000'").c_str());
  must(other, other.create_schema());
  session.run("ROLLBACK");
}

}  // namespace migration_test
