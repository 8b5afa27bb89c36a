// MemoryStore::footprint() is the memory that the store has asked for, to the byte, whatever is in it.
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "catch.hpp"
#include "faults/allocations.hpp"
#include "faults/full_store.hpp"
#include "roster/roster.hpp"

namespace footprint_test {

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
      REQUIRE(store.put_role(id, {.id = RoleId::parse("role" + std::to_string(role)).assume_value()}, any_version));
    const AccountId pair[] = {account_id(i), account_id(i + 1)};
    REQUIRE(store.overwrite_group(GroupName::parse("group" + std::to_string(i)).assume_value(), pair));
    REQUIRE(
        store.overwrite_group(GroupName::parse("group" + std::to_string(i / 2)).assume_value(), std::span(pair, 1)));
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

// What a refused call has added to the texts is more than one block of 64 KiB after as many repetitions.
constexpr int many_refusals = 3000;

TEST_CASE("a write that is refused takes no memory, however often it is refused") {
  using namespace faults::full;
  MemoryStore store;
  faults::full::fill(store, 3, false);
  AccountRecord name_taken = full_account(9, 9), address_taken = full_account(9, 0), both_new = full_account(1, 9);
  name_taken.username = username(0);
  address_taken.username = both_new.username = username(9);
  address_taken.email = both_new.email = Email::parse("SOMEBODY0@X.Example").value();
  const OrganizationRecord slug_taken{.id = organization(9), .slug = slug(0)};
  const OrganizationRecord slug_of_another{.id = organization(1), .slug = slug(0)};
  const Email fresh = address(9), taken = address(0);
  ChangeSet created;
  REQUIRE(created.created.try_push_back({.id = account(9), .email = &fresh}));
  REQUIRE(created.created.try_push_back({.id = account(10), .email = &taken}));
  const auto error = [](const auto& result) { return result ? Errc{} : result.assume_error().code; };
  const std::function<Errc()> refused[] = {
      [&] { return error(store.overwrite_account(name_taken)); },
      [&] { return error(store.overwrite_account(address_taken)); },
      [&] { return error(store.overwrite_account(both_new)); },
      [&] { return error(store.overwrite_organization(slug_taken)); },
      [&] { return error(store.overwrite_organization(slug_of_another)); },
      [&] { return error(store.commit(created)); },
  };
  for (const auto& call : refused) {
    CAPTURE(&call - refused);
    const Errc why = &call - refused == 5 ? Errc::stale : Errc::exists;
    std::uint64_t first = 0;
    for (int i = 0; i < many_refusals; ++i) {
      if (call() != why) FAIL("not refused");
      if (i == 0) first = store.footprint().total();
    }
    CHECK(store.footprint().total() == first);
  }
}

TEST_CASE("a store that was out of memory at every table of names is as large as one that never was") {
  using namespace faults::full;
  int grown = 0;
  const auto total = [&](bool starves) {
    MemoryStore store;
    const auto put = [&](const std::function<Result<Version>()>& call) {
      if (starves) {
        const faults::WatchedAllocations watched(1, true);
        int refused = 0;
        while (refused < many_refusals && !call()) ++refused;
        grown += refused == many_refusals ? 1 : 0;
      }
      must(call());
    };
    for (unsigned i = 0; i < 5; ++i) must(store.put_account({.id = account(200 + i), .username = username(200 + i)}));
    for (unsigned i = 0; i < 40; ++i) {
      const OrganizationRecord placed{.id = organization(i), .slug = slug(i)};
      const AccountRecord named{.id = account(i), .username = username(i)}, addressed = full_account(i, i);
      const AccountRecord both = full_account(100 + i, 100 + i);  // the usernames are five ahead of the addresses
      must(store.put_organization({.id = organization(i)}));
      must(store.put_account({.id = account(i)}));
      must(store.put_account({.id = account(100 + i)}));
      put([&] { return store.overwrite_organization(placed); });
      put([&] { return store.overwrite_account(named); });
      put([&] { return store.overwrite_account(addressed); });
      put([&] { return store.overwrite_account(both); });
    }
    return store.footprint().total();
  };
  CHECK(total(true) == total(false));
  CHECK(grown >= 4 * 3);
}

TEST_CASE("an account that joins and leaves again and again takes the memory of its organizations once") {
  constexpr unsigned organizations = 530;  // lists are in pages of 256 from 257 organizations on
  MemoryStore store;
  for (unsigned i = 0; i < organizations; ++i)
    faults::full::must(store.put_organization({.id = faults::full::organization(i)}));
  faults::full::must(store.put_account({.id = account_id(0)}));
  for (unsigned i = 0; i < organizations; ++i) {
    const Membership next{.id = faults::full::membership_id(i, 0),
                          .organization = faults::full::organization(i),
                          .account = account_id(0),
                          .role = RoleId("member")};
    faults::full::must(store.put_membership(next));
    const std::uint64_t once = store.footprint().by_account;
    for (int times = 0; times < 70; ++times)
      if (!store.erase_membership(next.organization, next.account) || !store.put_membership(next)) FAIL("at " << i);
    CHECK(store.footprint().by_account == once);
  }
}

}
