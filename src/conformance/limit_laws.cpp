// Bounds in rare cases: without writes, with two rows of one organization, and at the extremes of the numbers.
#include <string>

#include "change_set_builder.hpp"
#include "laws.hpp"

namespace roster::inline ROSTER_ABI {
namespace conformance {

namespace {

using State = MembershipState;

/// test_organization(0) has three members, of which test_account(0) is an owner. test_organization(1) has one member,
/// and no owner.
void put_members(TestContext& test) {
  test.put(OrganizationRecord{.id = test_organization(0), .slug = Slug("zero")});
  test.put(OrganizationRecord{.id = test_organization(1)});
  test.put(OrganizationRecord{.id = test_organization(2)});
  test.put_accounts(6);
  ChangeSetBuilder builder(test, test_organizations(2), test_accounts(3));
  builder.add(0, 0, owner);
  builder.add(0, 1);
  builder.add(0, 2);
  builder.add(1, 0);
  builder.succeeds("no account is a member");
}

void without_entries(TestContext& test) {
  put_members(test);
  ChangeSetBuilder above(test, test_organizations(2), test_accounts(6));
  above.limit_seats(0, 2);
  above.is_stale("there are 3 of 2, and nothing is written");
  ChangeSetBuilder exact(test, test_organizations(2), test_accounts(6));
  exact.limit_seats(0, 3);
  exact.keep_an_owner(0);
  exact.succeeds("there are 3 of 3 and an owner, and nothing is written");
  ChangeSetBuilder elsewhere(test, test_organizations(2), test_accounts(6));
  elsewhere.limit_seats(0, 2);
  elsewhere.add(1, 3);
  elsewhere.is_stale("there are 3 of 2, and something else is written elsewhere");
  ChangeSetBuilder fewer(test, test_organizations(2), test_accounts(6));
  fewer.limit_seats(0, 1);
  fewer.remove(0, 2);
  fewer.is_stale("a member is removed, and 2 of 1 seats would still be taken");
  ChangeSetBuilder ownerless(test, test_organizations(2), test_accounts(6));
  ownerless.keep_an_owner(1);
  ownerless.is_stale("there is no owner, and nothing is written");
  ChangeSetBuilder joined(test, test_organizations(2), test_accounts(6));
  joined.keep_an_owner(1);
  joined.add(1, 3, admin);
  joined.is_stale("there is no owner, and the added member is none");
  ChangeSetBuilder owned(test, test_organizations(2), test_accounts(6));
  owned.keep_an_owner(1);
  owned.add(1, 3, owner);
  owned.succeeds("an owner is added where there was none");
  ChangeSetBuilder fits(test, test_organizations(2), test_accounts(6));
  fits.limit_seats(0, 2);
  fits.remove(0, 2);
  fits.succeeds("a member is removed, and 2 of 2 seats are taken");
}

/// A bound is on an organization, and two rows may refer to it.
void two_rows_of_one(TestContext& test) {
  put_members(test);
  const std::vector<OrganizationSelector> rows = {test_organization(0), Slug("zero"), test_organization(0)};
  for (std::uint32_t guarded = 0; guarded < 3; ++guarded) {
    ChangeSetBuilder seats(test, rows, test_accounts(6));
    seats.add(0, 3);
    seats.add(1, 4);
    seats.limit_seats(guarded, 4);
    seats.is_stale("two members are added in two rows of one organization: 5 of 4 seats would be taken");
    ChangeSetBuilder owners(test, rows, test_accounts(6));
    owners.change(1, 0, State::active, Event::role_changed, member);
    owners.keep_an_owner(guarded);
    owners.is_stale("the last owner would go, in one of two rows of its organization");
  }
  ChangeSetBuilder twice(test, rows, test_accounts(6));
  twice.add(0, 3);
  twice.add(2, 3);
  twice.is_stale("one change set adds a pair twice, in two rows of one organization");
  ChangeSetBuilder fits(test, rows, test_accounts(6));
  fits.add(0, 3);
  fits.add(1, 4);
  fits.limit_seats(2, 5);
  fits.succeeds("two members are added in two rows of one organization: 5 of 5 seats are taken");
}

void limits(TestContext& test) {
  put_members(test);
  ChangeSetBuilder none(test, test_organizations(3), test_accounts(6));
  none.limit_seats(2, 0);
  none.succeeds("there are 0 of 0");
  ChangeSetBuilder one(test, test_organizations(3), test_accounts(6));
  one.limit_seats(2, 0);
  one.add(2, 5);
  one.is_stale("there would be 1 of 0");
  std::uint32_t account = 3;
  for (const std::uint32_t limit : {0x7FFFFFFFu, 0x80000000u, no_limit - 1, no_limit}) {
    ChangeSetBuilder builder(test, test_organizations(3), test_accounts(6));
    builder.limit_seats(0, limit);
    if (account < 6) builder.add(0, account++);
    builder.succeeds("there are a few of " + std::to_string(limit));
  }
}

/// Each of the roles that own counts, at any position in the list and in any number.
void owners_of_many_roles(TestContext& test) {
  test.put_organizations(1);
  test.put_accounts(2);
  std::vector<RoleId> roles;
  for (std::uint32_t i = 0; i < 20; ++i) roles.push_back(id<RoleId>("role-" + std::to_string(i)));
  roles.push_back(roles.front());
  ChangeSetBuilder start(test, {test_organization(0)}, test_accounts(2));
  start.add(0, 0, roles[0]);
  start.add(0, 1, member);
  start.succeeds("no account is a member");
  for (std::uint32_t i = 1; i < 20; ++i) {
    ChangeSetBuilder transferred(test, {test_organization(0)}, test_accounts(2));
    transferred.change(0, 0, State::active, Event::role_changed, roles[i]);
    transferred.keep_an_owner(0, roles);
    transferred.succeeds("the only owner gets another of many roles that own");
    ChangeSetBuilder last(test, {test_organization(0)}, test_accounts(2));
    last.change(0, 0, State::active, Event::role_changed, member);
    last.keep_an_owner(0, roles);
    last.is_stale("the only owner would get a role that does not own");
  }
}

constexpr Entry limit_entries[] = {
    {{"bounds/without-entries", "a bound is evaluated for any entries of the commit, even for none"}, without_entries},
    {{"bounds/two-rows-of-one", "a bound applies to the whole organization, in any number of rows"}, two_rows_of_one},
    {{"bounds/limits", "a seat limit is any number from 0 to 4,294,967,295"}, limits},
    {{"bounds/owners-of-many-roles", "each of many owner roles counts, at any position in the list"},
     owners_of_many_roles},
};

}  // namespace

std::span<const Entry> limit_laws() noexcept {
  return limit_entries;
}

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI
