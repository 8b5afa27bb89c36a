// Accounts that the host has disabled: they count as no owner, and neither act nor invite.
#include <functional>
#include <memory>
#include <string>

#include "change_set_builder.hpp"
#include "laws.hpp"

namespace roster::inline ROSTER_ABI {
namespace conformance {

namespace {

using State = MembershipState;
constexpr Time long_after{9'000'000'000'000'000};

void set_disabled(TestContext& test, std::uint32_t account, bool disabled) {
  test.put(AccountRecord{.id = test_account(account), .disabled = disabled});
}

/// In test_organization(0), the first two of `count` accounts own, and the others are members.
void put_owners_and_members(TestContext& test, std::uint32_t count, std::uint32_t accounts) {
  test.put_organizations(2);
  test.put_accounts(accounts);
  ChangeSetBuilder builder(test, {test_organization(0)}, test_accounts(count));
  for (std::uint32_t i = 0; i < count; ++i) builder.add(0, i, i < 2 ? owner : member);
  builder.succeeds("no account is a member");
}

/// The numbers of active members and of owners, by the organization's catalog and by name.
void expect_owner_counts(TestContext& test, std::uint32_t in, std::uint32_t active, std::uint32_t owners,
                         const std::string& what) {
  for (const bool by_name : {false, true}) {
    OwnedQuery owned_query;
    owned_query.organizations = {test_organization(in)};
    owned_query.accounts = {test_account(0)};
    owned_query.counts = true;
    if (by_name) owned_query.owner_roles = {owner};
    Facts facts;
    if (!test.fetch(owned_query, facts)) return;
    const MemberCounts& counts = facts.organizations[0].counts;
    test.expect(counts.active == active, "the active members are counted wrongly once " + what);
    test.expect(counts.owners == owners, "the owners are counted wrongly once " + what);
  }
}

/// Both counts after each change of an account or of its membership. `counted`: the first query runs before them.
void counts_of_disabled_from(TestContext& test, bool counted) {
  test.fresh();
  put_owners_and_members(test, 4, 8);
  for (std::uint32_t in = 0; in < 2; ++in) test.put(test_organization(in), Role{.id = owner, .rank = 3, .owns = true});
  set_disabled(test, 4, true);
  ChangeSetBuilder elsewhere(test, {test_organization(1)}, test_accounts(6));
  elsewhere.add(0, 0, owner);
  elsewhere.add(0, 1, member);
  elsewhere.add(0, 4, owner);
  elsewhere.add(0, 5, owner, State::invited);
  elsewhere.succeeds("no account is a member there");
  if (counted) expect_owner_counts(test, 0, 4, 2, "they were added");
  if (counted) expect_owner_counts(test, 1, 3, 1, "one was added whose account is disabled");
  set_disabled(test, 0, true);
  set_disabled(test, 2, true);
  set_disabled(test, 5, true);
  expect_owner_counts(test, 0, 4, 1, "an owner and a member were disabled");
  expect_owner_counts(test, 1, 3, 0, "the last owner was disabled");
  set_disabled(test, 0, true);
  expect_owner_counts(test, 0, 4, 1, "an owner was disabled again");
  const auto change = [&](std::uint32_t account, State to, const RoleId& as, Time until = {}) {
    ChangeSetBuilder builder(test, {test_organization(0)}, test_accounts(5), test_account(3));
    builder.changes.valid_until = until;
    builder.change(0, account, to, Event::role_changed, as).sets_expiry = true;
    builder.succeeds("the membership has the version that was read");
  };
  change(0, State::active, member);
  expect_owner_counts(test, 0, 4, 1, "a disabled owner got another role");
  change(2, State::active, owner);
  expect_owner_counts(test, 0, 4, 1, "a disabled member became an owner");
  set_disabled(test, 2, false);
  expect_owner_counts(test, 0, 4, 2, "it was enabled");
  set_disabled(test, 0, false);
  expect_owner_counts(test, 0, 4, 2, "a member was enabled");
  expect_owner_counts(test, 1, 3, 1, "an owner was enabled");
  set_disabled(test, 2, true);
  change(2, State::suspended, owner);
  set_disabled(test, 2, false);
  expect_owner_counts(test, 0, 3, 1, "a suspended owner was enabled");
  set_disabled(test, 2, true);
  change(2, State::active, owner);
  expect_owner_counts(test, 0, 4, 1, "a disabled owner was reactivated");
  change(2, State::active, owner, long_after);
  set_disabled(test, 2, false);
  expect_owner_counts(test, 0, 4, 1, "an owner with an expiry was enabled");
  set_disabled(test, 1, true);
  change(1, State::removed, owner);
  expect_owner_counts(test, 0, 3, 0, "a disabled owner was removed");
  set_disabled(test, 1, false);
  expect_owner_counts(test, 0, 3, 0, "a removed owner was enabled");
}

void counts_of_disabled(TestContext& test) {
  counts_of_disabled_from(test, true);
  counts_of_disabled_from(test, false);
}

void disabled_actors(TestContext& test) {
  put_owners_and_members(test, 2, 3);
  test.put(OrganizationRecord{.id = test_organization(10), .parent = test_organization(0)});
  const auto expect = [&](bool acts, const char* what) {
    if (test.broken()) return;
    OwnedQuery one, several;
    one.organizations = {test_organization(0)};
    several.organizations = {test_organization(10), test_organization(1), test_organization(0)};
    one.accounts = {test_account(2)};
    several.accounts = {test_account(1), test_account(2)};
    several.parents = several.counts = several.inviters = true;
    for (OwnedQuery* const owned_query : {&one, &several}) {
      owned_query->actor = test_account(1);
      Facts facts;
      if (!test.fetch(*owned_query, facts)) return;
      bool found = false;
      for (const OrganizationFact& fact : facts.organizations) found |= fact.actor_is_member;
      test.expect(found == acts, what);
    }
  };
  expect(true, "an active member is not reported as one");
  set_disabled(test, 1, true);
  expect(false, "an actor whose account is disabled is reported as a member");
  set_disabled(test, 0, true);
  expect(false, "an actor whose account is disabled is reported as a member");
  set_disabled(test, 1, false);
  expect(true, "an actor whose account was enabled is not reported as a member");
}

void disabled_inviters(TestContext& test) {
  put_owners_and_members(test, 3, 4);
  ChangeSetBuilder invites(test, {test_organization(0)}, {test_account(3)}, test_account(1));
  invites.add(0, 0, member, State::invited);
  invites.succeeds("that account is no member");
  const auto expect = [&](bool is_member, const char* what) {
    if (test.broken()) return;
    ChangeSetBuilder look(test, {test_organization(0)}, {test_account(0), test_account(3)});
    if (!test.expect(look.facts().inviters.size() == 2, "fetch: a membership that was committed is not in the answer"))
      return;
    const InviterFact& inviter = look.facts().inviters[1];
    test.expect(!inviter.id.empty() && inviter.is_member == is_member, what);
  };
  expect(true, "an inviter that is a member is not reported as one");
  set_disabled(test, 1, true);
  expect(false, "an inviter whose account is disabled is missing, or reported as a member");
  set_disabled(test, 0, true);
  set_disabled(test, 3, true);
  set_disabled(test, 1, false);
  expect(true, "an inviter whose account was enabled is not reported as a member");
}

/// A guard with the version that the membership still has.
void disabled_actor_guard(TestContext& test) {
  put_owners_and_members(test, 4, 6);
  const auto add_by = [&](std::uint32_t by, std::uint32_t account) {
    auto builder = std::make_unique<ChangeSetBuilder>(
        test, std::vector<OrganizationSelector>{test_organization(0), test_organization(1)},
        std::vector<AccountSelector>{test_account(account), test_account(by)}, test_account(by));
    if (const MembershipFact* const own = builder->at(0, 1)) builder->guard(Guard::Record::actor, 0, 0, own->version);
    builder->add(1, 0);
    return builder;
  };
  auto late = add_by(1, 4), kept = add_by(2, 5), restored = add_by(1, 3);
  set_disabled(test, 1, true);
  set_disabled(test, 3, true);
  late->is_stale("the actor was disabled after it was read");
  kept->succeeds("another account was disabled than the actor's");
  add_by(1, 4)->is_stale("the actor is disabled, and its membership is as it was read");
  set_disabled(test, 1, false);
  restored->succeeds("the actor was enabled again, and its membership is as it was read");
}

void disabled_inviter_guard(TestContext& test) {
  put_owners_and_members(test, 3, 6);
  for (std::uint32_t i = 0; i < 2; ++i) {  // test_account(1) invites test_account(4), and test_account(2) the next
    ChangeSetBuilder invites(test, {test_organization(0)}, {test_account(4 + i)}, test_account(1 + i));
    invites.add(0, 0, member, State::invited);
    invites.succeeds("that account is no member");
  }
  const auto accept = [&](std::uint32_t invited) {
    auto builder = std::make_unique<ChangeSetBuilder>(
        test, std::vector<OrganizationSelector>{test_organization(0)},
        std::vector<AccountSelector>{test_account(invited), test_account(invited - 3)}, test_account(invited));
    if (const MembershipFact* const inviter = builder->at(0, 1))
      builder->guard(Guard::Record::inviter, 0, 0, inviter->version);
    builder->change(0, 0, State::active, Event::accepted);
    return builder;
  };
  auto late = accept(4), kept = accept(5), restored = accept(4);
  set_disabled(test, 1, true);
  set_disabled(test, 4, true);
  late->is_stale("the inviter was disabled after it was read");
  kept->succeeds("another account was disabled than the inviter's");
  accept(4)->is_stale("the inviter is disabled, and its membership is as it was read");
  set_disabled(test, 1, false);
  restored->succeeds("the inviter was enabled again, and its membership is as it was read");
}

void disabled_owner_bound(TestContext& test) {
  put_owners_and_members(test, 3, 6);
  const auto bound = [&](const std::function<void(ChangeSetBuilder&)>& write) {
    auto builder = std::make_unique<ChangeSetBuilder>(
        test, std::vector<OrganizationSelector>{test_organization(0), test_organization(1)}, test_accounts(6));
    write(*builder);
    builder->keep_an_owner(0);
    return builder;
  };
  const auto removes = [](std::uint32_t account) {
    return [account](ChangeSetBuilder& builder) { builder.remove(0, account); };
  };
  auto late = bound(removes(0));
  set_disabled(test, 1, true);
  late->is_stale("the other owner was disabled after it was read");
  bound(removes(0))->is_stale("the other owner is disabled");
  bound([](ChangeSetBuilder& builder) {
    builder.change(0, 0, State::active, Event::role_changed, member);
    builder.change(0, 1, State::active, Event::expiry_changed).sets_expiry = true;
  })->is_stale("the other owner is disabled, though it is written too");
  set_disabled(test, 3, true);
  bound([](ChangeSetBuilder& builder) {
    builder.remove(0, 0);
    builder.add(0, 3, owner);
  })->is_stale("the added owner is disabled");
  bound([](ChangeSetBuilder& builder) {
    builder.remove(0, 0);
    builder.add(0, builder.create(test_account(20)), owner);
    builder.change(0, 2, State::suspended, Event::suspended);
  })->succeeds("an owner is created in the same commit");
  bound(removes(1))->succeeds("a disabled owner is removed, and another owner is left");
  set_disabled(test, 20, true);
  bound([](ChangeSetBuilder&) {})->is_stale("the last owner is disabled");
  bound([](ChangeSetBuilder& builder) { builder.add(1, 5); })->is_stale("the last owner is disabled");
  set_disabled(test, 20, false);
  bound([](ChangeSetBuilder& builder) { builder.add(1, 5); })->succeeds("the last owner was enabled");
}

/// Every operation that may disable or enable an account.
void records_of_disabled(TestContext& test) {
  put_owners_and_members(test, 2, 2);
  test.put(test_organization(0), Role{.id = owner, .rank = 3, .owns = true});
  expect_owner_counts(test, 0, 2, 2, "they were added");
  RecordStore* const records = test.fixture().records(0);
  if (!test.expect(records != nullptr, "the fixture declares a record interface, and returns none")) return;
  const auto done = [&](const Result<Version>& result, std::uint32_t owners, const char* what) {
    if (!test.expect(result.has_value(), std::string("the store failed when ") + what)) return Version{};
    expect_owner_counts(test, 0, 2, owners, what);
    return result.assume_value();
  };
  AccountRecord record{.id = test_account(0)};
  done(records->change_account(record.id, {.disabled = true}, any_version), 1, "a change disabled an owner");
  done(records->change_account(record.id, {.username = Username("zoe")}, any_version), 1, "an owner was renamed");
  record.version = done(records->change_account(record.id, {.disabled = false}, any_version), 2, "a change enabled it");
  record.disabled = true;
  record.version = done(records->put_account(record), 1, "a put disabled it");
  record.disabled = false;
  record.version = done(records->put_account(record), 2, "a put enabled it");
  record.disabled = true;
  done(records->overwrite_account(record), 1, "an overwrite disabled it");
  const auto refused = records->put_account({.id = test_account(0), .version = Version{99'999}});
  test.expect(!refused.has_value(), "a put with a version that the account never had was not refused");
  expect_owner_counts(test, 0, 2, 1, "a put was refused that would have enabled it");
  record.disabled = false;
  done(records->overwrite_account(record), 2, "an overwrite enabled it");
}

constexpr Entry disabled_entries[] = {
    {{"disabled/counts",
      "an active member whose account is disabled counts as a member and not as an owner, until it is enabled"},
     counts_of_disabled},
    {{"disabled/actor", "an actor whose account is disabled is no member anywhere, until it is enabled"},
     disabled_actors},
    {{"disabled/inviter", "an inviter whose account is disabled is known and is no member, until it is enabled"},
     disabled_inviters},
    {{"disabled/actor-guard", "a guard on the actor fails while its account is disabled, even with the stored version"},
     disabled_actor_guard},
    {{"disabled/inviter-guard",
      "a guard on an inviter fails while its account is disabled, even with the stored version"},
     disabled_inviter_guard},
    {{"disabled/owner-bound", "a bounded organization keeps an owner whose account is enabled at commit"},
     disabled_owner_bound},
    {{"disabled/records", "each operation that disables or enables an account changes the number of owners"},
     records_of_disabled,
     Requires::records},
};

}  // namespace

std::span<const Entry> disabled_laws() noexcept {
  return disabled_entries;
}

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI
