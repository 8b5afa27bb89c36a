// Several clients by turns on one thread: the same schedules from the same seed.
#include "laws.hpp"
#include "schedule.hpp"

namespace roster::inline ROSTER_ABI {
namespace conformance {

namespace {

/// Runs one scenario under many schedules: step by step in turn, each client's commit right after its fetch, all at the
/// same pace, and in random order.
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
    {{"races/pair", "clients by turns about one account: some order of them explains what they hear and what is there"},
     races<pair_scenarios>},
    {{"races/address", "clients by turns create one address: there is one account"}, races<address_scenarios>},
    {{"races/owners", "the last owners go by turns: one stays"}, races<owner_scenarios>},
    {{"races/seats", "clients by turns take the last seat: one gets it"}, races<seat_scenarios>},
    {{"races/actor", "an actor loses the right to act between fetch and commit"}, races<actor_scenarios>},
    {{"races/invitation", "an invitation is answered while it, or its sender, goes"}, races<invitation_scenarios>},
    {{"races/former", "who was suspended or removed comes back in several ways at once"}, races<former_scenarios>},
    {{"races/bulks", "bulks meet in opposite orders"}, races<bulk_scenarios>},
    {{"races/nested", "projects and the organization around them are joined and left at once"},
     races<nested_scenarios>},
    {{"races/expiry", "ends are given, and come, at once"}, races<expiry_scenarios>},
    {{"races/by-chance", "commands by chance, under rules by chance, by turns"}, by_chance},
};

}  // namespace

std::span<const Entry> race_laws() noexcept {
  return race_entries;
}

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI
