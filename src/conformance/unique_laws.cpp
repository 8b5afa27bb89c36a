// Unique keys: pairs, accounts, addresses, membership ids.
#include "change_set_builder.hpp"
#include "laws.hpp"

namespace roster::inline ROSTER_ABI {
namespace conformance {

namespace {

void pair(TestContext& test) {
  test.put_organizations(2);
  test.put_accounts(2);
  ChangeSetBuilder first(test, {test_organization(0)}, {test_account(0)});
  ChangeSetBuilder second(test, {test_organization(0)}, {test_account(0)});  // both have read that the pair is free
  first.add(0, 0);
  second.add(0, 0, admin);
  first.succeeds("the pair is not in use");
  second.is_stale("the pair is in use by now");
  ChangeSetBuilder third(test, {test_organization(0), test_organization(1)}, {test_account(0), test_account(1)});
  third.add(1, 0);
  third.add(0, 1);
  third.succeeds("the same account elsewhere, and another account here, are other pairs");
}

void pair_in_any_state(TestContext& test) {
  test.put_organizations(1);
  test.put_accounts(3);
  ChangeSetBuilder first(test, {test_organization(0)}, {test_account(0), test_account(1), test_account(2)});
  first.add(0, 0, member, MembershipState::invited);
  first.add(0, 1);
  first.add(0, 2);
  first.succeeds("three pairs are not in use");
  ChangeSetBuilder then(test, {test_organization(0)}, {test_account(0), test_account(1), test_account(2)});
  then.change(0, 1, MembershipState::suspended, Event::suspended);
  then.remove(0, 2);
  then.succeeds("one is suspended, one is removed");
  for (std::uint32_t i = 0; i < 3; ++i) {
    ChangeSetBuilder again(test, {test_organization(0)}, {test_account(i)});
    again.add(0, 0);
    again.is_stale(i == 0   ? "the pair is in use by an invitation"
                   : i == 1 ? "the pair is in use by a suspended membership"
                            : "the pair is in use by the tombstone of a removed membership");
  }
}

void pair_twice_at_once(TestContext& test) {
  test.put_organizations(2);
  test.put_accounts(2);
  ChangeSetBuilder twice(test, {test_organization(0), test_organization(1)}, {test_account(0), test_account(1)});
  twice.add(0, 0);
  twice.add(1, 1);
  twice.add(0, 0);
  twice.is_stale("one change set adds a pair twice");
  // Two columns may refer to one account, and the pair belongs to the account.
  const Email mail = address("two@example.org");
  test.put(AccountRecord{.id = test_account(2), .email = mail});
  ChangeSetBuilder named(test, {test_organization(0)}, {test_account(2), mail});
  named.add(0, 0);
  named.add(0, 1);
  named.is_stale("one change set adds a pair twice, under two names of one account");
}

void account_id(TestContext& test) {
  test.put_organizations(1);
  test.put_accounts(1);
  ChangeSetBuilder taken(test, {test_organization(0)}, {test_account(7)});
  taken.create(test_account(0), address("new@example.org"));
  taken.is_stale("an account with that id is there");
  ChangeSetBuilder twice(test, {test_organization(0)}, {test_account(7)});
  twice.create(test_account(8));
  twice.create(test_account(8), address("new@example.org"));
  twice.is_stale("one change set creates an account id twice");
  ChangeSetBuilder other(test, {test_organization(0)}, {test_account(7)});
  other.create(test_account(8), address("new@example.org"));
  other.succeeds("neither id nor address is in use");
}

void email_key(TestContext& test) {
  test.put_organizations(1);
  test.put(AccountRecord{.id = test_account(0), .email = address("zoe@example.org")});
  ChangeSetBuilder taken(test, {test_organization(0)}, {test_account(7)});
  taken.create(test_account(1), address("ZOE@Example.ORG"));
  taken.is_stale("the key of that address is another account's");
  ChangeSetBuilder twice(test, {test_organization(0)}, {test_account(7)});
  twice.create(test_account(1), address("ann@example.org"));
  twice.create(test_account(2), address("Ann@example.org"));
  twice.is_stale("one change set creates two accounts with one key");

  // Two clients create an account with the same address, and the second commit is stale.
  const Email kim = address("kim@example.org");
  ChangeSetBuilder first(test, {test_organization(0)}, {kim}), second(test, {test_organization(0)}, {kim});
  first.add(0, first.create(test_account(3), kim));
  second.add(0, second.create(test_account(4), kim));
  first.succeeds("no account has the address");
  second.is_stale("another account has the address now");
  ChangeSetBuilder after(test, {test_organization(0)}, {kim, test_account(4)});
  test.expect(after.facts().accounts.size() == 2 && after.facts().accounts[0].id == test_account(3),
              "the address is not the first one's");
  test.expect(after.facts().accounts.size() == 2 && after.facts().accounts[1].id.empty(),
              "the account of a stale commit is there");
}

void membership_id(TestContext& test) {
  test.put_organizations(2);
  test.put_accounts(2);
  ChangeSetBuilder first(test, {test_organization(0)}, {test_account(0)});
  const MembershipId id = first.add(0, 0);
  first.succeeds("nothing is in use");
  for (std::uint32_t row = 0; row < 2; ++row) {
    ChangeSetBuilder second(test, {test_organization(row)}, {test_account(1)});
    second.add(0, 0);
    if (!second.changes.added_ids.empty()) second.changes.added_ids[0] = id;
    second.is_stale("a membership with that id is there");
  }
}

constexpr Entry unique_entries[] = {
    {{"unique/pair", "an account has one membership in an organization, so the second of two adds is stale"}, pair},
    {{"unique/pair-in-any-state", "an invited, suspended or removed membership occupies its pair like an active one"},
     pair_in_any_state},
    {{"unique/pair-twice-at-once", "a change set that adds a pair twice is stale"}, pair_twice_at_once},
    {{"unique/account-id", "a commit is stale if the id of a created account is in use"}, account_id},
    {{"unique/email-key", "a commit is stale if the address key of a created account is in use"}, email_key},
    {{"unique/membership-id", "a commit is stale if the id of an added membership is in use in any organization"},
     membership_id},
};

}  // namespace

std::span<const Entry> unique_laws() noexcept {
  return unique_entries;
}

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI
