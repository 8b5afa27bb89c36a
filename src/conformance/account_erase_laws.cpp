// The record interface of a store: the end of an account, with and without its mentions.
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "change_set_builder.hpp"
#include "erase_calls.hpp"
#include "laws.hpp"

namespace roster::inline ROSTER_ABI {
namespace conformance {

namespace {

using State = MembershipState;

// The accounts: one that ends, a guest that it has invited, one that it has removed, and others.
constexpr std::uint32_t ending = 0, invited_by_it = 1, removed_by_it = 2, bystander = 3, unmoved = 4;

const GroupName& team() {
  static const GroupName name("team");
  return name;
}
AccountRecord ann_record() {
  return {
      .id = test_account(ending), .email = address("ann@example.org"), .username = Username("ann"), .verified = true};
}

/// The account that ends has a tombstone in test_organization(0). In test_organization(1) it was never a member.
AccountRecord put_account_world(TestContext& test, Records& records) {
  AccountRecord ann = ann_record();
  test.put_organizations(2);
  for (std::uint32_t i = invited_by_it; i <= unmoved; ++i) test.put(AccountRecord{.id = test_account(i)});
  ann.version = records.succeeds("create the account", put(records.store(), ann));
  test.put(team(), {test_account(bystander), test_account(ending), test_account(unmoved)});
  ChangeSetBuilder joins(test, test_organizations(1), test_accounts(4), test_account(ending));
  joins.changes.actor = test_account(ending);
  joins.add(0, ending, admin);
  joins.add(0, invited_by_it, member, State::invited);
  joins.add(0, removed_by_it);
  joins.add(0, bystander);
  joins.limit_seats(0, 50);
  joins.succeeds("members join");
  ChangeSetBuilder leaves(test, test_organizations(1), test_accounts(4), test_account(ending));
  leaves.changes.actor = test_account(ending);
  leaves.remove(0, removed_by_it);
  leaves.remove(0, ending);
  leaves.succeeds("two are removed");
  return ann;
}

void refuse_account_erases(TestContext& test, Records& records, Mentions mentions) {
  Erases erases(test, records.store());
  const AccountId ann = test_account(ending);
  const Version now = version_of(test, records.store(), ann);
  erases.fails("erase a missing one", erases.of(test_account(9), any_version, mentions), Errc::not_found);
  erases.fails("erase a missing one with a version", erases.of(test_account(9), now, mentions), Errc::not_found);
  erases.fails("erase no one", erases.of(AccountId(), any_version, mentions), Errc::id_empty);
  erases.fails("erase another version", erases.of(ann, behind(now), mentions), Errc::stale);
  erases.fails("erase a version of 0", erases.of(ann, no_version, mentions), Errc::stale);
  for (const State state : {State::active, State::invited, State::suspended})
    for (const Time until : {Time{}, Time{1}}) {
      const Membership kept{.id = test.fresh_id(),
                            .organization = test_organization(1),
                            .account = ann,
                            .role = member,
                            .state = state,
                            .valid_until = until};
      if (!test.expect(records.store().put_membership(kept).has_value(), "a membership is not put")) return;
      erases.fails("erase a member", erases.of(ann, any_version, mentions), Errc::has_members);
      erases.fails("erase another version of a member", erases.of(ann, behind(now), mentions), Errc::stale);
      const bool erased = records.store().erase_membership(test_organization(1), ann).has_value();
      if (!test.expect(erased, "a membership is not erased")) return;
    }
  records.expect_stored(ann_record(), now, "after refused erases");
}

/// No name finds the account, no group lists it, and its invitation has lapsed.
void expect_account_gone(TestContext& test, Records& records, Mentions mentions) {
  const AccountRecord ann = ann_record();
  records.expect_absent(ann.id, "after the erase");
  for (const AccountSelector& name : {AccountSelector(*ann.email), AccountSelector(ann.username)}) {
    const auto found = records.store().account(name);
    test.expect(found && !found.value(), "after the erase, " + text_of(name) + " finds the account");
  }
  OwnedQuery query;
  query.organizations = test_organizations(1);
  query.accounts = {ann.id, *ann.email, ann.username, test_account(invited_by_it), test_account(removed_by_it)};
  query.inviters = true;
  Facts facts;
  if (!test.fetch(query, facts)) return;
  for (std::size_t i = 0; i < 3; ++i)
    test.expect(facts.accounts[i].id.empty(), "fetch finds the erased account by " + text_of(query.accounts[i]));
  if (!test.expect(facts.memberships.size() == 2, "fetch finds other memberships than those of the other accounts"))
    return;
  const InviterFact& inviter = facts.inviters[0];
  const bool keeps = mentions == Mentions::keep;
  const AccountId named = keeps ? ann.id : erased_account;
  test.expect(inviter.id == named && !inviter.is_member, "an invitation of an erased account has not lapsed");
  OwnedQuery groups;
  groups.groups = {team()};
  if (!test.fetch(groups, facts)) return;
  const std::vector<AccountId> listed(facts.group_accounts.begin(), facts.group_accounts.end());
  test.expect(listed == std::vector<AccountId>{test_account(bystander), test_account(unmoved)},
              "a group lists the erased account, or has lost another");

  const MembershipReader* const reader = test.fixture().reader();
  if (reader == nullptr) return;
  const auto own = reader->former_membership(test_organization(0), ann.id);
  if (test.expect(own && own.value().has_value() == keeps, "the tombstone of an erased account is read, or is lost"))
    test.expect(!keeps || (own.value()->membership.account == ann.id && own.value()->removed_by == ann.id),
                "the tombstone of an erased account has another account");
  const auto invitation = reader->membership(test_organization(0), test_account(invited_by_it));
  if (test.expect(invitation && invitation.value(), "an invitation of an erased account is lost"))
    test.expect(invitation.value()->invited_by == named, "an invitation of an erased account names another inviter");
  const auto former = reader->former_membership(test_organization(0), test_account(removed_by_it));
  test.expect(former && former.value() && former.value()->removed_by == named,
              "a tombstone names another actor than the erased account");
  const auto count = reader->organization_count(ann.id);
  test.expect(count && count.value() == 0, "an erased account has memberships");
}

/// What was decided on the erased account.
class EarlyAccountCommits {
 public:
  explicit EarlyAccountCommits(TestContext& test) {
    const auto begin = [&]() -> ChangeSetBuilder& {
      all_.push_back(std::make_unique<ChangeSetBuilder>(test, test_organizations(2), test_accounts(5)));
      all_.back()->guard_account(ending);
      return *all_.back();
    };
    begin().add(1, ending);
    ChangeSetBuilder& several = begin();
    several.add(1, ending);
    several.add(1, bystander);
    begin().renew(0, ending);
    begin().add(1, unmoved);
  }
  void are_stale(const std::string& when) {
    for (const auto& each : all_) each->is_stale(when + ", a commit on the erased account");
  }

 private:
  std::vector<std::unique_ptr<ChangeSetBuilder>> all_;
};

/// Other accounts take the names, and one is put with the id.
void put_account_again(TestContext& test, Records& records, Mentions mentions, const std::vector<Version>& former,
                       EarlyAccountCommits& early) {
  RecordStore& store = records.store();
  const AccountRecord ann = ann_record();
  records.succeeds("put one with the address", put(store, {.id = test_account(7), .email = ann.email}));
  records.succeeds("put one with the username", put(store, {.id = test_account(8), .username = ann.username}));
  records.fails("put it with a former version", put(store, {.id = ann.id, .version = former[0]}), Errc::not_found);
  records.fails("put it again with the address", put(store, ann_record()), Errc::exists);
  records.expect_absent(ann.id, "after a refused put");
  const AccountRecord again{.id = ann.id, .username = Username("ann2")};
  const Version now = records.succeeds("put one with the id", put(store, again));
  for (const Version each : former)
    test.expect(now != each, "an account with the id of an erased one has a version of that");
  records.expect_stored(again, now, "after the second put");
  early.are_stale("after another one has the id");
  const bool keeps = mentions == Mentions::keep;
  ChangeSetBuilder joins(test, test_organizations(2), test_accounts(1));
  const MembershipFact* const tombstone = joins.at(0, 0);
  test.expect((tombstone != nullptr) == keeps,
              "an account with the id of an erased one has its tombstone, or lacks it");
  test.expect(tombstone == nullptr || tombstone->state == State::removed, "a tombstone is a membership again");
  joins.add(1, 0);
  joins.succeeds("it joins");
  early.are_stale("after it has joined");
  const bool erased = store.erase_membership(test_organization(0), ann.id).has_value();
  test.expect(erased == keeps, "the tombstone of an erased account is erased twice, or is left");
}

void erases_accounts(TestContext& test) {
  for (const Mentions mentions : {Mentions::keep, Mentions::erase})
    for (const bool unconditional : {false, true}) {
      test.fresh();
      Records records(test, 0);
      if (!records) return;
      const AccountRecord ann = put_account_world(test, records);
      refuse_account_erases(test, records, mentions);
      const Version last = records.succeeds(
          "change the account", change(records.store(), ann.id, {.username = Username("ann")}, ann.version));
      EarlyAccountCommits early(test);
      ChangeSetBuilder unguarded(test, test_organizations(2), test_accounts(1));
      unguarded.add(1, ending);
      if (test.broken()) return;
      Erases erases(test, records.store());
      erases.succeeds("erase the account", erases.of(ann.id, unconditional ? any_version : last, mentions));
      expect_account_gone(test, records, mentions);
      erases.fails("erase it again", erases.of(ann.id, any_version, mentions), Errc::not_found);
      early.are_stale("after the erase");
      unguarded.is_stale("after the erase, a commit without a guard");
      put_account_again(test, records, mentions, {ann.version, last}, early);
      if (test.broken()) return;
    }
}

/// One worker erases an account while others add it to organizations, and one restores its membership.
void erases_accounts_at_once(TestContext& test) {
  const std::uint32_t workers = std::clamp(test.fixture().capabilities().connections, 2u, 4u);
  for (std::uint32_t round = 0; round < 5 * test.options.rounds && !test.broken(); ++round) {
    test.fresh();
    Records records(test, 0);
    if (!records) return;
    test.put_organizations(workers);
    test.put_accounts(workers + 1);
    ChangeSetBuilder joins(test, test_organizations(1), test_accounts(1));
    joins.add(0, 0);
    joins.succeeds("it joins");
    ChangeSetBuilder leaves(test, test_organizations(1), test_accounts(1));
    leaves.remove(0, 0);
    leaves.succeeds("it leaves");
    AtOnce adds(test, workers - 1, [&](ChangeSetBuilder& builder, std::uint32_t worker) {
      builder.guard_account(0);
      if (worker == round % 3)
        builder.renew(0, 0);
      else
        builder.add(1 + worker % (workers - 2 == 0 ? 1 : workers - 2), 0);
      if (worker % 2 == 0) builder.add(0, workers);  // a commit of several entries
    });
    const Mentions mentions = round % 2 == 0 ? Mentions::keep : Mentions::erase;
    const auto erased = adds.run([&] { return records.store().erase_account(test_account(0), any_version, mentions); });
    test.expect(!erased || adds.added() == 0, "an account is erased, and a concurrent commit has added it");
    test.expect(erased || erased.error().code == Errc::stale || erased.error().code == Errc::has_members,
                "an erase at once with adds: " + (erased ? "" : std::string(name(erased.error().code))));
    if (erased) records.succeeds("put it again", put(records.store(), {.id = test_account(0)}));
    const ChangeSetBuilder after(test, test_organizations(workers), test_accounts(1));
    for (const MembershipFact& fact : after.facts().memberships)
      test.expect(!erased || fact.state == State::removed, "an account that is erased is a member");
  }
}

constexpr Entry account_erase_entries[] = {
    {{"records/erase-account",
      "erase_account() leaves an account without memberships nowhere, with its mentions or without, and a commit on it "
      "is "
      "stale, also after its id is put again"},
     erases_accounts,
     Requires::records},
    {{"threads/erase-account", "no account gets a membership while it is erased"},
     erases_accounts_at_once,
     Requires::record_threads},
};

}  // namespace

std::span<const Entry> account_erase_laws() noexcept {
  return account_erase_entries;
}

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI
