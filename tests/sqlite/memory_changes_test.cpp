// Proves the same of a fetch and a commit: memory may end at every allocation of the store, and at those of SQLite.
// What is written is all or nothing, the error says that memory is out, and the next call does it all.
#include <algorithm>

#include "starved.hpp"
#include "support/fixture.hpp"

namespace memory_changes_test {

using namespace roster;
using namespace roster_test;
using namespace fixtures;

namespace {

/// Stands before a store and calls each operation with every allocation failing, on copies of its database.
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
  const RoleId role = clerk;
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

TEST_CASE("a fetch and a commit of many survive the end of memory wherever it ends, all or nothing") {
  if (!can_starve()) return;
  Profile rules = numbered_rules();
  rules.on_unknown_account = OnUnknown::create;
  rules.on_other_role = OnConflict::replace;
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
    const auto report = Engine(rules, tried, ids).run(*command, now);
    REQUIRE(report.has_value());
    const auto& outcomes = report.assume_value().outcomes;
    CHECK(std::any_of(outcomes.begin(), outcomes.end(), [](Outcome outcome) { return wrote(outcome); }));
    points.of_store += tried.points.of_store, points.of_all += tried.points.of_all;
  }
  CHECK(points.of_store >= 100);
  CHECK(points.of_all >= 500);
}

}
