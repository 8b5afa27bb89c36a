// Proves what a host sees of a store on its own connection: nesting in its transactions, the outbox, the number of
// statements.
#include <sstream>

#include "catch.hpp"
#include "folder.hpp"
#include "numbered_world.hpp"
#include "prop.hpp"

namespace host_test {

using namespace roster;
using namespace roster_test;
using namespace fixtures;

namespace {

/// A host's connection with a table of its own, and a store on it.
struct Host {
  explicit Host(const SqliteOptions& options = {}) {
    REQUIRE(sqlite3_open(":memory:", &connection) == SQLITE_OK);
    REQUIRE(execute(connection, "CREATE TABLE theirs (x)"));
    store.emplace(SqliteStore::adopt(connection, options).value());
    REQUIRE(put_numbered(*store, 20, 200));
  }
  ~Host() {
    store.reset();
    sqlite3_close(connection);
  }
  Result<Report> run_command(const Command& command) { return Engine(numbered_rules(), *store, ids).run(command, now); }
  Result<Report> add(unsigned in, unsigned who) {
    return run_command(AddMembers(organization(in), account(who), {}, Actor{account(0)}));
  }
  bool has(unsigned in, unsigned who) { return store->membership(organization(in), account(who)).value().has_value(); }

  sqlite3* connection = nullptr;
  std::optional<SqliteStore> store;
  UuidSource ids{{5, 6}};
};

std::uint64_t statements = 0;
int count_statement(unsigned, void*, void* statement, void* text) {
  // Each statement once, and not the parts of a trigger, which are shown as comments.
  if (std::string_view(static_cast<const char*>(text)).substr(0, 2) != "--" && statement != nullptr) ++statements;
  return 0;
}

}  // namespace

TEST_CASE("inside the host's transaction an add is done or undone with it") {
  Host host;
  REQUIRE(execute(host.connection, "BEGIN; INSERT INTO theirs VALUES (1)"));
  REQUIRE(host.add(0, 1));
  REQUIRE(host.run_command(add_all(3, 5)));
  CHECK(host.has(0, 1));
  REQUIRE(execute(host.connection, "ROLLBACK"));
  CHECK(!host.has(0, 1));
  CHECK(!host.has(2, 4));
  CHECK(read_number(host.connection, "SELECT count(*) FROM theirs") == 0);

  REQUIRE(execute(host.connection, "BEGIN; INSERT INTO theirs VALUES (1)"));
  REQUIRE(host.run_command(add_all(3, 5)));
  REQUIRE(execute(host.connection, "COMMIT"));
  CHECK(host.has(2, 4));
  CHECK(read_number(host.connection, "SELECT count(*) FROM theirs") == 1);
}

TEST_CASE("a commit that is stale undoes its own writes, and none of the host's") {
  Host host;
  REQUIRE(execute(host.connection, "BEGIN; INSERT INTO theirs VALUES (1)"));
  const AddMembers command = add_all(3, 5);
  const Engine engine(numbered_rules(), *host.store, host.ids);
  Operation operation = engine.begin(command, now);
  operation.provide(host.store->fetch(operation.query(), operation.facts()));
  REQUIRE(operation.need() == Operation::Need::commit);
  REQUIRE(host.add(1, 2));  // a rival takes one of the cells
  const auto committed = host.store->commit(operation.changes());
  REQUIRE(!committed);
  CHECK(committed.error().code == Errc::stale);
  CHECK(!host.has(0, 1));
  CHECK(host.has(1, 2));
  CHECK(read_number(host.connection, "SELECT count(*) FROM theirs") == 1);
  CHECK(sqlite3_get_autocommit(host.connection) == 0);
  REQUIRE(execute(host.connection, "COMMIT"));
  CHECK(host.has(1, 2));
}

TEST_CASE("a host's transaction that looks at the past is stale, and works once it is begun again") {
  const Folder place;
  auto rival = SqliteStore::open(place.file("roster.db").c_str());
  REQUIRE(rival);
  REQUIRE(put_numbered(rival.value(), 2, 4));
  sqlite3* host = nullptr;
  REQUIRE(sqlite3_open(place.file("roster.db").c_str(), &host) == SQLITE_OK);
  {
    auto store = SqliteStore::adopt(host);
    REQUIRE(store);
    UuidSource ids({7, 8});
    const AddMembers command(organization(0), account(1), {}, Actor{account(0)});
    REQUIRE(execute(host, "BEGIN"));
    CHECK(read_number(host, "SELECT count(*) FROM roster_memberships") == 2);
    REQUIRE(rival.value().put_account({.id = account(8)}));
    const auto lost = Engine(numbered_rules(), store.value(), ids).add(command, now);
    REQUIRE(!lost);
    CHECK(lost.error().code == Errc::contended);
    REQUIRE(execute(host, "ROLLBACK; BEGIN"));
    CHECK(Engine(numbered_rules(), store.value(), ids).add(command, now));
    REQUIRE(execute(host, "COMMIT"));
  }
  sqlite3_close(host);
  CHECK(rival.value().membership(organization(0), account(1)).value());
}

TEST_CASE("the outbox has what happened, in order, if and only if it did") {
  Host host({.outbox = true});
  const auto zoe = Email::parse("zoe@example.com").value();
  Profile profile = numbered_rules();
  profile.on_unknown_account = OnUnknown::create;
  REQUIRE(Engine(profile, *host.store, host.ids)
              .add(AddMembers(organization(0), zoe, {}, Actor{account(0)}, IdempotencyKey::of("first")), now));
  REQUIRE(host.add(0, 1));
  REQUIRE(host.add(0, 1));  // changes nothing
  REQUIRE(host.run_command(RemoveMembers(organization(0), account(1), Actor{account(0)})));
  REQUIRE(execute(host.connection, "BEGIN"));
  REQUIRE(host.add(0, 2));
  REQUIRE(execute(host.connection, "ROLLBACK"));

  std::ostringstream told;
  sqlite3_stmt* rows = nullptr;
  REQUIRE(sqlite3_prepare_v2(
              host.connection,
              "SELECT event, organization, account, role, actor, length(membership), occurred_at FROM roster_outbox"
              " ORDER BY seq",
              -1, &rows, nullptr) == SQLITE_OK);
  const auto text = [&](int column) {
    const auto* const found = reinterpret_cast<const char*>(sqlite3_column_text(rows, column));
    return std::string(found == nullptr ? "-" : found);
  };
  std::string created;
  while (sqlite3_step(rows) == SQLITE_ROW) {
    if (created.empty()) created = text(2);
    told << text(0) << " " << text(1) << " " << (text(2) == created ? "zoe" : text(2)) << " " << text(3) << " by "
         << text(4) << " " << text(5) << "\n";
    CHECK(sqlite3_column_int64(rows, 6) == static_cast<std::int64_t>(now));
  }
  sqlite3_finalize(rows);
  CHECK(told.str() ==
        "account_created - zoe - by a0 -\nadded o0 zoe clerk by a0 16\nadded o0 a1 clerk by a0 16\n"
        "removed o0 a1 clerk by a0 16\n");
}

TEST_CASE("the number of statements does not depend on the number of cells") {
  Host host;
  const auto count = [&](auto&& work) {
    statements = 0;
    sqlite3_trace_v2(host.connection, SQLITE_TRACE_STMT, count_statement, nullptr);
    work();
    sqlite3_trace_v2(host.connection, 0, nullptr, nullptr);
    return statements;
  };
  REQUIRE(host.add(0, 2));                              // the first member gives its role a number
  CHECK(count([&] { REQUIRE(host.add(0, 1)); }) == 2);  // all facts, and the guarded insert
  CHECK(count([&] { REQUIRE(host.add(0, 1)); }) == 1);  // nothing to write
  const auto of = [&](unsigned organizations, unsigned accounts) {
    return count([&] { REQUIRE(host.run_command(add_all(organizations, accounts))); });
  };
  const std::uint64_t small = of(2, 4), large = of(20, 200);
  CHECK(small == large);
  CHECK(small <= sqlite_fetch_statements_max + sqlite_commit_statements_max);
  CHECK(small <= 14);
  CHECK(of(20, 200) <= 7);  // nothing to write
  const auto removed = [&](unsigned organizations, unsigned accounts) {
    const AddMembers named = add_all(organizations, accounts);
    std::vector<OrganizationSelector> from(named.organizations.span().begin(), named.organizations.span().end());
    std::vector<AccountSelector> who(named.accounts.span().begin(), named.accounts.span().end());
    const RemoveMembers command(std::move(from), std::move(who), Actor{account(0)});
    return count([&] { REQUIRE(host.run_command(command)); });
  };
  const std::uint64_t few = removed(2, 4);
  CHECK(of(20, 200) != 0);
  CHECK(removed(20, 200) <= few);  // the first one began to count the owners
  CHECK(few <= sqlite_fetch_statements_max + sqlite_commit_statements_max);
}

TEST_CASE("the view shows memberships by the names that hosts know, in every state") {
  Host host;
  const Actor owner{account(0)};
  for (const unsigned who : {7, 8, 9}) REQUIRE(host.add(3, who));
  REQUIRE(host.run_command(Invite(organization(3), account(10), {}, owner)));
  REQUIRE(host.run_command(Suspend(organization(3), account(8), owner)));
  REQUIRE(host.run_command(RemoveMembers(organization(3), account(9), owner)));
  for (const auto& [who, state] :
       {std::pair{"a7", "active"}, {"a10", "invited"}, {"a8", "suspended"}, {"a9", "removed"}}) {
    INFO(who << " " << state);
    const std::string counted =
        "SELECT count(*) FROM roster_members WHERE organization = 'o3' AND role = 'clerk'"
        " AND account = '" +
        std::string(who) + "' AND state = '" + state + "'";
    CHECK(read_number(host.connection, counted.c_str()) == 1);
  }
}

TEST_CASE("two stores on one connection do not disturb each other") {
  Host host;
  {
    auto other = SqliteStore::adopt(host.connection);
    REQUIRE(other);
    CHECK(other.value().membership(organization(0), account(0)).value());
    REQUIRE(host.add(0, 1));
  }
  REQUIRE(host.add(0, 2));
  REQUIRE(host.run_command(add_all(2, 5)));
}

}
