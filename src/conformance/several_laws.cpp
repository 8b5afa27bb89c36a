// Several guards and bounds of one kind: each is checked, at any position.
#include <algorithm>
#include <array>
#include <string>

#include "draft.hpp"
#include "laws.hpp"

ROSTER_BEGIN
namespace conformance {

namespace {

using Record = Guard::Record;
using State = MembershipState;

constexpr std::array versions = {Record::organization, Record::account, Record::membership, Record::actor,
                                 Record::inviter};
constexpr std::uint32_t several = 4;

/// org(0) to org(3): who(0) acts, who(1) to who(4) are members, who(5) is invited: into org(k) by who(1 + k).
/// org(4) and who(6), who is a member there, stand beside.
class Several {
 public:
  explicit Several(Stage& stage) : stage_(stage) {
    stage.put_organizations(several + 1);
    stage.put_accounts(7);
    Draft members(stage, orgs(several + 1), people(7));
    for (std::uint32_t row = 0; row <= several; ++row) members.add(row, 0, owner);
    for (std::uint32_t row = 0; row < several; ++row)
      for (std::uint32_t column = 1; column <= several; ++column) members.add(row, column);
    members.add(several, 6);
    members.succeeds("nobody is a member");
    for (std::uint32_t k = 0; k < several; ++k) {
      Draft invites(stage, {org(k)}, {who(5)}, who(1 + k));
      invites.add(0, 0, member, State::invited);
      invites.succeeds("that account is no member");
    }
  }

  /// The k-th guard of a kind. The guarded member is never the inviter.
  static void guard(Draft& draft, Record kind, std::uint32_t k) {
    switch (kind) {
      case Record::organization: return draft.guard_organization(k);
      case Record::account: return draft.guard_account(1 + k);
      case Record::membership: return draft.guard_membership(k, 1 + (k + 1) % several);
      case Record::actor: return draft.guard_actor(k);
      case Record::inviter: return draft.guard_inviter(k, 5);
      case Record::seats:
      case Record::owners: break;
    }
  }

  /// Changes the record of the k-th guard of a kind.
  void change(Record kind, std::uint32_t k) {
    ++changes_;
    if (kind == Record::organization) return stage_.put(OrganizationRecord{.id = org(k), .seats_max = 100 + changes_});
    if (kind == Record::account) return stage_.put(AccountRecord{.id = who(1 + k), .disabled = changes_ % 2 == 1});
    change_member(k, kind == Record::membership ? 1 + (k + 1) % several : kind == Record::actor ? 0 : 1 + k);
  }

  /// A change beside everything that is guarded.
  void write(Draft& draft) const {
    draft.change(several, 6, State::active, Event::role_changed, changes_ % 2 == 0 ? admin : member);
  }

 private:
  void change_member(std::uint32_t row, std::uint32_t account) {
    Draft draft(stage_, {org(row)}, {who(account)});
    draft.change(0, 0, State::active, Event::role_changed, changes_ % 2 == 0 ? admin : owner);
    draft.succeeds("the membership has the version that was read");
  }

  Stage& stage_;
  std::uint32_t changes_ = 0;
};

struct One {
  Record kind;
  std::uint32_t k;
};

/// Each in turn is made stale among the others, and each time the rest holds once it is read again.
void try_each(Stage& stage, Several& scene, const std::vector<One>& guards) {
  static constexpr const char* kinds[] = {"organizations", "accounts", "memberships", "actors", "inviters"};
  const auto guard = [&](Draft& draft) {
    for (const One& one : guards) Several::guard(draft, one.kind, one.k);
    scene.write(draft);
  };
  for (std::size_t i = 0; i < guards.size() && !stage.broken(); ++i) {
    Draft late(stage, orgs(several + 1), people(7), who(0));
    guard(late);
    scene.change(guards[i].kind, guards[i].k);
    late.is_stale("number " + std::to_string(i + 1) + " of " + std::to_string(guards.size()) +
                  " guards is about what was changed: the one about " +
                  kinds[static_cast<std::size_t>(guards[i].kind)]);
  }
  Draft again(stage, orgs(several + 1), people(7), who(0));
  for (const One& one : guards) Several::guard(again, one.kind, one.k);
  Draft beside(stage, {org(0)}, {who(6)});
  beside.add(0, 0);
  beside.succeeds("that account is no member");
  stage.put(OrganizationRecord{.id = org(several), .joinable = false});
  again.succeeds("nothing that is guarded has changed, only what stands beside it");
  Draft gone(stage, {org(0)}, {who(6)});
  gone.changes.keeps_removed = false;
  gone.remove(0, 0);
  gone.succeeds("the membership has the version that was read");
}

void each_of_several(Stage& stage) {
  Several scene(stage);
  std::vector<One> all;
  for (const Record kind : versions) {
    std::vector<One> of_one_kind;
    for (std::uint32_t k = 0; k < several; ++k) of_one_kind.push_back({kind, k});
    all.insert(all.end(), of_one_kind.begin(), of_one_kind.end());
    try_each(stage, scene, of_one_kind);
    if (stage.broken()) return;
  }
  stage.chance.shuffle(all);
  try_each(stage, scene, all);
}

/// Hundreds of each kind, of which one does not hold: at either end, and between.
void many(Stage& stage) {
  const std::uint32_t count = std::clamp(stage.trial.cells_max, 3u, 300u);
  stage.put_organizations(count);
  stage.put_accounts(count);
  stage.put(AccountRecord{.id = who(count)});
  // A row of accounts, and a column of organizations in which who(0) acts and has invited who(1).
  Draft row(stage, {org(0)}, people(count)), column(stage, orgs(count), {who(0), who(1)}, who(0));
  for (std::uint32_t i = 2; i < count; ++i) row.add(0, i);
  for (std::uint32_t i = 0; i < count; ++i) {
    column.add(i, 0, owner);
    column.add(i, 1, member, State::invited);
  }
  row.succeeds("nobody is a member");
  column.succeeds("nobody of these is a member");

  const auto change = [&](std::uint32_t organization, std::uint32_t account) {
    Draft draft(stage, {org(organization)}, {who(account)});
    draft.change(0, 0, State::active, Event::role_changed, owner);
    draft.succeeds("the membership has the version that was read");
  };
  std::uint32_t seats = 1000;
  for (const std::uint32_t bad : {0u, count / 2, count - 1}) {
    const auto is_stale = [&](Record kind, const std::vector<OrganizationSelector>& rows,
                              const std::vector<AccountSelector>& columns, const auto& guard, const auto& then) {
      Draft sound(stage, rows, columns, who(0)), late(stage, rows, columns, who(0));
      for (std::uint32_t i = 0; i < count; ++i) guard(sound, i), guard(late, i);
      sound.succeeds("every guard holds");
      then();
      late.is_stale("number " + std::to_string(bad) + " of " + std::to_string(count) + " guards of kind " +
                    std::to_string(static_cast<int>(kind)) + " does not hold");
    };
    is_stale(
        Record::account, {org(0)}, people(count), [](Draft& draft, std::uint32_t i) { draft.guard_account(i); },
        [&] { stage.put(AccountRecord{.id = who(bad), .verified = true}); });
    is_stale(
        Record::membership, {org(0)}, people(count),
        [](Draft& draft, std::uint32_t i) { draft.guard_membership(0, i); }, [&] { change(0, bad == 1 ? 2 : bad); });
    is_stale(
        Record::organization, orgs(count), {who(0)}, [](Draft& draft, std::uint32_t i) { draft.guard_organization(i); },
        [&] { stage.put(OrganizationRecord{.id = org(bad), .seats_max = ++seats}); });
    is_stale(
        Record::actor, orgs(count), {who(0)}, [](Draft& draft, std::uint32_t i) { draft.guard_actor(i); },
        [&] { change(bad, 0); });
    is_stale(
        Record::inviter, orgs(count), {who(1)}, [](Draft& draft, std::uint32_t i) { draft.guard_inviter(i, 0); },
        [&] { change(bad, 0); });
    if (stage.broken()) return;
  }
}

/// Organizations with a limit, and with one owner, each: which is exceeded, or loses its owner, in turn.
void each_bound(Stage& stage) {
  stage.put_organizations(several);
  stage.put_accounts(8);
  Draft start(stage, orgs(several), people(8));
  for (std::uint32_t row = 0; row < several; ++row)  // org(k) has k + 1 members, of whom who(0) is the owner
    for (std::uint32_t column = 0; column <= row; ++column) start.add(row, column, column == 0 ? owner : member);
  start.succeeds("nobody is a member");
  for (std::uint32_t bad = 0; bad < several; ++bad) {
    Draft seats(stage, orgs(several), people(8));
    for (std::uint32_t row = 0; row < several; ++row) seats.limit_seats(row, row + 1);
    seats.add(bad, 7);
    seats.is_stale("one of several organizations would have more members than it may");
    Draft owners(stage, orgs(several), people(8));
    for (std::uint32_t row = 0; row < several; ++row) owners.keep_an_owner(row);
    owners.change(bad, 0, State::active, Event::role_changed, member);
    owners.is_stale("one of several organizations would lose its last owner");
    for (const bool owner_goes : {false, true}) {
      Draft both(stage, orgs(several), people(8));
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
    if (stage.broken()) return;
  }
  for (const auto& [first, second] : {std::pair(4u, 5u), std::pair(5u, 4u)}) {
    Draft twice(stage, {org(3)}, people(8));
    twice.limit_seats(0, first);
    twice.limit_seats(0, second);
    twice.add(0, 7);
    twice.is_stale("of two limits of one organization the lower one is exceeded");
  }
  Draft fits(stage, orgs(several), people(8));
  for (std::uint32_t row = 0; row < several; ++row) {
    fits.keep_an_owner(row);
    fits.limit_seats(row, row + 2);
    fits.add(row, 7);
  }
  fits.succeeds("every organization has a seat left, and keeps its owner");
}

constexpr Entry several_entries[] = {
    {{"guards/each-of-several", "of several guards of a kind, and of all kinds, each is looked at, wherever it stands"},
     each_of_several},
    {{"guards/many", "of hundreds of guards of a kind each is looked at"}, many},
    {{"bounds/each-of-several", "of several limits of seats, and of several guards on owners, each is looked at"},
     each_bound},
};

}  // namespace

std::span<const Entry> several_laws() noexcept {
  return several_entries;
}

}  // namespace conformance
ROSTER_END
