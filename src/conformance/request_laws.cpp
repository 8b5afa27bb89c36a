// The requests that a membership recognises: the last writer, the one before, and those older than its end or its
// return.
#include <algorithm>
#include <string>

#include "draft.hpp"
#include "laws.hpp"

ROSTER_BEGIN
namespace conformance {

namespace {

using State = MembershipState;

void written_by_request(Stage& stage) {
  stage.put_organizations(1);
  stage.put_accounts(4);
  const std::vector<AccountSelector> columns = {who(0), who(1), who(2), who(3)};
  Draft first(stage, {org(0)}, columns), second(stage, {org(0)}, columns);
  first.add(0, 0);
  first.add(0, 1);
  second.add(0, 2);
  first.succeeds("nobody is a member");
  second.succeeds("that account is no member");
  Draft third(stage, {org(0)}, columns);
  third.change(0, 1, MembershipState::active, Event::role_changed, admin);
  third.succeeds("the membership has the version that was read");

  Ask ask;
  ask.organizations = {org(0)};
  ask.accounts = columns;
  const auto wrote = [&](const RequestKey& request, std::vector<std::uint32_t> expected) {
    ask.request = request;
    Facts facts;
    if (!stage.fetch(ask, facts)) return;
    for (const MembershipFact& fact : facts.memberships) {
      const bool by_it = std::find(expected.begin(), expected.end(), fact.account) != expected.end();
      stage.expect(
          fact.written_by_request() == by_it,
          text_of(columns[fact.account]) + (by_it ? " was last written by the request, and is told otherwise"
                                                  : " was not last written by the request, and is told to be"));
    }
  };
  wrote(first.changes.request, {0});
  wrote(second.changes.request, {2});
  wrote(third.changes.request, {1});
  wrote(stage.fresh_request(), {});
  wrote(RequestKey(), {});
}

/// The fingerprint is not compared: the store returns it.
void fingerprint(Stage& stage) {
  stage.put_organizations(1);
  stage.put_accounts(4);
  const std::vector<AccountSelector> columns = {who(0), who(1), who(2), who(3)};
  Draft added(stage, {org(0)}, columns);
  for (std::uint32_t i = 0; i < 4; ++i) added.add(0, i);
  added.succeeds("nobody is a member");
  Draft changed(stage, {org(0)}, columns);
  changed.change(0, 1, MembershipState::active, Event::role_changed, admin);
  changed.change(0, 2, MembershipState::suspended, Event::suspended);
  changed.remove(0, 3);
  changed.succeeds("the memberships have the versions that were read");

  const auto told = [&](const RequestKey& request, std::uint32_t account, RequestMatch match, std::uint32_t as) {
    Ask ask;
    ask.organizations = {org(0)};
    for (const bool alone : {true, false}) {  // a store may answer about one cell in another way than about several
      ask.accounts = alone ? std::vector<AccountSelector>{columns[account]} : columns;
      for (const std::uint32_t other : {0u, 1u, 0x80000000u}) {
        ask.request = remembered(request, other);
        Facts facts;
        if (!stage.fetch(ask, facts)) return;
        if (!stage.expect(facts.memberships.size() == ask.accounts.size(), "not every membership is in the answer"))
          return;
        const MembershipFact& fact = facts.memberships[alone ? 0 : account];
        const std::string of = "of " + text_of(columns[account]) + ": ";
        stage.expect(fact.match == match,
                     of + (match == RequestMatch::last     ? "the request that wrote it is not told"
                           : match == RequestMatch::before ? "the request before is not told"
                                                           : "a request that is forgotten is told"));
        if (match != RequestMatch::none)
          stage.expect(fact.fingerprint == as, of + "another fingerprint is handed back than the request wrote");
      }
    }
  };
  told(added.changes.request, 0, RequestMatch::last, added.changes.added[0].fingerprint);
  told(added.changes.request, 1, RequestMatch::none, 0);
  told(added.changes.request, 2, RequestMatch::before, added.changes.added[2].fingerprint);
  told(added.changes.request, 3, RequestMatch::before, added.changes.added[3].fingerprint);
  for (std::uint32_t i = 0; i < 3; ++i)
    told(changed.changes.request, i + 1, RequestMatch::last, changed.changes.changed[i].fingerprint);
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

/// Four members without a return, and four with one: a suspended member, a removed one with a new membership, an
/// expired one, and one that was invited again and has accepted.
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

constexpr Entry request_entries[] = {
    {{"facts/written-by-request", "a membership tells the request that last wrote it, and no other"},
     written_by_request},
    {{"facts/fingerprint",
      "the first 12 bytes of a request are compared, and the last 4 handed back, of the last one and the one before"},
     fingerprint},
    {{"facts/outdated",
      "who is suspended or removed tells whether the request is older, by key and to the microsecond"},
     outdated},
    {{"facts/returned",
      "who came back tells whether the request is older, whatever was changed since; who was never away does not"},
     returned},
};

}  // namespace

std::span<const Entry> request_laws() noexcept {
  return request_entries;
}

}  // namespace conformance
ROSTER_END
