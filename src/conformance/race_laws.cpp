// Several clients by turns on one thread: the same schedules from the same seed.
#include "laws.hpp"
#include "play.hpp"

ROSTER_BEGIN
namespace conformance {

namespace {

/// Plays one scene under many schedules: step by step in turn, each client's commit right after its fetch, all at the
/// same pace, and in random order.
void play(Stage& stage, const Scene& scene, std::uint32_t schedules) {
  for (std::uint32_t schedule = 0; schedule < schedules; ++schedule) {
    stage.fresh();
    scene.set_up(stage);
    if (stage.broken()) return;
    const auto by_schedule = [&](const std::vector<std::size_t>& movers, std::size_t step) -> std::size_t {
      if (schedule == 0) return movers[step % movers.size()];
      if (schedule == 1) return movers[movers.size() - 1 - step % movers.size()];
      return movers[stage.chance.below(movers.size())];
    };
    expect_explained(stage, scene, play_by_turns(stage, scene, by_schedule));
    if (stage.broken()) return;
  }
}

template <Scenes scenes>
void races(Stage& stage) {
  constexpr std::uint32_t schedules = 10;
  for (const Scene& scene : scenes()) {
    play(stage, scene, schedules * stage.trial.rounds);
    if (stage.broken()) return;
  }
}

void by_chance(Stage& stage) {
  constexpr std::uint32_t scenes = 60;
  for (std::uint32_t i = 0; i < scenes * stage.trial.rounds && !stage.broken(); ++i) {
    Chance chance(stage.trial.seed * 1'000'003 + i);
    const Scene scene = random_scene(chance, 2 + i % 2, 2);
    play(stage, scene, 2);
  }
}

constexpr Entry race_entries[] = {
    {{"races/pair", "clients by turns about one account: some order of them explains what they hear and what is there"},
     races<pair_scenes>},
    {{"races/address", "clients by turns create one address: there is one account"}, races<address_scenes>},
    {{"races/owners", "the last owners go by turns: one stays"}, races<owner_scenes>},
    {{"races/seats", "clients by turns take the last seat: one gets it"}, races<seat_scenes>},
    {{"races/actor", "an actor loses the right to act between fetch and commit"}, races<actor_scenes>},
    {{"races/invitation", "an invitation is answered while it, or its sender, goes"}, races<invitation_scenes>},
    {{"races/former", "who was suspended or removed comes back in several ways at once"}, races<former_scenes>},
    {{"races/bulks", "bulks meet in opposite orders"}, races<bulk_scenes>},
    {{"races/nested", "projects and the organization around them are joined and left at once"}, races<nested_scenes>},
    {{"races/expiry", "ends are given, and come, at once"}, races<expiry_scenes>},
    {{"races/by-chance", "commands by chance, under rules by chance, by turns"}, by_chance},
};

}  // namespace

std::span<const Entry> race_laws() noexcept {
  return race_entries;
}

}  // namespace conformance
ROSTER_END
