// Several guards and bounds of one kind: each is checked, at any position.
#include <algorithm>
#include <array>
#include <string>

#include "change_set_builder.hpp"
#include "laws.hpp"

namespace roster::inline ROSTER_ABI {
namespace conformance {

namespace {

using Record = Guard::Record;
using State = MembershipState;

constexpr std::array versions = {Record::organization, Record::account, Record::membership, Record::actor,
                                 Record::inviter};
constexpr std::uint32_t several = 4;

/// In test_organization(0) to test_organization(3), test_account(0) is the actor, and test_account(1) to
/// test_account(4) are members. There test_account(5) is invited, in test_organization(k) by test_account(1 + k). No
/// guard is on test_organization(4) and its member test_account(6).
class Several {
 public:
  explicit Several(TestContext& test) : test_(test) {
    test.put_organizations(several + 1);
    test.put_accounts(7);
    ChangeSetBuilder members(test, test_organizations(several + 1), test_accounts(7));
    for (std::uint32_t row = 0; row <= several; ++row) members.add(row, 0, owner);
    for (std::uint32_t row = 0; row < several; ++row)
      for (std::uint32_t column = 1; column <= several; ++column) members.add(row, column);
    members.add(several, 6);
    members.succeeds("no account is a member");
    for (std::uint32_t k = 0; k < several; ++k) {
      ChangeSetBuilder invites(test, {test_organization(k)}, {test_account(5)}, test_account(1 + k));
      invites.add(0, 0, member, State::invited);
      invites.succeeds("that account is no member");
    }
  }

  /// The k-th guard of a kind. The guarded member is never the inviter.
  static void guard(ChangeSetBuilder& builder, Record kind, std::uint32_t k) {
    switch (kind) {
      case Record::organization: return builder.guard_organization(k);
      case Record::account: return builder.guard_account(1 + k);
      case Record::membership: return builder.guard_membership(k, 1 + (k + 1) % several);
      case Record::actor: return builder.guard_actor(k);
      case Record::inviter: return builder.guard_inviter(k, 5);
      case Record::seats:
      case Record::owners: break;
    }
  }

  /// Changes the record of the k-th guard of a kind.
  void change(Record kind, std::uint32_t k) {
    ++changes_;
    if (kind == Record::organization)
      return test_.put(OrganizationRecord{.id = test_organization(k), .seats_max = 100 + changes_});
    if (kind == Record::account)
      return test_.put(AccountRecord{.id = test_account(1 + k), .verified = changes_ % 2 == 1});
    change_member(k, kind == Record::membership ? 1 + (k + 1) % several : kind == Record::actor ? 0 : 1 + k);
  }

  /// Adds a change of a record that no guard depends on.
  void write(ChangeSetBuilder& builder) const {
    builder.change(several, 6, State::active, Event::role_changed, changes_ % 2 == 0 ? admin : member);
  }

 private:
  void change_member(std::uint32_t row, std::uint32_t account) {
    ChangeSetBuilder builder(test_, {test_organization(row)}, {test_account(account)});
    builder.change(0, 0, State::active, Event::role_changed, changes_ % 2 == 0 ? admin : owner);
    builder.succeeds("the membership has the version that was read");
  }

  TestContext& test_;
  std::uint32_t changes_ = 0;
};

struct One {
  Record kind;
  std::uint32_t k;
};

/// Makes each guard in turn stale among the others. After another fetch, all of them hold.
void try_each(TestContext& test, Several& scenario, const std::vector<One>& guards) {
  static constexpr const char* kinds[] = {"organizations", "accounts", "memberships", "actors", "inviters"};
  const auto guard = [&](ChangeSetBuilder& builder) {
    for (const One& one : guards) Several::guard(builder, one.kind, one.k);
    scenario.write(builder);
  };
  for (std::size_t i = 0; i < guards.size() && !test.broken(); ++i) {
    ChangeSetBuilder late(test, test_organizations(several + 1), test_accounts(7), test_account(0));
    guard(late);
    scenario.change(guards[i].kind, guards[i].k);
    late.is_stale("number " + std::to_string(i + 1) + " of " + std::to_string(guards.size()) +
                  " guards refers to the changed record: the one about " +
                  kinds[static_cast<std::size_t>(guards[i].kind)]);
  }
  ChangeSetBuilder again(test, test_organizations(several + 1), test_accounts(7), test_account(0));
  for (const One& one : guards) Several::guard(again, one.kind, one.k);
  ChangeSetBuilder beside(test, {test_organization(0)}, {test_account(6)});
  beside.add(0, 0);
  beside.succeeds("that account is no member");
  test.put(OrganizationRecord{.id = test_organization(several), .joinable = false});
  again.succeeds("no guarded record has changed, only others");
  ChangeSetBuilder gone(test, {test_organization(0)}, {test_account(6)});
  gone.changes.keeps_tombstones = false;
  gone.remove(0, 0);
  gone.succeeds("the membership has the version that was read");
}

void each_of_several(TestContext& test) {
  Several scenario(test);
  std::vector<One> all;
  for (const Record kind : versions) {
    std::vector<One> of_one_kind;
    for (std::uint32_t k = 0; k < several; ++k) of_one_kind.push_back({kind, k});
    all.insert(all.end(), of_one_kind.begin(), of_one_kind.end());
    try_each(test, scenario, of_one_kind);
    if (test.broken()) return;
  }
  test.rng.shuffle(all);
  try_each(test, scenario, all);
}

/// Hundreds of guards of each kind, of which one does not hold: the first, the last, or one between.
void many(TestContext& test) {
  const std::uint32_t count = std::clamp(test.options.cells_max, 3u, 300u);
  test.put_organizations(count);
  test.put_accounts(count);
  test.put(AccountRecord{.id = test_account(count)});
  // One organization with many accounts, and many organizations with two. In these, test_account(0) is the actor and
  // has invited test_account(1).
  ChangeSetBuilder row(test, {test_organization(0)}, test_accounts(count)),
      column(test, test_organizations(count), {test_account(0), test_account(1)}, test_account(0));
  for (std::uint32_t i = 2; i < count; ++i) row.add(0, i);
  for (std::uint32_t i = 0; i < count; ++i) {
    column.add(i, 0, owner);
    column.add(i, 1, member, State::invited);
  }
  row.succeeds("no account is a member");
  column.succeeds("none of these accounts is a member");

  const auto change = [&](std::uint32_t organization, std::uint32_t account) {
    ChangeSetBuilder builder(test, {test_organization(organization)}, {test_account(account)});
    builder.change(0, 0, State::active, Event::role_changed, owner);
    builder.succeeds("the membership has the version that was read");
  };
  std::uint32_t seats = 1000;
  for (const std::uint32_t bad : {0u, count / 2, count - 1}) {
    const auto is_stale = [&](Record kind, const std::vector<OrganizationSelector>& rows,
                              const std::vector<AccountSelector>& columns, const auto& guard, const auto& then) {
      ChangeSetBuilder sound(test, rows, columns, test_account(0)), late(test, rows, columns, test_account(0));
      for (std::uint32_t i = 0; i < count; ++i) guard(sound, i), guard(late, i);
      sound.succeeds("every guard holds");
      then();
      late.is_stale("number " + std::to_string(bad) + " of " + std::to_string(count) + " guards of kind " +
                    std::to_string(static_cast<int>(kind)) + " does not hold");
    };
    is_stale(
        Record::account, {test_organization(0)}, test_accounts(count),
        [](ChangeSetBuilder& builder, std::uint32_t i) { builder.guard_account(i); },
        [&] { test.put(AccountRecord{.id = test_account(bad), .verified = true}); });
    is_stale(
        Record::membership, {test_organization(0)}, test_accounts(count),
        [](ChangeSetBuilder& builder, std::uint32_t i) { builder.guard_membership(0, i); },
        [&] { change(0, bad == 1 ? 2 : bad); });
    is_stale(
        Record::organization, test_organizations(count), {test_account(0)},
        [](ChangeSetBuilder& builder, std::uint32_t i) { builder.guard_organization(i); },
        [&] { test.put(OrganizationRecord{.id = test_organization(bad), .seats_max = ++seats}); });
    is_stale(
        Record::actor, test_organizations(count), {test_account(0)},
        [](ChangeSetBuilder& builder, std::uint32_t i) { builder.guard_actor(i); }, [&] { change(bad, 0); });
    is_stale(
        Record::inviter, test_organizations(count), {test_account(1)},
        [](ChangeSetBuilder& builder, std::uint32_t i) { builder.guard_inviter(i, 0); }, [&] { change(bad, 0); });
    if (test.broken()) return;
  }
}

/// Several organizations, each with a limit and one owner. Each in turn exceeds its limit, or loses its owner.
void each_bound(TestContext& test) {
  test.put_organizations(several);
  test.put_accounts(8);
  ChangeSetBuilder start(test, test_organizations(several), test_accounts(8));
  for (std::uint32_t row = 0; row < several;
       ++row)  // test_organization(k) has k + 1 members, of which test_account(0) is the owner
    for (std::uint32_t column = 0; column <= row; ++column) start.add(row, column, column == 0 ? owner : member);
  start.succeeds("no account is a member");
  for (std::uint32_t bad = 0; bad < several; ++bad) {
    ChangeSetBuilder seats(test, test_organizations(several), test_accounts(8));
    for (std::uint32_t row = 0; row < several; ++row) seats.limit_seats(row, row + 1);
    seats.add(bad, 7);
    seats.is_stale("one of several organizations would have more members than it may");
    ChangeSetBuilder owners(test, test_organizations(several), test_accounts(8));
    for (std::uint32_t row = 0; row < several; ++row) owners.keep_an_owner(row);
    owners.change(bad, 0, State::active, Event::role_changed, member);
    owners.is_stale("one of several organizations would lose its last owner");
    for (const bool owner_goes : {false, true}) {
      ChangeSetBuilder both(test, test_organizations(several), test_accounts(8));
      for (std::uint32_t row = 0; row < several; ++row) {
        both.keep_an_owner(row);
        both.limit_seats(row, row + 1);
      }
      if (owner_goes)
        both.change(bad, 0, State::suspended, Event::suspended);
      else
        both.add(bad, 7);
      both.is_stale("one of several bounds would not hold");
    }
    if (test.broken()) return;
  }
  for (const auto& [first, second] : {std::pair(4u, 5u), std::pair(5u, 4u)}) {
    ChangeSetBuilder twice(test, {test_organization(3)}, test_accounts(8));
    twice.limit_seats(0, first);
    twice.limit_seats(0, second);
    twice.add(0, 7);
    twice.is_stale("of two limits of one organization the lower one is exceeded");
  }
  ChangeSetBuilder fits(test, test_organizations(several), test_accounts(8));
  for (std::uint32_t row = 0; row < several; ++row) {
    fits.keep_an_owner(row);
    fits.limit_seats(row, row + 2);
    fits.add(row, 7);
  }
  fits.succeeds("every organization has a seat left, and keeps its owner");
}

constexpr Entry several_entries[] = {
    {{"guards/each-of-several", "a commit checks each of several guards, of one kind or of all kinds, at any position"},
     each_of_several},
    {{"guards/many", "a commit checks each of hundreds of guards of one kind"}, many},
    {{"bounds/each-of-several", "a commit checks each of several seat limits and owner bounds"}, each_bound},
};

}  // namespace

std::span<const Entry> several_laws() noexcept {
  return several_entries;
}

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI
