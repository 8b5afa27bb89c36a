// Several connections by turns: the writes of one, and the puts of the host, are visible to the others.
#include <algorithm>
#include <functional>

#include "change_set_builder.hpp"
#include "laws.hpp"

namespace roster::inline ROSTER_ABI {
namespace conformance {

namespace {

using State = MembershipState;

/// Returns the connections of the fixture. With fewer than declared, it fails the law and returns none.
std::vector<Store*> all_connections(TestContext& test) {
  const std::uint32_t count = std::min(test.fixture().capabilities().connections, 8u);
  std::vector<Store*> stores;
  for (std::uint32_t i = 0; i < count; ++i) stores.push_back(test.fixture().connection(i));
  if (test.expect(std::find(stores.begin(), stores.end(), nullptr) == stores.end(),
                  "the fixture declares " + std::to_string(count) + " connections, and returns fewer"))
    return stores;
  return {};
}

/// The commit of one connection is at once visible to the other, and invalidates its guards.
void agree(TestContext& test) {
  test.put_organizations(2);
  test.put_accounts(3);
  const std::vector<Store*> stores = all_connections(test);
  for (Store* const writer : stores)
    for (Store* const reader : stores) {
      ChangeSetBuilder late(test, {test_organization(0), test_organization(1)}, {test_account(0)}, {}, reader);
      ChangeSetBuilder first(test, {test_organization(0), test_organization(1)}, {test_account(0)}, {}, writer);
      first.add(0, 0);
      late.add(0, 0, admin);
      first.succeeds("the pair is not in use");
      late.is_stale("the pair was taken on another connection");
      ChangeSetBuilder seen(test, {test_organization(0), test_organization(1)}, {test_account(0)}, {}, reader);
      if (!test.expect(seen.at(0, 0) != nullptr, "a commit of one connection is not visible on another")) return;
      ChangeSetBuilder guarded(test, {test_organization(0), test_organization(1)}, {test_account(0)}, {}, reader);
      guarded.guard_membership(0, 0);
      guarded.add(1, 0);
      ChangeSetBuilder gone(test, {test_organization(0)}, {test_account(0)}, {}, writer);
      gone.changes.keeps_tombstones = false;
      gone.remove(0, 0);
      gone.succeeds("the membership has the version that was read");
      guarded.is_stale("the guarded membership was removed on another connection");
      if (test.broken()) return;
    }
}

/// The action of a client between its fetch and its commit.
enum class Between : std::uint8_t { nothing, looks_at_others, looks_again };

/// Two clients fetch, and then each writes the record that the other guards.
struct Skew {
  const char* what;
  std::function<void(ChangeSetBuilder&)> first, second;
};

/// test_organization(0): test_account(0) to test_account(3) are owners; test_account(4) was invited by test_account(2),
/// and test_account(5) by test_account(3). test_account(6) and test_account(7) are not members. The columns are
/// test_account(0) to test_account(7).
void put_two_of_everything(TestContext& test) {
  test.put_organizations(2);
  test.put_accounts(8);
  ChangeSetBuilder start(test, test_organizations(2), test_accounts(4));
  for (std::uint32_t i = 0; i < 4; ++i) start.add(0, i, owner);
  start.add(1, 0, owner);
  start.succeeds("no account is a member");
  for (std::uint32_t i = 0; i < 2; ++i) {
    ChangeSetBuilder invites(test, {test_organization(0)}, {test_account(4 + i)}, test_account(2 + i));
    invites.add(0, 0, member, State::invited);
    invites.succeeds("that account is no member");
  }
}

void promote(ChangeSetBuilder& builder, std::uint32_t account) {
  builder.change(0, account, State::active, Event::role_changed, admin);
}

/// A guard is evaluated on the state at commit, not on the state that the connection read. Each guard is tested
/// together with a second one, so that no single check decides.
void snapshots(TestContext& test) {
  const Skew skews[] = {
      {"a membership that the other guards",
       [](ChangeSetBuilder& builder) {
         promote(builder, 0), builder.guard_membership(0, 1), builder.guard_organization(0);
       },
       [](ChangeSetBuilder& builder) {
         promote(builder, 1), builder.guard_membership(0, 0), builder.guard_organization(0);
       }},
      {"the membership of the actor",
       [](ChangeSetBuilder& builder) { promote(builder, 0), builder.guard_organization(0); },
       [](ChangeSetBuilder& builder) { builder.add(0, 6), builder.guard_actor(0), builder.guard_organization(0); }},
      {"the membership of the inviter",
       [](ChangeSetBuilder& builder) {
         promote(builder, 2), builder.guard_inviter(0, 5), builder.guard_organization(0);
       },
       [](ChangeSetBuilder& builder) {
         promote(builder, 3), builder.guard_inviter(0, 4), builder.guard_organization(0);
       }},
      {"the last seat",
       [](ChangeSetBuilder& builder) { builder.add(0, 6), builder.limit_seats(0, 7), builder.guard_organization(0); },
       [](ChangeSetBuilder& builder) { builder.add(0, 7), builder.limit_seats(0, 7), builder.guard_organization(0); }},
      {"the last owner",
       [](ChangeSetBuilder& builder) {
         for (const std::uint32_t account : {0u, 1u, 2u}) promote(builder, account);
         builder.keep_an_owner(0), builder.guard_organization(0);
       },
       [](ChangeSetBuilder& builder) { promote(builder, 3), builder.keep_an_owner(0), builder.guard_organization(0); }},
  };
  for (const Skew& skew : skews)
    for (const Between between : {Between::nothing, Between::looks_at_others, Between::looks_again}) {
      test.fresh();
      const std::vector<Store*> stores = all_connections(test);
      if (test.broken()) return;
      put_two_of_everything(test);
      Store& one = *stores.front();
      Store& other = *stores.back();
      ChangeSetBuilder first(test, {test_organization(0)}, test_accounts(8), test_account(0), &one),
          second(test, {test_organization(0)}, test_accounts(8), test_account(0), &other);
      skew.first(first);
      skew.second(second);
      first.succeeds("everything is as it was read");
      if (between == Between::looks_at_others)
        ChangeSetBuilder(test, {test_organization(1)}, {test_account(0)}, {}, &other);
      if (between == Between::looks_again)
        ChangeSetBuilder(test, {test_organization(0)}, test_accounts(8), test_account(0), &other);
      second.is_stale(std::string("another connection has written ") + skew.what);
      if (test.broken()) return;
    }
}

/// The host's records, which a connection may have read before they were put again.
void puts(TestContext& test) {
  const std::vector<Store*> stores = all_connections(test);
  test.put(OrganizationRecord{.id = test_organization(0), .slug = Slug("zero")});
  test.put_accounts(2);
  test.put(test_organization(0), Role{.id = admin, .rank = 2});
  test.put(GroupName("all"), {test_account(0)});
  ChangeSetBuilder members(test, {test_organization(0)}, {test_account(0), test_account(1)});
  members.add(0, 0, admin);
  members.add(0, 1, admin);
  members.succeeds("no account is a member");
  OwnedQuery owned_query, groups;
  owned_query.organizations = {Slug("zero"), Slug("nought")};
  owned_query.accounts = {test_account(0), Username("zoe")};
  owned_query.roles = {admin, member};
  owned_query.counts = true;
  groups.groups = {GroupName("all"), GroupName("none")};
  Facts facts;
  for (Store* const store : stores)
    if (!test.fetch(*store, owned_query, facts) || !test.fetch(*store, groups, facts)) return;
  const Role other{.id = admin, .rank = 9, .manages = true, .owns = true};
  test.put(OrganizationRecord{
      .id = test_organization(0), .slug = Slug("nought"), .joinable = false, .closed = true, .seats_max = 9});
  test.put(AccountRecord{.id = test_account(0), .username = Username("zoe"), .disabled = true, .verified = true});
  test.put(test_organization(0), other);
  test.put(test_organization(0), Role{.id = member, .rank = 1});
  test.put(GroupName("all"), {test_account(1), test_account(0)});
  test.put(GroupName("none"), {});
  for (Store* const store : stores) {
    if (!test.fetch(*store, owned_query, facts)) return;
    const OrganizationFact& organization = facts.organizations[1];
    const AccountFact& account = facts.accounts[0];
    test.expect(facts.organizations[0].id.empty() && organization.id == test_organization(0) &&
                    facts.accounts[1].id == test_account(0),
                "another connection does not use the names that were put last");
    test.expect(!organization.joinable && organization.closed && organization.counts.seats_max == 9 &&
                    organization.counts.owners == 1,  // the other one is disabled
                "another connection does not return the organization as it was put last");
    test.expect(account.disabled && account.verified,
                "another connection does not return the account as it was put last");
    const RoleIndex wanted = facts.wanted_roles[2], added = facts.wanted_roles[3];
    test.expect(wanted != no_role && is_defined_as(facts.roles[wanted], other) && added != no_role,
                "another connection does not return the catalog as it was put last");
    test.expect(facts.memberships.size() == 2 && is_defined_as(facts.roles[facts.memberships[0].role], other),
                "another connection does not return a member's role as it was put last");
    if (!test.fetch(*store, groups, facts)) return;
    test.expect(facts.groups[0].accounts == 2 && facts.group_accounts[0] == test_account(1) && facts.groups[1].found,
                "another connection does not return the groups as they were put last");
  }
}

/// A client may read on one connection and commit on another.
void facts_of_another(TestContext& test) {
  const std::vector<Store*> stores = all_connections(test);
  if (test.broken()) return;
  test.put_organizations(2);
  test.put_accounts(4);
  ChangeSetBuilder start(test, {test_organization(0)}, {test_account(0), test_account(1)});
  start.add(0, 0, owner);
  start.add(0, 1);
  start.succeeds("no account is a member");
  for (std::uint32_t newcomer = 2; newcomer < 4; ++newcomer) {
    Store* const reads = newcomer == 2 ? stores.front() : stores.back();
    Store* const writes = newcomer == 2 ? stores.back() : stores.front();
    ChangeSetBuilder builder(test, test_organizations(2), test_accounts(4), test_account(0), reads),
        late(test, test_organizations(2), test_accounts(4), test_account(0), reads);
    for (ChangeSetBuilder* const it : {&builder, &late}) {
      it->guard_organization(1);
      it->guard_account(2);
      it->guard_actor(0);
      it->guard_membership(0, 1);
      it->add(0, newcomer);
      it->change(0, 1, State::active, Event::role_changed, admin);
    }
    test.expect(builder.commit(*writes).ok(), "facts that were read on one connection cannot be committed on another");
    test.expect(late.commit(*writes).code == Errc::stale,
                "facts that were read on one connection and changed since are not stale on another");
    ChangeSetBuilder look(test, test_organizations(2), test_accounts(4), {}, reads);
    test.expect(look.at(0, newcomer) != nullptr, "a commit of another connection is missing");
  }
}

constexpr Entry connection_entries[] = {
    {{"connections/agree",
      "a commit on one connection is visible on every other, and guards and unique keys apply to it there"},
     agree,
     Requires::connections},
    {{"connections/snapshots",
      "guards and bounds are evaluated on the state at commit, so of two commits that break each other's checks one is "
      "stale"},
     snapshots,
     Requires::connections},
    {{"connections/puts", "every connection returns the records, catalogs and groups that were put last"},
     puts,
     Requires::connections},
    {{"connections/facts-of-another",
      "a change set from facts of one connection can be committed on another, which checks its guards"},
     facts_of_another,
     Requires::connections},
};

}  // namespace

std::span<const Entry> connection_laws() noexcept {
  return connection_entries;
}

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI
