// MemoryStore::footprint() is the memory that the store has asked for, to the byte, whatever is in it.
#include <span>
#include <string>
#include <vector>

#include "catch.hpp"
#include "faults/allocations.hpp"
#include "roster/roster.hpp"

using namespace roster;

namespace {

AccountId account_id(int i) {
  return AccountId::parse("account-" + std::to_string(i)).assume_value();
}

/// Every kind of record, enough of each that every table has grown more than once.
void fill(MemoryStore& store, int count) {
  for (int i = 0; i < count; ++i) {
    const auto number = std::to_string(i);
    const std::string local = i % 7 == 0 ? std::string(60, 'l') + number : "person" + number;
    AccountRecord record{.id = account_id(i), .username = Username::parse("user" + number).assume_value()};
    record.email =
        Email::parse(local + (i % 5 == 0 ? "@a-domain-of-some-length.example.org" : "@acme.example")).assume_value();
    REQUIRE(store.put_account(record));
  }
  for (int i = 0; i < count / 4; ++i) {
    const auto id = OrganizationId::parse("organization-" + std::to_string(i)).assume_value();
    REQUIRE(store.put_organization({.id = id, .slug = Slug::parse("slug" + std::to_string(i)).assume_value()}));
    for (int role = 0; role < i % 5; ++role)
      REQUIRE(store.put_role(id, {.id = RoleId::parse("role" + std::to_string(role)).assume_value()}));
    const AccountId pair[] = {account_id(i), account_id(i + 1)};
    REQUIRE(store.put_group(GroupName::parse("group" + std::to_string(i)).assume_value(), pair));
    REQUIRE(store.put_group(GroupName::parse("group" + std::to_string(i / 2)).assume_value(), std::span(pair, 1)));
  }
}

}  // namespace

TEST_CASE("the footprint of a store is the bytes that it has asked for") {
  Profile profile{.actor = ActorRule::host_decides};
  profile.on_removed = OnFormer::reactivate;
  const Role member{.id = RoleId("member"), .manages = true};
  profile.roles = {&member, 1};
  profile.default_role = member.id;
  profile.accounts_max = profile.organizations_max = 4096;
  UuidSource ids({1, 2});
  for (const int count : {0, 1, 9, 70, 700, 3000}) {
    CAPTURE(count);
    faults::MeasuredAllocations measured;
    MemoryStore store;
    fill(store, count);
    const Engine engine(profile, store, ids);
    const std::uint64_t before = faults::MeasuredAllocations::bytes();
    CHECK(store.footprint().total() == before);
    for (int i = 0; i < count / 4; i += 1 + i / 3) {
      std::vector<AccountSelector> accounts;
      for (int a = 0; a < count; a += 1 + i % 7) accounts.emplace_back(account_id(a));
      const auto id = OrganizationId::parse("organization-" + std::to_string(i)).assume_value();
      REQUIRE(engine.run(AddMembers(id, accounts), Time{1}));
      accounts.resize(accounts.size() / 2);
      if (i % 2 == 0) REQUIRE(engine.run(RemoveMembers(id, accounts), Time{2}));
    }
    CHECK(store.footprint().total() == faults::MeasuredAllocations::bytes());
    CHECK((count < 4 || store.footprint().total() > before));
  }
}

TEST_CASE("an account's only organization asks for no memory of a list, put, added alone or in bulk") {
  MemoryStore store;
  fill(store, 16);
  Profile profile{.actor = ActorRule::host_decides};
  const Role member{.id = RoleId("member")};
  profile.roles = {&member, 1};
  profile.default_role = member.id;
  profile.accounts_max = 16;
  UuidSource ids({1, 2});
  const Engine engine(profile, store, ids);
  const OrganizationId first("organization-0"), second("organization-1");
  REQUIRE(store.put_membership({.id = {{1}}, .organization = first, .account = account_id(0), .role = member.id}));
  REQUIRE(engine.run(AddMembers(first, account_id(1)), Time{1}));
  REQUIRE(engine.run(AddMembers(first, std::vector<AccountSelector>{account_id(2), account_id(3)}), Time{1}));
  CHECK(store.footprint().by_account == 0);
  REQUIRE(engine.run(AddMembers(second, account_id(1)), Time{2}));
  CHECK(store.footprint().by_account != 0);
}
