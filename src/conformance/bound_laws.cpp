// The bounds of an organization after a commit: seats, and the last owner.
#include <memory>

#include "draft.hpp"
#include "laws.hpp"

ROSTER_BEGIN
namespace conformance {

namespace {

using State = MembershipState;

/// `count` active members of org(0) from who(0) on; who(count) and further are nobody yet.
void put_members(Stage& stage, std::uint32_t count, std::uint32_t accounts, const RoleId& role = member) {
  stage.put_organizations(2);
  stage.put_accounts(accounts);
  Draft draft(stage, {org(0)}, people(count));
  for (std::uint32_t i = 0; i < count; ++i) draft.add(0, i, role);
  draft.succeeds("nobody is a member");
}

void seats(Stage& stage) {
  put_members(stage, 2, 6);
  Draft above(stage, {org(0)}, people(6));
  above.add(0, 2);
  above.add(0, 3);
  above.limit_seats(0, 3);
  above.is_stale("there are 2 of 3, and two more would be 4");
  Draft exact(stage, {org(0)}, people(6));
  exact.add(0, 2);
  exact.limit_seats(0, 3);
  exact.succeeds("there are 2 of 3, and one more is 3");
  Draft elsewhere(stage, {org(0), org(1)}, people(6));
  elsewhere.add(1, 0);
  elsewhere.add(1, 1);
  elsewhere.limit_seats(0, 3);
  elsewhere.succeeds("the seats of one organization are not taken in another");
  Draft net(stage, {org(0)}, people(6));
  net.remove(0, 0);
  net.add(0, 3);
  net.limit_seats(0, 3);
  net.succeeds("one comes and one goes: after the commit there are 3 of 3");
  Draft created(stage, {org(0)}, people(6));
  created.add(0, created.create(who(20)));
  created.limit_seats(0, 3);
  created.is_stale("who is created in the same commit takes a seat too");
}

void seats_by_state(Stage& stage) {
  put_members(stage, 3, 6);
  Draft states(stage, {org(0)}, people(6));
  states.change(0, 1, State::suspended, Event::suspended);
  states.remove(0, 2);
  states.add(0, 3, member, State::invited);
  states.succeeds("one is active, one suspended, one removed, one invited");
  struct Case {
    bool invited_sits;
    std::uint32_t limit;
    bool fits;
  };
  for (const Case& it : {Case{true, 2, false}, Case{false, 1, false}, Case{false, 2, true}}) {
    Draft draft(stage, {org(0)}, people(6));
    draft.add(0, 4);
    draft.limit_seats(0, it.limit, it.invited_sits);
    if (it.fits)
      draft.succeeds("the invited one has no seat: after the commit there are 2 of 2");
    else
      draft.is_stale(it.invited_sits ? "the invited one has a seat: after the commit there would be 3 of 2"
                                     : "after the commit there would be 2 of 1");
  }
  Draft back(stage, {org(0)}, people(6));
  back.change(0, 1, State::active, Event::reactivated);
  back.limit_seats(0, 2, false);
  back.is_stale("who is reactivated takes a seat");
  Draft renewed(stage, {org(0)}, people(6));
  renewed.renew(0, 2);
  renewed.limit_seats(0, 2, false);
  renewed.is_stale("who was removed and becomes a member anew takes a seat");
  Draft accepted(stage, {org(0)}, people(6));
  accepted.change(0, 3, State::active, Event::accepted);
  accepted.limit_seats(0, 2, false);
  accepted.is_stale("who accepts takes a seat where the invited have none");
  Draft sitting(stage, {org(0)}, people(6));
  sitting.change(0, 3, State::active, Event::accepted);
  sitting.limit_seats(0, 3, true);
  sitting.succeeds("who accepts keeps the seat that the invitation had");
  Draft over(stage, {org(0)}, people(6));
  over.renew(0, 0);
  over.limit_seats(0, 3, true);
  over.succeeds("who was over, and begins anew, has the seat that it had");
  Draft promoted(stage, {org(0)}, people(6));
  promoted.change(0, 0, State::active, Event::role_changed, admin);
  promoted.limit_seats(0, 3, true);
  promoted.succeeds("another role takes no other seat");
}

/// Bounds are looked at when it is committed, on the state there is by then.
void seats_at_commit(Stage& stage) {
  put_members(stage, 1, 8);
  std::vector<std::unique_ptr<Draft>> drafts;
  for (std::uint32_t i = 1; i < 6; ++i) {
    drafts.push_back(std::make_unique<Draft>(stage, std::vector<OrganizationSelector>{org(0)}, people(8)));
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

void owners(Stage& stage) {
  using Change = void (*)(Draft&, std::uint32_t);
  static constexpr Change changes[] = {
      [](Draft& draft, std::uint32_t who) { draft.change(0, who, State::active, Event::role_changed, member); },
      [](Draft& draft, std::uint32_t who) { draft.change(0, who, State::suspended, Event::suspended); },
      [](Draft& draft, std::uint32_t who) { draft.remove(0, who); },
      [](Draft& draft, std::uint32_t who) {
        draft.changes.keeps_removed = false;
        draft.remove(0, who);
      },
  };
  for (const Change first : changes)
    for (const Change second : changes) {
      stage.fresh();
      put_members(stage, 2, 3, owner);
      Draft one(stage, {org(0), org(1)}, people(3)), other(stage, {org(0), org(1)}, people(3));
      first(one, 0);
      second(other, 1);
      one.keep_an_owner(0);
      other.keep_an_owner(0);
      one.succeeds("another owner is left");
      other.is_stale("the last owner would go");
    }
  Draft handed(stage, {org(0)}, people(3));
  handed.change(0, 1, State::active, Event::ownership_given_up, member);
  handed.add(0, 2, owner);
  handed.keep_an_owner(0);
  handed.succeeds("the last owner goes and another comes in the same commit");
}

void owners_who_count(Stage& stage) {
  put_members(stage, 1, 6, owner);
  Draft others(stage, {org(0), org(1)}, people(6));
  others.add(0, 1, owner, State::invited);
  others.add(0, 2, owner);
  others.add(0, 3, owner);
  others.add(0, 4, admin);
  others.add(1, 5, owner);
  others.succeeds("nobody of them is a member");
  stage.put(AccountRecord{.id = who(6)});
  stage.put(AccountRecord{.id = who(7)});
  Draft ends(stage, {org(0)}, {who(6)});
  ends.changes.valid_until = Time{9'000'000'000'000'000};
  ends.add(0, 0, owner);
  ends.succeeds("that account is no member");
  Draft states(stage, {org(0)}, people(6));
  states.change(0, 2, State::suspended, Event::suspended);
  states.remove(0, 3);
  states.succeeds("one is suspended, one is removed");
  Draft dated(stage, {org(0)}, {who(0), who(7)});
  dated.changes.valid_until = Time{9'000'000'000'000'000};
  dated.change(0, 0, State::active, Event::expiry_changed).dated = true;
  dated.add(0, 1, owner);
  dated.keep_an_owner(0);
  dated.is_stale("the last owner would get an end, and another comes with an end");
  Draft last(stage, {org(0)}, people(6));
  last.change(0, 0, State::active, Event::role_changed, admin);
  last.keep_an_owner(0);
  last.is_stale("invited, suspended and removed owners do not count, nor those with an end, nor those elsewhere");
  Draft wider(stage, {org(0)}, people(6));
  wider.change(0, 0, State::active, Event::role_changed, member);
  wider.keep_an_owner(0, {owner, admin});
  wider.succeeds("somebody is left with the other of two roles that own");
}

/// Without a list of roles the organization's own catalog defines the roles that own.
void owners_by_catalog(Stage& stage) {
  stage.put_organizations(2);
  stage.put_accounts(2);
  stage.put(org(0), Role{.id = admin, .rank = 2, .owns = true});
  stage.put(org(0), Role{.id = owner, .rank = 3});  // its name owns nothing
  stage.put(org(1), Role{.id = admin, .rank = 2});
  stage.put(org(1), Role{.id = owner, .rank = 3, .owns = true});
  Draft draft(stage, {org(0), org(1)}, people(2));
  for (std::uint32_t row = 0; row < 2; ++row) {
    draft.add(row, 0, admin);
    draft.add(row, 1, owner);
  }
  draft.succeeds("nobody is a member");
  for (std::uint32_t row = 0; row < 2; ++row) {
    Draft last(stage, {org(row)}, people(2));
    last.remove(0, row);
    last.keep_an_owner(0, {});
    last.is_stale("the last would go whose role owns in this organization's catalog");
    Draft other(stage, {org(row)}, people(2));
    other.remove(0, 1 - row);
    other.keep_an_owner(0, {});
    other.succeeds("a role that owns elsewhere only may go");
  }
}

/// A hundred clients read, and then all of them write: no commit is stale.
void adds_do_not_collide(Stage& stage) {
  constexpr std::uint32_t clients = 20;
  put_members(stage, 1, clients + 1, owner);
  std::vector<std::unique_ptr<Draft>> drafts;
  for (std::uint32_t i = 1; i <= clients; ++i) {
    drafts.push_back(std::make_unique<Draft>(stage, std::vector<OrganizationSelector>{org(0), org(1)},
                                             std::vector<AccountSelector>{who(i), who(1)}, who(0)));
    Draft& draft = *drafts.back();
    draft.guard_organization(0);
    draft.guard_actor(0);
    draft.guard_account(0);
    draft.guard_account(1);
    draft.limit_seats(0, 1000);
    draft.keep_an_owner(0);
    draft.add(0, 0);
    if (i == 1) draft.add(1, 0);
  }
  stage.chance.shuffle(drafts);
  for (const auto& draft : drafts)
    draft->succeeds("others were added meanwhile, and nothing that is guarded has changed");
}

constexpr Entry bound_entries[] = {
    {{"bounds/seats", "after a commit a guarded organization has at most so many members, or the commit is stale"},
     seats},
    {{"bounds/seats-by-state", "active members sit, invited ones if they are said to; suspended and removed do not"},
     seats_by_state},
    {{"bounds/seats-at-commit", "seats are counted when it is committed, not when it was read"}, seats_at_commit},
    {{"bounds/owners", "a guarded organization keeps an owner, however the last two go at once"}, owners},
    {{"bounds/owners-who-count", "members active for ever with a role that owns are owners, and nobody else"},
     owners_who_count},
    {{"bounds/owners-by-catalog", "without a list of roles the organization's catalog says which own"},
     owners_by_catalog},
    {{"bounds/adds-do-not-collide", "adds to one organization leave its version and its accounts' as they are"},
     adds_do_not_collide},
};

}  // namespace

std::span<const Entry> bound_laws() noexcept {
  return bound_entries;
}

}  // namespace conformance
ROSTER_END
