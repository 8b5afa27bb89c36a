// Proves that memory may end at every allocation of the store, and at those of SQLite, in each operation of set-up and
// look-up: what is written is all or nothing, the error says that memory is out, no transaction stays open, and the
// operation does it all when it is called again.
#include <array>

#include "starved.hpp"

namespace memory_test {

using namespace roster;
using namespace roster_test;
using namespace fixtures;

namespace {

std::vector<StoreOperation> puts() {
  std::vector<StoreOperation> all;
  const auto organizations = [&](const char* name, const std::vector<OrganizationRecord>& records) {
    all.push_back({name, [records](SqliteStore& store) {
                     return records.size() == 1 ? faults::without_value(store.put_organization(records[0]))
                                                : store.put_organizations(records);
                   }});
  };
  const auto accounts = [&](const char* name, const std::vector<AccountRecord>& records) {
    all.push_back({name, [records](SqliteStore& store) {
                     return records.size() == 1 ? faults::without_value(store.put_account(records[0]))
                                                : store.put_accounts(records);
                   }});
  };
  const auto roles = [&](const char* name, const Role& role) {
    all.push_back({name, [role](SqliteStore& store) {
                     return faults::without_value(store.put_role(organization(1), role, any_version));
                   }});
  };
  const auto groups = [&](const char* name, const GroupName& group) {
    std::vector<AccountId> who;
    for (unsigned i = 0; i < 2 * many; ++i) who.push_back(account(i % many));  // each twice
    all.push_back({name, [who, group](SqliteStore& store) { return store.overwrite_group(group, who); }});
  };
  organizations(
      "an organization with everything",
      {{.id = organization(many), .slug = numbered<Slug>("s", many), .parent = organization(0), .seats_max = 5}});
  organizations("another slug, and no limit",
                {{.id = organization(0), .slug = numbered<Slug>("s", many), .version = any_version}});
  std::vector<OrganizationRecord> places;
  std::vector<AccountRecord> people;
  for (unsigned i = 0; i < many; ++i) {
    places.push_back({.id = organization(10 + i), .parent = organization(0)});
    people.push_back(full(10 + i, 100 + i));
    if (10 + i < many) places.back().version = people.back().version = any_version;
  }
  organizations("many organizations, half of them there", places);
  roles("a role", {.id = RoleId("guest"), .rank = 2});
  roles("a role that is there", {.id = clerk, .rank = 7, .manages = true});
  accounts("an account with everything", {full(many, many)});
  AccountRecord renamed = full(0, many);
  renamed.version = any_version;
  accounts("another address and username", {renamed});
  accounts("an address and username less", {{.id = account(0), .version = any_version}});
  all.push_back({"a change of an account", [email = address(many)](SqliteStore& store) {
                   return faults::without_value(store.change_account(account(0), {.email = email}, any_version));
                 }});
  const auto both = std::make_shared<std::vector<AccountUpdate>>();
  const AccountRecord one = full(0, 0), other = full(1, 1);
  both->push_back({one.id, {.email = other.email, .username = other.username}});
  both->push_back({other.id, {.email = one.email, .username = one.username}});
  all.push_back({"two accounts exchange their names", [both](SqliteStore& store) {
                   for (AccountUpdate& it : *both) it.version = any_version;
                   return store.change_accounts(*both);
                 }});
  all.push_back({"a change of an organization", [slug = numbered<Slug>("s", many)](SqliteStore& store) {
                   const OrganizationChange change{.slug = slug, .parent = organization(1)};
                   return faults::without_value(store.change_organization(organization(0), change, any_version));
                 }});
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

std::vector<StoreOperation> look_ups() {
  const OrganizationId in = organization(0);
  const AccountId who = account(0);
  const auto id_of = [](const auto& found) { return found ? std::string(found->id.view()) : "none"; };
  const auto page_of = [](bool members) {
    return [members](SqliteStore& store) {
      std::array<Membership, 2 * many> page;
      const auto count =
          members ? store.members(organization(0), {}, page) : store.organizations_of(account(0), {}, page);
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
      {"organization_count(account)", [=](SqliteStore& store) { return see(store.organization_count(who), number); }},
      {"organization_count()", [=](SqliteStore& store) { return see(store.organization_count(), number); }},
      {"account_count()", [=](SqliteStore& store) { return see(store.account_count(), number); }},
      {"membership_count()", [=](SqliteStore& store) { return see(store.membership_count(), number); }},
      {"organization()", [=](SqliteStore& store) { return see(store.organization(numbered<Slug>("s", 3)), id_of); }},
      {"account()", [=](SqliteStore& store) { return see(store.account(address(3)), id_of); }},
  };
}

}  // namespace

TEST_CASE("a set-up operation survives the end of memory wherever it ends, all or nothing") {
  if (!can_starve()) return;
  Database filled;
  fill(filled);
  Points points;
  for (const StoreOperation& operation : puts()) starve(filled, operation, points);
  CHECK(points.of_store >= 10);
  CHECK(points.of_all >= 200);
}

TEST_CASE("a look-up finds what is there or says that memory is out") {
  if (!can_starve()) return;
  Database filled;
  fill(filled);
  Points points;
  for (const StoreOperation& operation : look_ups()) starve(filled, operation, points);
  CHECK(points.of_all >= 50);
}

TEST_CASE("opening a database makes its tables or says that memory is out, and makes them the next time") {
  if (!can_starve()) return;
  std::string after;
  {
    const Database reference;
    REQUIRE(SqliteStore::adopt(reference.get()).has_value());
    after = reference.picture();
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
      if (!adopted && sqlite3_get_autocommit(database.get()) == 0) REQUIRE(execute(database.get(), "ROLLBACK"));
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

}
