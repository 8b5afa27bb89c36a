// Proves that what can go wrong with a database has a number of its own and a text that says what to do, and that
// nothing is lost or half written by it. (That this holds at every place where a disk can fail, the laws for stores
// show: conformance.cpp.)
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "catch.hpp"
#include "failing_disk.hpp"
#include "folder.hpp"
#include "numbered_world.hpp"
#include "prop.hpp"

namespace failures_test {

using namespace roster;
using namespace roster_test;
using namespace fixtures;

namespace {

struct Fixture {
  explicit Fixture(SqliteOptions options = {}) : store(SqliteStore::open(path().c_str(), options).value()) {
    REQUIRE(put_numbered(store, 2, 4));
  }
  std::string path() const { return place.file("roster.db"); }
  Result<Report> add(unsigned in, unsigned who) {
    const Engine engine(numbered_rules(), store, ids);
    return engine.add(AddMembers(organization(in), account(who), {}, Actor{account(0)}), now);
  }
  /// The detail with which an add fails; 0: it does not.
  std::uint32_t detail_of_add(unsigned who) {
    const auto report = add(0, who);
    if (report) return 0;
    CHECK(report.error().code == Errc::store_failed);
    return report.error().detail;
  }
  const Folder place;
  UuidSource ids{{3, 4}};
  SqliteStore store;
};

/// The detail with which a store does not open; 0: it does.
std::uint32_t detail_of_open(const std::string& path, const SqliteOptions& options = {}) {
  const auto store = SqliteStore::open(path.c_str(), options);
  if (store) return 0;
  CHECK(store.error().code == Errc::store_failed);
  return store.error().detail;
}

}  // namespace

TEST_CASE("a full disk says so, nothing is written, and there is room again later") {
  failing_disk::install();
  Fixture fixture;
  int full = 0;
  for (std::uint32_t place = 1; place < 20; ++place) {
    failing_disk::fail_at(place, failing_disk::Way::full, true);
    const std::uint32_t detail = fixture.detail_of_add(1);
    const bool failed = failing_disk::fail_at(0);
    if (!failed) break;
    INFO("from request " << place << " on");
    if (detail == 0) continue;
    CHECK((detail == SQLITE_FULL || (detail & 0xFF) == SQLITE_IOERR));
    full += detail == SQLITE_FULL ? 1 : 0;
    CHECK(!fixture.store.membership(organization(0), account(1)).value());
  }
  CHECK(full != 0);
  CHECK(fixture.add(0, 1));
  CHECK(fixture.store.membership(organization(0), account(1)).value());
}

TEST_CASE("a database that another holds is waited for, and then said to be held") {
  Fixture fixture({.busy_timeout_ms = 20});
  auto other = SqliteStore::open(fixture.path().c_str());
  REQUIRE(other);
  REQUIRE(execute(other.value().connection(), "BEGIN IMMEDIATE"));
  CHECK(fixture.detail_of_add(1) == SQLITE_BUSY);
  CHECK(fixture.store.member_count(organization(0)).value() == 1);  // readers need not wait
  REQUIRE(execute(other.value().connection(), "COMMIT"));
  CHECK(fixture.detail_of_add(1) == 0);
}

TEST_CASE("a database that may only be read is read, and refuses to be written") {
  Fixture fixture;
  sqlite3* host = nullptr;
  REQUIRE(sqlite3_open_v2(fixture.path().c_str(), &host, SQLITE_OPEN_READONLY, nullptr) == SQLITE_OK);
  {
    auto store = SqliteStore::adopt(host);
    REQUIRE(store);
    const Engine engine(numbered_rules(), store.value(), fixture.ids);
    const auto report = engine.add(AddMembers(organization(0), account(1), {}, Actor{account(0)}), now);
    REQUIRE(!report);
    CHECK(report.error() == Error(Errc::store_failed, SQLITE_READONLY));
    CHECK(store.value().membership(organization(0), account(0)).value());
    CHECK(store.value().put_account({.id = account(9)}).error().detail == SQLITE_READONLY);
  }
  sqlite3_close(host);
}

TEST_CASE("what is no database, or a damaged one, is never taken for an empty one") {
  const Folder place;
  std::ofstream(place.file("letter.txt")) << std::string(5000, 'x');
  CHECK(detail_of_open(place.file("letter.txt")) == SQLITE_NOTADB);
  CHECK((detail_of_open(place.file("no/such/folder.db")) & 0xFF) == SQLITE_CANTOPEN);

  const std::string path = place.file("roster.db");
  {
    auto store = SqliteStore::open(path.c_str());
    REQUIRE(store);
    REQUIRE(put_numbered(store.value(), 20, 200));
  }
  const auto pages = std::filesystem::file_size(path) / 4096;
  std::set<std::uint32_t> details;
  for (std::uintmax_t page = 1; page < pages; ++page) {
    const std::string damaged = place.file("damaged.db");
    for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(damaged + suffix);
    std::filesystem::copy_file(path, damaged);
    std::fstream(damaged, std::ios::in | std::ios::out | std::ios::binary)
            .seekp(static_cast<std::streamoff>(page * 4096))
        << std::string(4096, '\xA5');
    auto store = SqliteStore::open(damaged.c_str());
    if (!store) {
      details.insert(store.error().detail & 0xFF);
      continue;
    }
    UuidSource ids({page, 1});
    const Engine engine(numbered_rules(), store.value(), ids);
    const auto report = engine.add(add_all(20, 200), now);
    INFO("page " << page << " of " << pages);
    if (report && !report.value().stopped) {
      CHECK(report.value().succeeded());  // the damage is somewhere else
      continue;
    }
    const Error why = report ? *report.value().stopped : report.error();
    CHECK(why.code == Errc::store_failed);
    details.insert(why.detail & 0xFF);
  }
  CHECK(details == std::set<std::uint32_t>{SQLITE_CORRUPT});
}

TEST_CASE("tables of a later version, of other settings or of nobody are refused by name") {
  const Folder place;
  const std::string path = place.file("roster.db");
  CHECK(detail_of_open(path, {.create_if_missing = false}) != 0);
  sqlite3* host = nullptr;
  REQUIRE(sqlite3_open(path.c_str(), &host) == SQLITE_OK);
  REQUIRE(execute(host, "CREATE TABLE theirs (x)"));
  CHECK(detail_of_open(path, {.create_if_missing = false}) == sqlite_no_schema);
  CHECK(detail_of_open(path) == 0);
  CHECK(detail_of_open(path, {.create_if_missing = false}) == 0);
  CHECK(detail_of_open(path, {.case_insensitive_usernames = true}) == sqlite_other_usernames);
  // A later version that left the tables readable for this one, and one that did not.
  REQUIRE(execute(host, "UPDATE roster_schema SET version = 99"));
  CHECK(detail_of_open(path) == 0);
  REQUIRE(execute(host, "UPDATE roster_schema SET readable_from = 4"));
  CHECK(detail_of_open(path) == sqlite_newer_schema);
  sqlite3_close(host);
}

TEST_CASE("rows that roster never writes are an error, not an answer") {
  for (const char* const damage :
       {"UPDATE roster_accounts SET id = printf('%.70c', 'x') WHERE id = 'a0'",
        "UPDATE roster_memberships SET role = 77", "UPDATE roster_organizations SET parent = 77",
        "UPDATE roster_memberships SET previous_idempotency_key = x'00', written_at = 1, state = 3"}) {
    Fixture fixture;
    REQUIRE(execute(fixture.store.connection(), damage));
    const OrganizationSelector rows[] = {organization(0), organization(1)};
    const AccountSelector columns[] = {account(0), account(1)};
    Query query;
    query.organizations = rows;
    query.accounts = columns;
    query.parents = true;
    query.idempotency_key = IdempotencyKey::of("x");
    Facts facts;
    const auto fetched = fixture.store.fetch(query, facts);
    std::array<Membership, 4> page;
    const auto listed = fixture.store.members(organization(0), {}, page);
    INFO(damage);
    CHECK((!fetched || !listed));
    if (!fetched) CHECK(fetched.error() == Error(Errc::store_failed, sqlite_bad_value));
  }
}

TEST_CASE("when memory is out nothing is written, and it is said") {
  Fixture fixture;
  REQUIRE(fixture.add(0, 1));
  sqlite3_hard_heap_limit64(sqlite3_memory_used() + 2000);
  const auto report = fixture.add(1, 2);
  sqlite3_hard_heap_limit64(0);
  if (!report) CHECK((report.error().code == Errc::out_of_memory || report.error().code == Errc::store_failed));
  CHECK((report.has_value() || !fixture.store.membership(organization(1), account(2)).value()));
  CHECK(fixture.add(1, 2));
}

TEST_CASE("every failure has a text that says what to do: one sentence, in lower case, without a full stop") {
  std::set<std::string_view> texts;
  for (const std::uint32_t detail :
       {std::uint32_t{SQLITE_BUSY}, std::uint32_t{SQLITE_BUSY_SNAPSHOT}, std::uint32_t{SQLITE_READONLY},
        std::uint32_t{SQLITE_IOERR_FSYNC}, std::uint32_t{SQLITE_CORRUPT}, std::uint32_t{SQLITE_FULL},
        std::uint32_t{SQLITE_CANTOPEN}, std::uint32_t{SQLITE_NOTADB}, std::uint32_t{SQLITE_MISUSE},
        std::uint32_t{SQLITE_ERROR}, sqlite_no_schema, sqlite_newer_schema, sqlite_other_usernames, sqlite_bad_value}) {
    const std::string_view text = describe_sqlite(detail);
    INFO(detail << " " << text);
    CHECK(text.size() > 20);
    CHECK(text.back() != '.');
    {
      const bool lower = text.front() < 'A' || text.front() > 'Z' || text.substr(0, 6) == "SQLite";
      CHECK(lower);
    }
    CHECK(texts.insert(text).second);
  }
}

TEST_CASE("a store that was moved from, or given no connection, says so") {
  Fixture fixture;
  SqliteStore moved = std::move(fixture.store);
  CHECK(moved.membership(organization(0), account(0)).value());
  CHECK(fixture.store.membership(organization(0), account(0)).error() == Error(Errc::store_failed, SQLITE_MISUSE));
  CHECK(SqliteStore::adopt(nullptr).error() == Error(Errc::store_failed, SQLITE_MISUSE));
}

}
