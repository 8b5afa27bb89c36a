// The writes of a commit: everything or nothing, visible at once.
#include "draft.hpp"
#include "laws.hpp"
#include "picture.hpp"

ROSTER_BEGIN
namespace conformance {

namespace {

void added(Stage& stage) {
  stage.put_organizations(2);
  stage.put_accounts(3);
  Draft draft(stage, {org(0), org(1)}, {who(0), who(1), who(2)});
  const MembershipId ids[] = {draft.add(0, 0, owner), draft.add(0, 1, member, MembershipState::invited),
                              draft.add(1, 2, admin)};
  draft.succeeds("nobody is a member");
  Draft look(stage, {org(0), org(1)}, {who(0), who(1), who(2)}, who(0));
  if (!stage.expect(look.facts().memberships.size() == 3, "there are not the three memberships that were added"))
    return;
  const RoleId roles[] = {owner, member, admin};
  for (std::uint32_t i = 0; i < 3; ++i) {
    const MembershipFact& fact = look.facts().memberships[i];
    stage.expect(fact.organization == i / 2 && fact.account == i, "a membership was added to another pair");
    stage.expect(fact.id == ids[i], "a membership has another id than it was added with");
    stage.expect(look.facts().roles[fact.role].id == roles[i], "a membership has another role than it was added with");
    stage.expect(fact.state == (i == 1 ? MembershipState::invited : MembershipState::active),
                 "a membership has another state than it was added with");
  }
  stage.expect(look.facts().organizations[0].actor_is_member, "who was added is no actor yet");
}

void created(Stage& stage) {
  stage.put_organizations(2);
  stage.put_accounts(1);
  const Email zoe = address("Zoe@Example.org"), ann = address("ann@example.org");
  Draft draft(stage, {org(0), org(1)}, {who(0), zoe});
  const std::uint32_t first = draft.create(who(10), zoe), second = draft.create(who(11), ann, true);
  const std::uint32_t third = draft.create(who(12));
  draft.add(0, first);
  draft.add(1, second, admin, MembershipState::invited);
  draft.add(1, 0);
  draft.add(1, third);
  draft.succeeds("neither ids nor addresses are in use");
  Draft look(stage, {org(0), org(1)}, {zoe, who(11), ann, who(12), who(10)});
  if (stage.broken()) return;
  const Facts& facts = look.facts();
  stage.expect(facts.accounts[0].id == who(10) && facts.accounts[4].id == who(10), "a created account is not found");
  stage.expect(facts.accounts[1].id == who(11) && facts.accounts[2].id == who(11), "a created account is not found");
  stage.expect(facts.accounts[3].id == who(12), "an account created without an address is not found");
  stage.expect(!facts.accounts[0].invited && facts.accounts[1].invited, "`invited` is not as it was created");
  stage.expect(!facts.accounts[0].disabled && !facts.accounts[0].verified, "a created account is disabled or verified");
  stage.expect(look.at(0, 0) != nullptr && look.at(1, 1) != nullptr && look.at(1, 3) != nullptr &&
                   look.at(0, 1) == nullptr && look.at(1, 0) == nullptr,
               "the memberships of created accounts are not those that were added");
}

/// Everything a store keeps, so that a commit which leaves a trace is found out.
void put_everything(Stage& stage) {
  stage.put_organizations(2);
  stage.put_accounts(5);
  stage.put(AccountRecord{.id = who(5), .email = address("zoe@example.org")});
  Draft first(stage, {org(0), org(1)}, {who(0), who(1), who(2), who(3)}, who(0));
  first.add(0, 0, owner);
  first.add(0, 1);
  first.add(0, 2);
  first.add(0, 3, member, MembershipState::invited);
  first.add(1, 0, admin);
  first.succeeds("nobody is a member");
  Draft second(stage, {org(0)}, {who(1), who(2)}, who(0));
  second.change(0, 0, MembershipState::suspended, Event::suspended);
  second.remove(0, 1);
  second.succeeds("the memberships have the versions that were read");
}

/// Writes one of everything.
void write_everything(Draft& draft) {
  const std::uint32_t kim = draft.create(who(20), address("kim@example.org"));
  draft.add(0, kim);
  draft.add(1, 4);
  draft.add(0, 4, admin, MembershipState::invited);
  draft.change(0, 0, MembershipState::active, Event::role_changed, admin);
  draft.change(0, 1, MembershipState::active, Event::reactivated);
  draft.renew(0, 2);
  draft.remove(0, 3);
}

void stale_writes_nothing(Stage& stage) {
  put_everything(stage);
  const std::vector<OrganizationSelector> rows = {org(0), org(1)};
  const std::vector<AccountSelector> columns = {who(0), who(1), who(2), who(3), who(4), address("zoe@example.org")};
  constexpr int ways = 11;
  for (int way = 0; way < ways; ++way) {
    Draft draft(stage, rows, columns, who(0));
    write_everything(draft);
    switch (way) {
      case 0: draft.guard(Guard::Record::organization, 1, 0, Version{0xFFFFFFF}); break;
      case 1: draft.guard(Guard::Record::account, 0, 4, Version{0xFFFFFFF}); break;
      case 2: draft.guard(Guard::Record::membership, 1, 0, Version{0xFFFFFFF}); break;
      case 3: draft.guard(Guard::Record::actor, 1, 0, Version{0xFFFFFFF}); break;
      case 4: draft.guard(Guard::Record::inviter, 0, 3, Version{0xFFFFFFF}); break;
      case 5: draft.limit_seats(0, 1); break;
      case 6: draft.keep_an_owner(0, {RoleId("nobody's")}); break;
      case 7: draft.add(1, 0); break;  // a pair in use, behind everything else
      case 8: draft.create(who(5)); break;
      case 9: draft.create(who(21), address("ZOE@example.org")); break;
      case 10:
        draft.change(1, 0, MembershipState::active, Event::role_changed, owner).version = Version{0xFFFFFFF};
        break;
      default: break;
    }
    const Picture before = picture(stage);
    if (!draft.is_stale("one of its checks fails")) return;
    const Picture after = picture(stage);
    if (!stage.expect(before == after, "a commit that was stale wrote: " + difference(before, after))) return;
  }
  Draft sound(stage, rows, columns, who(0));
  write_everything(sound);
  sound.succeeds("the same change set, with nothing wrong in it");
}

void nothing(Stage& stage) {
  put_everything(stage);
  const Picture before = picture(stage);
  Draft draft(stage, {org(0)}, {who(0)});
  draft.guard_organization(0);
  draft.succeeds("there is nothing to write, and the guard holds");
  Draft stale(stage, {org(0)}, {who(0)});
  stale.guard(Guard::Record::organization, 0, 0, Version{0xFFFFFFF});
  stale.is_stale("there is nothing to write, and the guard does not hold");
  const Picture after = picture(stage);
  stage.expect(before == after, "a commit without entries wrote: " + difference(before, after));
}

/// A commit decides nothing: the core judges authorization, disabled accounts and roles.
void no_decision(Stage& stage) {
  stage.put(OrganizationRecord{.id = org(0), .joinable = false, .seats_max = 0});
  stage.put(org(0), Role{.id = owner, .rank = 3, .assignable = false, .owns = true});
  stage.put(AccountRecord{.id = who(0), .disabled = true});
  stage.put(AccountRecord{.id = who(1), .invited = true});
  stage.put(AccountRecord{.id = who(2)});
  Draft added(stage, {org(0)}, {who(0), who(1), who(2)});
  added.add(0, 0, RoleId("of no catalog"));
  added.add(0, 1, owner);
  added.add(0, 2);
  added.succeeds("nobody is a member, and nothing is guarded");
  Draft changed(stage, {org(0)}, {who(0), who(1), who(2)}, who(2));
  changed.change(0, 0, MembershipState::active, Event::role_changed, owner);
  changed.change(0, 1, MembershipState::active, Event::role_changed, RoleId("of no catalog either"));
  changed.change(0, 2, MembershipState::removed, Event::left);
  changed.succeeds("the memberships have the versions that were read, and nothing is guarded");
  Draft last(stage, {org(0)}, {who(0)}, who(98));  // an actor without an account, and no guard on it
  last.remove(0, 0);
  last.succeeds("the last owner goes, and nothing is guarded");
}

/// A command of many tiles is as many commits, all of them under its key.
void one_request_many_commits(Stage& stage) {
  stage.put_organizations(1);
  stage.put_accounts(4);
  const std::vector<AccountSelector> columns = {who(0), who(1), who(2), who(3)};
  RequestKey request;
  for (std::uint32_t i = 0; i < 4; ++i) {
    Draft draft(stage, {org(0)}, columns);
    if (i == 0)
      request = draft.changes.request;
    else
      draft.sign(request);
    draft.add(0, i);
    draft.succeeds("a further part of the same request adds somebody else");
  }
  Draft changed(stage, {org(0)}, columns);
  changed.sign(request);
  changed.change(0, 0, MembershipState::active, Event::role_changed, admin);
  changed.succeeds("a further part of the same request changes somebody");
  Ask ask;
  ask.organizations = {org(0)};
  ask.accounts = columns;
  ask.request = request;
  Facts facts;
  if (!stage.fetch(ask, facts)) return;
  stage.expect(facts.memberships.size() == 4, "not all parts of a request were written");
  for (const MembershipFact& fact : facts.memberships)
    stage.expect(fact.written_by_request(), "a part of a request does not remember it");
}

/// Entries and guards name rows and columns by their places in the facts, also where some were not found.
void positions(Stage& stage) {
  stage.put_organizations(3);
  stage.put_accounts(3);
  const Email mail = address("zoe@example.org"), none = address("none@example.org");
  stage.put(AccountRecord{.id = who(5), .email = mail});
  const std::vector<OrganizationSelector> rows = {org(98), org(0), Slug("none"), org(1), org(99), org(2)};
  const std::vector<AccountSelector> columns = {none, who(0), who(97), mail, who(98), who(1)};
  Draft start(stage, rows, columns);
  start.add(1, 1, owner);
  start.add(5, 1, owner);
  start.succeeds("nobody is a member");
  Draft draft(stage, rows, columns, who(0));
  const std::uint32_t kim = draft.create(who(20)), ann = draft.create(who(21));
  draft.add(3, 3);
  draft.add(5, 5, admin);
  draft.add(1, kim, owner);
  draft.add(3, ann, admin);
  draft.change(5, 1, MembershipState::active, Event::role_changed, member);
  draft.guard_organization(3);
  draft.guard_account(5);
  draft.guard_membership(5, 1);
  draft.guard_actor(5);
  draft.limit_seats(3, 2);
  draft.keep_an_owner(1);
  draft.succeeds("every place is that of a record which was found");
  Draft look(stage, {org(0), org(1), org(2)}, {who(0), who(1), who(5), who(20), who(21)});
  const std::pair<std::uint32_t, std::uint32_t> members[] = {{0, 0}, {0, 3}, {1, 2}, {1, 4}, {2, 0}, {2, 1}};
  stage.expect(look.facts().memberships.size() == std::size(members), "somebody was added elsewhere");
  for (const auto& [row, column] : members)
    stage.expect(look.at(row, column) != nullptr, "somebody was added elsewhere");
}

/// A missing address does not collide with another missing address.
void created_without_address(Stage& stage) {
  stage.put_organizations(1);
  stage.put_accounts(2);
  for (std::uint32_t round = 0; round < 2; ++round) {
    Draft draft(stage, {org(0)}, {who(0)});
    for (std::uint32_t i = 0; i < 3; ++i) draft.add(0, draft.create(who(1000 + 10 * round + i)));
    draft.succeeds("accounts without an address have no key that could be in use");
  }
  Draft look(stage, {org(0)}, {who(1000), who(1001), who(1002), who(1010), who(1011), who(1012)});
  for (std::uint32_t i = 0; i < 6; ++i)
    stage.expect(look.at(0, i) != nullptr, "an account that was created without an address is not there");
  // It has a version as any other.
  Draft late(stage, {org(0)}, {who(1001), who(0)}), kept(stage, {org(0)}, {who(1002), who(1)});
  for (Draft* const draft : {&late, &kept}) {
    draft->guard_account(0);
    draft->add(0, 1);
  }
  stage.put(AccountRecord{.id = who(1001), .disabled = true});
  late.is_stale("an account that was created was put again after it was read");
  kept.succeeds("an account that was created is as it was read");
}

constexpr Entry commit_entries[] = {
    {{"commit/added", "a membership is added to its pair with its id, role and state, and is seen at once"}, added},
    {{"commit/created", "an account is created with its id, address and flag, and joins in the same commit"}, created},
    {{"commit/stale-writes-nothing", "whichever check fails, a commit that is stale leaves everything as it was"},
     stale_writes_nothing},
    {{"commit/created-without-address", "accounts without an address are created in any number, and guarded as others"},
     created_without_address},
    {{"commit/positions", "entries and guards name records by their places, also beside what was not found"},
     positions},
    {{"commit/one-request-many-commits", "one request may commit as often as it has parts, and each part remembers it"},
     one_request_many_commits},
    {{"commit/no-decision", "what is not guarded is written: who may join, and as what, is not the store's to say"},
     no_decision},
    {{"commit/nothing", "a change set without entries checks its guards and writes nothing"}, nothing},
};

}  // namespace

std::span<const Entry> commit_laws() noexcept {
  return commit_entries;
}

}  // namespace conformance
ROSTER_END
