// A race on the fixture world: the state before it, its participants, and every schedule of them.
#ifndef ROSTER_TESTS_LAWS_RACE_SETUP_HPP
#define ROSTER_TESTS_LAWS_RACE_SETUP_HPP

#include "support/fixture_world.hpp"

namespace fixtures {

using Ended = roster_test::Ending;

inline std::size_t owners(const Ended& ended) {
  return roster_test::members_of(ended.state, text_of(acme), MembershipState::active, text_of(owner));
}
inline std::size_t active(const Ended& ended) {
  return roster_test::members_of(ended.state, text_of(acme), MembershipState::active);
}
/// The time of every command of a race.
inline constexpr Time race_time{9'000'000};
/// The invitations that are not over.
inline std::size_t invited(const Ended& ended) {
  std::size_t count = 0;
  for (const auto& [pair, row] : ended.state.rows)
    count += pair.first == text_of(acme) && row.state_at(race_time) == MembershipState::invited ? 1 : 0;
  return count;
}

/// The state before a race, its profile, and its participants.
struct Setup {
  std::uint32_t seats = no_limit;
  std::function<void(AcmeFixture&)> before;
  Profile rules{.actor = ActorRule::host_decides};
  std::vector<Participant> participants;
};

inline std::unique_ptr<roster_test::Play> begin(const Setup& scenario) {
  const auto in = std::make_shared<AcmeFixture>();
  if (scenario.before) scenario.before(*in);
  if (scenario.seats != no_limit) in->put_acme(scenario.seats);
  return std::make_unique<roster_test::Play>(in, scenario.rules, scenario.participants,
                                             roster_test::FaultyStore::Script{}, race_time);
}
inline std::size_t every_schedule(const Setup& scenario, const std::function<void(const Ended&)>& check) {
  return roster_test::every_schedule([&] { return begin(scenario); }, check);
}

}  // namespace fixtures

#endif
