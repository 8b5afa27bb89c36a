// The bounds of an organization after a commit: seats, and the last owner.
#include <memory>

#include "change_set_builder.hpp"
#include "laws.hpp"

namespace roster::inline ROSTER_ABI {
namespace conformance {

namespace {

using State = MembershipState;

/// `count` active members of test_organization(0) from test_account(0) on. test_account(count) and later accounts are
/// not members.
void put_members(TestContext& test, std::uint32_t count, std::uint32_t accounts, const RoleId& role = member) {
  test.put_organizations(2);
  test.put_accounts(accounts);
  ChangeSetBuilder builder(test, {test_organization(0)}, test_accounts(count));
  for (std::uint32_t i = 0; i < count; ++i) builder.add(0, i, role);
  builder.succeeds("no account is a member");
}

void seats(TestContext& test) {
  put_members(test, 2, 6);
  ChangeSetBuilder above(test, {test_organization(0)}, test_accounts(6));
  above.add(0, 2);
  above.add(0, 3);
  above.limit_seats(0, 3);
  above.is_stale("there are 2 of 3, and two more would be 4");
  ChangeSetBuilder exact(test, {test_organization(0)}, test_accounts(6));
  exact.add(0, 2);
  exact.limit_seats(0, 3);
  exact.succeeds("there are 2 of 3, and one more is 3");
  ChangeSetBuilder elsewhere(test, {test_organization(0), test_organization(1)}, test_accounts(6));
  elsewhere.add(1, 0);
  elsewhere.add(1, 1);
  elsewhere.limit_seats(0, 3);
  elsewhere.succeeds("the seats of one organization are not taken in another");
  ChangeSetBuilder net(test, {test_organization(0)}, test_accounts(6));
  net.remove(0, 0);
  net.add(0, 3);
  net.limit_seats(0, 3);
  net.succeeds("one member is removed and one is added: 3 of 3 seats are taken after the commit");
  ChangeSetBuilder created(test, {test_organization(0)}, test_accounts(6));
  created.add(0, created.create(test_account(20)));
  created.limit_seats(0, 3);
  created.is_stale("an account that is created in the same commit takes a seat too");
}

void seats_by_state(TestContext& test) {
  put_members(test, 3, 6);
  ChangeSetBuilder states(test, {test_organization(0)}, test_accounts(6));
  states.change(0, 1, State::suspended, Event::suspended);
  states.remove(0, 2);
  states.add(0, 3, member, State::invited);
  states.succeeds("one is active, one suspended, one removed, one invited");
  struct Case {
    bool invited_occupy_seats;
    std::uint32_t limit;
    bool fits;
  };
  for (const Case& it : {Case{true, 2, false}, Case{false, 1, false}, Case{false, 2, true}}) {
    ChangeSetBuilder builder(test, {test_organization(0)}, test_accounts(6));
    builder.add(0, 4);
    builder.limit_seats(0, it.limit, it.invited_occupy_seats);
    if (it.fits)
      builder.succeeds("the invited one has no seat: after the commit there are 2 of 2");
    else
      builder.is_stale(it.invited_occupy_seats ? "the invited one has a seat: after the commit there would be 3 of 2"
                                               : "after the commit 2 of 1 seats would be taken");
  }
  ChangeSetBuilder back(test, {test_organization(0)}, test_accounts(6));
  back.change(0, 1, State::active, Event::reactivated);
  back.limit_seats(0, 2, false);
  back.is_stale("a reactivated member takes a seat");
  ChangeSetBuilder renewed(test, {test_organization(0)}, test_accounts(6));
  renewed.renew(0, 2);
  renewed.limit_seats(0, 2, false);
  renewed.is_stale("a removed member that is added again takes a seat");
  ChangeSetBuilder accepted(test, {test_organization(0)}, test_accounts(6));
  accepted.change(0, 3, State::active, Event::accepted);
  accepted.limit_seats(0, 2, false);
  accepted.is_stale("an accepted invitation takes a seat if invitations occupy none");
  ChangeSetBuilder keeps_seat(test, {test_organization(0)}, test_accounts(6));
  keeps_seat.change(0, 3, State::active, Event::accepted);
  keeps_seat.limit_seats(0, 3, true);
  keeps_seat.succeeds("an accepted invitation keeps the seat that it occupied");
  ChangeSetBuilder over(test, {test_organization(0)}, test_accounts(6));
  over.renew(0, 0);
  over.limit_seats(0, 3, true);
  over.succeeds("an expired membership that is replaced keeps its seat");
  ChangeSetBuilder promoted(test, {test_organization(0)}, test_accounts(6));
  promoted.change(0, 0, State::active, Event::role_changed, admin);
  promoted.limit_seats(0, 3, true);
  promoted.succeeds("a change of role takes no further seat");
}

/// Bounds are checked at the commit, on the state of that moment.
void seats_at_commit(TestContext& test) {
  put_members(test, 1, 8);
  std::vector<std::unique_ptr<ChangeSetBuilder>> drafts;
  for (std::uint32_t i = 1; i < 6; ++i) {
    drafts.push_back(std::make_unique<ChangeSetBuilder>(test, std::vector<OrganizationSelector>{test_organization(0)},
                                                        test_accounts(8)));
    drafts.back()->add(0, i);
    drafts.back()->limit_seats(0, 4);
  }
  for (std::uint32_t i = 0; i < 5; ++i) {
    if (i < 3)
      drafts[i]->succeeds("there are seats left when it is committed, though others came meanwhile");
    else
      drafts[i]->is_stale("the seats that were free when it was read are taken");
  }
}

void owners(TestContext& test) {
  using Change = void (*)(ChangeSetBuilder&, std::uint32_t);
  static constexpr Change changes[] = {
      [](ChangeSetBuilder& builder, std::uint32_t test_account) {
        builder.change(0, test_account, State::active, Event::role_changed, member);
      },
      [](ChangeSetBuilder& builder, std::uint32_t test_account) {
        builder.change(0, test_account, State::suspended, Event::suspended);
      },
      [](ChangeSetBuilder& builder, std::uint32_t test_account) { builder.remove(0, test_account); },
      [](ChangeSetBuilder& builder, std::uint32_t test_account) {
        builder.changes.keeps_tombstones = false;
        builder.remove(0, test_account);
      },
  };
  for (const Change first : changes)
    for (const Change second : changes) {
      test.fresh();
      put_members(test, 2, 3, owner);
      ChangeSetBuilder one(test, {test_organization(0), test_organization(1)}, test_accounts(3)),
          other(test, {test_organization(0), test_organization(1)}, test_accounts(3));
      first(one, 0);
      second(other, 1);
      one.keep_an_owner(0);
      other.keep_an_owner(0);
      one.succeeds("another owner is left");
      other.is_stale("the last owner would go");
    }
  ChangeSetBuilder transferred(test, {test_organization(0)}, test_accounts(3));
  transferred.change(0, 1, State::active, Event::ownership_given_up, member);
  transferred.add(0, 2, owner);
  transferred.keep_an_owner(0);
  transferred.succeeds("the last owner steps down and another is added in the same commit");
}

void counting_owners(TestContext& test) {
  put_members(test, 1, 6, owner);
  ChangeSetBuilder others(test, {test_organization(0), test_organization(1)}, test_accounts(6));
  others.add(0, 1, owner, State::invited);
  others.add(0, 2, owner);
  others.add(0, 3, owner);
  others.add(0, 4, admin);
  others.add(1, 5, owner);
  others.succeeds("none of these accounts is a member");
  test.put(AccountRecord{.id = test_account(6)});
  test.put(AccountRecord{.id = test_account(7)});
  ChangeSetBuilder ends(test, {test_organization(0)}, {test_account(6)});
  ends.changes.valid_until = Time{9'000'000'000'000'000};
  ends.add(0, 0, owner);
  ends.succeeds("that account is no member");
  ChangeSetBuilder states(test, {test_organization(0)}, test_accounts(6));
  states.change(0, 2, State::suspended, Event::suspended);
  states.remove(0, 3);
  states.succeeds("one is suspended, one is removed");
  ChangeSetBuilder sets_expiry(test, {test_organization(0)}, {test_account(0), test_account(7)});
  sets_expiry.changes.valid_until = Time{9'000'000'000'000'000};
  sets_expiry.change(0, 0, State::active, Event::expiry_changed).sets_expiry = true;
  sets_expiry.add(0, 1, owner);
  sets_expiry.keep_an_owner(0);
  sets_expiry.is_stale("the last owner would get an expiry, and the added owner has one too");
  ChangeSetBuilder last(test, {test_organization(0)}, test_accounts(6));
  last.change(0, 0, State::active, Event::role_changed, admin);
  last.keep_an_owner(0);
  last.is_stale("invited, suspended and removed owners do not count, nor those with an expiry, nor those elsewhere");
  ChangeSetBuilder wider(test, {test_organization(0)}, test_accounts(6));
  wider.change(0, 0, State::active, Event::role_changed, member);
  wider.keep_an_owner(0, {owner, admin});
  wider.succeeds("a member with the other of two owner roles is left");
}

/// Without a list of roles the organization's own catalog defines the roles that own.
void owners_by_catalog(TestContext& test) {
  test.put_organizations(2);
  test.put_accounts(2);
  test.put(test_organization(0), Role{.id = admin, .rank = 2, .owns = true});
  test.put(test_organization(0), Role{.id = owner, .rank = 3});  // a name alone does not own
  test.put(test_organization(1), Role{.id = admin, .rank = 2});
  test.put(test_organization(1), Role{.id = owner, .rank = 3, .owns = true});
  ChangeSetBuilder builder(test, {test_organization(0), test_organization(1)}, test_accounts(2));
  for (std::uint32_t row = 0; row < 2; ++row) {
    builder.add(row, 0, admin);
    builder.add(row, 1, owner);
  }
  builder.succeeds("no account is a member");
  for (std::uint32_t row = 0; row < 2; ++row) {
    ChangeSetBuilder last(test, {test_organization(row)}, test_accounts(2));
    last.remove(0, row);
    last.keep_an_owner(0, {});
    last.is_stale("the last member with an owner role of this organization's catalog would be removed");
    ChangeSetBuilder other(test, {test_organization(row)}, test_accounts(2));
    other.remove(0, 1 - row);
    other.keep_an_owner(0, {});
    other.succeeds("a role that owns elsewhere only may go");
  }
}

/// A hundred clients read before any of them writes, and no commit is stale.
void adds_do_not_collide(TestContext& test) {
  constexpr std::uint32_t clients = 20;
  put_members(test, 1, clients + 1, owner);
  std::vector<std::unique_ptr<ChangeSetBuilder>> drafts;
  for (std::uint32_t i = 1; i <= clients; ++i) {
    drafts.push_back(std::make_unique<ChangeSetBuilder>(
        test, std::vector<OrganizationSelector>{test_organization(0), test_organization(1)},
        std::vector<AccountSelector>{test_account(i), test_account(1)}, test_account(0)));
    ChangeSetBuilder& builder = *drafts.back();
    builder.guard_organization(0);
    builder.guard_actor(0);
    builder.guard_account(0);
    builder.guard_account(1);
    builder.limit_seats(0, 1000);
    builder.keep_an_owner(0);
    builder.add(0, 0);
    if (i == 1) builder.add(1, 0);
  }
  test.rng.shuffle(drafts);
  for (const auto& builder : drafts)
    builder->succeeds("others were added meanwhile, and nothing that is guarded has changed");
}

constexpr Entry bound_entries[] = {
    {{"bounds/seats",
      "a commit is stale if it would leave a bounded organization with more members than its seat limit"},
     seats},
    {{"bounds/seats-by-state",
      "an active member occupies a seat, an invited one only if the change set requires it, and a suspended or removed "
      "one never"},
     seats_by_state},
    {{"bounds/seats-at-commit", "a seat limit is evaluated on the members at commit, not on those at fetch"},
     seats_at_commit},
    {{"bounds/owners", "a bounded organization keeps an owner under any two concurrent changes of its last two owners"},
     owners},
    {{"bounds/counting-owners",
      "only an active membership without expiry and with a role that owns counts as an owner"},
     counting_owners},
    {{"bounds/owners-by-catalog",
      "without a list of owner roles, the catalog of the organization defines the roles that own"},
     owners_by_catalog},
    {{"bounds/adds-do-not-collide",
      "an add changes neither the version of its organization nor the version of an account"},
     adds_do_not_collide},
};

}  // namespace

std::span<const Entry> bound_laws() noexcept {
  return bound_entries;
}

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI
