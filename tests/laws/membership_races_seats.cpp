// Races for the last seats.
#include "membership_races.hpp"

namespace fixtures {

std::vector<Race> races_for_seats() {
  std::vector<Race> list;
  const std::array<AccountId, 4> queue{ann, bob, cid, dora};
  for (std::size_t k = 2; k <= 4; ++k) {
    Setup last{2, {}, seated(SeatRule::active), {}}, wide{100, {}, seated(SeatRule::active), {}};
    Setup letters{2, {}, seated(SeatRule::active_and_invited), {}};
    for (std::size_t i = 0; i < k; ++i) {
      last.participants.push_back(participant<AddMembers>(acme, queue[i], clerk, by(boss)));
      wide.participants.push_back(last.participants.back());
      letters.participants.push_back(participant<Invite>(acme, queue[i], clerk, by(boss)));
    }
    list.push_back({std::to_string(k) + " adds and one seat", last, one_of("added", "seats_taken")});
    list.push_back({std::to_string(k) + " invitations and one seat", letters, one_of("invited", "seats_taken")});
    list.push_back({std::to_string(k) + " adds far below the limit", wide,
                    [k](const Ended& ended) { return ended.count("added") == k && ended.stale == 0; }, false});
  }
  list.push_back(
      {"an acceptance, an add and one seat",
       {2, invited_ann, seated(SeatRule::active), {accepts(), participant<AddMembers>(acme, bob, clerk, by(boss))}},
       [](const Ended& ended) { return ended.count("seats_taken") == 1; }});
  list.push_back({"a reactivation, an add and one seat",
                  {2,
                   suspended_ann,
                   seated(SeatRule::active),
                   {participant<Reactivate>(acme, ann, by(boss)), participant<AddMembers>(acme, bob, clerk, by(boss))}},
                  [](const Ended& ended) { return ended.count("seats_taken") == 1; }});
  list.push_back(
      {"an acceptance that has its seat, and an add",
       {2,
        invited_ann,
        seated(SeatRule::active_and_invited),
        {accepts(), participant<AddMembers>(acme, bob, clerk, by(boss))}},
       [](const Ended& ended) { return ended.outcome_of(0) == "accepted" && ended.outcome_of(1) == "seats_taken"; },
       false});
  list.push_back(
      {"a leave and an add into a full organization",
       {2, clerk_ann, seated(SeatRule::active), {leaves(), participant<AddMembers>(acme, bob, clerk, by(boss))}},
       [](const Ended& ended) { return ended.outcome_of(0) == "removed"; },
       false});
  list.push_back({"the limit is lowered under an add",
                  {3,
                   {},
                   seated(SeatRule::active),
                   {participant<AddMembers>(acme, ann, clerk, by(boss)), meanwhile([](MemoryStore& store) {
                      (void)store.change_organization(acme, {.seats_max = 1}, any_version);
                    })}},
                  {}});
  list.push_back({"two bulks for three seats",
                  {4,
                   {},
                   atomic(seated(SeatRule::active)),
                   {participant<AddMembers>(acme, std::vector<AccountSelector>{ann, bob}, clerk, by(boss)),
                    participant<AddMembers>(acme, std::vector<AccountSelector>{dora, cid}, clerk, by(boss))}},
                  [](const Ended& ended) { return ended.count("added added") == 1; }});
  return list;
}

}  // namespace fixtures
