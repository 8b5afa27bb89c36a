// Proves that a change set which names records by places that are not there is recognised, whatever names them: behind
// it a store reads by place, and looks no more.
#include "sql/changes.hpp"

#include <functional>

#include "catch.hpp"

using namespace roster;

namespace {

constexpr std::uint32_t organizations = 3, accounts = 2, created = 2, roles = 4;

template <class List, class Value>
void put(List& to, const Value& value) {
  REQUIRE(to.try_push_back(value));
}

/// A change set with one entry of each kind, each at the last place that there is.
struct Whole {
  OrganizationFact organization_facts[organizations];
  AccountFact account_facts[accounts];
  ChangeSet changes;

  Whole() {
    changes.organizations = organization_facts;
    changes.accounts = account_facts;
    for (std::uint32_t i = 0; i < roles; ++i) put(changes.roles, RoleId("any"));
    for (std::uint32_t i = 0; i < created; ++i)
      put(changes.created, AccountCreated{AccountId("fresh"), nullptr, false});
    MemberAdded added{};
    added.organization = organizations - 1, added.account = accounts + created - 1, added.role = roles - 1;
    put(changes.added, added);
    put(changes.added_ids, MembershipId::of("added"));
    MemberChanged changed{};
    changed.organization = organizations - 1, changed.account = accounts + created - 1, changed.role = roles - 1;
    put(changes.changed, changed);
    for (const Guard::Record record :
         {Guard::Record::organization, Guard::Record::account, Guard::Record::membership, Guard::Record::actor,
          Guard::Record::inviter, Guard::Record::seats, Guard::Record::owners}) {
      Guard guard{};
      guard.record = record;
      guard.organization = organizations - 1, guard.account = accounts + created - 1;
      put(changes.guards, guard);
    }
  }
  bool fits() const { return sql::indexes_fit(changes); }
};

/// One change of a change set that fits; whether it fits then.
bool fits_with(const std::function<void(ChangeSet&)>& change) {
  Whole whole;
  REQUIRE(whole.fits());
  change(whole.changes);
  return whole.fits();
}

}  // namespace

TEST_CASE("places: the last that is there fits, the first that is not does not, whatever names it") {
  for (const std::uint32_t beyond : {0u, 1u, 0xFFFFFFFFu - organizations}) {
    INFO("place " << beyond << " behind the last");
    CHECK_FALSE(fits_with([&](ChangeSet& it) { it.added[0].organization = organizations + beyond; }));
    CHECK_FALSE(fits_with([&](ChangeSet& it) { it.changed[0].organization = organizations + beyond; }));
  }
  for (const std::uint32_t beyond : {0u, 1u, 0xFFFFFFFFu - accounts - created}) {
    INFO("place " << beyond << " behind the last");
    CHECK_FALSE(fits_with([&](ChangeSet& it) { it.added[0].account = accounts + created + beyond; }));
    CHECK_FALSE(fits_with([&](ChangeSet& it) { it.changed[0].account = accounts + created + beyond; }));
  }
  for (const RoleIndex place : {RoleIndex{roles}, RoleIndex{roles + 1}, no_role}) {
    INFO("role " << place);
    CHECK_FALSE(fits_with([&](ChangeSet& it) { it.added[0].role = place; }));
    CHECK_FALSE(fits_with([&](ChangeSet& it) { it.changed[0].role = place; }));
  }
}

TEST_CASE("places: a guard names what it is about, and what it is not about is not looked at") {
  for (std::uint32_t i = 0; i < Whole().changes.guards.size(); ++i) {
    const Guard::Record record = Whole().changes.guards[i].record;
    const bool of_account =
        record == Guard::Record::account || record == Guard::Record::membership || record == Guard::Record::inviter;
    const bool of_organization = record != Guard::Record::account;
    INFO("guard of kind " << static_cast<int>(record));
    for (const std::uint32_t beyond : {0u, 1u, 0xFFFFFFFFu - accounts - created})
      CHECK(fits_with([&](ChangeSet& it) { it.guards[i].account = accounts + created + beyond; }) == !of_account);
    for (const std::uint32_t beyond : {0u, 1u, 0xFFFFFFFFu - organizations})
      CHECK(fits_with([&](ChangeSet& it) { it.guards[i].organization = organizations + beyond; }) == !of_organization);
  }
}

TEST_CASE("places: each entry added has an id, each account created too, and each membership that begins anew") {
  CHECK_FALSE(fits_with([](ChangeSet& it) { put(it.added_ids, MembershipId::of("one more")); }));
  CHECK_FALSE(fits_with([](ChangeSet& it) { it.added_ids.clear(); }));
  for (std::uint32_t i = 0; i < created; ++i) CHECK_FALSE(fits_with([&](ChangeSet& it) { it.created[i].id = {}; }));
  CHECK_FALSE(fits_with([](ChangeSet& it) { it.changed[0].new_identity = true; }));
  CHECK(fits_with([](ChangeSet& it) {
    it.changed[0].new_identity = true;
    it.changed[0].new_id = MembershipId::of("another");
  }));
  CHECK(fits_with([](ChangeSet& it) { it.changed[0].new_id = {}; }));
  ChangeSet nothing;
  CHECK(sql::indexes_fit(nothing));
}
