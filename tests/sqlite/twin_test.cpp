// Proves that an SQLite store says and keeps what the store in memory does: the same commands, drawn by chance, give
// the same facts before each decision, the same answer to each commit, and the same memberships in the end.
#include "twin.hpp"

#include <sqlite3.h>

#include <array>

#include "catch.hpp"
#include "prop.hpp"
#include "roster/engine.hpp"
#include "roster/sqlite_store.hpp"
#include "support/generators.hpp"
#include "support/stage.hpp"
#include "town.hpp"

using namespace roster;
using namespace roster_test;

namespace {

/// One database for all cases of a property, emptied in between: making the tables costs more than a case.
class Emptied {
 public:
  Emptied() : store(SqliteStore::open(":memory:").value()) {}
  SqliteStore& empty() {
    constexpr const char* text =
        "DELETE FROM roster_organizations; DELETE FROM roster_accounts; DELETE FROM roster_roles;"
        "DELETE FROM roster_catalog; DELETE FROM roster_memberships; DELETE FROM roster_counts;"
        "DELETE FROM roster_groups; DELETE FROM roster_group_accounts";
    REQUIRE(sqlite3_exec(store.connection(), text, nullptr, nullptr, nullptr) == SQLITE_OK);
    return store;
  }
  SqliteStore store;
};

/// Copies what the store in memory has been filled with. It cannot be asked for catalogs and groups, so `world` is.
bool copy(const MemoryStore& from, const World& world, SqliteStore& to) {
  bool copied = true;
  std::vector<std::string> places;
  while (places.size() < world.places.size()) {  // parents first
    for (const auto& [name, place] : world.places) {
      const auto listed = [&](const std::string& one) {
        return std::find(places.begin(), places.end(), one) != places.end();
      };
      if (listed(name) || (!place.parent.empty() && !listed(place.parent))) continue;
      copied = copied && to.put_organization(*from.organization(id<OrganizationId>(name)));
      for (const auto& [role_name, role] : place.roles) copied = copied && to.put_role(id<OrganizationId>(name), role);
      places.push_back(name);
    }
  }
  for (const auto& [name, account] : world.people)
    copied = copied && to.put_account(*from.account(id<AccountId>(name)));
  for (const auto& [name, members] : world.groups) {
    std::vector<AccountId> accounts;
    for (const auto& member : members) accounts.push_back(id<AccountId>(member));
    copied = copied && to.put_group(id<GroupName>(name), accounts);
  }
  for (const auto& [name, place] : world.places) {
    std::array<Membership, 64> page;
    std::uint64_t cursor = 0;
    const std::size_t count = from.members(id<OrganizationId>(name), cursor, page);
    for (std::size_t i = 0; i < count; ++i) copied = copied && to.put_membership(page[i]);
  }
  return copied;
}

std::string words(const Membership& row) {
  const UuidText id = row.id.text(), request = row.request.text();
  return std::string(row.organization.view()) + "/" + std::string(row.account.view()) + " " +
         std::string(row.role.view()) + " " + std::to_string(static_cast<unsigned>(row.state)) + " " +
         std::string(id.data(), id.size()) + " by " + std::string(request.data(), request.size()) + " at " +
         std::to_string(static_cast<std::int64_t>(row.added_at)) + " until " +
         std::to_string(static_cast<std::int64_t>(row.valid_until)) + "\n";
}

/// Every membership and tombstone of an organization, in words; and whether lists, look-ups and counts agree.
std::string show(const MemoryStore& store, const OrganizationId& organization, const std::set<AccountId>& accounts) {
  std::string all;
  for (const AccountId& account : accounts) {
    if (const auto found = store.membership(organization, account)) all += words(*found);
    if (const auto found = store.former_membership(organization, account))
      all += words(found->membership) + "removed by " + std::string(found->removed_by.view()) + " at " +
             std::to_string(static_cast<std::int64_t>(found->removed_at)) + "\n";
  }
  return all + std::to_string(store.member_count(organization)) + "\n";
}
std::string show(const SqliteStore& store, const OrganizationId& organization, const std::set<AccountId>& accounts) {
  std::string all;
  std::size_t members = 0;
  for (const AccountId& account : accounts) {
    if (const auto found = store.membership(organization, account).value()) {
      all += words(*found);
      ++members;
    }
    if (const auto found = store.former_membership(organization, account).value())
      all += words(found->membership) + "removed by " + std::string(found->removed_by.view()) + " at " +
             std::to_string(static_cast<std::int64_t>(found->removed_at)) + "\n";
  }
  std::array<Membership, 3> page;
  std::uint64_t cursor = 0;
  while (const std::size_t count = store.members(organization, cursor, page).value()) members -= count;
  if (members != 0) all += "the list differs from the look-ups\n";
  return all + std::to_string(store.member_count(organization).value()) + "\n";
}

std::set<AccountId> everybody(const MemoryStore& store, const std::vector<OrganizationId>& organizations) {
  std::set<AccountId> all;
  for (const OrganizationId& organization : organizations) {
    std::array<Membership, 64> page;
    std::uint64_t cursor = 0;
    while (const std::size_t count = store.members(organization, cursor, page))
      for (std::size_t i = 0; i < count; ++i) all.insert(page[i].account);
  }
  return all;
}

}  // namespace

TEST_CASE("adds say and keep in SQLite what they do in memory: parents, catalogs, groups, selectors of every kind") {
  Emptied emptied;
  Shares shares;
  prop("adds are the same in SQLite", [&] {
    const Scene scene = *scenes(3, 0);
    Stage stage(scene.world);
    SqliteStore& second = emptied.empty();
    RC_ASSERT(copy(stage.store, scene.world, second));
    Twin twin(stage.store, second);
    for (const AddMembers& command : scene.commands) {
      (void)stage.run(scene.rules.profile(), command, &twin);
      RC_ASSERT(twin.wrong == "");
    }
    std::vector<OrganizationId> organizations;
    for (const auto& [name, ignored] : scene.world.places) organizations.push_back(id<OrganizationId>(name));
    const std::set<AccountId> accounts = everybody(stage.store, organizations);
    for (const OrganizationId& organization : organizations)
      RC_ASSERT(show(stage.store, organization, accounts) == show(second, organization, accounts));
    shares.count("wrote", twin.commits != 0);
  });
  shares.at_least("wrote", 20);
}

TEST_CASE("long histories of every kind of command say and keep in SQLite what they do in memory") {
  Emptied emptied;
  Shares shares;
  prop("histories are the same in SQLite", [&] {
    const Story story = read_story(*any_bytes(story_bytes));
    MemoryStore first{MemoryOptions{.locked = false}};
    SqliteStore& second = emptied.empty();
    RC_ASSERT(fill(first, story.world));
    RC_ASSERT(copy(first, story.world, second));
    Twin twin(first, second);
    CountingIds ids;
    const Profile profile = story.rules.profile();
    const Engine engine(profile, twin, ids);
    std::vector<OrganizationId> organizations;
    for (const auto& [name, ignored] : story.world.places) organizations.push_back(id<OrganizationId>(name));
    for (const Asked& asked : story.asked) {
      if (!asked.verified.empty()) {
        RC_ASSERT(verify(first, asked.verified));
        const auto account = first.account(email(asked.verified));
        if (account) RC_ASSERT(second.put_account(*account).has_value());
      }
      const auto result = engine.run(*asked.command, asked.at);
      RC_ASSERT(twin.wrong == "");
      RC_ASSERT((result.has_value() || result.error().code < Errc::stale));
    }
    const std::set<AccountId> accounts = everybody(first, organizations);
    for (const OrganizationId& organization : organizations)
      RC_ASSERT(show(first, organization, accounts) == show(second, organization, accounts));
    shares.count("five commits", twin.commits >= 5);
  });
  shares.at_least("five commits", 30);
}

TEST_CASE("few are found among many, and a record that is named twice is answered twice") {
  MemoryStore first;
  Emptied emptied;
  SqliteStore& second = emptied.empty();
  REQUIRE(settle(first, 3, 400));
  REQUIRE(settle(second, 3, 400));
  UuidSource ids({1, 2}), same({1, 2});
  REQUIRE(Engine(town_profile(), first, ids).add(everybody(2, 400), noon));
  REQUIRE(Engine(town_profile(), second, same).add(everybody(2, 400), noon));
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
      query.request = RequestKey::of("everybody");
      Facts facts;
      REQUIRE(twin.fetch(query, facts));
      CHECK(twin.wrong == "");
      CHECK(check_shape(query, facts));
    }
  }
}

TEST_CASE("a cursor beyond every record finds nothing") {
  MemoryStore first;
  Emptied emptied;
  SqliteStore& second = emptied.empty();
  REQUIRE(settle(first, 1, 2));
  REQUIRE(settle(second, 1, 2));
  std::array<Membership, 2> page;
  for (const std::uint64_t far : {~std::uint64_t{0}, ~std::uint64_t{0} >> 1}) {
    std::uint64_t cursor = far;
    CHECK(first.members(organization(0), cursor, page) == 0);
    CHECK(second.members(organization(0), cursor, page).value() == 0);
    CHECK(second.organizations_of(account(0), cursor, page).value() == 0);
    CHECK(cursor == far);
  }
}
