// Races about an invitation with an end: it is accepted, sent again or cleared, and its seat is taken.
#include "membership_races.hpp"

namespace fixtures {

namespace {

/// Ann is invited until `end`.
void put_invited_ann(AcmeFixture& in, Time end) {
  Invite invites(acme, ann, clerk, by(boss));
  invites.invitation_until = end;
  must(in.outcome(host_rules(), invites) == Outcome::invited, "an invitation");
}
void pending_ann(AcmeFixture& in) {
  put_invited_ann(in, far_off);
}
void expired_ann(AcmeFixture& in) {
  put_invited_ann(in, Time{static_cast<std::int64_t>(race_time) - 1});
}
Participant invites_again(const RoleId& as, Time end) {
  Invite invites(acme, ann, as, by(boss));
  invites.invitation_until = end;
  return participant<Invite>(invites);
}
Participant adds_bob() {
  return participant<AddMembers>(acme, bob, clerk, by(boss));
}
Participant revokes() {
  return participant<RevokeInvitation>(acme, ann, by(boss));
}
/// The end of the membership of ann, and her inviter.
Time end_of_ann(const Ended& ended) {
  const auto row = ended.state.rows.find({text_of(acme), text_of(ann)});
  return row == ended.state.rows.end() ? Time{} : row->second.invitation_until;
}

}  // namespace

std::vector<Race> races_of_ending_invitations() {
  std::vector<Race> list;
  constexpr Time later{8'000'000'000'000'000};
  for (const SeatRule rule : {SeatRule::unlimited, SeatRule::active, SeatRule::active_and_invited})
    for (const Time end : {Time{}, later})
      for (const RoleId& as : {clerk, guest}) {
        list.push_back({"an acceptance, and the invitation is sent again with another end",
                        {2, pending_ann, seated(rule), {accepts(), invites_again(as, end)}},
                        [as](const Ended& ended) {
                          const std::string member = as == clerk ? "existing" : "role_conflict";
                          return ended.outcome_of(0) == "accepted" && end_of_ann(ended) == Time{} &&
                                 (ended.outcome_of(1) == "invitation_renewed" || ended.outcome_of(1) == member);
                        }});
        list.push_back({"an acceptance after the end, and the invitation is sent again",
                        {2, expired_ann, seated(rule), {accepts(), invites_again(as, end)}},
                        [](const Ended& ended) {
                          return ended.outcome_of(1) == "invited" &&
                                 (ended.outcome_of(0) == "was_removed" ||
                                  (ended.outcome_of(0) == "accepted" && end_of_ann(ended) == Time{}));
                        },
                        false});
      }
  list.push_back({"two acceptances of an invitation with an end, and one seat",
                  {2, pending_ann, seated(SeatRule::active_and_invited), {accepts(), accepts()}},
                  one_of("accepted", "existing")});
  list.push_back({"two ends for one invitation",
                  {no_limit, pending_ann, manager_rules(), {invites_again(clerk, later), invites_again(guest, {})}},
                  [](const Ended& ended) { return ended.count("invitation_renewed") == 2; }});
  list.push_back({"two new invitations after one that has expired",
                  {no_limit, expired_ann, manager_rules(), {invites_again(clerk, later), invites_again(clerk, {})}},
                  one_of("invited", "invitation_renewed")});
  for (const Profile& rules : {seated(SeatRule::active_and_invited), atomic(seated(SeatRule::active_and_invited))}) {
    list.push_back({"an add and a new invitation for the seat of one that has expired",
                    {2, expired_ann, rules, {adds_bob(), invites_again(clerk, later)}},
                    [](const Ended& ended) {
                      return ended.count("seats_taken") == 1 && ended.count("added") + ended.count("invited") == 1;
                    }});
    list.push_back(
        {"an add for the seat of an expired invitation, which is cleared",
         {2, expired_ann, rules, {adds_bob(), revokes()}},
         [](const Ended& ended) { return ended.outcome_of(0) == "added" && ended.outcome_of(1) == "removed"; },
         false});
    list.push_back(
        {"an add and an acceptance, and the invitation has its seat until later",
         {2, pending_ann, rules, {accepts(), adds_bob()}},
         [](const Ended& ended) { return ended.outcome_of(0) == "accepted" && ended.outcome_of(1) == "seats_taken"; },
         false});
  }
  list.push_back(
      {"an expired invitation is cleared, and sent again",
       {no_limit, expired_ann, manager_rules(), {revokes(), invites_again(clerk, later)}},
       [](const Ended& ended) { return ended.outcome_of(0) == "removed" && ended.outcome_of(1) == "invited"; }});
  list.push_back({"an expired invitation is cleared twice",
                  {no_limit, expired_ann, manager_rules(), {revokes(), removes_ann()}},
                  one_of("removed", "not_member")});
  return list;
}

}  // namespace fixtures
