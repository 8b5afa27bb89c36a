// MemoryStore when there is much: every member found in big organizations, bytes a membership, and several threads.
#include <random>
#include <thread>

#include "memory_store_testing.hpp"

namespace memory_store_size_test {

using namespace memory_testing;

namespace {

AccountId plain(std::uint64_t number) {
  return AccountId::parse("acc-" + std::to_string(number)).value();
}
void put_plain(MemoryStore& store, std::uint64_t count) {
  for (std::uint64_t i = 0; i < count; ++i)
    if (!store.put_account({.id = plain(i)})) FAIL("put_account");
}

/// Adds accounts [first, last) to one organization, one commit.
void add_range(MemoryStore& store, const OrganizationId& to, std::uint64_t first, std::uint64_t last) {
  std::vector<AccountSelector> columns;
  for (std::uint64_t i = first; i < last; ++i) columns.push_back(plain(i));
  Change change(store, {to}, columns);
  for (std::uint64_t i = first; i < last; ++i) change.add(0, static_cast<std::uint32_t>(i - first), i + 1);
  REQUIRE(change.commit(store) == Errc{});
}

}  // namespace

TEST_CASE("a hundred thousand members are found, listed in order, and can go again", "[memory_store]") {
  constexpr std::uint64_t count = 100'000;
  MemoryStore store;
  put_organizations(store, 1);
  put_plain(store, count + 1000);
  for (std::uint64_t at = 0; at < count; at += 5000) add_range(store, org(0), at, at + 5000);
  REQUIRE(store.member_count(org(0)).value() == count);

  IssuedCommand asked;
  asked.organizations = {org(0)};
  for (std::uint64_t i = 0; i < 2000; ++i) asked.accounts.push_back(plain(i * 7919 % (count + 1000)));
  asked.fetch(store);
  std::size_t next = 0;
  for (std::uint32_t i = 0; i < 2000; ++i) {
    const std::uint64_t number = std::uint64_t{i} * 7919 % (count + 1000);
    if (number >= count) continue;
    REQUIRE(next < asked.facts.memberships.size());
    REQUIRE(asked.facts.memberships[next].account == i);
    REQUIRE(asked.facts.memberships[next].id == key(number + 1));
    ++next;
  }
  REQUIRE(next == asked.facts.memberships.size());

  for (std::uint64_t i = 0; i < count; ++i)
    if (i % 4 != 0 && !store.erase_membership(org(0), plain(i))) FAIL("erase " << i);
  std::vector<AccountId> expected;
  for (std::uint64_t i = 0; i < count; i += 4) expected.push_back(plain(i));
  std::sort(expected.begin(), expected.end());
  const std::vector<Membership> listed = members_of(store, org(0), 50'000);
  REQUIRE(listed.size() == expected.size());
  for (std::size_t i = 0; i < listed.size(); ++i)
    if (listed[i].account != expected[i]) FAIL("listed " << i);
  for (std::uint64_t i = 0; i < count; ++i)
    if (bool(store.membership(org(0), plain(i)).value()) != (i % 4 == 0)) FAIL("found " << i);
}

TEST_CASE("an account in very many organizations lists them in order", "[memory_store]") {
  constexpr std::uint64_t count = 5000;
  MemoryStore store;
  put_organizations(store, count);
  put_plain(store, 1);
  for (std::uint64_t i = 0; i < count; ++i) {
    Membership put = membership(i + 1, i, 0);
    put.account = plain(0);
    if (!store.put_membership(put)) FAIL("put " << i);
  }
  const auto listed = [&](std::uint64_t step, std::uint64_t left) {
    std::vector<OrganizationId> expected;
    for (std::uint64_t i = 0; i < left; ++i) expected.push_back(org(i * step));
    std::sort(expected.begin(), expected.end());
    const std::vector<Membership> all = organizations_of(store, plain(0), 2'000);
    REQUIRE(all.size() == left);
    for (std::size_t i = 0; i < left; ++i)
      if (all[i].organization != expected[i]) FAIL("listed " << i);
  };
  listed(1, count);
  for (std::uint64_t i = 0; i < count; ++i)
    if (i % 5 != 0 && !store.erase_membership(org(i), plain(0))) FAIL("erase " << i);
  listed(5, count / 5);
  for (std::uint64_t i = 0; i < count; i += 5)
    if (!store.erase_membership(org(i), plain(0))) FAIL("erase " << i);
  CHECK(store.organization_count(plain(0)).value() == 0);
  CHECK(store.membership_count() == 0);
}

TEST_CASE("several accounts in very many organizations each list their own, also while they leave", "[memory_store]") {
  constexpr std::uint64_t places = 1000, people = 3;
  MemoryStore store;
  put_organizations(store, places + people);
  put_plain(store, people);
  // Account a joins the organizations a, a + 1, ...: one after the other, so that their lists grow beside each other.
  for (std::uint64_t i = 0; i < places; ++i)
    for (std::uint64_t a = 0; a < people; ++a) {
      Membership put = membership(i * people + a + 1, i + a, 0);
      put.account = plain(a);
      if (!store.put_membership(put)) FAIL("put " << i << " of " << a);
    }
  const auto lists = [&](std::uint64_t a, std::uint64_t first, std::uint64_t step) {
    const std::vector<Membership> all = organizations_of(store, plain(a), 400);
    CHECK(all.size() == store.organization_count(plain(a)).value());
    std::vector<OrganizationId> expected;
    for (std::uint64_t at = first; at < places; at += step) expected.push_back(org(at + a));
    std::sort(expected.begin(), expected.end());
    REQUIRE(all.size() == expected.size());
    for (std::size_t i = 0; i < all.size(); ++i)
      if (all[i].organization != expected[i] || all[i].account != plain(a)) FAIL("listed " << i << " of " << a);
  };
  for (std::uint64_t a = 0; a < people; ++a) lists(a, 0, 1);
  for (std::uint64_t i = 0; i < places; ++i)
    for (std::uint64_t a = 0; a < people; ++a)
      if (i % 4 != a && !store.erase_membership(org(i + a), plain(a))) FAIL("erase " << i << " of " << a);
  for (std::uint64_t a = 0; a < people; ++a) lists(a, a, 4);
  for (std::uint64_t a = 0; a < people; ++a)  // and they grow again, in the place of each other
    for (std::uint64_t i = 0; i < places; ++i) {
      Membership put = membership(10'000 + i * people + a, i + a, 0);
      put.account = plain(a);
      if (i % 4 != a && !store.put_membership(put)) FAIL("put again " << i << " of " << a);
    }
  for (std::uint64_t a = 0; a < people; ++a) CHECK(store.organization_count(plain(a)).value() == places);
  CHECK(store.membership_count() == places * people);
}

TEST_CASE("an account takes what its record, its places in tables and its text need, and little more",
          "[memory_store]") {
  constexpr std::uint64_t count = 100'000;
  struct Shape {
    const char* statement;
    std::size_t id_size, address_size, username_size;  ///< 0: none
  };
  for (const Shape shape : {Shape{"short ids", 16, 0, 0}, Shape{"long ids", 60, 0, 0}, Shape{"addresses", 16, 40, 0},
                            Shape{"all of it", 60, 70, 50}}) {
    INFO(shape.statement);
    MemoryStore store;
    const auto text_of = [](std::uint64_t i, std::size_t size) {
      std::string text = "n" + std::to_string(i) + "-";
      text.resize(size, 'x');
      return text;
    };
    for (std::uint64_t i = 0; i < count; ++i) {
      AccountRecord record{.id = AccountId::parse(text_of(i, shape.id_size)).value()};
      if (shape.address_size != 0)
        record.email =
            Email::parse(text_of(i, 12) + "@" + text_of(i, shape.address_size - 13 - 8) + ".example").value();
      if (shape.username_size != 0) record.username = Username::parse(text_of(i, shape.username_size)).value();
      if (!store.put_account(record)) FAIL("put " << i);
    }
    // A record of 64 bytes; in each table a slot of 8, at worst a quarter full; of a long id what is beyond 36 bytes;
    // each text with its size, in whole words.
    const auto words = [](std::size_t bytes) { return (bytes + 3) / 4 * 4; };
    std::size_t least = 64, tables = 1;
    if (shape.id_size > 40) least += words(shape.id_size - 36 + 1);
    if (shape.address_size != 0) least += words(shape.address_size + 2), ++tables;
    if (shape.username_size != 0) least += words(shape.username_size + 1), ++tables;
    const double each = static_cast<double>(store.footprint().accounts) / static_cast<double>(count);
    CHECK(each >= static_cast<double>(least + tables * 8));
    CHECK(each <= static_cast<double>(least) * 1.02 + static_cast<double>(tables * 8 * 4));
  }
}

TEST_CASE("a membership takes at most 64 bytes, its place in the account's list included", "[memory_store]") {
  struct Shape {
    std::uint64_t organizations, accounts, each;  ///< how many of the accounts every organization has
  };
  for (const Shape shape : {Shape{1, 200'000, 200'000}, Shape{200, 1000, 1000}, Shape{100, 10'000, 1000}}) {
    CAPTURE(shape.organizations, shape.accounts);
    MemoryStore store;
    put_organizations(store, shape.organizations);
    put_plain(store, shape.accounts);
    for (std::uint64_t o = 0; o < shape.organizations; ++o) {
      const std::uint64_t first = o * shape.each % shape.accounts;
      for (std::uint64_t at = first; at < first + shape.each; at += 1000)
        add_range(store, org(o), at, std::min(at + 1000, first + shape.each));
    }
    const double count = static_cast<double>(store.membership_count());
    REQUIRE(store.membership_count() == shape.organizations * shape.each);
    const MemoryFootprint footprint = store.footprint();
    CHECK(static_cast<double>(footprint.memberships + footprint.by_account) / count <= 64);
    CHECK(static_cast<double>(footprint.memberships) / count >= 48);
    CHECK(footprint.total() >= footprint.memberships + footprint.by_account + footprint.accounts);
  }
}

TEST_CASE("a store says what it holds: nothing, then more", "[memory_store]") {
  MemoryStore store;
  CHECK(store.footprint().memberships == 0);
  CHECK(store.footprint().by_account == 0);
  put_organizations(store, 1);
  put_accounts(store, 1);
  must(store.put_membership(membership(1, 0, 0)));
  CHECK(store.footprint().memberships == 4 * 48);  // a small organization stays small
  must(store.reserve_accounts(100'000));
  CHECK(store.footprint().accounts >= 100'000 * 64);
}

TEST_CASE("threads that add different pairs lose none, and of equal pairs one wins", "[memory_store]") {
  constexpr std::uint64_t threads = 4, each = 300;
  MemoryStore store;
  put_organizations(store, 3);
  put_plain(store, threads * each + 50);
  std::vector<std::uint64_t> won(threads, 0), failed(threads, 0);
  {
    std::vector<std::thread> running;
    for (std::size_t t = 0; t < threads; ++t)
      running.emplace_back([&, t] {
        // No test macro in here: Catch2's are not for several threads.
        const auto add = [&](const OrganizationId& to, const AccountId& account, std::uint64_t number) {
          const OrganizationSelector row{to};
          const AccountSelector column{account};
          Query query;
          query.organizations = {&row, 1};
          query.accounts = {&column, 1};
          Facts facts;
          ChangeSet changes;
          bool ready = bool(store.fetch(query, facts));
          if (!ready || !facts.memberships.empty()) return false;
          changes.organizations = facts.organizations.span();
          changes.accounts = facts.accounts.span();
          changes.idempotency_key = request(number);
          ready = changes.roles.try_push_back(RoleId("member")) && changes.added_ids.try_push_back(key(number)) &&
                  changes.added.try_push_back({0, 0, 0, MembershipState::active});
          return ready && bool(store.commit(changes));
        };
        for (std::uint64_t i = 0; i < each; ++i) {
          failed[t] += add(org(i % 2), plain(t * each + i), 1 + t * each + i) ? 0 : 1;
          if (i < 50) won[t] += add(org(2), plain(threads * each + i), 10'000 + t * each + i) ? 1 : 0;
          (void)store.membership(org(0), plain(i)).value();
        }
      });
    for (std::thread& thread : running) thread.join();
  }
  std::uint64_t winners = 0;
  for (std::size_t t = 0; t < threads; ++t) {
    CHECK(failed[t] == 0);
    winners += won[t];
  }
  CHECK(winners == 50);
  CHECK(store.member_count(org(2)).value() == 50);
  CHECK(store.membership_count() == threads * each + 50);
  for (std::size_t t = 0; t < threads; ++t)
    for (std::uint64_t i = 0; i < each; ++i)
      if (!store.membership(org(i % 2), plain(t * each + i)).value()) FAIL("lost " << t << " " << i);
}

}
