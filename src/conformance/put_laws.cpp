// The answer of fetch about the host's records, and their counts, after repeated puts and after changes of members.
#include <functional>
#include <string>

#include "change_set_builder.hpp"
#include "laws.hpp"

namespace roster::inline ROSTER_ABI {
namespace conformance {

namespace {

using State = MembershipState;

/// Each field has the value of the last put. A record keeps its members, catalogs, groups and projects.
void records_put_again(TestContext& test) {
  const Email zoe = address("zoe@example.org");
  const OrganizationRecord organizations[] = {
      {.id = test_organization(0), .slug = Slug("zero"), .parent = test_organization(1)},
      {.id = test_organization(0), .slug = Slug("zero"), .parent = test_organization(1), .seats_max = 3'000'000'000},
      {.id = test_organization(0),
       .slug = Slug("zero"),
       .parent = test_organization(2),
       .joinable = false,
       .seats_max = 0},
      {.id = test_organization(0),
       .slug = Slug("zero"),
       .parent = test_organization(2),
       .joinable = true,
       .seats_max = no_limit},
      {.id = test_organization(0), .closed = true},
  };
  const AccountRecord accounts[] = {
      {.id = test_account(0), .email = zoe, .username = Username("zoe"), .invited = true},
      {.id = test_account(0), .email = zoe, .username = Username("zoe"), .disabled = true},
      {.id = test_account(0), .email = zoe, .username = Username("zoe"), .invited = true, .verified = true},
      {.id = test_account(0), .email = zoe, .username = Username("zoe")},
      {.id = test_account(0)},
  };
  const Role roles[] = {
      {.id = admin, .rank = 1},
      {.id = admin, .rank = 65535, .assignable = false, .owns = true},
      {.id = admin, .rank = 0, .manages = true},
      {.id = admin, .rank = 2, .owns = true},
      {.id = admin, .rank = 2},
  };
  test.put_organizations(3);
  test.put(OrganizationRecord{.id = test_organization(4), .parent = test_organization(0)});
  test.put_accounts(2);
  test.put(GroupName("all"), {test_account(1), test_account(0)});
  test.put(test_organization(0), Role{.id = member, .rank = 1, .owns = true});
  ChangeSetBuilder members(test, {test_organization(0)}, test_accounts(2));
  members.add(0, 0, admin);
  members.add(0, 1);
  members.succeeds("no account is a member");

  OwnedQuery owned_query, groups;
  owned_query.organizations = {test_organization(0), Slug("zero"), Nested{test_organization(1), test_organization(0)},
                               Nested{test_organization(2), test_organization(0)},
                               Nested{test_organization(0), test_organization(4)}};
  owned_query.accounts = {test_account(0), zoe, Username("zoe"), test_account(1)};
  owned_query.roles = {admin, member};
  owned_query.counts = true;
  groups.groups = {GroupName("all")};
  for (std::size_t i = 0; i < std::size(organizations); ++i) {
    const OrganizationRecord& organization = organizations[i];
    const AccountRecord& account = accounts[i];
    test.put(organization);
    test.put(account);
    test.put(test_organization(0), roles[i]);
    Facts facts;
    if (!test.fetch(owned_query, facts)) return;
    const bool named = i + 1 < std::size(organizations);
    const auto is_there = [&](std::uint32_t row, bool there, const char* how) {
      test.expect(facts.organizations[row].id.empty() != there,
                  std::string("an organization that was put again is ") + (there ? "not " : "") + "found " + how);
    };
    is_there(1, named, "by its slug");
    is_there(2, organization.parent == test_organization(1), "inside of its first parent");
    is_there(3, organization.parent == test_organization(2), "inside of its second parent");
    is_there(4, true, "around a project");
    const OrganizationFact& returned = facts.organizations[0];
    test.expect(returned.joinable == organization.joinable, "`joinable` is not as it was put last");
    test.expect(returned.closed == organization.closed, "`closed` is not as it was put last");
    test.expect(returned.counts.seats_max == organization.seats_max, "`seats_max` is not as it was put last");
    const AccountFact& person = facts.accounts[0];
    test.expect(
        person.disabled == account.disabled && person.invited == account.invited && person.verified == account.verified,
        "an account is not as it was put last");
    test.expect(facts.accounts[1].id.empty() != named && facts.accounts[2].id.empty() != named,
                "an account is not found by the names that were put last alone");
    test.expect(facts.wanted_roles[0] != no_role && is_defined_as(facts.roles[facts.wanted_roles[0]], roles[i]),
                "a role is not as it was put last");
    test.expect(facts.wanted_roles[1] != no_role, "a catalog lost a role when its organization was put again");
    std::uint32_t here = 0;
    for (const MembershipFact& fact : facts.memberships)
      here += fact.organization == 0 && fact.account % 3 == 0 ? 1 : 0;
    test.expect(here == 2, "a put of an organization or account removed a membership");
    if (!test.fetch(groups, facts)) return;
    test.expect(facts.groups[0].accounts == 2 && facts.group_accounts[1] == test_account(0),
                "an account that was put again left its group");
    if (test.broken()) return;
  }
}

/// The counts follow the current records, even without a later commit.
void counts_after_puts(TestContext& test) {
  test.put(OrganizationRecord{.id = test_organization(0), .seats_max = 5});
  test.put_accounts(3);
  test.put(test_organization(0), Role{.id = owner, .rank = 3});
  ChangeSetBuilder builder(test, {test_organization(0)}, test_accounts(3));
  builder.add(0, 0, owner);
  builder.add(0, 1, admin);
  builder.add(0, 2, admin);
  builder.succeeds("no account is a member");
  const auto expect = [&](std::uint32_t seats, std::uint32_t owners, const char* what) {
    OwnedQuery owned_query;
    owned_query.organizations = {test_organization(0)};
    owned_query.accounts = {test_account(0)};
    owned_query.counts = true;
    Facts facts;
    if (!test.fetch(owned_query, facts)) return;
    const MemberCounts& counts = facts.organizations[0].counts;
    test.expect(counts.seats_max == seats && counts.owners == owners && counts.active == 3,
                std::string("the counts are wrong once ") + what);
  };
  const auto owned = [&](bool holds, const char* what) {
    ChangeSetBuilder bound(test, {test_organization(0)}, {test_account(0)});
    bound.keep_an_owner(0, {});
    if (holds)
      bound.succeeds(what);
    else
      bound.is_stale(what);
  };
  expect(5, 0, "three were added");
  owned(false, "no role owns");
  test.put(test_organization(0), Role{.id = owner, .rank = 3, .owns = true});
  expect(5, 1, "a role was put again that owns");
  owned(true, "a role owns");
  test.put(test_organization(0), Role{.id = admin, .rank = 2, .owns = true});
  expect(5, 3, "another role was put that owns");
  test.put(test_organization(0), Role{.id = owner, .rank = 3});
  expect(5, 2, "a role was put again that does not own any more");
  owned(true, "another role owns");
  test.put(OrganizationRecord{.id = test_organization(0), .seats_max = 2});
  expect(2, 2, "there are other seats");
  test.put(test_organization(0), Role{.id = owner, .rank = 3, .owns = true});
  expect(2, 3, "a role owns again");
  test.put(test_organization(0), Role{.id = admin, .rank = 2});
  expect(2, 1, "the other does not own any more");
  owned(true, "a role owns again");
}

/// The counts of an organization after every kind of addition, removal and invitation.
void counts_of_changes(TestContext& test) {
  test.put_organizations(1);
  test.put_accounts(9);
  test.put(test_organization(0), Role{.id = owner, .rank = 3, .owns = true});
  std::uint32_t active = 0, invited = 0, owners = 0;
  const auto then = [&](const char* what, int more_active, int more_invited, int more_owners,
                        const std::function<void(ChangeSetBuilder&)>& write) {
    ChangeSetBuilder builder(test, {test_organization(0)}, test_accounts(9), test_account(0));
    write(builder);
    if (!builder.succeeds("everything is as it was read")) return;
    active = static_cast<std::uint32_t>(static_cast<int>(active) + more_active);
    invited = static_cast<std::uint32_t>(static_cast<int>(invited) + more_invited);
    owners = static_cast<std::uint32_t>(static_cast<int>(owners) + more_owners);
    for (const bool by_name : {false, true}) {
      OwnedQuery owned_query;
      owned_query.organizations = {test_organization(0)};
      owned_query.accounts = {test_account(0)};
      owned_query.counts = true;
      if (by_name) owned_query.owner_roles = {owner};
      Facts facts;
      if (!test.fetch(owned_query, facts)) return;
      const MemberCounts& counts = facts.organizations[0].counts;
      test.expect(counts.active == active, std::string("the active members are counted wrongly once ") + what);
      test.expect(counts.invited == invited, std::string("the invited ones are counted wrongly once ") + what);
      test.expect(counts.owners == owners, std::string("the owners are counted wrongly once ") + what);
    }
  };
  const auto change = [](std::uint32_t account, State to, Event event, const RoleId& role = {}) {
    return [=](ChangeSetBuilder& builder) { builder.change(0, account, to, event, role); };
  };
  then("they were added", 4, 4, 2, [](ChangeSetBuilder& builder) {
    for (std::uint32_t i = 0; i < 4; ++i) builder.add(0, i, i < 2 ? owner : member);
    for (std::uint32_t i = 4; i < 8; ++i) builder.add(0, i, owner, State::invited);
  });
  then("one accepted", 1, -1, 1, change(4, State::active, Event::accepted));
  then("one declined", 0, -1, 0, change(5, State::removed, Event::declined));
  then("one was revoked", 0, -1, 0, change(6, State::removed, Event::revoked));
  then("one was revoked without a trace", 0, -1, 0, [](ChangeSetBuilder& builder) {
    builder.changes.keeps_tombstones = false;
    builder.change(0, 7, State::removed, Event::revoked);
  });
  then("one was invited again", 0, 1, 0, [](ChangeSetBuilder& builder) { builder.renew(0, 5, owner, State::invited); });
  then("the invitation got another role", 0, 0, 0, change(5, State::invited, Event::role_changed, member));
  then("an owner was suspended", -1, 0, -1, change(1, State::suspended, Event::suspended));
  then("a suspended member got another role", 0, 0, 0, change(1, State::suspended, Event::role_changed, member));
  then("a suspended member was reactivated as an owner", 1, 0, 1, change(1, State::active, Event::reactivated, owner));
  then("ownership was transferred", 0, 0, 0, [](ChangeSetBuilder& builder) {
    builder.change(0, 1, State::active, Event::ownership_given_up, member);
    builder.change(0, 2, State::active, Event::ownership_given, owner);
  });
  then("an owner got an expiry", 0, 0, -1, [](ChangeSetBuilder& builder) {
    builder.changes.valid_until = Time{1};
    builder.change(0, 2, State::active, Event::expiry_changed).sets_expiry = true;
  });
  then("an expired membership was cleared", -1, 0, 0, change(2, State::removed, Event::expired));
  then("a removed member was added again as an owner without an expiry", 1, 0, 1,
       [](ChangeSetBuilder& builder) { builder.renew(0, 2, owner).sets_expiry = true; });
  then("an owner left without a trace", -1, 0, -1, [](ChangeSetBuilder& builder) {
    builder.changes.keeps_tombstones = false;
    builder.change(0, 2, State::removed, Event::left);
  });
  then("a suspended member was removed", -1, 0, 0, change(3, State::suspended, Event::suspended));
  then("a suspended member was removed", 0, 0, 0, change(3, State::removed, Event::removed));
  then("an account was created as an owner", 1, 0, 1,
       [](ChangeSetBuilder& builder) { builder.add(0, builder.create(test_account(20)), owner); });
}

/// After a put with other names, the record has the new names and the old ones are free.
void renamed(TestContext& test) {
  test.put(OrganizationRecord{.id = test_organization(0), .slug = Slug("old")});
  test.put(AccountRecord{.id = test_account(0), .email = address("old@example.org"), .username = Username("old")});
  test.put(OrganizationRecord{.id = test_organization(0), .slug = Slug("new")});
  test.put(AccountRecord{.id = test_account(0), .email = address("new@example.org"), .username = Username("new")});
  OwnedQuery owned_query;
  owned_query.organizations = {Slug("old"), Slug("new")};
  owned_query.accounts = {address("old@example.org"), Username("old"), address("new@example.org"), Username("new")};
  Facts facts;
  if (!test.fetch(owned_query, facts)) return;
  test.expect(facts.organizations[0].id.empty() && facts.organizations[1].id == test_organization(0),
              "an organization is not found by its new slug alone");
  for (std::uint32_t i = 0; i < 4; ++i)
    test.expect(facts.accounts[i].id == (i < 2 ? AccountId() : test_account(0)),
                "an account is not found by its new names alone");
  test.put(AccountRecord{.id = test_account(1), .username = Username("old")});
  ChangeSetBuilder builder(test, {test_organization(0)}, {test_account(1)});
  builder.create(test_account(2), address("old@example.org"));
  builder.succeeds("that address was given up");
}

constexpr Entry put_entries[] = {
    {{"facts/put-again",
      "a repeated put replaces every field of a record, and keeps its members, catalog, groups and nested "
      "organizations"},
     records_put_again},
    {{"facts/counts-after-puts",
      "the seat limit and the owner count follow the records and role catalogs that were put last"},
     counts_after_puts},
    {{"facts/counts-of-changes",
      "fetch counts active members, invitations and owners correctly after each kind of change"},
     counts_of_changes},
    {{"facts/renamed", "a record that was put again is found only by its new names, and its old names are free"},
     renamed},
};

}  // namespace

std::span<const Entry> put_laws() noexcept {
  return put_entries;
}

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI
