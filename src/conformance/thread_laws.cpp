// Several clients at once, each with its own thread and connection.
#include <algorithm>

#include "contention.hpp"
#include "laws.hpp"

namespace roster::inline ROSTER_ABI {
namespace conformance {

namespace {

std::uint32_t contention_of(TestContext& test) {
  return std::clamp(test.fixture().capabilities().connections, 2u, 8u);
}

template <ContentionScenario (*contention)(std::uint32_t)>
void contention_in_threads(TestContext& test) {
  const std::uint32_t times = 10 * test.options.rounds;
  const ContentionScenario playing = contention(contention_of(test));
  for (std::uint32_t i = 0; i < times && !test.broken(); ++i) {
    test.fresh();
    playing.scenario.set_up(test);
    if (!test.broken()) expect_right(test, playing, run_concurrently(test, playing.scenario));
  }
}

void scenes_at_once(TestContext& test) {
  const std::uint32_t times = 2 * test.options.rounds;
  for (const ScenarioList scenarios : all_scenarios())
    for (const Scenario& scenario : scenarios())
      for (std::uint32_t i = 0; i < times; ++i) {
        test.fresh();
        scenario.set_up(test);
        if (test.broken()) return;
        expect_explained(test, scenario, run_concurrently(test, scenario));
        if (test.broken()) return;
      }
}

void histories_at_once(TestContext& test) {
  const std::uint32_t histories = 30 * test.options.rounds;
  for (std::uint32_t i = 0; i < histories && !test.broken(); ++i) {
    Rng rng(test.options.seed * 1'000'003 + i);
    const Scenario scenario = random_scenario(rng, 2 + i % 2, 2);
    test.fresh();
    scenario.set_up(test);
    if (!test.broken()) expect_explained(test, scenario, run_concurrently(test, scenario));
  }
}

constexpr Entry thread_entries[] = {
    {{"threads/pair", "one of many concurrent threads that add the same account adds it"},
     contention_in_threads<pair_contention>,
     Requires::threads},
    {{"threads/address", "one of many concurrent threads that add the same new address creates the account"},
     contention_in_threads<address_contention>,
     Requires::threads},
    {{"threads/owners", "one owner remains if all owners leave in concurrent threads"},
     contention_in_threads<owner_contention>,
     Requires::threads},
    {{"threads/seats", "concurrent threads add exactly as many members as there are free seats"},
     contention_in_threads<seat_contention>,
     Requires::threads},
    {{"threads/bulks", "concurrent bulk commands in threads end, for any order of their cells, and add each pair once"},
     contention_in_threads<bulk_contention>,
     Requires::threads},
    {{"threads/scenes",
      "some order explains the answers and records of concurrent threads, because each fetch reads one snapshot"},
     scenes_at_once,
     Requires::threads},
    {{"threads/histories", "some order explains the answers and records of random commands in concurrent threads"},
     histories_at_once,
     Requires::threads},
};

}  // namespace

std::span<const Entry> thread_laws() noexcept {
  return thread_entries;
}

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI
