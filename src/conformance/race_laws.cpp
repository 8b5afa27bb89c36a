// Several clients by turns on one thread. The schedules depend only on the seed.
#include "laws.hpp"
#include "schedule.hpp"

namespace roster::inline ROSTER_ABI {
namespace conformance {

namespace {

/// Runs one scenario under many schedules: in turn, in turn backwards, and in random order.
void play(TestContext& test, const Scenario& scenario, std::uint32_t schedules) {
  for (std::uint32_t schedule = 0; schedule < schedules; ++schedule) {
    test.fresh();
    scenario.set_up(test);
    if (test.broken()) return;
    const auto by_schedule = [&](const std::vector<std::size_t>& movers, std::size_t step) -> std::size_t {
      if (schedule == 0) return movers[step % movers.size()];
      if (schedule == 1) return movers[movers.size() - 1 - step % movers.size()];
      return movers[test.rng.below(movers.size())];
    };
    expect_explained(test, scenario, run_interleaved(test, scenario, by_schedule));
    if (test.broken()) return;
  }
}

template <ScenarioList scenarios>
void races(TestContext& test) {
  constexpr std::uint32_t schedules = 10;
  for (const Scenario& scenario : scenarios()) {
    play(test, scenario, schedules * test.options.rounds);
    if (test.broken()) return;
  }
}

void by_chance(TestContext& test) {
  constexpr std::uint32_t scenarios = 60;
  for (std::uint32_t i = 0; i < scenarios * test.options.rounds && !test.broken(); ++i) {
    Rng rng(test.options.seed * 1'000'003 + i);
    const Scenario scenario = random_scenario(rng, 2 + i % 2, 2);
    play(test, scenario, 2);
  }
}

constexpr Entry race_entries[] = {
    {{"races/pair", "some order explains the answers and records of interleaved commands on one account"},
     races<pair_scenarios>},
    {{"races/address", "interleaved commands that name one new address create one account"}, races<address_scenarios>},
    {{"races/owners", "interleaved commands that remove or demote the last owners leave at least one owner"},
     races<owner_scenarios>},
    {{"races/seats", "one of several interleaved commands for the last seat takes it"}, races<seat_scenarios>},
    {{"races/actor",
      "some order explains interleaved commands of an actor that loses its right between fetch and commit"},
     races<actor_scenarios>},
    {{"races/invitation",
      "some order explains interleaved commands that answer an invitation, revoke it, or remove or demote its inviter"},
     races<invitation_scenarios>},
    {{"races/former",
      "some order explains interleaved commands that add, reactivate or remove a suspended or removed member"},
     races<former_scenarios>},
    {{"races/bulks", "some order explains interleaved bulk commands that list their cells in opposite orders"},
     races<bulk_scenarios>},
    {{"races/nested",
      "some order explains interleaved commands that join nested organizations and join or leave their parent"},
     races<nested_scenarios>},
    {{"races/expiry",
      "some order explains interleaved commands on memberships whose expiry is set, removed or reached"},
     races<expiry_scenarios>},
    {{"races/by-chance", "some order explains random interleaved commands under random profiles"}, by_chance},
};

}  // namespace

std::span<const Entry> race_laws() noexcept {
  return race_entries;
}

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI
