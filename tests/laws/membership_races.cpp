// Every interleaving of two, and of some three, commands that change memberships. An owner remains, seats are not
// exceeded, and no account has two rows. A late request restores no removed member. Each ending equals a serial
// execution.
#include "membership_races.hpp"

#include <iostream>

#include "catch.hpp"

using namespace fixtures;

TEST_CASE("every schedule of concurrent changes of memberships equals some order of them") {
  std::size_t all = 0, refused = 0;
  std::vector<Race> list;
  for (const auto& races : {races_of_owners(), races_for_seats(), races_of_invitations(), races_of_ending_invitations(),
                            races_about_one_membership(), races_of_disabled()})
    list.insert(list.end(), races.begin(), races.end());
  REQUIRE(list.size() >= 60);
  for (const Race& race : list) {
    std::size_t wrong = 0;
    unsigned stale = 0;
    const bool limited = race.scenario.rules.seats != SeatRule::unlimited;
    const std::size_t schedules = every_schedule(race.scenario, [&](const Ended& ended) {
      stale += ended.stale;
      const bool invited_sit = race.scenario.rules.seats == SeatRule::active_and_invited;
      const Ended serial = begin(race.scenario)->one_after_the_other(ended.order());
      const char* fault = nullptr;
      if (!ended.state.broken.empty()) fault = ended.state.broken.c_str();
      if (owners(ended) == 0) fault = "acme has no owner any more";
      if (limited && race.scenario.seats >= 2 && !race.scenario.participants.back().act &&
          active(ended) + (invited_sit ? invited(ended) : 0) > race.scenario.seats)
        fault = "there are more than may be";
      for (const auto& answer : ended.answers)
        if (answer.error || answer.stopped) fault = "no answer";
      if (race.holds && !race.holds(ended)) fault = "not as it must be";
      if (!(ended == serial)) fault = "not as one after the other";
      if (fault == nullptr || ++wrong > 1) return;
      FAIL_CHECK("race: " << race.name << "\n  " << fault << "\n  schedule " << text_of(ended) << "\n  serial "
                          << text_of(serial));
    });
    INFO(race.name << ": " << wrong << " of " << schedules << " schedules");
    CHECK(wrong == 0);
    CHECK(schedules >= 2);
    CHECK((stale > 0) == race.somebody_loses);
    refused += stale > 0 ? 1 : 0;
    all += schedules;
  }
  std::cout << "races of memberships: " << list.size() << " races, " << all << " schedules, in " << refused
            << " races with a second decision\n";
}
