// Wrong treatment of the end of an invitation.
#include <limits>

#include "broken.hpp"
#include "tabled.hpp"

namespace broken {

namespace {

using State = MembershipState;

/// Moves the time of change sets that guard seats.
Commit seats_at(Time time) {
  return committed([time](ChangeSet& it) {
    for (const Guard& guard : it.guards)
      if (guard.record == Guard::Record::seats) it.at = time;
  });
}

/// Keeps the end of a row in changes to a state.
Fault keeping_end(const char* name, State state, std::vector<std::string> also = {}) {
  return tabled(name, "life/invitation-end", std::move(also),
                {.written = [state](Tables& now, const Tables& before, const ChangeSet& changes) {
                  for (const MemberChanged& changed : changes.changed)
                    if (MemberRow* const row = left(now, changes, changed); row != nullptr && changed.state == state)
                      row->invitation_until = was(before, changes, changed)->invitation_until;
                }});
}

}  // namespace

std::vector<Fault> broken_invitations() {
  return {
      {"no invitation ends",
       "life/invitation-end",
       {"life/tombstone"},
       answered([](const Query&, Facts& facts) {
         for (MembershipFact& fact : facts.memberships) fact.invitation_until = {};
       }),
       {}},
      {"a removed invitation looks like a removed member",
       "life/tombstone",
       {"life/invitation-end"},
       answered([](const Query&, Facts& facts) {
         for (MembershipFact& fact : facts.memberships)
           if (fact.state == State::removed) fact.invitation_until = {};
       }),
       {}},
      {"a removed member looks like a removed invitation",
       "life/tombstone",
       {},
       answered([](const Query&, Facts& facts) {
         for (MembershipFact& fact : facts.memberships)
           if (fact.state == State::removed && fact.invitation_until == Time{}) fact.invitation_until = Time{1};
       }),
       {}},
      {"an invitation ends with its membership",
       "life/invitation-end",
       {"bounds/seats-at-a-time", "facts/counts-at-a-time"},
       {},
       committed([](ChangeSet& it) { it.invitation_until = it.valid_until; })},
      {"a renewed invitation keeps its end",
       "life/invitation-end",
       {"bounds/seats-at-a-time", "facts/counts-at-a-time"},
       {},
       committed([](ChangeSet& it) {
         for (MemberChanged& changed : it.changed)
           if (changed.event == Event::invitation_renewed) changed.sets_invitation_end = false;
       })},
      {"another role of an invited member sets the end", "life/invitation-end", {}, {}, committed([](ChangeSet& it) {
         for (MemberChanged& changed : it.changed)
           if (changed.event == Event::role_changed) changed.sets_invitation_end = true;
       })},
      keeping_end("an accepted invitation keeps its end", State::active),
      keeping_end("a removed invitation keeps its end", State::removed, {"life/tombstone"}),
      {"invitations are counted at any time",
       "facts/counts-at-a-time",
       {},
       with_query([](CopiedQuery& it) { it.query.now = {}; }),
       {}},
      {"invitations with an end are never counted",
       "facts/counts-at-a-time",
       {},
       with_query([](CopiedQuery& it) { it.query.now = Time{std::numeric_limits<std::int64_t>::max()}; }),
       {}},
      {"an expired invitation keeps its seat", "bounds/seats-at-a-time", {}, {}, seats_at(Time{})},
      {"an invitation with an end has no seat",
       "bounds/seats-at-a-time",
       {},
       {},
       seats_at(Time{std::numeric_limits<std::int64_t>::max()})},
  };
}

}  // namespace broken
