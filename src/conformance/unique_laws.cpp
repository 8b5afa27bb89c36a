// Unique keys: pairs, accounts, addresses, membership ids.
#include "draft.hpp"
#include "laws.hpp"

ROSTER_BEGIN
namespace conformance {

namespace {

void pair(Stage& stage) {
  stage.put_organizations(2);
  stage.put_accounts(2);
  Draft first(stage, {org(0)}, {who(0)});
  Draft second(stage, {org(0)}, {who(0)});  // read when the pair was free for both
  first.add(0, 0);
  second.add(0, 0, admin);
  first.succeeds("the pair is not in use");
  second.is_stale("the pair is in use by now");
  Draft third(stage, {org(0), org(1)}, {who(0), who(1)});
  third.add(1, 0);
  third.add(0, 1);
  third.succeeds("the same account elsewhere, and another account here, are other pairs");
}

void pair_in_any_state(Stage& stage) {
  stage.put_organizations(1);
  stage.put_accounts(3);
  Draft first(stage, {org(0)}, {who(0), who(1), who(2)});
  first.add(0, 0, member, MembershipState::invited);
  first.add(0, 1);
  first.add(0, 2);
  first.succeeds("three pairs are not in use");
  Draft then(stage, {org(0)}, {who(0), who(1), who(2)});
  then.change(0, 1, MembershipState::suspended, Event::suspended);
  then.remove(0, 2);
  then.succeeds("one is suspended, one is removed");
  for (std::uint32_t i = 0; i < 3; ++i) {
    Draft again(stage, {org(0)}, {who(i)});
    again.add(0, 0);
    again.is_stale(i == 0   ? "the pair is in use by an invitation"
                   : i == 1 ? "the pair is in use by a suspended membership"
                            : "the pair is in use by the tombstone of a removed membership");
  }
}

void pair_twice_at_once(Stage& stage) {
  stage.put_organizations(2);
  stage.put_accounts(2);
  Draft twice(stage, {org(0), org(1)}, {who(0), who(1)});
  twice.add(0, 0);
  twice.add(1, 1);
  twice.add(0, 0);
  twice.is_stale("one change set adds a pair twice");
  // Two columns may name one account: the pair is the account's, not the column's.
  const Email mail = address("two@example.org");
  stage.put(AccountRecord{.id = who(2), .email = mail});
  Draft named(stage, {org(0)}, {who(2), mail});
  named.add(0, 0);
  named.add(0, 1);
  named.is_stale("one change set adds a pair twice, under two names of one account");
}

void account_id(Stage& stage) {
  stage.put_organizations(1);
  stage.put_accounts(1);
  Draft taken(stage, {org(0)}, {who(7)});
  taken.create(who(0), address("new@example.org"));
  taken.is_stale("an account with that id is there");
  Draft twice(stage, {org(0)}, {who(7)});
  twice.create(who(8));
  twice.create(who(8), address("new@example.org"));
  twice.is_stale("one change set creates an account id twice");
  Draft other(stage, {org(0)}, {who(7)});
  other.create(who(8), address("new@example.org"));
  other.succeeds("neither id nor address is in use");
}

void email_key(Stage& stage) {
  stage.put_organizations(1);
  stage.put(AccountRecord{.id = who(0), .email = address("zoe@example.org")});
  Draft taken(stage, {org(0)}, {who(7)});
  taken.create(who(1), address("ZOE@Example.ORG"));
  taken.is_stale("the key of that address is another account's");
  Draft twice(stage, {org(0)}, {who(7)});
  twice.create(who(1), address("ann@example.org"));
  twice.create(who(2), address("Ann@example.org"));
  twice.is_stale("one change set creates two accounts with one key");

  // Two clients create the same new address: the second finds out.
  const Email kim = address("kim@example.org");
  Draft first(stage, {org(0)}, {kim}), second(stage, {org(0)}, {kim});
  first.add(0, first.create(who(3), kim));
  second.add(0, second.create(who(4), kim));
  first.succeeds("the address is nobody's");
  second.is_stale("the address is somebody's by now");
  Draft after(stage, {org(0)}, {kim, who(4)});
  stage.expect(after.facts().accounts.size() == 2 && after.facts().accounts[0].id == who(3),
               "the address is not the first one's");
  stage.expect(after.facts().accounts.size() == 2 && after.facts().accounts[1].id.empty(),
               "the account of a stale commit is there");
}

void membership_id(Stage& stage) {
  stage.put_organizations(2);
  stage.put_accounts(2);
  Draft first(stage, {org(0)}, {who(0)});
  const MembershipId id = first.add(0, 0);
  first.succeeds("nothing is in use");
  for (std::uint32_t row = 0; row < 2; ++row) {
    Draft second(stage, {org(row)}, {who(1)});
    second.add(0, 0);
    if (!second.changes.added_ids.empty()) second.changes.added_ids[0] = id;
    second.is_stale("a membership with that id is there");
  }
}

constexpr Entry unique_entries[] = {
    {{"unique/pair", "an account has one membership in an organization: of two adds the second is stale"}, pair},
    {{"unique/pair-in-any-state", "invited, suspended and removed memberships occupy their pair as well"},
     pair_in_any_state},
    {{"unique/pair-twice-at-once", "a change set that adds a pair twice is stale"}, pair_twice_at_once},
    {{"unique/account-id", "an account that is created has an unused id"}, account_id},
    {{"unique/email-key", "an account that is created has an address whose key nobody has"}, email_key},
    {{"unique/membership-id", "a membership that is added has an unused id, across organizations"}, membership_id},
};

}  // namespace

std::span<const Entry> unique_laws() noexcept {
  return unique_entries;
}

}  // namespace conformance
ROSTER_END
