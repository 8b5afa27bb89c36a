// Fuzzes the drive: the bytes are a world, a profile, up to three commands, the order in which their operations move,
// and which calls of the store go wrong. The store must stay whole, and what was reported must be so; operations that
// no fault disturbs must end as the oracle says for the order of their last steps.
#include "support/schedule.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <set>

namespace {

using namespace roster_test;

void expect(bool holds, const std::string& law, const Scenario& scenario, const Ending& ending) {
  if (holds) return;
  showValue(scenario, std::cerr);
  for (const Answer& answer : ending.answers) std::cerr << describe(answer) << "\n";
  std::fprintf(stderr, "schedule %s: broken law: %s\n", ending.steps.c_str(), law.c_str());
  std::abort();
}

bool whole(const Scenario& scenario) {
  if (scenario.rules.fields.mode == roster::Mode::atomic) return true;
  for (const roster::AddMembers& command : scenario.commands)
    if (command.organizations.size() != 1 || command.accounts.size() != 1) return false;
  return true;
}

/// The same commands one after the other, as the oracle has them.
std::string serial_difference(const Scenario& scenario, const roster::Profile& profile, const Ending& ending) {
  World world = scenario.world;
  std::string difference;
  for (const std::size_t who : ending.order())
    difference += roster_test::difference(carry_out(world, profile, scenario.commands[who], now), ending.answers[who]);
  return difference + roster_test::difference(state_of(world), ending.state);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  constexpr std::size_t faults_at = 32;
  Scenario scenario = read_scenario({bytes, size}, 3);
  for (auto& command : scenario.commands) command.groups.clear();  // a group is read before the cells are
  scenario.rules.fields.actor = roster::ActorRule::host_decides;
  Draw draw(std::span<const std::uint8_t>(scenario.choices).first(std::min(faults_at, scenario.choices.size())));
  const std::size_t count = 2 + draw.below(2);
  const roster::Options options{.tile_cells_max = draw.below(2) != 0 ? 3u : 16384u};
  if (draw.below(2) == 0)
    for (auto& command : scenario.commands) {
      command.organizations = scenario.commands[0].organizations;
      command.accounts = scenario.commands[0].accounts;
      command.cell_roles.clear();
    }
  std::vector<Participant> participants;
  for (std::size_t i = 0; i < count; ++i) participants.push_back(participant<roster::AddMembers>(scenario.commands[i]));

  const roster::Profile profile = scenario.rules.profile();
  bool lost = false;
  Play play(scenario.world, profile, participants, options, [&](unsigned call, bool commit) {
    const std::size_t at = faults_at + call;
    const unsigned byte = at < scenario.choices.size() ? scenario.choices[at] : 0u;
    const Fault fault = byte < 200 ? Fault::pass : faults[byte % faults.size()];
    lost = lost || (commit && (fault == Fault::fail_after || fault == Fault::throw_after));
    return fault;
  });
  const State before = play.fixture().state();
  const bool ended = play.run([&](const auto& able) {
    return draw.ended() ? std::size_t{0} : static_cast<std::size_t>(draw.below(static_cast<unsigned>(able.size())));
  });
  const Ending ending = play.ending();
  const auto require = [&](bool holds, const std::string& law) { expect(holds, law, scenario, ending); };
  require(ended, "an operation ends");
  require(ending.state.broken.empty(), ending.state.broken);

  std::multiset<std::string> created;
  bool written = lost;
  for (std::size_t who = 0; who < count; ++who) {
    const Answer& answer = ending.answers[who];
    if (answer.error) {
      require(play.store().failed || answer.error->code < roster::Errc::stale, "an undisturbed operation is settled");
      continue;
    }
    require(!answer.stopped || play.store().failed, "an undisturbed operation is not stopped");
    for (std::uint32_t c = 0; c < answer.columns; ++c)
      if (answer.created[c]) created.insert(answer.accounts[c]);
    for (const roster::Outcome outcome : answer.outcomes) written = written || wrote(outcome);
    const std::string wrong = contradiction(scenario.commands[who], answer, play.fixture().store, false);
    require(wrong.empty(), "what was reported is there: " + wrong);
  }
  for (const std::string& account : created) require(created.count(account) == 1, "an account is created once");
  require(written || ending.state == before, "refusals change nothing");
  for (const auto& [pair, row] : before.rows) require(ending.state.rows.count(pair) == 1, "an add removes nobody");
  if (!lost)
    require(ending.state.accounts.size() == before.accounts.size() + created.size(), "all accounts are accounted for");

  if (!play.store().failed && whole(scenario)) {
    const std::string difference = serial_difference(scenario, profile, ending);
    require(difference.empty(), "one after the other, in the order of their last steps: " + difference);
  }
  return 0;
}
