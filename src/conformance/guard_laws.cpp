// The conditions of a commit: the guards with a version.
#include <memory>
#include <utility>

#include "change_set_builder.hpp"
#include "laws.hpp"

namespace roster::inline ROSTER_ABI {
namespace conformance {

namespace {

void organization(TestContext& test) {
  test.put_organizations(2);
  test.put_accounts(3);
  ChangeSetBuilder kept(test, {test_organization(0)}, {test_account(0)});
  kept.guard_organization(0);
  kept.add(0, 0);
  kept.succeeds("the organization has the version that was read");

  ChangeSetBuilder late(test, {test_organization(0), test_organization(1)}, {test_account(1)});
  late.guard_organization(0);
  late.add(1, 0);  // a guarded record need not be written
  test.put(OrganizationRecord{.id = test_organization(0), .joinable = false});
  late.is_stale("the organization was changed after it was read");

  ChangeSetBuilder by_role(test, {test_organization(1)}, {test_account(1)});
  by_role.guard_organization(0);
  by_role.add(0, 0);
  test.put(test_organization(1), Role{.id = admin, .rank = 2});
  by_role.is_stale("the organization's catalog was changed after it was read");

  ChangeSetBuilder again(test, {test_organization(1)}, {test_account(1)});
  again.guard_organization(0);
  again.add(0, 0);
  again.succeeds("it was read again");
}

void account(TestContext& test) {
  test.put_organizations(1);
  test.put_accounts(2);
  ChangeSetBuilder late(test, {test_organization(0)}, {test_account(0), test_account(1)});
  late.guard_account(1);
  late.add(0, 0);
  test.put(AccountRecord{.id = test_account(1), .disabled = true});
  late.is_stale("the account was changed after it was read");
  ChangeSetBuilder again(test, {test_organization(0)}, {test_account(0), test_account(1)});
  again.guard_account(0);
  again.guard_account(1);
  again.add(0, 0);
  again.succeeds("both accounts have the versions that were read");
}

void put_members(TestContext& test, std::uint32_t accounts) {
  test.put_organizations(2);
  test.put_accounts(accounts);
  ChangeSetBuilder builder(test, {test_organization(0)}, test_accounts(accounts));
  for (std::uint32_t i = 0; i < accounts; ++i) builder.add(0, i);
  builder.succeeds("no account is a member");
}

void membership(TestContext& test) {
  put_members(test, 2);
  ChangeSetBuilder late(test, {test_organization(0), test_organization(1)}, {test_account(0)});
  late.guard_membership(0, 0);
  late.add(1, 0);
  ChangeSetBuilder change(test, {test_organization(0)}, {test_account(0)});
  change.change(0, 0, MembershipState::active, Event::role_changed, admin);
  change.succeeds("the membership has the version that was read");
  late.is_stale("the membership was changed after it was read");

  ChangeSetBuilder other(test, {test_organization(0), test_organization(1)}, {test_account(0), test_account(1)});
  other.guard_membership(0, 1);
  other.add(1, 0);
  ChangeSetBuilder meanwhile(test, {test_organization(0)}, {test_account(0)});
  meanwhile.change(0, 0, MembershipState::active, Event::role_changed, member);
  meanwhile.succeeds("the membership has the version that was read");
  other.succeeds("another membership is guarded than was changed");
}

void membership_gone(TestContext& test) {
  for (const bool keeps : {true, false}) {
    test.fresh();
    put_members(test, 1);
    ChangeSetBuilder late(test, {test_organization(0), test_organization(1)}, {test_account(0)});
    late.guard_membership(0, 0);
    late.add(1, 0);
    ChangeSetBuilder removal(test, {test_organization(0)}, {test_account(0)});
    removal.changes.keeps_tombstones = keeps;
    removal.remove(0, 0);
    removal.succeeds("the membership has the version that was read");
    late.is_stale(keeps ? "the guarded membership was removed" : "the guarded membership was removed without a trace");
  }
}

void actor(TestContext& test) {
  put_members(test, 4);
  const auto add_by = [&](std::uint32_t by) {
    auto builder = std::make_unique<ChangeSetBuilder>(
        test, std::vector<OrganizationSelector>{test_organization(0), test_organization(1)},
        std::vector<AccountSelector>{test_account(0)}, test_account(by));
    builder->guard_actor(0);
    return builder;
  };
  auto demoted = add_by(1), removed = add_by(2), suspended = add_by(3), kept = add_by(0);
  for (ChangeSetBuilder* late : {demoted.get(), removed.get(), suspended.get(), kept.get()}) late->add(1, 0);
  ChangeSetBuilder meanwhile(test, {test_organization(0)}, {test_account(1), test_account(2), test_account(3)});
  meanwhile.change(0, 0, MembershipState::active, Event::role_changed, admin);
  meanwhile.remove(0, 1);
  meanwhile.change(0, 2, MembershipState::suspended, Event::suspended);
  meanwhile.succeeds("the memberships have the versions that were read");
  demoted->is_stale("the actor got another role after it was read");
  removed->is_stale("the actor was removed after it was read");
  suspended->is_stale("the actor was suspended after it was read");
  kept->succeeds("the actor's membership is as it was read");
}

/// A membership that is not active has a version too, but a guard of the actor must not hold for it.
void actor_is_active(TestContext& test) {
  put_members(test, 3);
  test.put(AccountRecord{.id = test_account(3)});
  ChangeSetBuilder invites(test, {test_organization(0)}, {test_account(3)}, test_account(0));
  invites.add(0, 0, owner, MembershipState::invited);
  invites.succeeds("that account is no member");
  ChangeSetBuilder meanwhile(test, {test_organization(0)}, {test_account(1), test_account(2)});
  meanwhile.remove(0, 0);
  meanwhile.change(0, 1, MembershipState::suspended, Event::suspended);
  meanwhile.succeeds("the memberships have the versions that were read");
  for (std::uint32_t by = 1; by < 4; ++by) {
    ChangeSetBuilder late(test, {test_organization(0), test_organization(1)}, {test_account(0), test_account(by)},
                          test_account(by));
    const MembershipFact* const own = late.at(0, 1);
    if (own == nullptr) return test.fail("fetch: a suspended, removed or pending membership is not in the answer");
    late.guard(Guard::Record::actor, 0, 0, own->version);
    late.add(1, 0);
    late.is_stale("the actor has that version, and is not active");
  }
  ChangeSetBuilder unknown_actor(test, {test_organization(0), test_organization(1)}, {test_account(0)},
                                 test_account(99));
  unknown_actor.guard(Guard::Record::actor, 0, 0, Version{});
  unknown_actor.add(1, 0);
  unknown_actor.is_stale("the actor has no account");
}

void inviter(TestContext& test) {
  put_members(test, 3);
  test.put(AccountRecord{.id = test_account(10)});
  test.put(AccountRecord{.id = test_account(11)});
  for (std::uint32_t i = 0; i < 2;
       ++i) {  // test_account(1) invites test_account(10), test_account(2) invites test_account(11)
    ChangeSetBuilder builder(test, {test_organization(0)}, {test_account(10 + i)}, test_account(1 + i));
    builder.add(0, 0, member, MembershipState::invited);
    builder.succeeds("that account is no member");
  }
  const auto accept = [&](std::uint32_t invited) {
    auto builder =
        std::make_unique<ChangeSetBuilder>(test, std::vector<OrganizationSelector>{test_organization(0)},
                                           std::vector<AccountSelector>{test_account(invited)}, test_account(invited));
    builder->change(0, 0, MembershipState::active, Event::accepted);
    return builder;
  };
  const auto change = [&](std::uint32_t account, MembershipState to, Event event, const RoleId& role = {}) {
    ChangeSetBuilder builder(test, {test_organization(0)}, {test_account(account)});
    builder.change(0, 0, to, event, role);
    builder.succeeds("the membership has the version that was read");
  };
  auto demoted = accept(10);
  demoted->guard_inviter(0, 0);
  change(1, MembershipState::active, Event::role_changed, admin);
  demoted->is_stale("the inviter got another role after it was read");

  auto suspended = accept(10), then = accept(10);
  suspended->guard_inviter(0, 0);
  change(1, MembershipState::suspended, Event::suspended);
  suspended->is_stale("the inviter was suspended after it was read");
  ChangeSetBuilder own(test, {test_organization(0)}, {test_account(1)});
  if (own.at(0, 0) == nullptr) return test.fail("fetch: a suspended membership is not in the answer");
  then->guard(Guard::Record::inviter, 0, 0, own.at(0, 0)->version);
  then->is_stale("the inviter has that version, and is not active");

  change(1, MembershipState::removed, Event::removed);
  ChangeSetBuilder back(test, {test_organization(0)}, {test_account(1)}, test_account(0));
  back.renew(0, 0, member, MembershipState::invited);
  back.succeeds("the inviter was removed");
  auto invited = accept(10);
  ChangeSetBuilder waits(test, {test_organization(0)}, {test_account(1)});
  if (waits.at(0, 0) == nullptr) return test.fail("fetch: an invited membership is not in the answer");
  invited->guard(Guard::Record::inviter, 0, 0, waits.at(0, 0)->version);
  invited->is_stale("the inviter has that version, and is only invited");

  auto removed = accept(11), kept = accept(11);
  removed->guard_inviter(0, 0);
  change(0, MembershipState::active, Event::role_changed, admin);  // not the inviter
  kept->guard_inviter(0, 0);
  kept->changes.changed.clear();  // test_account(11) remains invited
  kept->succeeds("the inviter is as it was read");
  change(2, MembershipState::removed, Event::removed);
  removed->is_stale("the inviter was removed after it was read");

  auto revoked = accept(10);
  ChangeSetBuilder gone(test, {test_organization(0)}, {test_account(10)});
  gone.changes.keeps_tombstones = false;
  gone.remove(0, 0);
  gone.succeeds("the invitation has the version that was read");
  revoked->changes.changed.clear();
  revoked->guard(Guard::Record::inviter, 0, 0, Version{});
  revoked->is_stale("the invitation and its inviter do not exist any more");

  ChangeSetBuilder not_invited(test, {test_organization(0)}, {test_account(0)});
  not_invited.guard(Guard::Record::inviter, 0, 0, Version{});
  not_invited.change(0, 0, MembershipState::active, Event::role_changed, member);
  not_invited.is_stale("that membership has no inviter");
}

void changed(TestContext& test) {
  put_members(test, 1);
  ChangeSetBuilder first(test, {test_organization(0)}, {test_account(0)}),
      second(test, {test_organization(0)}, {test_account(0)});
  first.change(0, 0, MembershipState::active, Event::role_changed, admin);
  second.change(0, 0, MembershipState::active, Event::role_changed, owner);
  first.succeeds("the membership has the version that was read");
  second.is_stale("the membership to be changed has another version by now");
  ChangeSetBuilder wrong(test, {test_organization(0)}, {test_account(0)});
  wrong.change(0, 0, MembershipState::active, Event::role_changed, owner).id = test.fresh_id();
  wrong.is_stale("the membership to be changed has another id");
  ChangeSetBuilder missing(test, {test_organization(0), test_organization(1)}, {test_account(0)});
  missing.change(0, 0, MembershipState::active, Event::role_changed, owner).organization = 1;
  missing.is_stale("there is no membership to be changed");
}

void unknown_records(TestContext& test) {
  test.put_organizations(1);
  test.put_accounts(1);
  ChangeSetBuilder nowhere(test, {test_organization(9)}, {test_account(0)});
  nowhere.add(0, 0);
  nowhere.is_stale("the organization is not there");
  ChangeSetBuilder unknown_account(test, {test_organization(0)}, {test_account(9)});
  unknown_account.add(0, 0);
  unknown_account.is_stale("the account is not there");
  // The ids in the facts are replaced by missing ones, as if the records had been deleted. The locators stay valid.
  ChangeSetBuilder gone(test, {test_organization(0)}, {test_account(0)});
  if (test.broken()) return;
  SmallVector<OrganizationFact, 2> organizations;
  SmallVector<AccountFact, 1> accounts;
  if (!organizations.assign(gone.facts().organizations.span()) || !accounts.assign(gone.facts().accounts.span()))
    return test.fail("the kit has no memory");
  organizations[0].id = test_organization(9);
  gone.changes.organizations = std::as_const(organizations).span();
  gone.add(0, 0);
  gone.is_stale("the organization's id is unknown, although its locator is valid");
  organizations[0].id = test_organization(0);
  accounts[0].id = test_account(9);
  gone.changes.accounts = std::as_const(accounts).span();
  gone.is_stale("the account's id is unknown, although its locator is valid");
}

constexpr Entry guard_entries[] = {
    {{"guards/organization",
      "a guard on an organization makes the commit stale if the version has changed since the fetch"},
     organization},
    {{"guards/account", "a guard on an account makes the commit stale if the version has changed since the fetch"},
     account},
    {{"guards/membership", "a guard on a membership makes the commit stale if the version has changed since the fetch"},
     membership},
    {{"guards/membership-gone",
      "a guard on a membership makes the commit stale after a removal, with or without a tombstone"},
     membership_gone},
    {{"guards/actor",
      "a guard on the actor makes the commit stale if the version of its membership has changed since the fetch"},
     actor},
    {{"guards/actor-is-active",
      "a guard on the actor fails if its membership is missing, invited, suspended or removed, even with the stored "
      "version"},
     actor_is_active},
    {{"guards/inviter",
      "a guard on an inviter requires that its membership is active and has the version that was read"},
     inviter},
    {{"guards/changed", "a commit changes a membership only if it has the id and version of the entry"}, changed},
    {{"guards/unknown-records",
      "a commit is stale if an organization or account that it writes to does not exist under its id"},
     unknown_records},
};

}  // namespace

std::span<const Entry> guard_laws() noexcept {
  return guard_entries;
}

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI
