// The records that the tests of both SQL stores write by the statements of schema 1, as a store must return them after
// the migration.
#ifndef ROSTER_TESTS_SQL_FIRST_SCHEMA_HPP
#define ROSTER_TESTS_SQL_FIRST_SCHEMA_HPP

#include "catch.hpp"
#include "roster/roster.hpp"

namespace sql_testing {

using namespace roster;

inline const OrganizationId acme("acme");

template <class Store>
void check_records(const Store& store) {
  const auto organization = store.organization(Slug("the-acme")).value();
  REQUIRE(organization);
  CHECK((organization->id == acme && organization->parent == OrganizationId("above") && organization->joinable));
  CHECK_FALSE(organization->closed);
  CHECK((organization->seats_max == 9 && organization->version == Version{7}));
  CHECK_FALSE(store.organization(OrganizationId("above")).value()->joinable);
  OrganizationId child;
  CHECK((store.children(OrganizationId("above"), {}, {&child, 1}).value() == 1 && child == acme));
  const auto ann = store.account(Username("ann1")).value();
  REQUIRE(ann);
  CHECK((ann->id == AccountId("ann") && ann->email->text() == "Ann@x.example" && ann->email->key() == "ann@x.example"));
  CHECK((ann->verified && !ann->disabled && !ann->invited && ann->version == Version{3}));
  CHECK(store.account(AccountId("ben")).value()->disabled);
  CHECK(store.account(AccountId("cyd")).value()->invited);
}

template <class Store>
void check_memberships(const Store& store) {
  struct Row {
    const char* account;
    const char* role;
    MembershipState state;
    std::uint64_t version;
    std::int64_t valid_until;
  };
  for (const Row& row : {Row{"ann", "owner", MembershipState::active, 2, 0},
                         {"ben", "owner", MembershipState::active, 2, 0},
                         {"cyd", "clerk", MembershipState::invited, 2, 900000000},
                         {"dan", "clerk", MembershipState::suspended, 3, 7000000}}) {
    INFO(row.account);
    const auto found = store.membership(acme, AccountId::parse(row.account).value()).value();
    REQUIRE(found);
    CHECK((found->role.view() == row.role && found->state == row.state && found->version == Version{row.version}));
    CHECK((found->valid_until == Time{row.valid_until} && found->added_at == Time{1000}));
    CHECK(found->id.bytes[15] == static_cast<std::uint8_t>(1 + (row.account[0] - 'a')));
  }
  const auto former = store.former_membership(acme, AccountId("eve")).value();
  REQUIRE(former);
  CHECK((former->removed_by == AccountId("ann") && former->removed_at == Time{8000}));
  CHECK(store.member_count(acme).value() == 4);
}

/// An organization of schema 1 is open, can be closed, and is kept closed by its members.
template <class Store>
void close_first_schema(Store& store) {
  CHECK_FALSE(store.organization(acme).value()->closed);
  REQUIRE(store.change_organization(acme, {.closed = true}, Version{7}).has_value());
  CHECK(store.organization(acme).value()->closed);
  CHECK(store.change_organization(acme, {.closed = false}, any_version).error().code == Errc::has_members);
  CHECK(store.organization(acme).value()->closed);
  for (const char* const account : {"ann", "ben", "cyd", "dan"})
    REQUIRE(store.erase_membership(acme, AccountId::parse(account).value()).has_value());
  REQUIRE(store.change_organization(acme, {.closed = false}, any_version).has_value());
  CHECK_FALSE(store.organization(acme).value()->closed);
}

template <class Store>
void check_first_schema(const Store& store) {
  check_records(store);
  check_memberships(store);
}

}  // namespace sql_testing

#endif
