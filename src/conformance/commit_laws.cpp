// What a commit writes: everything or nothing, to be seen at once.
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

constexpr Entry commit_entries[] = {
    {{"commit/added", "a membership is added to its pair with its id, role and state, and is seen at once"}, added},
    {{"commit/created", "an account is created with its id, address and flag, and joins in the same commit"}, created},
    {{"commit/stale-writes-nothing", "whichever check fails, a commit that is stale leaves everything as it was"},
     stale_writes_nothing},
    {{"commit/nothing", "a change set without entries checks its guards and writes nothing"}, nothing},
};

}  // namespace

std::span<const Entry> commit_laws() noexcept {
  return commit_entries;
}

}  // namespace conformance
ROSTER_END
