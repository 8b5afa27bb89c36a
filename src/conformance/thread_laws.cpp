// Several clients at once, each on a thread and a connection of its own.
#include <algorithm>

#include "crowds.hpp"
#include "laws.hpp"

ROSTER_BEGIN
namespace conformance {

namespace {

std::uint32_t crowd_of(Stage& stage) {
  return std::clamp(stage.fixture().abilities().connections, 2u, 8u);
}

template <Crowd (*crowd)(std::uint32_t)>
void crowd_at_once(Stage& stage) {
  const std::uint32_t times = 10 * stage.trial.rounds;
  const Crowd playing = crowd(crowd_of(stage));
  for (std::uint32_t i = 0; i < times && !stage.broken(); ++i) {
    stage.fresh();
    playing.scene.set_up(stage);
    if (!stage.broken()) expect_right(stage, playing, play_at_once(stage, playing.scene));
  }
}

void scenes_at_once(Stage& stage) {
  const std::uint32_t times = 2 * stage.trial.rounds;
  for (const Scenes scenes : all_scenes())
    for (const Scene& scene : scenes())
      for (std::uint32_t i = 0; i < times; ++i) {
        stage.fresh();
        scene.set_up(stage);
        if (stage.broken()) return;
        expect_explained(stage, scene, play_at_once(stage, scene));
        if (stage.broken()) return;
      }
}

void histories_at_once(Stage& stage) {
  const std::uint32_t histories = 30 * stage.trial.rounds;
  for (std::uint32_t i = 0; i < histories && !stage.broken(); ++i) {
    Chance chance(stage.trial.seed * 1'000'003 + i);
    const Scene scene = random_scene(chance, 2 + i % 2, 2);
    stage.fresh();
    scene.set_up(stage);
    if (!stage.broken()) expect_explained(stage, scene, play_at_once(stage, scene));
  }
}

constexpr Entry thread_entries[] = {
    {{"threads/pair", "of many who add one account at once, one adds it"}, crowd_at_once<pair_crowd>, Takes::threads},
    {{"threads/address", "of many who add one new address at once, one creates the account"},
     crowd_at_once<address_crowd>,
     Takes::threads},
    {{"threads/owners", "of all owners who leave at once, one stays"}, crowd_at_once<owner_crowd>, Takes::threads},
    {{"threads/seats", "of many who are added at once, as many are as there are seats"},
     crowd_at_once<seat_crowd>,
     Takes::threads},
    {{"threads/bulks", "bulks in all orders at once come to an end, and every pair is added once"},
     crowd_at_once<bulk_crowd>,
     Takes::threads},
    {{"threads/scenes",
      "clients at once: some order explains what they hear and what is there; a fetch is of one moment"},
     scenes_at_once,
     Takes::threads},
    {{"threads/histories", "commands by chance at once: some order explains what is heard and what is there"},
     histories_at_once,
     Takes::threads},
};

}  // namespace

std::span<const Entry> thread_laws() noexcept {
  return thread_entries;
}

}  // namespace conformance
ROSTER_END
