// Proves that an SQLite store says and keeps what the store in memory does: the same commands, drawn by chance, give
// the same facts before each decision, the same answer to each commit, and the same memberships in the end.
#include "twin.hpp"

#include <sqlite3.h>

#include <array>

#include "catch.hpp"
#include "laws/generators.hpp"
#include "numbered_world.hpp"
#include "prop.hpp"
#include "roster/engine.hpp"
#include "roster/sqlite_store.hpp"
#include "support/store_view.hpp"

namespace twin_test {

using namespace roster;
using namespace roster_test;
using namespace fixtures;

namespace {

/// One database for all cases of a property, emptied in between: making the tables costs more than a case.
class Emptied {
 public:
  Emptied() : store(SqliteStore::open(":memory:").value()) {}
  SqliteStore& empty() {
    constexpr const char* text =
        "DELETE FROM roster_organizations; DELETE FROM roster_accounts; DELETE FROM roster_roles;"
        "DELETE FROM roster_catalog; DELETE FROM roster_memberships; DELETE FROM roster_member_counts;"
        "DELETE FROM roster_groups; DELETE FROM roster_group_accounts";
    REQUIRE(sqlite3_exec(store.connection(), text, nullptr, nullptr, nullptr) == SQLITE_OK);
    return store;
  }
  SqliteStore store;
};

/// Every membership and tombstone, with its identifiers and its key; and whether lists, look-ups and counts agree.
template <class AnyStore>
std::string show(const AnyStore& store, const World& base) {
  const State state = Look(store, base).all();
  std::string all = describe(state) + state.broken;
  for (const auto& [pair, ignored] : state.rows) {
    const bool created = pair.second.rfind("new:", 0) == 0;
    const AccountSelector who = created ? AccountSelector(email(pair.second.substr(4))) : id<AccountId>(pair.second);
    const AccountId account = value_of(store.account(who))->id;
    auto row = value_of(store.membership(id<OrganizationId>(pair.first), account));
    if (!row) row = value_of(store.former_membership(id<OrganizationId>(pair.first), account))->membership;
    all += text_of(account) + " " + text_of(row->id) + " by " + text_of(row->idempotency_key) + "\n";
  }
  return all;
}

}  // namespace

TEST_CASE(
    "adds return and store in SQLite what they do in memory: parents, catalogs, groups, selectors of every kind") {
  Emptied emptied;
  Shares shares;
  prop("adds are the same in SQLite", [&] {
    const Scenario scenario = *scenarios(3, 0);
    TestFixture fixture(scenario.world);
    SqliteStore& second = emptied.empty();
    RC_ASSERT(put_world(second, scenario.world));
    Twin twin(fixture.store, second);
    for (const AddMembers& command : scenario.commands) {
      (void)fixture.run(scenario.rules.profile(), command, &twin);
      RC_ASSERT(twin.wrong == "");
    }
    RC_ASSERT(show(fixture.store, scenario.world) == show(second, scenario.world));
    shares.count("wrote", twin.commits != 0);
  });
  shares.at_least("wrote", 20);
}

TEST_CASE("long histories of every kind of command return and store in SQLite what they do in memory") {
  Emptied emptied;
  Shares shares;
  prop("histories are the same in SQLite", [&] {
    const CommandHistory story = read_history(*any_bytes(history_bytes));
    MemoryStore first{MemoryOptions{.thread_safe = false}};
    SqliteStore& second = emptied.empty();
    RC_ASSERT(fill(first, story.world));
    RC_ASSERT(put_world(second, story.world));
    Twin twin(first, second);
    CountingIds ids;
    const Profile profile = story.rules.profile();
    const Engine engine(profile, twin, ids);
    for (const IssuedCommand& asked : story.issued) {
      if (!asked.changed.empty()) {
        RC_ASSERT(change_account(first, asked));
        const auto account = first.account(email(asked.changed)).value();
        if (account) RC_ASSERT(second.overwrite_account(*account).has_value());
      }
      const auto result = engine.run(*asked.command, asked.at);
      RC_ASSERT(twin.wrong == "");
      RC_ASSERT((result.has_value() || result.error().code < Errc::stale));
    }
    RC_ASSERT(show(first, story.world) == show(second, story.world));
    shares.count("five commits", twin.commits >= 5);
  });
  shares.at_least("five commits", 30);
}

TEST_CASE("few are found among many, and a record that is named twice is answered twice") {
  MemoryStore first;
  Emptied emptied;
  SqliteStore& second = emptied.empty();
  REQUIRE(put_numbered(first, 3, 400));
  REQUIRE(put_numbered(second, 3, 400));
  UuidSource ids({1, 2}), same({1, 2});
  REQUIRE(Engine(numbered_rules(), first, ids).add(add_all(2, 400), now));
  REQUIRE(Engine(numbered_rules(), second, same).add(add_all(2, 400), now));
  Twin twin(first, second);
  // Far apart: all between them would be too many to read. Side by side: all of them.
  for (const std::vector<unsigned>& named : {std::vector<unsigned>{399, 0, 399}, {3, 1, 2, 3}, {7}, {500, 399, 1}}) {
    std::vector<AccountSelector> columns;
    for (const unsigned n : named) columns.emplace_back(account(n));
    const OrganizationSelector rows[] = {organization(1), organization(0), organization(9), organization(0),
                                         organization(0), organization(2), organization(1)};
    for (const std::size_t count : {1u, 2u, 7u}) {
      Query query;
      query.organizations = std::span(rows).first(count);
      query.accounts = columns;
      query.actor = account(0);
      query.counts = true;
      query.idempotency_key = IdempotencyKey::of("add all");
      Facts facts;
      REQUIRE(twin.fetch(query, facts));
      CHECK(twin.wrong == "");
      CHECK(validate_facts(query, facts));
    }
  }
}

TEST_CASE("behind the last id there is nothing, and both stores list in one order") {
  MemoryStore first;
  Emptied emptied;
  SqliteStore& second = emptied.empty();
  REQUIRE(put_numbered(first, 2, 20));
  REQUIRE(put_numbered(second, 2, 20));
  UuidSource ids({1, 2});
  const Profile profile = numbered_rules();
  REQUIRE(Engine(profile, first, ids).run(add_all(2, 20), Time{1}).value().succeeded());
  REQUIRE(Engine(profile, second, ids).run(add_all(2, 20), Time{1}).value().succeeded());
  std::size_t listed = 0;
  for (const AccountId& after : {AccountId(), account(1), account(12), AccountId("~")}) {
    std::array<Membership, 30> page, other;
    const std::size_t count = first.members(organization(0), after, page).value();
    REQUIRE(second.members(organization(0), after, other).value() == count);
    for (std::size_t i = 0; i < count; ++i) CHECK(page[i].account == other[i].account);
    listed += count;
    CHECK((count == 0 || after != AccountId("~")));
  }
  CHECK(listed > 30);
  std::array<Membership, 2> page;
  CHECK(first.organizations_of(account(0), OrganizationId("~"), page).value() == 0);
  CHECK(second.organizations_of(account(0), OrganizationId("~"), page).value() == 0);
}

}
