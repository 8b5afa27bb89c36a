// What fetch answers about the members of an organization as a whole, and about those who come and go: counts,
// inviters, requests that are older than a removal.
#include <string>

#include "draft.hpp"
#include "laws.hpp"

ROSTER_BEGIN
namespace conformance {

namespace {

using State = MembershipState;

void counts(Stage& stage) {
  stage.put(OrganizationRecord{.id = org(0), .seats_max = 7});
  stage.put(OrganizationRecord{.id = org(1)});
  stage.put(OrganizationRecord{.id = org(2), .seats_max = 0});
  stage.put(OrganizationRecord{.id = org(10), .parent = org(0)});
  stage.put_accounts(8);
  stage.put(org(0), Role{.id = admin, .rank = 2, .owns = true});
  stage.put(org(0), Role{.id = owner, .rank = 3, .owns = true});
  stage.put(org(1), Role{.id = member, .rank = 1, .owns = true});
  std::vector<AccountSelector> columns;
  for (std::uint32_t i = 0; i < 8; ++i) columns.emplace_back(who(i));
  Draft draft(stage, {org(0), org(1)}, columns);
  draft.add(0, 0, owner);
  draft.add(0, 1, owner);
  draft.add(0, 2, admin);
  draft.add(0, 3, member);
  draft.add(0, 4, owner, State::invited);
  draft.add(0, 5, owner);
  draft.add(0, 6, owner);
  draft.add(1, 0, member);
  draft.add(1, 7, owner);
  draft.succeeds("nobody is a member");
  Draft then(stage, {org(0)}, columns);
  then.change(0, 5, State::suspended, Event::suspended);
  then.remove(0, 6);
  then.changes.valid_until = Time{1};
  then.change(0, 1, State::active, Event::expiry_changed).dated = true;
  then.succeeds("one is suspended, one is removed, one will end or has ended");

  struct Case {
    const char* what;
    std::vector<RoleId> owners;
    std::uint32_t in_first, in_second;
  };
  for (const Case& it :
       {Case{"by the catalogs", {}, 2, 1}, Case{"for one role", {owner}, 1, 1},
        Case{"for two roles", {owner, admin}, 2, 1}, Case{"for a role that nobody has", {RoleId("x")}, 0, 0},
        Case{"for a role that is named twice", {owner, admin, owner, owner}, 2, 1},
        Case{"for the last of many roles", {RoleId("x"), RoleId("y"), RoleId("z"), owner}, 1, 1}}) {
    Ask ask;
    ask.organizations = {org(10), org(0), org(1), org(2), org(99)};
    ask.accounts = {who(99)};
    ask.counts = ask.parents = true;
    ask.owner_roles = it.owners;
    Facts facts;
    if (!stage.fetch(ask, facts)) return;
    const auto are = [&](std::uint32_t row, const MemberCounts& expected) {
      const MemberCounts& counts = facts.organizations[row].counts;
      const std::string in(facts.organizations[row].id.view());
      stage.expect(counts.seats_max == expected.seats_max, in + " has another number of seats than was put");
      stage.expect(counts.active == expected.active, in + " has another number of active members");
      stage.expect(counts.invited == expected.invited, in + " has another number of invited ones");
      stage.expect(counts.owners == expected.owners, in + " has another number of owners, " + it.what);
    };
    are(1, {7, 4, 1, it.in_first});
    are(2, {no_limit, 2, 0, it.in_second});
    are(3, {0, 0, 0, 0});
    are(0, {no_limit, 0, 0, 0});
    if (facts.organizations[0].parent != no_index) are(facts.organizations[0].parent, {7, 4, 1, it.in_first});
  }
}

/// What an answer says of who invited the only one who is invited.
InviterFact inviter_of(Stage& stage, std::uint32_t account) {
  Ask ask;
  ask.organizations = {org(1), org(0)};
  ask.accounts = {who(0), who(1), who(account)};
  ask.inviters = true;
  Facts facts;
  if (!stage.fetch(ask, facts)) return {};
  InviterFact found;
  for (std::uint32_t i = 0; i < facts.memberships.size(); ++i) {
    const MembershipFact& fact = facts.memberships[i];
    if (fact.state != State::invited)
      stage.expect(!facts.inviters[i].known, "an inviter is told of a membership that does not wait");
    if (fact.organization == 1 && fact.account == 2) found = facts.inviters[i];
  }
  // The index means nothing outside of this answer: what it stands for is told by whether it is an admin's.
  found.role = found.is_member && facts.roles[found.role].id == admin ? 1 : 0;
  return found;
}

void inviters(Stage& stage) {
  stage.put_organizations(2);
  stage.put_accounts(5);
  Draft start(stage, {org(0), org(1)}, {who(0), who(1)});
  start.add(0, 0, admin);
  start.add(0, 1, admin);
  start.add(1, 0, owner);
  start.succeeds("nobody is a member");
  Draft invites(stage, {org(0)}, {who(2), who(0)}, who(0));
  invites.add(0, 0, member, State::invited);
  invites.succeeds("that account is no member");
  Draft host(stage, {org(0)}, {who(3)});
  host.add(0, 0, member, State::invited);
  host.succeeds("that account is no member");
  if (stage.broken()) return;

  InviterFact inviter = inviter_of(stage, 2);
  stage.expect(inviter.known && inviter.is_member && inviter.role == 1, "the inviter is not told, as the member it is");
  stage.expect(invites.at(0, 1) != nullptr && inviter.version == invites.at(0, 1)->version,
               "the inviter's version is not that of the inviter's membership");
  stage.expect(!inviter_of(stage, 3).known, "an inviter is told where nobody in particular invited");

  const auto change = [&](std::uint32_t account, State to, Event event, const RoleId& role = {}) {
    Draft draft(stage, {org(0)}, {who(account)}, who(1));
    draft.change(0, 0, to, event, role);
    draft.succeeds("the membership has the version that was read");
  };
  change(2, State::invited, Event::role_changed, admin);
  inviter = inviter_of(stage, 2);
  stage.expect(inviter.known && inviter.is_member, "another role for the invited one makes the inviter forgotten");
  change(0, State::active, Event::role_changed, member);
  inviter = inviter_of(stage, 2);
  stage.expect(inviter.is_member && inviter.role == 0, "the inviter's role is not the one it has now");
  change(0, State::suspended, Event::suspended);
  stage.expect(!inviter_of(stage, 2).is_member, "an inviter who is suspended is told to be a member");
  change(0, State::active, Event::reactivated);
  stage.expect(inviter_of(stage, 2).is_member, "an inviter who was reactivated is told to be none");
  change(0, State::removed, Event::removed);
  inviter = inviter_of(stage, 2);
  stage.expect(inviter.known && !inviter.is_member, "an inviter who was removed is forgotten, or told to be a member");
  change(2, State::removed, Event::revoked);
  Draft again(stage, {org(0)}, {who(2)}, who(1));
  again.renew(0, 0, member, State::invited);
  again.succeeds("the invitation was revoked");
  inviter = inviter_of(stage, 2);
  stage.expect(inviter.known && inviter.is_member && inviter.role == 1,
               "who is invited anew is not told to be invited by the new inviter");
  // An invitation that was over is sent again, by another.
  Draft over(stage, {org(0)}, {who(2)}, who(3));
  over.change(0, 0, State::invited, Event::invited, member).dated = true;
  over.succeeds("the membership has the version that was read");
  inviter = inviter_of(stage, 2);
  stage.expect(inviter.known && !inviter.is_member, "an invitation that is sent again keeps its first inviter");
  // And again, by nobody in particular.
  Draft hosts(stage, {org(0)}, {who(2)});
  hosts.change(0, 0, State::invited, Event::invited);
  hosts.succeeds("the membership has the version that was read");
  stage.expect(!inviter_of(stage, 2).known, "an invitation that the host sends again keeps its inviter");
  // Who sent it leaves, and nothing of that membership stays.
  Draft third(stage, {org(0)}, {who(2)}, who(1));
  third.change(0, 0, State::invited, Event::invited);
  third.succeeds("the membership has the version that was read");
  Draft gone(stage, {org(0)}, {who(1)});
  gone.changes.keeps_removed = false;
  gone.remove(0, 0);
  gone.succeeds("the membership has the version that was read");
  inviter = inviter_of(stage, 2);
  stage.expect(inviter.known && !inviter.is_member, "an invitation is forgotten, or its inviter told to be there");
  Draft there(stage, {org(0)}, {who(2)});
  if (!stage.expect(there.at(0, 0) != nullptr && there.at(0, 0)->state == State::invited,
                    "an invitation went with who had sent it"))
    return;
  Draft accepted(stage, {org(0)}, {who(2)}, who(2));
  accepted.change(0, 0, State::active, Event::accepted);
  accepted.succeeds("the membership has the version that was read");
  stage.expect(!inviter_of(stage, 2).known, "an inviter is told of a membership that was accepted");
}

void outdated(Stage& stage) {
  stage.put_organizations(1);
  stage.put_accounts(3);
  const std::vector<AccountSelector> columns = {who(0), who(1), who(2)};
  Draft added(stage, {org(0)}, columns);
  for (std::uint32_t i = 0; i < 3; ++i) added.add(0, i);
  added.succeeds("nobody is a member");
  Draft changed(stage, {org(0)}, columns);
  changed.change(0, 0, State::active, Event::role_changed, admin);
  changed.change(0, 1, State::active, Event::role_changed, admin);
  changed.succeeds("the memberships have the versions that were read");
  Draft ended(stage, {org(0)}, columns);
  ended.remove(0, 0);
  ended.change(0, 1, State::suspended, Event::suspended);
  ended.succeeds("the memberships have the versions that were read");
  Draft role(stage, {org(0)}, columns);
  role.change(0, 1, State::suspended, Event::role_changed, member);  // it is suspended as before
  role.succeeds("the membership has the version that was read");
  const auto told = [&](const RequestKey& request, Time asked_at, bool expected, const char* what) {
    Ask ask;
    ask.organizations = {org(0)};
    ask.accounts = columns;
    ask.request = request;
    ask.asked_at = asked_at;
    Facts facts;
    if (!stage.fetch(ask, facts)) return;
    if (!stage.expect(facts.memberships.size() == 3, "not everybody who was there, or is, is in the answer")) return;
    for (std::uint32_t i = 0; i < 2; ++i)
      stage.expect(facts.memberships[i].outdated == expected,
                   (i == 0 ? "of a removed membership: " : "of a suspended membership: ") + std::string(what));
    stage.expect(!facts.memberships[2].outdated, "an active membership is told to be later than a request");
  };
  const auto at = static_cast<std::int64_t>(ended.changes.at);
  told(changed.changes.request, Time{}, true, "the request that had written it before is not told to be older");
  told(added.changes.request, Time{}, false, "a request that wrote it before others did is told to be the last");
  told(ended.changes.request, Time{}, false, "the request that ended it is told to be older");
  told(stage.fresh_request(), Time{}, false, "a request that never wrote it is told to be older");
  told(RequestKey(), Time{}, false, "nothing is told of the request, and it is told to be older");
  told(RequestKey(), Time{at}, true, "a request made at that moment is not told to be older");
  told(RequestKey(), Time{at - 1}, true, "a request made a microsecond before is not told to be older");
  told(RequestKey(), Time{at + 1}, false, "a request made a microsecond after is told to be older");
  told(changed.changes.request, Time{at + 1}, true, "the time hides that the request had written it before");

  Draft removed(stage, {org(0)}, columns);
  removed.remove(0, 1);  // it was suspended
  removed.succeeds("the membership has the version that was read");
  Ask ask;
  ask.organizations = {org(0)};
  ask.accounts = {who(1)};
  ask.request = role.changes.request;
  Facts facts;
  if (stage.fetch(ask, facts) && stage.expect(facts.memberships.size() == 1, "a removed membership left no tombstone"))
    stage.expect(facts.memberships[0].outdated,
                 "the request that wrote it while it was suspended is not told to be older");
}

/// Four who were never away, and four who came back: a suspended member again, a removed one as somebody new, one whose
/// time was over, and one who was invited again and has accepted.
void returned(Stage& stage) {
  stage.put_organizations(1);
  stage.put_accounts(9);
  std::vector<AccountSelector> columns;
  for (std::uint32_t i = 0; i < 8; ++i) columns.emplace_back(who(i));
  std::int64_t at = 0;  // of the last commit
  const auto commit = [&](const auto& write) {
    Draft draft(stage, {org(0)}, columns, who(8));
    write(draft);
    draft.succeeds("everything is as it was read");
    at = static_cast<std::int64_t>(draft.changes.at);
    return draft.changes.request;
  };
  const RequestKey added = commit([](Draft& draft) {
    for (std::uint32_t i = 0; i < 8; ++i) draft.add(0, i, member, i == 1 || i == 2 ? State::invited : State::active);
  });
  commit([](Draft& draft) {
    draft.change(0, 2, State::active, Event::accepted);
    draft.change(0, 3, State::active, Event::role_changed, admin);
  });
  const RequestKey ended = commit([](Draft& draft) {
    draft.change(0, 4, State::suspended, Event::suspended);
    draft.remove(0, 5);
    draft.change(0, 6, State::active, Event::role_changed);
    draft.remove(0, 7);
  });
  const RequestKey back = commit([](Draft& draft) {
    draft.change(0, 4, State::active, Event::reactivated);
    draft.renew(0, 5);
    draft.change(0, 6, State::active, Event::reactivated);  // by the core's reckoning its time was over
    draft.renew(0, 7, member, State::invited);
  });
  const std::int64_t back_at = at;
  const auto told = [&](const RequestKey& request, std::int64_t asked_at, bool expected, const std::string& what) {
    Ask ask;
    ask.organizations = {org(0)};
    ask.accounts = columns;
    ask.request = request;
    ask.asked_at = Time{asked_at};
    Facts facts;
    if (!stage.fetch(ask, facts) || !stage.expect(facts.memberships.size() == 8, "not every member is in the answer"))
      return;
    for (std::uint32_t i = 0; i < 4; ++i)
      stage.expect(!facts.memberships[i].outdated,
                   "a membership that was never away is told to be later than a request");
    for (std::uint32_t i = 4; i < 8; ++i)
      stage.expect(facts.memberships[i].outdated == expected, "of a membership that came back: " + what);
  };
  const auto all = [&](const std::string& since) {
    told(ended, 0, true, "the request that had written it before is not told to be older" + since);
    told(added, 0, false, "a request that wrote it before others did is told to be the last" + since);
    told(back, 0, false, "the request that brought it back is told to be older" + since);
    told(stage.fresh_request(), 0, false, "a request that never wrote it is told to be older" + since);
    told(RequestKey(), 0, false, "nothing is told of the request, and it is told to be older" + since);
    told(RequestKey(), back_at, true, "a request made at that moment is not told to be older" + since);
    told(RequestKey(), back_at + 1, false, "a request made a microsecond after is told to be older" + since);
    told(ended, back_at + 1, true, "the time hides that the request had written it before" + since);
  };
  all("");
  commit([](Draft& draft) {
    draft.change(0, 4, State::active, Event::role_changed, admin);
    draft.change(0, 5, State::active, Event::expiry_changed).dated = true;
    draft.change(0, 6, State::active, Event::ownership_given, owner);
    draft.change(0, 7, State::active, Event::accepted);
  });
  all(", once others have changed it since");
}

constexpr Entry member_entries[] = {
    {{"facts/counts", "seats, active and invited members and owners are counted, of parents too, if it is asked"},
     counts},
    {{"facts/inviters", "who invited somebody is told as the member it is now, while the invitation waits"}, inviters},
    {{"facts/outdated",
      "who is suspended or removed tells whether the request is older, by key and to the microsecond"},
     outdated},
    {{"facts/returned",
      "who came back tells whether the request is older, whatever was changed since; who was never away does not"},
     returned},
};

}  // namespace

std::span<const Entry> member_laws() noexcept {
  return member_entries;
}

}  // namespace conformance
ROSTER_END
