// Fuzzes the life of memberships: the bytes are a world, a profile, a long history of commands of every kind, and the
// order in which those that come at the same moment take their steps. What is reported, written and told must be what
// the oracle says for the order of their last steps; bounds must hold after every commit.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <memory>

#include "laws/outbox_reader.hpp"
#include "roster/engine.hpp"
#include "support/schedule.hpp"

namespace {

using namespace roster;
using namespace roster_test;

/// The oracle visits cell after cell; a rival can come between two cells only where they are committed apart or where
/// nothing guards a refused one.
bool is_one_step(const Profile& profile, const Command& command) {
  return profile.mode == Mode::atomic || command.kind() == CommandKind::transfer_ownership ||
         command.organizations.size() * command.accounts.size() == 1;
}

class LongHistory {
 public:
  LongHistory(const CommandHistory& story, Draw& draw)
      : story_(story), draw_(draw), world_(story.world), reader_(story.world) {
    expect(fill(store_, world_), "the store is filled");
    check_bounds();
  }

  void live() {
    std::size_t at = 0;
    while (at < story_.issued.size()) {
      std::size_t count = 1;
      const std::size_t wanted = 1 + draw_.below(3);
      while (count < wanted && at + count < story_.issued.size() && is_one_step(profile_, *command(at + count - 1)) &&
             is_one_step(profile_, *command(at + count)))
        ++count;
      wave(at, count);
      at += count;
    }
  }

 private:
  const std::shared_ptr<Command>& command(std::size_t at) const { return story_.issued[at].command; }

  void wave(std::size_t first, std::size_t count) {
    const Time now = story_.issued[first].at;
    std::vector<std::unique_ptr<Operation>> operations;
    for (std::size_t i = 0; i < count; ++i) {
      const IssuedCommand& next = story_.issued[first + i];
      change_account(world_, next);
      expect(change_account(store_, next), "an account is changed");
      if (next.disables) had_owners_.clear();  // the host may disable the last owner
      operations.push_back(std::make_unique<Operation>(profile_, *next.command, Context{now, &ids_, true}));
    }
    unsigned undone = 3;  // how often a commit is refused that nothing stands against
    std::vector<std::size_t> able;
    for (std::size_t i = 0; i < count; ++i) able.push_back(i);
    while (!able.empty()) {
      const std::size_t pick = draw_.below(static_cast<unsigned>(able.size())), who = able[pick];
      Operation& operation = *operations[who];
      // What is more than one step is halved when it is refused, and an actor that gives up its right is judged for
      // each half.
      const bool refused = operation.need() == Operation::Need::commit && undone > 0 && draw_.chance(10) &&
                           is_one_step(profile_, *command(first + who));
      undone -= refused ? 1 : 0;
      if (refused)
        operation.committed(Errc::stale);
      else
        step(operation, recorder_);
      if (operation.need() != Operation::Need::nothing) continue;
      able.erase(able.begin() + static_cast<std::ptrdiff_t>(pick));
      finish(operation, *command(first + who), now);
    }
  }

  /// The last step: from here on everything that the operation says must be so.
  void finish(Operation& operation, const Command& command, Time now) {
    const Answer answer = answer_of(operation.finish(), store_, story_.world);
    const Expected expected = carry_out(world_, profile_, command, now);
    world_.drawn = recorder_.drawn;
    const State state = state_of(store_, story_.world);
    const std::string wrong = difference(expected, answer) + difference(state_of(world_), state);
    expect(wrong.empty(), "what is said and written is what the oracle says: " + wrong, &command);
    expect(recorder_.entries.size() == expected.happenings.size(), "every change is told, and nothing else", &command);
    for (const Entry& entry : recorder_.entries) {
      const std::string told = reader_.read(entry, now);
      expect(told.empty(), told, &command);
    }
    recorder_.entries.clear();
    expect(reader_.difference(state).empty(), "what was told is what is there", &command);
    check_bounds(&command, now);
  }

  void check_bounds(const Command* command = nullptr, Time now = {}) {
    const std::string broken = broken_bounds(world_, profile_, now, had_owners_);
    expect(broken.empty(), broken, command);
  }

  void expect(bool holds, const std::string& law, const Command* command = nullptr) {
    if (holds) return;
    showValue(story_, std::cerr);
    if (command != nullptr) describe(std::cerr << "\nafter: ", *command);
    std::cerr << "store:\n" << describe(state_of(store_, story_.world)) << "oracle:\n" << describe(state_of(world_));
    std::fprintf(stderr, "broken law: %s\n", law.c_str());
    std::abort();
  }

  const CommandHistory& story_;
  Draw& draw_;
  const Profile profile_ = story_.rules.profile();
  World world_;
  MemoryStore store_{MemoryOptions{.thread_safe = false}};
  Recorder recorder_{store_};
  CountingIds ids_;
  Reader reader_;
  std::set<std::string> had_owners_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  constexpr std::size_t order_bytes = 128;
  const std::span<const std::uint8_t> all(bytes, size);
  Draw draw(all.first(std::min(size, order_bytes)));
  const CommandHistory story = read_history(all.subspan(std::min(size, order_bytes)));
  LongHistory(story, draw).live();
  return 0;
}
