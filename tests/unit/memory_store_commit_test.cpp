// MemoryStore::commit: everything or nothing, and `stale` for each check that does not hold.
#include <algorithm>
#include <functional>
#include <limits>

#include "memory_store_testing.hpp"

namespace memory_store_commit_test {

using namespace memory_testing;

namespace {

/// Two organizations, three accounts; account 0 is in organization 0 (key 1), account 2 manages there (key 2).
struct Small {
  MemoryStore store;
  Small() {
    put_organizations(store, 2);
    put_accounts(store, 3);
    must(store.put_membership(membership(1, 0, 0)));
    must(store.put_membership(membership(2, 0, 2)));
  }
  Change change() { return Change(store, {org(0), org(1)}, {who(0), who(1)}, who(2)); }

  /// Commits and expects `stale`, and that nothing at all is different.
  void stale(const Change& change) {
    const std::uint64_t accounts = store.account_count();
    CHECK(change.commit(store) == Errc::stale);
    CHECK(store.account_count() == accounts);
    CHECK(store.membership_count() == 2);
    CHECK(store.member_count(org(0)).value() == 2);
    CHECK(store.member_count(org(1)).value() == 0);
    CHECK(store.organization_count(who(0)).value() == 1);
    CHECK(store.organization_count(who(1)).value() == 0);
    CHECK(store.membership(org(0), who(0)).value()->version == Version{1});
    CHECK(store.membership(org(0), who(0)).value()->role == RoleId("member"));
    CHECK_FALSE(store.account(email("new@x.org")).value());
    CHECK_FALSE(store.account(who(50)).value());
  }
};

Guard organization_guard(std::uint32_t row, Version version) {
  return {.record = Guard::Record::organization, .organization = row, .version = version};
}

}  // namespace

TEST_CASE("a bound holds for an organization however many rows of the change set name it", "[memory_store]") {
  Small small;  // two members
  const auto two_rows = [&](std::uint32_t guarded, std::uint32_t limit) {
    Change change(small.store, {org(0), org(1), org(0)}, {who(1), who(0)}, who(2));
    change.add(2, 0, 11);
    change.guard({.record = Guard::Record::seats, .organization = guarded, .limit = limit});
    return change.commit(small.store);
  };
  CHECK(two_rows(0, 2) == Errc::stale);
  CHECK(two_rows(2, 2) == Errc::stale);
  CHECK(small.store.member_count(org(0)).value() == 2);
  CHECK(two_rows(0, 3) == Errc{});
}

TEST_CASE("a commit adds, replaces and creates at once", "[memory_store]") {
  Small small;
  Change change = small.change();
  const Email fresh = email("New@x.org");
  REQUIRE(change.changes.created.try_push_back(AccountCreated{who(50), &fresh, true}));
  change.add(1, 0, 10);
  change.add(0, 1, 11);
  change.add(1, 2, 12, MembershipState::invited);  // the account created here
  REQUIRE(change.changes.changed.try_push_back(MemberChanged{key(1), 0, 0, 1, 0, Version{1}}));
  change.guard(organization_guard(0, Version{1}));
  change.guard({.record = Guard::Record::account, .account = 1, .version = Version{1}});
  change.guard({.record = Guard::Record::membership, .organization = 0, .account = 0, .version = Version{1}});
  change.guard({.record = Guard::Record::actor, .organization = 0, .version = Version{1}});
  REQUIRE(change.commit(small.store) == Errc{});

  MemoryStore& store = small.store;
  CHECK(store.membership_count() == 5);
  const auto created = store.account(email("new@x.org")).value();
  REQUIRE(created);
  CHECK(created->id == who(50));
  CHECK(created->invited);
  CHECK(created->email->text() == "New@x.org");
  const auto invited = store.membership(org(1), who(50)).value();
  REQUIRE(invited);
  CHECK(invited->id == key(12));
  CHECK(invited->state == MembershipState::invited);
  CHECK(invited->idempotency_key == request(1));
  CHECK(invited->added_at == Time{1'700'000'000'123'000});
  CHECK(store.membership(org(0), who(1)).value()->role == RoleId("member"));
  const auto replaced = store.membership(org(0), who(0)).value();
  CHECK(replaced->role == RoleId("admin"));
  CHECK(replaced->version == Version{2});
  CHECK(replaced->idempotency_key == request(1));
  CHECK(replaced->id == key(1));
  CHECK(replaced->added_at == Time{0});

  Change after = small.change();
  CHECK(after.facts.organizations[0].version == Version{1});  // adding members does not raise it
  CHECK(change.commit(store) == Errc::stale);                 // and the same change does not fit twice
  CHECK(store.membership_count() == 5);
}

TEST_CASE("each guard that does not hold makes a commit stale", "[memory_store]") {
  Small small;
  const std::vector<std::function<void(Change&)>> broken = {
      [](Change& c) { c.guard(organization_guard(0, Version{2})); },
      [](Change& c) { c.guard(organization_guard(2, Version{1})); },
      [](Change& c) { c.guard(organization_guard(no_index, Version{1})); },
      [](Change& c) { c.guard({.record = Guard::Record::account, .account = 0, .version = Version{9}}); },
      [](Change& c) { c.guard({.record = Guard::Record::account, .account = 77, .version = Version{1}}); },
      [](Change& c) { c.guard({.record = Guard::Record::membership, .version = Version{2}}); },
      [](Change& c) { c.guard({.record = Guard::Record::membership, .organization = 1, .version = Version{1}}); },
      [](Change& c) { c.guard({.record = Guard::Record::membership, .account = 99, .version = Version{1}}); },
      [](Change& c) { c.guard({.record = Guard::Record::actor, .version = Version{2}}); },
      [](Change& c) { c.guard({.record = Guard::Record::actor, .organization = 1, .version = Version{1}}); },
      [](Change& c) { c.guard({.record = Guard::Record::actor, .organization = 5, .version = Version{1}}); },
      [](Change& c) {
        c.changes.actor = who(1);  // no member, and the locator is another's
        c.guard({.record = Guard::Record::actor, .version = Version{1}});
      },
      [](Change& c) {
        c.changes.actor = {};
        c.guard({.record = Guard::Record::actor, .version = Version{1}});
      },
  };
  for (const auto& breaks : broken) {
    Change change = small.change();
    change.add(1, 1, 10);
    change.guard(organization_guard(0, Version{1}));
    breaks(change);
    small.stale(change);
  }
  Change change = small.change();
  change.add(1, 1, 10);
  CHECK(change.commit(small.store) == Errc{});
}

TEST_CASE("what changed since the facts makes a commit stale", "[memory_store]") {
  const auto race = [](const std::function<void(Change&)>& guarded, const std::function<void(MemoryStore&)>& rival) {
    Small small;
    Change change = small.change();
    change.add(1, 1, 10);
    guarded(change);
    rival(small.store);
    CHECK(change.commit(small.store) == Errc::stale);
    const auto there = small.store.membership(org(1), who(1)).value();
    CHECK((!there || there->id != key(10)));
  };
  const auto none = [](Change&) {};
  race([](Change& c) { c.guard(organization_guard(1, Version{1})); },
       [](MemoryStore& s) { must(s.change_organization(org(1), {.joinable = false}, any_version)); });
  race([](Change& c) { c.guard(organization_guard(1, Version{1})); },
       [](MemoryStore& s) { must(s.put_role(org(1), {.id = RoleId("member")}, any_version)); });
  race([](Change& c) { c.guard({.record = Guard::Record::account, .account = 1, .version = Version{1}}); },
       [](MemoryStore& s) { must(s.change_account(who(1), {.disabled = true}, any_version)); });
  race([](Change& c) { c.guard({.record = Guard::Record::membership, .version = Version{1}}); },
       [](MemoryStore& s) { must(s.erase_membership(org(0), who(0))); });
  race([](Change& c) { c.guard({.record = Guard::Record::actor, .version = Version{1}}); },
       [](MemoryStore& s) { must(s.erase_membership(org(0), who(2))); });
  race([](Change& c) { c.guard({.record = Guard::Record::actor, .version = Version{1}}); },
       [](MemoryStore& s) {
         must(s.erase_membership(org(0), who(2)));
         must(s.put_membership(membership(20, 0, 2)));  // the same person, but not the membership that was read
       });
  race(none, [](MemoryStore& s) { must(s.put_membership(membership(20, 1, 1))); });
}

TEST_CASE("pairs, ids and keys that are in use make a commit stale, and take nothing with them", "[memory_store]") {
  Small small;
  const Email fresh = email("new@x.org"), same = email("NEW@x.org"), other = email("other@x.org");
  const std::vector<std::function<void(Change&)>> broken = {
      [](Change& c) { c.add(0, 0, 11); },                    // a member already
      [](Change& c) { c.add(1, 1, 11); },                    // twice in this change
      [](Change& c) { c.add(0, 2, 11); },                    // an account that is not here
      [](Change& c) { c.add(2, 0, 11); },                    // nor this organization
      [](Change& c) { c.add(no_index, no_index, 11); },      //
      [](Change& c) { c.changes.added_ids.clear(); },        // a change that contradicts itself
      [](Change& c) { c.changes.added[0].role = 2; },        //
      [](Change& c) { c.changes.added[0].role = no_role; },  //
      [](Change& c) {
        REQUIRE(c.changes.changed.try_push_back({key(1), 0, 1, 1, 0, Version{1}}));
      },  // no membership
      [](Change& c) {
        REQUIRE(c.changes.changed.try_push_back({key(2), 0, 0, 1, 0, Version{1}}));
      },  // another's id
      [](Change& c) {
        REQUIRE(c.changes.changed.try_push_back({key(1), 0, 0, 1, 0, Version{2}}));
      },  // another version
      [](Change& c) {
        REQUIRE(c.changes.changed.try_push_back({key(1), 0, 0, 9, 0, Version{1}}));
      },  // no such role
      [](Change& c) {
        REQUIRE(c.changes.changed.try_push_back({key(1), 7, 0, 1, 0, Version{1}}));
      },
      [&](Change& c) {
        REQUIRE(c.changes.created.try_push_back({who(1), &fresh, false}));
      },  // the id is in use
      [&](Change& c) {
        REQUIRE(c.changes.created.try_push_back({AccountId{}, &fresh, false}));
      },
      [&](Change& c) {
        REQUIRE(c.changes.created.try_push_back({who(50), &fresh, false}));
        REQUIRE(c.changes.created.try_push_back({who(50), &other, false}));
      },
      [&](Change& c) {
        REQUIRE(c.changes.created.try_push_back({who(50), &fresh, false}));
        REQUIRE(c.changes.created.try_push_back({who(51), &same, false}));
      },
      [&](Change& c) {
        REQUIRE(c.changes.created.try_push_back({who(50), &fresh, false}));
        c.add(1, 2, 11);
        c.add(1, 2, 12);
      },
  };
  for (const auto& breaks : broken) {
    Change change = small.change();
    change.add(1, 1, 10);
    breaks(change);
    small.stale(change);
  }
  must(small.store.put_account({.id = who(60), .email = fresh}));
  Change change = small.change();
  REQUIRE(change.changes.created.try_push_back({who(50), &same, false}));
  change.add(1, 2, 11);
  CHECK(change.commit(small.store) == Errc::stale);
  CHECK(small.store.account(fresh).value()->id == who(60));
  Change sound = small.change();
  sound.add(1, 1, 10);
  CHECK(sound.commit(small.store) == Errc{});  // everything that was taken back can be written again
}

TEST_CASE("a locator is a hint: whatever it says, the id decides", "[memory_store]") {
  for (const std::uint64_t lie : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{2}, std::uint64_t{3},
                                  std::uint64_t{0x100000001}, std::numeric_limits<std::uint64_t>::max()}) {
    Small small;
    Change change = small.change();
    for (OrganizationFact& fact : change.facts.organizations) fact.locator = fact.actor_locator = Locator{lie};
    for (AccountFact& fact : change.facts.accounts) fact.locator = Locator{lie};
    change.add(1, 1, 10);
    change.guard({.record = Guard::Record::actor, .version = Version{1}});
    change.guard({.record = Guard::Record::membership, .version = Version{1}});
    REQUIRE(change.commit(small.store) == Errc{});
    CHECK(small.store.membership(org(1), who(1)).value()->id == key(10));
    CHECK(small.store.membership_count() == 3);
  }
  Small small;
  Change change = small.change();
  change.facts.organizations[1].id = org(99);  // a true locator under an id that is not there
  change.add(1, 1, 10);
  small.stale(change);
  Change other = small.change();
  other.facts.accounts[1].id = who(99);
  other.add(1, 1, 10);
  small.stale(other);
}

TEST_CASE("memberships may be added in any order, in bulk, and a failure at the end undoes all", "[memory_store]") {
  constexpr std::uint32_t rows = 40, columns = 250;
  MemoryStore store;
  put_organizations(store, rows);
  put_accounts(store, columns);
  for (std::uint64_t i = 0; i < 9; ++i) must(store.put_membership(membership(i + 1, i, i)));
  std::vector<OrganizationSelector> organizations;
  std::vector<AccountSelector> accounts;
  for (std::uint64_t i = 0; i < rows; ++i) organizations.push_back(org(i));
  for (std::uint64_t i = 0; i < columns; ++i) accounts.push_back(who(i));
  for (const std::uint32_t step : {1u, 7001u}) {  // row by row, and all over the place
    for (const bool fails : {true, false}) {
      Change change(store, organizations, accounts);
      for (std::uint32_t i = 0; i < rows * columns; ++i) {
        const std::uint32_t cell = static_cast<std::uint32_t>(std::uint64_t{i} * step % (rows * columns));
        if (change.at(cell / columns, cell % columns) == nullptr)
          change.add(cell / columns, cell % columns, 100 + cell);
      }
      if (fails) change.add(3, 3, 99999);
      REQUIRE(change.commit(store) == (fails ? Errc::stale : Errc{}));
      CHECK(store.membership_count() == (fails ? 9 : rows * columns));
      std::vector<Membership> page(rows * columns);
      for (std::uint64_t i = 0; i < columns; ++i) {
        const std::size_t joined = store.organizations_of(who(i), {}, page).value();
        CHECK(joined == (fails ? (i < 9 ? 1 : 0) : rows));
        for (std::size_t j = 0; j < joined; ++j)
          CHECK(store.membership(page[j].organization, who(i)).value()->id == page[j].id);
      }
    }
    // Back to the nine, for the other order.
    for (std::uint64_t o = 0; o < rows; ++o)
      for (std::uint64_t i = 0; i < columns; ++i)
        if (o != i || i >= 9) must(store.erase_membership(org(o), who(i)));
    CHECK(store.membership_count() == 9);
  }
}

TEST_CASE("an invitation that a stale commit takes back leaves no inviter to the next one", "[memory_store]") {
  Small small;
  Change change = small.change();
  const Email fresh = email("new@x.org"), other = email("other@x.org");
  REQUIRE(change.changes.created.try_push_back(AccountCreated{who(50), &fresh, true}));
  change.add(1, 1, 10, MembershipState::invited);  // account 2 invites
  change.add(1, 2, 11, MembershipState::invited);
  change.add(0, 0, 12);  // is there already
  small.stale(change);

  must(small.store.put_account({.id = who(60), .email = other}));  // in the place of the one that was not created
  for (const std::uint64_t number : {1u, 60u}) {
    Membership waiting = membership(20 + number, 1, number);
    waiting.state = MembershipState::invited;
    must(small.store.put_membership(waiting));
  }
  IssuedCommand asked;
  asked.organizations = {org(1)};
  asked.accounts = {who(1), who(60)};
  asked.query.inviters = true;
  asked.fetch(small.store);
  REQUIRE(asked.facts.inviters.size() == 2);
  for (const InviterFact& inviter : asked.facts.inviters) CHECK_FALSE(!inviter.id.empty());
}

}
