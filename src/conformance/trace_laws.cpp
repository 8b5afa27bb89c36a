// The fields of an entry that a store must not use, and the data of a removed membership that it must not keep.
#include <string>

#include "draft.hpp"
#include "laws.hpp"
#include "picture.hpp"

ROSTER_BEGIN
namespace conformance {

namespace {

using State = MembershipState;

/// A removal without a tombstone leaves nothing: no requests, no time, no inviter.
void nothing_stays(Stage& stage) {
  stage.put_organizations(1);
  stage.put_accounts(3);
  Draft inviting(stage, {org(0)}, {who(0)});
  inviting.add(0, 0, owner);
  inviting.succeeds("nobody is a member");
  Draft first(stage, {org(0)}, people(3), who(0));
  first.changes.valid_until = Time{9'000'000'000'000'000};
  first.add(0, 1);
  first.add(0, 2, member, State::invited);
  first.succeeds("nobody of these is a member");
  Draft second(stage, {org(0)}, people(3), who(0));
  second.change(0, 1, State::suspended, Event::suspended);
  second.succeeds("the membership has the version that was read");
  Draft third(stage, {org(0)}, people(3), who(0));
  third.changes.keeps_removed = false;
  third.remove(0, 1);
  third.remove(0, 2);
  third.succeeds("the memberships have the versions that were read");
  Draft again(stage, {org(0)}, people(3));
  again.add(0, 1);
  again.add(0, 2, member, State::invited);
  again.succeeds("the pairs are free again");

  Ask ask;
  ask.organizations = {org(0)};
  ask.accounts = {who(1), who(2)};
  ask.inviters = true;
  for (const Draft* const before : {&first, &second, &third})
    for (const bool by_time : {false, true}) {
      ask.request = by_time ? RequestKey() : before->changes.request;
      ask.asked_at = by_time ? before->changes.at : Time{};
      Facts facts;
      if (!stage.fetch(ask, facts)) return;
      if (!stage.expect(facts.memberships.size() == 2, "who was added to a free pair is not in the answer")) return;
      for (std::uint32_t i = 0; i < 2; ++i) {
        const MembershipFact& fact = facts.memberships[i];
        stage.expect(!fact.outdated, "a membership is told to have come back, though nothing of another was left");
        stage.expect(!fact.written_by_request(), "a membership is told to be written by what wrote another");
        stage.expect(fact.valid_until == Time{}, "a membership has the end that another had");
        stage.expect(!facts.inviters[i].known, "a membership has the inviter that another had");
      }
    }
}

/// `was` and `from` are for an outbox: the previous state of a membership is in the store's own row.
void what_the_row_says(Stage& stage) {
  Picture first;
  for (int lie = 0; lie < 4; ++lie) {
    stage.fresh();
    stage.put_organizations(1);
    stage.put_accounts(7);
    Draft start(stage, {org(0)}, people(7), who(0));
    for (std::uint32_t i = 0; i < 6; ++i)
      start.add(0, i, i == 0 ? owner : member, i == 4 ? State::invited : State::active);
    start.succeeds("nobody is a member");
    Draft then(stage, {org(0)}, people(7), who(0));
    then.change(0, 2, State::suspended, Event::suspended);
    then.remove(0, 3);
    then.succeeds("the memberships have the versions that were read");
    Draft draft(stage, {org(0)}, people(7), who(0));
    draft.change(0, 0, State::active, Event::role_changed, admin);
    draft.change(0, 1, State::suspended, Event::suspended);
    draft.change(0, 2, State::suspended, Event::role_changed, admin);
    draft.change(0, 3, State::active, Event::reactivated);
    draft.change(0, 4, State::active, Event::accepted);
    draft.change(0, 5, State::active, Event::reactivated);  // by the core's reckoning its time was over
    draft.limit_seats(0, 4);
    static constexpr State lies[] = {State::active, State::removed, State::suspended, State::invited};
    for (MemberChanged& changed : draft.changes.changed) {
      if (lie > 0) changed.was = lies[lie];
      if (lie > 1) changed.from = changed.role;
    }
    if (!draft.succeeds("there are 4 of 4, whatever the entries say that the memberships were")) return;
    const Picture now = picture(stage, stage.store(), {.versions = false});
    if (lie == 0) first = now;
    if (!stage.expect(now == first, "it matters what an entry says a membership was: " + difference(first, now)))
      return;
  }
}

constexpr Entry trace_entries[] = {
    {{"life/nothing-stays", "of what was removed without a tombstone nothing shows in what takes its pair"},
     nothing_stays},
    {{"life/what-the-row-says", "what a membership was is what the store has, whatever the entry says"},
     what_the_row_says},
};

}  // namespace

std::span<const Entry> trace_laws() noexcept {
  return trace_entries;
}

}  // namespace conformance
ROSTER_END
