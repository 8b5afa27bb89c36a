// Proves that memory may end at every allocation of the store, and at those of SQLite, in each verb: what is written is
// all or nothing, the error says that memory is out, no transaction stays open, and the verb does it all when it is
// called again.
#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <optional>

#include "catch.hpp"
#include "faults/allocations.hpp"
#include "prop.hpp"
#include "starving/starving.hpp"
#include "support/stage.hpp"
#include "town.hpp"
#include "twin.hpp"

using namespace roster;
using namespace roster_test;

namespace {

constexpr unsigned many = 20;  ///< more than a List holds before it asks for memory twice

template <class AnyId>
AnyId numbered(const char* kind, unsigned n) {
  return AnyId::parse(kind + std::to_string(n)).value();
}
Email address(unsigned n) {
  return Email::parse("p" + std::to_string(n) + "@x.example").value();
}
AccountRecord full(unsigned n, unsigned names) {
  AccountRecord record{.id = account(n), .username = numbered<Username>("u", names)};
  record.email = address(names);
  return record;
}
Membership member(unsigned in, unsigned who) {
  return {.id = MembershipId::of(std::to_string(in) + "/" + std::to_string(who)),
          .organization = organization(in),
          .account = account(who),
          .role = town_roles[0].id};
}

/// A connection of the host's, and what is in it.
class Database {
 public:
  Database() { REQUIRE(sqlite3_open(":memory:", &connection_) == SQLITE_OK); }
  ~Database() { sqlite3_close_v2(connection_); }
  Database(const Database&) = delete;

  sqlite3* get() const { return connection_; }
  void copy(const Database& other) {
    sqlite3_backup* const backup = sqlite3_backup_init(connection_, "main", other.connection_, "main");
    REQUIRE(sqlite3_backup_step(backup, -1) == SQLITE_DONE);
    sqlite3_backup_finish(backup);
  }
  /// Every value of every table.
  std::string picture() const {
    std::string all;
    for (const std::string& table :
         first_of_each("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")) {
      all += "\n" + table + ":";
      each("SELECT * FROM " + table, [&](sqlite3_stmt* row) {
        for (int i = 0; i < sqlite3_column_count(row); ++i) {
          const auto* const text = reinterpret_cast<const char*>(sqlite3_column_text(row, i));
          all.append(" ").append(text == nullptr ? "-" : text, text == nullptr ? 1 : sqlite3_column_bytes(row, i));
        }
        all += ";";
      });
    }
    return all;
  }

 private:
  template <class Row>
  void each(const std::string& text, const Row& row) const {
    sqlite3_stmt* statement = nullptr;
    REQUIRE(sqlite3_prepare_v2(connection_, text.c_str(), -1, &statement, nullptr) == SQLITE_OK);
    while (sqlite3_step(statement) == SQLITE_ROW) row(statement);
    sqlite3_finalize(statement);
  }
  std::vector<std::string> first_of_each(const std::string& text) const {
    std::vector<std::string> all;
    each(text,
         [&](sqlite3_stmt* row) { all.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(row, 0))); });
    return all;
  }
  sqlite3* connection_ = nullptr;
};

/// Twenty of everything: organizations one inside the other, whose members are counted; a5 and above are in o0 alone.
void fill(Database& database) {
  auto store = SqliteStore::adopt(database.get()).value();
  const auto must = [](const Result<void>& done) { REQUIRE(done.has_value()); };
  std::vector<AccountId> all;
  for (unsigned i = 0; i < many; ++i) {
    must(store.put_account(full(i, i)));
    all.push_back(account(i));
    must(store.put_organization({.id = organization(i), .slug = numbered<Slug>("s", i), .seats_max = 1'000}));
    for (const Role& role : town_roles) must(store.put_role(organization(i), role));
    must(store.put_membership(member(0, i)));
  }
  must(store.put_group(numbered<GroupName>("g", 0), all));
  for (unsigned i = 1; i < many; ++i)
    for (unsigned who = 0; who < 5; ++who) must(store.put_membership(member(i, who)));
  std::vector<OrganizationSelector> rows;
  for (unsigned i = 0; i < many; ++i) rows.emplace_back(organization(i));
  Query query;
  query.organizations = rows;
  query.counts = true;
  Facts facts;
  must(store.fetch(query, facts));
}

struct Verb {
  std::string name;
  std::function<Result<void>(SqliteStore&)> call;
};

/// For what a verb does once the store has answered.
class MemoryIsBack {
 public:
  MemoryIsBack() { Starving::end(); }

 private:
  faults::UnwatchedAllocations unwatched_;
};

/// What a look-up found, as text.
std::string seen;

template <class Answer, class Say>
Result<void> see(const Answer& answer, const Say& say) {
  const MemoryIsBack memory_is_back;
  seen.clear();
  if (!answer) return answer.assume_error();
  seen = say(answer.assume_value());
  return success();
}

std::vector<Verb> puts() {
  std::vector<Verb> all;
  const auto organizations = [&](const char* name, const std::vector<OrganizationRecord>& records) {
    all.push_back({name, [records](SqliteStore& store) {
                     return records.size() == 1 ? store.put_organization(records[0]) : store.put_organizations(records);
                   }});
  };
  const auto accounts = [&](const char* name, const std::vector<AccountRecord>& records) {
    all.push_back({name, [records](SqliteStore& store) {
                     return records.size() == 1 ? store.put_account(records[0]) : store.put_accounts(records);
                   }});
  };
  const auto roles = [&](const char* name, const Role& role) {
    all.push_back({name, [role](SqliteStore& store) { return store.put_role(organization(1), role); }});
  };
  const auto groups = [&](const char* name, const GroupName& group) {
    std::vector<AccountId> who;
    for (unsigned i = 0; i < 2 * many; ++i) who.push_back(account(i % many));  // each twice
    all.push_back({name, [who, group](SqliteStore& store) { return store.put_group(group, who); }});
  };
  organizations(
      "an organization with everything",
      {{.id = organization(many), .slug = numbered<Slug>("s", many), .parent = organization(0), .seats_max = 5}});
  organizations("another slug, and no limit", {{.id = organization(0), .slug = numbered<Slug>("s", many)}});
  std::vector<OrganizationRecord> places;
  std::vector<AccountRecord> people;
  for (unsigned i = 0; i < many; ++i) {
    places.push_back({.id = organization(10 + i), .parent = organization(0)});
    people.push_back(full(10 + i, 100 + i));
  }
  organizations("many organizations, half of them there", places);
  roles("a role", {.id = RoleId("guest"), .rank = 2});
  roles("a role that is there", {.id = town_roles[0].id, .rank = 7, .manages = true});
  accounts("an account with everything", {full(many, many)});
  accounts("another address and username", {full(0, many)});
  accounts("an address and username less", {{.id = account(0)}});
  accounts("many accounts, half of them there", people);
  groups("a group of many", GroupName("new"));
  groups("a group in the place of one", GroupName("g0"));
  all.push_back({"a membership", [](SqliteStore& store) { return store.put_membership(member(7, 9)); }});
  Membership guest = member(7, 9);
  guest.role = RoleId("guest");
  all.push_back(
      {"a membership with a role that is new", [guest](SqliteStore& store) { return store.put_membership(guest); }});
  all.push_back({"a membership less", [in = organization(0), who = account(3)](SqliteStore& store) {
                   return store.erase_membership(in, who);
                 }});
  return all;
}

std::vector<Verb> look_ups() {
  const OrganizationId in = organization(0);
  const AccountId who = account(0);
  const auto id_of = [](const auto& found) { return found ? std::string(found->id.view()) : "none"; };
  const auto page_of = [](bool members) {
    return [members](SqliteStore& store) {
      std::array<Membership, 2 * many> page;
      std::uint64_t cursor = 0;
      const auto count =
          members ? store.members(organization(0), cursor, page) : store.organizations_of(account(0), cursor, page);
      return see(count, [&](std::size_t n) {
        std::string text;
        for (std::size_t i = 0; i < n; ++i)
          text += std::string(page[i].organization.view()) + "/" + std::string(page[i].account.view()) + " ";
        return text;
      });
    };
  };
  const auto number = [](std::uint64_t n) { return std::to_string(n); };
  return {
      {"membership()",
       [=](SqliteStore& store) {
         return see(store.membership(in, who), [](auto& it) { return std::string(it ? it->role.view() : "none"); });
       }},
      {"former_membership()",
       [=](SqliteStore& store) {
         return see(store.former_membership(in, who), [](auto& it) { return std::string(it ? "one" : "none"); });
       }},
      {"members()", page_of(true)},
      {"organizations_of()", page_of(false)},
      {"member_count()", [=](SqliteStore& store) { return see(store.member_count(in), number); }},
      {"organization_count()", [=](SqliteStore& store) { return see(store.organization_count(), number); }},
      {"account_count()", [=](SqliteStore& store) { return see(store.account_count(), number); }},
      {"membership_count()", [=](SqliteStore& store) { return see(store.membership_count(), number); }},
      {"organization()", [=](SqliteStore& store) { return see(store.organization(numbered<Slug>("s", 3)), id_of); }},
      {"account()", [=](SqliteStore& store) { return see(store.account(address(3)), id_of); }},
  };
}

bool says_no_memory(const Error& error) {
  return error == Error(Errc::out_of_memory) || error == Error(Errc::store_failed, SQLITE_NOMEM) ||
         error == Error(Errc::store_failed, SQLITE_IOERR_NOMEM);
}

/// How memory ends: at each allocation of the store itself, or at some of all, SQLite's too, of which there are many.
struct End {
  bool of_store, for_ever;
  std::uint64_t step;
};
constexpr End ends[] = {{true, false, 1}, {true, true, 1}, {false, false, 31}, {false, true, 37}};

/// Calls `verb` while memory ends so at the n-th allocation. True if it did.
template <class Verb>
bool starving(const End& end, std::uint64_t nth, const Verb& verb) {
  if (end.of_store) {
    const faults::WatchedAllocations watched(nth, end.for_ever);
    verb();
  } else {
    Starving::set(nth, end.for_ever);
    Starving::begin();
    verb();
    Starving::end();
  }
  return end.of_store ? faults::WatchedAllocations::failed() : Starving::failed();
}

/// How often memory has ended: at an allocation of the store, and at any.
struct Points {
  std::uint64_t of_store = 0, of_all = 0;
};

/// Calls the verb on copies of the database while memory ends. Of SQLite's allocations only some are tried.
void starve(const Database& filled, const Verb& verb, Points& points, const SqliteOptions& options = {}) {
  INFO(verb.name);
  const std::string before = filled.picture();
  std::string after, expected;
  {
    Database calm;
    calm.copy(filled);
    auto store = SqliteStore::adopt(calm.get(), options).value();
    REQUIRE(verb.call(store).has_value());
    after = calm.picture(), expected = seen;
  }
  for (const End& end : ends)
    for (std::uint64_t nth = 1;; nth += end.step) {
      Database database;
      database.copy(filled);
      auto store = SqliteStore::adopt(database.get(), options).value();
      std::optional<Result<void>> done;
      if (!starving(end, nth, [&] { done.emplace(verb.call(store)); })) break;
      ++(end.of_store ? points.of_store : points.of_all);
      INFO("allocation " << nth << (end.for_ever ? " and all after it" : "") << (end.of_store ? " of the store" : ""));
      REQUIRE(sqlite3_get_autocommit(database.get()) != 0);
      if (*done) {
        REQUIRE(seen == expected);
        REQUIRE(database.picture() == after);
        continue;
      }
      INFO(describe_sqlite(done->assume_error().detail));
      REQUIRE(says_no_memory(done->assume_error()));
      REQUIRE(database.picture() == before);
      REQUIRE(verb.call(store).has_value());
      REQUIRE(seen == expected);
      REQUIRE(database.picture() == after);
    }
}

/// Stands before a store and calls each verb with every allocation failing, on copies of its database.
class Tried final : public Store {
 public:
  Tried(const Database& database, SqliteStore& store, const SqliteOptions& options)
      : database_(database), store_(store), options_(options) {}
  Result<void> fetch(const Query& query, Facts& facts) override {
    starve(database_,
           {"fetch()",
            [&](SqliteStore& store) {
              Facts found;
              const auto done = store.fetch(query, found);
              const MemoryIsBack memory_is_back;
              seen = done ? all_of(query, found) : "";
              return done;
            }},
           points, options_);
    return store_.fetch(query, facts);
  }
  Result<void> commit(const ChangeSet& changes) override {
    seen.clear();
    starve(database_, {"commit()", [&](SqliteStore& store) { return store.commit(changes); }}, points, options_);
    return store_.commit(changes);
  }
  Points points;

 private:
  const Database& database_;
  SqliteStore& store_;
  SqliteOptions options_;
};

/// Every kind of change, on twenty accounts in four organizations.
std::vector<std::pair<std::string, std::shared_ptr<const Command>>> commands() {
  std::vector<OrganizationSelector> rows;
  std::vector<AccountSelector> people, strangers;
  for (unsigned i = 0; i < 4; ++i) rows.emplace_back(organization(i));
  for (unsigned i = 0; i < many; ++i) people.emplace_back(account(i)), strangers.emplace_back(address(100 + i));
  const Actor staff{account(0), true};
  const RoleId role = town_roles[0].id, owner = town_roles[1].id;
  std::vector<std::pair<std::string, std::shared_ptr<const Command>>> all;
  const auto one = [&](const char* name, auto command) {
    all.emplace_back(name, std::make_shared<decltype(command)>(std::move(command)));
  };
  one("many join", AddMembers(rows, people, role, staff));
  one("one joins", AddMembers(organization(1), account(9), role, staff));
  one("strangers join", AddMembers(rows, strangers, role, staff));
  one("many are invited", Invite(rows, strangers, role, staff));
  one("many get another role", ChangeRole(rows, people, owner, staff));
  one("many are suspended", Suspend(rows, people, staff));
  one("many are removed", RemoveMembers(rows, people, staff));
  one("many get an end", ChangeExpiry(rows, people, Time{1'800'000'000'000'000}, staff));
  AddMembers by_groups(rows, std::vector<AccountSelector>{account(0)}, role, staff);
  static const std::vector<GroupName> groups{numbered<GroupName>("g", 0)};
  by_groups.groups = groups;
  one("a group joins", by_groups);
  return all;
}

}  // namespace

TEST_CASE("a set-up verb survives the end of memory wherever it ends, all or nothing") {
  if (!can_starve()) return;
  Database filled;
  fill(filled);
  Points points;
  for (const Verb& verb : puts()) starve(filled, verb, points);
  CHECK(points.of_store >= 10);
  CHECK(points.of_all >= 200);
}

TEST_CASE("a look-up finds what is there or says that memory is out") {
  if (!can_starve()) return;
  Database filled;
  fill(filled);
  Points points;
  for (const Verb& verb : look_ups()) starve(filled, verb, points);
  CHECK(points.of_all >= 50);
}

TEST_CASE("opening a database makes its tables or says that memory is out, and makes them the next time") {
  if (!can_starve()) return;
  std::string after;
  {
    const Database calm;
    REQUIRE(SqliteStore::adopt(calm.get()).has_value());
    after = calm.picture();
  }
  Points points;
  for (const End& end : ends)
    for (std::uint64_t nth = 1;; nth += end.step) {
      const Database database;
      bool adopted = false;
      std::optional<Result<SqliteStore>> opened;
      const bool ended = starving(end, nth, [&] {
        adopted = SqliteStore::adopt(database.get()).has_value();
        opened.emplace(SqliteStore::open(":memory:"));
      });
      if (!ended) break;
      ++(end.of_store ? points.of_store : points.of_all);
      INFO("allocation " << nth << (end.for_ever ? " and all after it" : "") << (end.of_store ? " of the store" : ""));
      // SQLite makes even a ROLLBACK ready anew once tables have changed, so this is the host's to do.
      if (!adopted && sqlite3_get_autocommit(database.get()) == 0) REQUIRE(run(database.get(), "ROLLBACK"));
      REQUIRE(sqlite3_get_autocommit(database.get()) != 0);
      const std::string made = database.picture();
      REQUIRE((made == after || (made.empty() && !adopted)));
      REQUIRE(SqliteStore::adopt(database.get()).has_value());
      REQUIRE(database.picture() == after);
      if (!*opened) CHECK(says_no_memory(opened->assume_error()));
      if (!*opened) opened.emplace(SqliteStore::open(":memory:"));
      REQUIRE(opened->has_value());
      CHECK(opened->assume_value().put_account(full(0, 0)).has_value());
    }
  CHECK(points.of_store >= 1);
  CHECK(points.of_all >= 100);
}

TEST_CASE("a fetch and a commit of many survive the end of memory wherever it ends, all or nothing") {
  if (!can_starve()) return;
  Profile rules = town_profile();
  rules.on_unknown_account = OnUnknown::create;
  rules.on_other_role = OnMember::replace;
  rules.seats = SeatRule::active_and_invited;
  Points points;
  for (const auto& [name, command] : commands()) {
    INFO(name);
    Database database;
    fill(database);
    const SqliteOptions options{.outbox = true};
    auto store = SqliteStore::adopt(database.get(), options).value();
    Tried tried(database, store, options);
    UuidSource ids({1, 2});
    const auto report = Engine(rules, tried, ids).run(*command, noon);
    REQUIRE(report.has_value());
    const auto& outcomes = report.assume_value().outcomes;
    CHECK(std::any_of(outcomes.begin(), outcomes.end(), [](Outcome outcome) { return wrote(outcome); }));
    points.of_store += tried.points.of_store, points.of_all += tried.points.of_all;
  }
  CHECK(points.of_store >= 100);
  CHECK(points.of_all >= 500);
}
