// Fuzzes the rules: the bytes are a world, a profile and two commands, and the engine over a memory store must say and
// do what the oracle says and does.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <iostream>

#include "support/fixture.hpp"

namespace {

using namespace roster_test;

void expect_same(const std::string& difference, const Scenario& scenario) {
  if (difference.empty()) return;
  showValue(scenario, std::cerr);
  std::fprintf(stderr, "%s\n", difference.c_str());
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  Scenario scenario = read_scenario({bytes, size}, 2);
  roster::Profile& fields = scenario.rules.fields;
  const unsigned tile = scenario.choices.empty() ? 0 : scenario.choices[0] % 16;
  if (tile != 0 || (fields.mode == roster::Mode::best_effort &&
                    !(scenario.commands[0].cell_roles.empty() && scenario.commands[1].cell_roles.empty()))) {
    bring_a_clerk(scenario);  // an actor that changes its own membership is judged by what it was when its tile began
  }
  const roster::Profile profile = scenario.rules.profile();
  World world = scenario.world;
  TestFixture fixture(scenario.world, roster::Options{.tile_cells_max = tile == 0 ? 16384 : tile});
  if (!fixture.filled) expect_same("the store refused the world", scenario);
  for (const roster::AddMembers& command : scenario.commands) {
    Expected expected = carry_out(world, profile, command, now);
    Answer found = fixture.run(profile, command);
    if (tile != 0) {  // which of two columns of one person is said to create may differ then
      expected.created.assign(expected.created.size(), false);
      found.created.assign(found.created.size(), false);
    }
    expect_same(difference(expected, found), scenario);
    const State state = fixture.state();
    expect_same(state.broken, scenario);
    expect_same(difference(state_of(world), state), scenario);
  }
  return 0;
}
