// The roles that have owned, which a store records for good.
#include <algorithm>
#include <string>

#include "change_set_builder.hpp"
#include "laws.hpp"
#include "record_calls.hpp"
#include "scenarios.hpp"

namespace roster::inline ROSTER_ABI {
namespace conformance {

namespace {

const RoleId founder("founder");

/// Two organizations, of which the second one has a catalog. Both have an active member with each role, and there may
/// be many more accounts in the query.
void put_role_members(TestContext& test) {
  test.put_organizations(2);
  test.put_accounts(4);
  test.put(test_organization(1), Role{.id = member, .rank = 1});
  test.put(test_organization(1), Role{.id = admin, .rank = 2});
  ChangeSetBuilder builder(test, test_organizations(2), test_accounts(4));
  builder.changes.owner_roles = {&owner, 1};
  for (std::uint32_t row = 0; row < 2; ++row) {
    builder.add(row, 0, owner);
    builder.add(row, 1, admin);
    builder.add(row, 2, member);
    builder.add(row, 3, founder);
  }
  builder.succeeds("no account is a member");
}

/// The facts name exactly these as roles that have owned: of one cell, of few and of many.
void expect_recorded(TestContext& test, const std::vector<RoleId>& recorded, const std::string& when) {
  for (const std::uint32_t columns : {1u, 4u, 80u})
    for (const bool one_row : {true, false}) {
      OwnedQuery query;
      query.organizations = one_row ? std::vector<OrganizationSelector>{test_organization(0)} : test_organizations(2);
      query.accounts = test_accounts(columns);
      query.counts = true;
      query.owner_roles = {RoleId("other")};
      Facts facts;
      if (!test.fetch(query, facts)) return;
      for (const MembershipFact& fact : facts.memberships) {
        const Role& role = facts.roles[fact.role];
        const bool expected = std::find(recorded.begin(), recorded.end(), role.id) != recorded.end();
        const std::string text = "the role `" + std::string(role.id.view()) + "` has ";
        test.expect(role.has_owned == expected,
                    text + (expected ? "owned, and is not marked " : "never owned, and is marked ") + when);
      }
      if (test.broken()) return;
    }
}

/// A change set about the first organization that records roles.
struct Recording : ChangeSetBuilder {
  Recording(TestContext& test, std::vector<RoleId> of)
      : ChangeSetBuilder(test, {test_organization(0)}, test_accounts(4)), roles(std::move(of)) {
    changes.owner_roles = roles;
    changes.records_owner_roles = true;
  }
  const std::vector<RoleId> roles;
};

void records_owner_roles(TestContext& test) {
  const std::vector<RoleId> owners = {owner, founder}, none;
  for (int way = 0; way < 4; ++way) {
    test.fresh();
    put_role_members(test);
    expect_recorded(test, none, "before a commit records it");
    Recording builder(test, owners);
    if (way == 0) builder.change(0, 1, MembershipState::active, Event::role_changed, owner);
    if (way == 1) builder.remove(0, 1);
    if (way == 2) builder.add(0, builder.create(test_account(30), newcomer()), owner);
    if (way == 3) {
      builder.keep_an_owner(0);
      builder.changes.owner_roles = builder.roles;
      builder.remove(0, 1);
    }
    builder.succeeds("the change set is valid");
    expect_recorded(test, owners, "after a commit has recorded it");
    if (test.broken()) return;
  }
}

/// A commit that writes nothing else of itself records nothing. Nor does one that only names the roles.
void records_with_the_rest(TestContext& test) {
  put_role_members(test);
  const std::vector<RoleId> owners = {owner, founder};
  Recording late(test, owners);
  late.change(0, 1, MembershipState::active, Event::role_changed, owner);
  ChangeSetBuilder first(test, {test_organization(0)}, test_accounts(4));
  first.changes.owner_roles = owners;
  first.change(0, 1, MembershipState::active, Event::role_changed, owner);
  first.succeeds("the membership has the version that was read");
  late.is_stale("the membership was changed after it was read");
  expect_recorded(test, {}, "although no commit has recorded it");
}

/// One added member is what most stores write by a way of its own.
void records_with_one_member(TestContext& test) {
  put_role_members(test);
  test.put(AccountRecord{.id = test_account(9)});
  ChangeSetBuilder builder(test, {test_organization(0)}, {test_account(9)});
  builder.guard_organization(0);
  builder.guard_account(0);
  builder.changes.owner_roles = {&owner, 1};
  builder.changes.records_owner_roles = true;
  builder.add(0, 0, owner);
  builder.succeeds("the account is no member");
  expect_recorded(test, {owner}, "after one member was added with it");
}

void puts_record_owner_roles(TestContext& test) {
  put_role_members(test);
  test.put(OrganizationRecord{.id = test_organization(2)});
  test.put(test_organization(2), Role{.id = admin, .rank = 2, .owns = true});
  test.put(test_organization(2), Role{.id = admin, .rank = 2});
  expect_recorded(test, {admin}, "after a catalog had it as a role that owns");
}

void forgets_owner_roles(TestContext& test) {
  put_role_members(test);
  Records records(test, 0);
  if (!records) return;
  RecordStore& store = records.store();
  const auto forget = [&](const RoleId& role, Errc code) {
    const auto done = store.forget_owner_role(role);
    const Errc seen = done ? Errc{} : done.error().code;
    test.step("forget the owner role `" + std::string(role.view()) + "`");
    test.expect(seen == code, "forget_owner_role() returned " + (done ? "success" : std::string(name(seen))));
  };
  forget(owner, Errc::not_found);
  Recording builder(test, {owner, founder});
  builder.change(0, 1, MembershipState::active, Event::role_changed, owner);
  builder.succeeds("the membership has the version that was read");
  forget(RoleId("x"), Errc::not_found);
  forget({}, Errc::id_empty);
  forget(owner, Errc{});
  expect_recorded(test, {founder}, "after it was forgotten");
  forget(owner, Errc::not_found);
  Recording again(test, {owner});
  again.remove(0, 1);
  again.succeeds("the membership has the version that was read");
  expect_recorded(test, {owner, founder}, "after it was recorded again");
  for (int repeated = 0; repeated < 2; ++repeated) {
    test.step("record the owner role `admin`");
    test.expect(store.record_owner_role(admin).has_value(), "record_owner_role() failed");
  }
  const auto empty = store.record_owner_role({});
  test.expect(!empty && empty.error().code == Errc::id_empty, "record_owner_role() accepts an empty id");
  expect_recorded(test, {owner, founder, admin}, "after the host has recorded a role");
}

void keeps_owner_roles(TestContext& test) {
  put_role_members(test);
  Recording builder(test, {owner, founder});
  builder.change(0, 1, MembershipState::active, Event::role_changed, owner);
  builder.succeeds("the membership has the version that was read");
  test.step("restart");
  test.expect(test.fixture().restart().has_value(), "the fixture could not restart its store");
  if (!test.broken()) expect_recorded(test, {owner, founder}, "after a restart");
}

constexpr Entry owner_role_entries[] = {
    {{"owners/recorded", "a commit records the roles that own, and fetch marks them in every organization"},
     records_owner_roles},
    {{"owners/with-the-rest", "a commit that is stale, or only names roles that own, records none"},
     records_with_the_rest},
    {{"owners/one-member", "a commit that adds one member records its role too"}, records_with_one_member},
    {{"owners/puts", "a role that owns in an organization's own catalog is recorded"}, puts_record_owner_roles},
    {{"records/forget-owner-role",
      "record_owner_role() records a role, and forget_owner_role() removes one that is recorded"},
     forgets_owner_roles,
     Requires::records},
    {{"restart/owner-roles", "the recorded roles are the same after a restart"}, keeps_owner_roles, Requires::restarts},
};

}  // namespace

std::span<const Entry> owner_role_laws() noexcept {
  return owner_role_entries;
}

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI
