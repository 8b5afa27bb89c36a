// Fuzzes the rules: the bytes are a world, a profile and two commands, and the engine over a memory store must say and
// do what the oracle says and does.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <iostream>

#include "support/stage.hpp"

namespace {

using namespace roster_test;

void expect_same(const std::string& difference, const Scene& scene) {
  if (difference.empty()) return;
  showValue(scene, std::cerr);
  std::fprintf(stderr, "%s\n", difference.c_str());
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  Scene scene = read_scene({bytes, size}, 2);
  roster::Profile& fields = scene.rules.fields;
  const unsigned tile = scene.choices.empty() ? 0 : scene.choices[0] % 16;
  if (tile != 0 || (fields.mode == roster::Mode::best_effort &&
                    !(scene.commands[0].cell_roles.empty() && scene.commands[1].cell_roles.empty()))) {
    bring_a_clerk(scene);  // an actor that changes its own membership is judged by what it was when its tile began
  }
  const roster::Profile profile = scene.rules.profile();
  World world = scene.world;
  Stage stage(scene.world, roster::Options{.tile_cells_max = tile == 0 ? 16384 : tile});
  if (!stage.filled) expect_same("the store refused the world", scene);
  for (const roster::AddMembers& command : scene.commands) {
    Expected expected = carry_out(world, profile, command, now);
    Answer found = stage.run(profile, command);
    if (tile != 0) {  // which of two columns of one person is said to create may differ then
      expected.created.assign(expected.created.size(), false);
      found.created.assign(found.created.size(), false);
    }
    expect_same(difference(expected, found), scene);
    const State state = stage.state();
    expect_same(state.broken, scene);
    expect_same(difference(state_of(world), state), scene);
  }
  return 0;
}
