// The conditions of a commit: the guards that name a version.
#include <memory>
#include <utility>

#include "draft.hpp"
#include "laws.hpp"

ROSTER_BEGIN
namespace conformance {

namespace {

void organization(Stage& stage) {
  stage.put_organizations(2);
  stage.put_accounts(3);
  Draft kept(stage, {org(0)}, {who(0)});
  kept.guard_organization(0);
  kept.add(0, 0);
  kept.succeeds("the organization has the version that was read");

  Draft late(stage, {org(0), org(1)}, {who(1)});
  late.guard_organization(0);
  late.add(1, 0);  // a guard may also be on a record without a write
  stage.put(OrganizationRecord{.id = org(0), .joinable = false});
  late.is_stale("the organization was changed after it was read");

  Draft by_role(stage, {org(1)}, {who(1)});
  by_role.guard_organization(0);
  by_role.add(0, 0);
  stage.put(org(1), Role{.id = admin, .rank = 2});
  by_role.is_stale("the organization's catalog was changed after it was read");

  Draft again(stage, {org(1)}, {who(1)});
  again.guard_organization(0);
  again.add(0, 0);
  again.succeeds("it was read again");
}

void account(Stage& stage) {
  stage.put_organizations(1);
  stage.put_accounts(2);
  Draft late(stage, {org(0)}, {who(0), who(1)});
  late.guard_account(1);
  late.add(0, 0);
  stage.put(AccountRecord{.id = who(1), .disabled = true});
  late.is_stale("the account was changed after it was read");
  Draft again(stage, {org(0)}, {who(0), who(1)});
  again.guard_account(0);
  again.guard_account(1);
  again.add(0, 0);
  again.succeeds("both accounts have the versions that were read");
}

void put_members(Stage& stage, std::uint32_t accounts) {
  stage.put_organizations(2);
  stage.put_accounts(accounts);
  Draft draft(stage, {org(0)}, people(accounts));
  for (std::uint32_t i = 0; i < accounts; ++i) draft.add(0, i);
  draft.succeeds("nobody is a member");
}

void membership(Stage& stage) {
  put_members(stage, 2);
  Draft late(stage, {org(0), org(1)}, {who(0)});
  late.guard_membership(0, 0);
  late.add(1, 0);
  Draft change(stage, {org(0)}, {who(0)});
  change.change(0, 0, MembershipState::active, Event::role_changed, admin);
  change.succeeds("the membership has the version that was read");
  late.is_stale("the membership was changed after it was read");

  Draft other(stage, {org(0), org(1)}, {who(0), who(1)});
  other.guard_membership(0, 1);
  other.add(1, 0);
  Draft meanwhile(stage, {org(0)}, {who(0)});
  meanwhile.change(0, 0, MembershipState::active, Event::role_changed, member);
  meanwhile.succeeds("the membership has the version that was read");
  other.succeeds("another membership is guarded than was changed");
}

void membership_gone(Stage& stage) {
  for (const bool keeps : {true, false}) {
    stage.fresh();
    put_members(stage, 1);
    Draft late(stage, {org(0), org(1)}, {who(0)});
    late.guard_membership(0, 0);
    late.add(1, 0);
    Draft removal(stage, {org(0)}, {who(0)});
    removal.changes.keeps_removed = keeps;
    removal.remove(0, 0);
    removal.succeeds("the membership has the version that was read");
    late.is_stale(keeps ? "the guarded membership was removed" : "the guarded membership was removed without a trace");
  }
}

void actor(Stage& stage) {
  put_members(stage, 4);
  const auto add_by = [&](std::uint32_t by) {
    auto draft = std::make_unique<Draft>(stage, std::vector<OrganizationSelector>{org(0), org(1)},
                                         std::vector<AccountSelector>{who(0)}, who(by));
    draft->guard_actor(0);
    return draft;
  };
  auto demoted = add_by(1), removed = add_by(2), suspended = add_by(3), kept = add_by(0);
  for (Draft* late : {demoted.get(), removed.get(), suspended.get(), kept.get()}) late->add(1, 0);
  Draft meanwhile(stage, {org(0)}, {who(1), who(2), who(3)});
  meanwhile.change(0, 0, MembershipState::active, Event::role_changed, admin);
  meanwhile.remove(0, 1);
  meanwhile.change(0, 2, MembershipState::suspended, Event::suspended);
  meanwhile.succeeds("the memberships have the versions that were read");
  demoted->is_stale("the actor got another role after it was read");
  removed->is_stale("the actor was removed after it was read");
  suspended->is_stale("the actor was suspended after it was read");
  kept->succeeds("the actor's membership is as it was read");
}

/// A guard names a version; a membership that is not active has one too, and must not pass for an actor.
void actor_is_active(Stage& stage) {
  put_members(stage, 3);
  stage.put(AccountRecord{.id = who(3)});
  Draft invites(stage, {org(0)}, {who(3)}, who(0));
  invites.add(0, 0, owner, MembershipState::invited);
  invites.succeeds("that account is no member");
  Draft meanwhile(stage, {org(0)}, {who(1), who(2)});
  meanwhile.remove(0, 0);
  meanwhile.change(0, 1, MembershipState::suspended, Event::suspended);
  meanwhile.succeeds("the memberships have the versions that were read");
  for (std::uint32_t by = 1; by < 4; ++by) {
    Draft late(stage, {org(0), org(1)}, {who(0), who(by)}, who(by));
    const MembershipFact* const own = late.at(0, 1);
    if (own == nullptr)
      return stage.fail("fetch: the membership of who was suspended, removed or invited is not in the answer");
    late.guard(Guard::Record::actor, 0, 0, own->version);
    late.add(1, 0);
    late.is_stale("the actor has that version, and is not active");
  }
  Draft nobody(stage, {org(0), org(1)}, {who(0)}, who(99));
  nobody.guard(Guard::Record::actor, 0, 0, Version{});
  nobody.add(1, 0);
  nobody.is_stale("the actor is nobody");
}

void inviter(Stage& stage) {
  put_members(stage, 3);
  stage.put(AccountRecord{.id = who(10)});
  stage.put(AccountRecord{.id = who(11)});
  for (std::uint32_t i = 0; i < 2; ++i) {  // who(1) invites who(10), who(2) invites who(11)
    Draft draft(stage, {org(0)}, {who(10 + i)}, who(1 + i));
    draft.add(0, 0, member, MembershipState::invited);
    draft.succeeds("that account is no member");
  }
  const auto accept = [&](std::uint32_t invited) {
    auto draft = std::make_unique<Draft>(stage, std::vector<OrganizationSelector>{org(0)},
                                         std::vector<AccountSelector>{who(invited)}, who(invited));
    draft->change(0, 0, MembershipState::active, Event::accepted);
    return draft;
  };
  const auto change = [&](std::uint32_t account, MembershipState to, Event event, const RoleId& role = {}) {
    Draft draft(stage, {org(0)}, {who(account)});
    draft.change(0, 0, to, event, role);
    draft.succeeds("the membership has the version that was read");
  };
  auto demoted = accept(10);
  demoted->guard_inviter(0, 0);
  change(1, MembershipState::active, Event::role_changed, admin);
  demoted->is_stale("the inviter got another role after it was read");

  auto suspended = accept(10), then = accept(10);
  suspended->guard_inviter(0, 0);
  change(1, MembershipState::suspended, Event::suspended);
  suspended->is_stale("the inviter was suspended after it was read");
  Draft own(stage, {org(0)}, {who(1)});
  if (own.at(0, 0) == nullptr) return stage.fail("fetch: a suspended membership is not in the answer");
  then->guard(Guard::Record::inviter, 0, 0, own.at(0, 0)->version);
  then->is_stale("the inviter has that version, and is not active");

  change(1, MembershipState::removed, Event::removed);
  Draft back(stage, {org(0)}, {who(1)}, who(0));
  back.renew(0, 0, member, MembershipState::invited);
  back.succeeds("the inviter was removed");
  auto invited = accept(10);
  Draft waits(stage, {org(0)}, {who(1)});
  if (waits.at(0, 0) == nullptr) return stage.fail("fetch: an invited membership is not in the answer");
  invited->guard(Guard::Record::inviter, 0, 0, waits.at(0, 0)->version);
  invited->is_stale("the inviter has that version, and is only invited");

  auto removed = accept(11), kept = accept(11);
  removed->guard_inviter(0, 0);
  change(0, MembershipState::active, Event::role_changed, admin);  // another than the inviter
  kept->guard_inviter(0, 0);
  kept->changes.changed.clear();  // who(11) remains invited
  kept->succeeds("the inviter is as it was read");
  change(2, MembershipState::removed, Event::removed);
  removed->is_stale("the inviter was removed after it was read");

  auto revoked = accept(10);
  Draft gone(stage, {org(0)}, {who(10)});
  gone.changes.keeps_removed = false;
  gone.remove(0, 0);
  gone.succeeds("the invitation has the version that was read");
  revoked->changes.changed.clear();
  revoked->guard(Guard::Record::inviter, 0, 0, Version{});
  revoked->is_stale("the invitation is gone, and with it its inviter");

  Draft not_invited(stage, {org(0)}, {who(0)});
  not_invited.guard(Guard::Record::inviter, 0, 0, Version{});
  not_invited.change(0, 0, MembershipState::active, Event::role_changed, member);
  not_invited.is_stale("nobody is known to have invited that member");
}

void changed(Stage& stage) {
  put_members(stage, 1);
  Draft first(stage, {org(0)}, {who(0)}), second(stage, {org(0)}, {who(0)});
  first.change(0, 0, MembershipState::active, Event::role_changed, admin);
  second.change(0, 0, MembershipState::active, Event::role_changed, owner);
  first.succeeds("the membership has the version that was read");
  second.is_stale("the membership to be changed has another version by now");
  Draft wrong(stage, {org(0)}, {who(0)});
  wrong.change(0, 0, MembershipState::active, Event::role_changed, owner).id = stage.fresh_id();
  wrong.is_stale("the membership to be changed has another id");
  Draft nobody(stage, {org(0), org(1)}, {who(0)});
  nobody.change(0, 0, MembershipState::active, Event::role_changed, owner).organization = 1;
  nobody.is_stale("there is no membership to be changed");
}

void unknown_records(Stage& stage) {
  stage.put_organizations(1);
  stage.put_accounts(1);
  Draft nowhere(stage, {org(9)}, {who(0)});
  nowhere.add(0, 0);
  nowhere.is_stale("the organization is not there");
  Draft nobody(stage, {org(0)}, {who(9)});
  nobody.add(0, 0);
  nobody.is_stale("the account is not there");
  // The facts have them. They were removed since, and only their ids reveal it.
  Draft gone(stage, {org(0)}, {who(0)});
  if (stage.broken()) return;
  List<OrganizationFact, 2> organizations;
  List<AccountFact, 1> accounts;
  if (!organizations.assign(gone.facts().organizations.span()) || !accounts.assign(gone.facts().accounts.span()))
    return stage.fail("the kit has no memory");
  organizations[0].id = org(9);
  gone.changes.organizations = std::as_const(organizations).span();
  gone.add(0, 0);
  gone.is_stale("the organization's id is nobody's, whatever its locator says");
  organizations[0].id = org(0);
  accounts[0].id = who(9);
  gone.changes.accounts = std::as_const(accounts).span();
  gone.is_stale("the account's id is nobody's, whatever its locator says");
}

constexpr Entry guard_entries[] = {
    {{"guards/organization", "a guarded organization still has the version that was read, or the commit is stale"},
     organization},
    {{"guards/account", "a guarded account still has the version that was read"}, account},
    {{"guards/membership", "a guarded membership still has the version that was read"}, membership},
    {{"guards/membership-gone", "a guarded membership that was removed has not the version that was read"},
     membership_gone},
    {{"guards/actor", "the actor's membership still has the version that was read"}, actor},
    {{"guards/actor-is-active",
      "an actor who is invited, suspended, removed or nobody is not one, whatever the version"},
     actor_is_active},
    {{"guards/inviter", "the membership of whoever invited still has the version that was read, and is active"},
     inviter},
    {{"guards/changed", "a membership is changed only if it has the id and the version named"}, changed},
    {{"guards/unknown-records", "what is written to exists under its id, or the commit is stale"}, unknown_records},
};

}  // namespace

std::span<const Entry> guard_laws() noexcept {
  return guard_entries;
}

}  // namespace conformance
ROSTER_END
