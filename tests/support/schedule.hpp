// Schedules: several operations on one store, on one thread, and somebody else who decides which of them moves next.
//
// An operation has no thread and keeps no lock, so every race that two processes can have on one store is an order of
// steps here: fetching and providing is one step, committing and hearing of it is another. A participant may also be
// the host itself, which does something to the store in one step.
#ifndef ROSTER_TESTS_SUPPORT_SCHEDULE_HPP
#define ROSTER_TESTS_SUPPORT_SCHEDULE_HPP

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "support/faulty_store.hpp"
#include "support/stage.hpp"

namespace roster_test {

struct Participant {
  std::string name;
  roster::AddMembers command;
  std::function<void(roster::MemoryStore&)> act;  // set: this is the host, and `command` is not used
  static Participant adds(std::string name, roster::AddMembers command) {
    return {std::move(name), std::move(command), {}};
  }
  static Participant host(std::string name, std::function<void(roster::MemoryStore&)> act) {
    return {std::move(name), {}, std::move(act)};
  }
};

/// How a schedule ended: each participant's answer (the host's is empty) and what the store holds.
struct Ending {
  std::vector<Answer> answers;
  State state;
  std::string steps;  // "ABBA"

  /// The participants in the order of their last steps: that step is a commit, or the reading on which a refusal rests,
  /// so it is the moment at which everything a participant says must be true.
  std::vector<std::size_t> order() const {
    std::vector<std::size_t> all;
    for (std::size_t who = 0; who < answers.size(); ++who) all.push_back(who);
    const auto last = [this](std::size_t who) { return steps.rfind(static_cast<char>('A' + who)) + 1; };
    std::sort(all.begin(), all.end(), [&](std::size_t a, std::size_t b) { return last(a) < last(b); });
    return all;
  }
  friend bool operator==(const Ending& a, const Ending& b) { return a.answers == b.answers && a.state == b.state; }
};

/// One play of participants on a fresh store. The participants must outlive it.
class Play {
 public:
  Play(const World& world, const roster::Profile& profile, const std::vector<Participant>& participants,
       roster::Options options = {}, FaultyStore::Script script = {})
      : profile_(profile),
        participants_(&participants),
        stage_(world, options),
        store_(stage_.store, std::move(script)) {
    for (const Participant& participant : participants) {
      operations_.push_back(participant.act ? nullptr
                                            : std::make_unique<roster::Operation>(
                                                  profile_, participant.command,
                                                  roster::Context{now, &stage_.ids, options.details}, options));
      acted_.push_back(false);
    }
  }
  Play(const Play&) = delete;

  bool moves(std::size_t who) const {
    return operations_[who] ? operations_[who]->need() != roster::Operation::Need::nothing : !acted_[who];
  }
  std::vector<std::size_t> movers() const {
    std::vector<std::size_t> all;
    for (std::size_t who = 0; who < operations_.size(); ++who)
      if (moves(who)) all.push_back(who);
    return all;
  }

  void step(std::size_t who) {
    steps_ += static_cast<char>('A' + who);
    if (!operations_[who]) {
      acted_[who] = true;
      (*participants_)[who].act(stage_.store);
      return;
    }
    roster::Operation& operation = *operations_[who];
    if (operation.need() == roster::Operation::Need::facts)
      operation.provide(attempt([&] { return store_.fetch(operation.query(), operation.facts()); }));
    else
      operation.committed(attempt([&] { return store_.commit(operation.changes()); }));
  }

  /// Lets `choose`, which is given who may move, decide until nobody may; false if that takes suspiciously long.
  bool run(const std::function<std::size_t(const std::vector<std::size_t>&)>& choose) {
    for (int steps = 0; steps < 10'000; ++steps) {
      const auto able = movers();
      if (able.empty()) return true;
      step(able[choose(able) % able.size()]);
    }
    return false;
  }

  Ending ending() {
    Ending ending;
    ending.steps = steps_;
    for (auto& operation : operations_) {
      ending.answers.push_back(operation ? answer_of(operation->finish(), stage_.store, stage_.base) : Answer{});
    }
    ending.state = stage_.state();
    return ending;
  }
  const FaultyStore& store() const { return store_; }
  Stage& stage() { return stage_; }

 private:
  static roster::Result<void> attempt(const std::function<roster::Result<void>()>& call) {
    try {
      return call();
    } catch (...) {  // as drive() has it
      return roster::Errc::store_failed;
    }
  }

  roster::Profile profile_;
  const std::vector<Participant>* participants_;
  Stage stage_;
  FaultyStore store_;
  std::vector<std::unique_ptr<roster::Operation>> operations_;
  std::vector<bool> acted_;
  std::string steps_;
};

/// Plays every schedule there is, depth first: each from a fresh store, because a step cannot be taken back. Hands each
/// ending to `check` and returns how many there were; `limit` is a stop for a test gone wrong.
inline std::size_t every_schedule(const World& world, const roster::Profile& profile,
                                  const std::vector<Participant>& participants, roster::Options options,
                                  const std::function<void(Ending)>& check, std::size_t limit = 200'000) {
  std::vector<std::pair<std::size_t, std::size_t>> path;  // (which of the movers was taken, how many there were)
  for (std::size_t schedules = 0; schedules < limit;) {
    Play play(world, profile, participants, options);
    std::size_t depth = 0;
    play.run([&](const std::vector<std::size_t>& able) {
      if (depth == path.size()) path.push_back({0, able.size()});
      return path[depth++].first;
    });
    path.resize(depth);
    check(play.ending());
    ++schedules;
    while (!path.empty() && path.back().first + 1 == path.back().second) path.pop_back();
    if (path.empty()) return schedules;
    ++path.back().first;
  }
  return limit;
}

/// The ending if the participants come one after the other in this order, none disturbing another.
inline Ending serial_ending(const World& world, const roster::Profile& profile,
                            const std::vector<Participant>& participants, roster::Options options,
                            const std::vector<std::size_t>& order) {
  Play play(world, profile, participants, options);
  for (const std::size_t who : order)
    for (int steps = 0; play.moves(who) && steps < 10'000; ++steps) play.step(who);
  return play.ending();
}

}  // namespace roster_test

#endif
