// Copies the members of a host's tables into a store in the same database, and adds in the transactions of the host.
#include <sqlite3.h>

#include <string>

#include "roster/roster.hpp"
#include "roster/sqlite_store.hpp"

using namespace roster;

namespace {

constexpr const char* tables_of_the_host =
    "CREATE TABLE teams (id TEXT PRIMARY KEY);"
    "CREATE TABLE users (id TEXT PRIMARY KEY, email TEXT);"
    "CREATE TABLE team_users (team TEXT, user TEXT, role TEXT);"
    "CREATE TABLE audit (line TEXT);"
    "INSERT INTO teams VALUES ('acme');"
    "INSERT INTO users VALUES ('ann', 'ann@acme.example'), ('ben', NULL), ('cyd', NULL);"
    "INSERT INTO team_users VALUES ('acme', 'ann', 'admin'), ('acme', 'ben', 'member');";

// The role ids are the names in the host's table.
constexpr std::array roles = {Role{.id = RoleId("member"), .rank = 1},
                              Role{.id = RoleId("admin"), .rank = 2, .manages = true}};
constexpr Profile rules = {.roles = roles, .default_role = RoleId("member"), .actor = ActorRule::manager};

bool run(sqlite3* connection, const char* sql) {
  return sqlite3_exec(connection, sql, nullptr, nullptr, nullptr) == SQLITE_OK;
}

/// Calls `take` with each row until it returns false. Returns true if all rows were read and accepted.
template <class Take>
bool each_row(sqlite3* connection, const char* sql, Take&& take) {
  sqlite3_stmt* rows = nullptr;
  int stepped = sqlite3_prepare_v2(connection, sql, -1, &rows, nullptr);
  const auto text = [&](int column) {
    const auto* const found = reinterpret_cast<const char*>(sqlite3_column_text(rows, column));
    return std::string(found == nullptr ? "" : found);
  };
  if (stepped == SQLITE_OK)
    while ((stepped = sqlite3_step(rows)) == SQLITE_ROW && take(text)) continue;
  sqlite3_finalize(rows);
  return stepped == SQLITE_DONE;
}

// copy begins
/// Copies teams, users and their memberships, with the ids of the host. Returns false for an invalid row.
bool copy_members(sqlite3* connection, SqliteStore& store) {
  const bool teams = each_row(connection, "SELECT id FROM teams", [&](const auto& text) {
    const auto id = OrganizationId::parse(text(0));
    return id && store.put_organization({.id = id.value()});
  });
  const bool users = each_row(connection, "SELECT id, email FROM users", [&](const auto& text) {
    const auto id = AccountId::parse(text(0));
    if (!id) return false;
    AccountRecord record{.id = id.value()};
    if (const std::string address = text(1); !address.empty()) {
      const auto email = Email::parse(address);
      if (!email) return false;  // the error has the offset of the invalid byte
      record.email = email.value();
      record.verified = true;  // only if the host has verified it
    }
    return store.put_account(record).has_value();
  });
  const bool members = each_row(connection, "SELECT team, user, role FROM team_users", [&](const auto& text) {
    const auto organization = OrganizationId::parse(text(0));
    const auto account = AccountId::parse(text(1));
    const auto role = RoleId::parse(text(2));
    return organization && account && role &&
           store.put_membership({.id = MembershipId::of(text(0) + "/" + text(1)),
                                 .organization = organization.value(),
                                 .account = account.value(),
                                 .role = role.value()});
  });
  return teams && users && members;
}
// copy ends

// transaction begins
/// Adds a member and writes a row of the host in one transaction: both or neither.
bool add_with_audit(sqlite3* connection, const Engine& engine, const AddMembers& command, Time now) {
  if (!run(connection, "BEGIN IMMEDIATE")) return false;
  const auto report = engine.add(command, now);
  const bool done = report && report.value().succeeded() && run(connection, "INSERT INTO audit VALUES ('added')");
  return run(connection, done ? "COMMIT" : "ROLLBACK") && done;
}
// transaction ends

bool works(sqlite3* connection) {
  // adopt begins
  auto adopted = SqliteStore::adopt(connection);  // creates the tables of roster, and changes no setting
  if (!adopted) return false;
  SqliteStore& store = adopted.value();
  if (!run(connection, "BEGIN IMMEDIATE")) return false;
  const bool copied = copy_members(connection, store);
  if (!run(connection, copied ? "COMMIT" : "ROLLBACK") || !copied) return false;
  // adopt ends

  UuidSource ids({1, 2});
  const Engine engine(rules, store, ids);
  const OrganizationId acme("acme");
  const Actor ann{AccountId("ann")};  // an admin in the copied table
  const bool added = add_with_audit(connection, engine, {acme, AccountId("cyd"), {}, ann}, Time{1});
  const bool unknown = add_with_audit(connection, engine, {acme, AccountId("nobody"), {}, ann}, Time{2});
  const auto count = store.member_count(acme);
  int lines = 0;
  const bool read = each_row(connection, "SELECT line FROM audit", [&](const auto&) { return ++lines < 10; });
  return added && !unknown && count && count.value() == 3 && read && lines == 1;
}

}  // namespace

int main() {
  sqlite3* connection = nullptr;
  const bool opened = sqlite3_open(":memory:", &connection) == SQLITE_OK && run(connection, tables_of_the_host);
  const bool right = opened && works(connection);
  sqlite3_close(connection);
  return right ? 0 : 1;
}
