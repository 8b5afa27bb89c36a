// Schedules: several operations on one store, on one thread. The caller chooses the next one to step.
//
// An operation has no thread and holds no lock. Every race of two processes on one store is therefore an order of
// steps. A fetch with its reply is one step, a commit with its reply another. A participant may also be the host, which
// changes the store in one step.
#ifndef ROSTER_TESTS_SUPPORT_SCHEDULE_HPP
#define ROSTER_TESTS_SUPPORT_SCHEDULE_HPP

#include <algorithm>
#include <functional>
#include <memory>

#include "support/fixture.hpp"

namespace roster_test {

/// One step of an operation: serves its need. A store that throws has failed, as in drive().
inline void step(roster::Operation& operation, roster::Store& store) {
  const bool fetches = operation.need() == roster::Operation::Need::facts;
  if (operation.need() == roster::Operation::Need::nothing) return;
  roster::Result<void> done = roster::Errc::store_failed;
  try {
    done = fetches ? store.fetch(operation.query(), operation.facts()) : store.commit(operation.changes());
  } catch (...) {
  }
  return fetches ? operation.provide(std::move(done)) : operation.committed(std::move(done));
}

/// A command, or an action of the host on the store.
struct Participant {
  std::shared_ptr<const roster::Command> command;
  std::function<void(roster::MemoryStore&)> act;  // set: the participant is the host, without a command
};
template <class Of, class... Args>
Participant participant(Args&&... args) {
  return {std::make_shared<const Of>(std::forward<Args>(args)...), {}};
}
inline Participant meanwhile(std::function<void(roster::MemoryStore&)> act) {
  return {nullptr, std::move(act)};
}

/// The end of a schedule: the reports of its participants (the host's is empty), the state, and the events.
struct Ending {
  std::vector<Answer> answers;
  State state;
  std::vector<std::string> events;  // sorted
  std::string steps;                // "ABBA"
  unsigned stale = 0;               // stale commits

  friend bool operator==(const Ending& a, const Ending& b) {
    return a.answers == b.answers && a.state == b.state && a.events == b.events;
  }
  std::string outcome_of(std::size_t index) const { return outcomes_of(answers[index]); }
  /// The number of participants with this result.
  std::size_t count(std::string_view answer) const {
    return static_cast<std::size_t>(
        std::count_if(answers.begin(), answers.end(), [&](const Answer& each) { return outcomes_of(each) == answer; }));
  }
  /// The participants in the order of their last steps. The last step is a commit, or the fetch that led to a refusal.
  /// A report must be true at that moment.
  std::vector<std::size_t> order() const {
    std::vector<std::size_t> all;
    for (std::size_t who = 0; who < answers.size(); ++who) all.push_back(who);
    const auto last = [&](std::size_t who) { return steps.rfind(static_cast<char>('A' + who)) + 1; };
    std::sort(all.begin(), all.end(), [&](std::size_t a, std::size_t b) { return last(a) < last(b); });
    return all;
  }
};
inline std::string text_of(const Ending& ending) {
  std::string text = ending.steps + ":\n";
  for (const Answer& answer : ending.answers) text += "  " + describe(answer) + "\n";
  return text + describe(ending.state);
}

/// One run of participants on a fixture of its own. They must outlive it.
class Play {
 public:
  Play(std::shared_ptr<TestFixture> fixture, const roster::Profile& profile,
       const std::vector<Participant>& participants, FaultyStore::Script script = {}, roster::Time at = now)
      : profile_(profile), fixture_(std::move(fixture)), store_(fixture_->outbox, std::move(script)) {
    fixture_->outbox.events.clear();
    fixture_->outbox.stale = 0;
    const roster::Context context{at, &fixture_->ids, fixture_->options.details};
    for (const Participant& each : participants) {
      auto& mover = all_.emplace_back();
      mover.act = each.act ? &each.act : nullptr;
      if (!each.act)
        mover.operation = std::make_unique<roster::Operation>(profile_, *each.command, context, fixture_->options);
    }
  }
  Play(const World& world, const roster::Profile& profile, const std::vector<Participant>& participants,
       roster::Options options = {}, FaultyStore::Script script = {})
      : Play(std::make_shared<TestFixture>(world, options), profile, participants, std::move(script)) {}
  Play(const Play&) = delete;

  bool moves(std::size_t who) const {
    const Mover& mover = all_[who];
    return mover.operation ? mover.operation->need() != roster::Operation::Need::nothing : mover.act != nullptr;
  }
  void step(std::size_t who) {
    steps_ += static_cast<char>('A' + who);
    Mover& mover = all_[who];
    if (mover.operation) return roster_test::step(*mover.operation, store_);
    (*mover.act)(fixture_->store);
    mover.act = nullptr;
  }
  /// Runs steps, each by the participant that `choose` selects, until none is left. False: after 10,000 steps.
  template <class Choose>
  bool run(const Choose& choose) {
    for (int steps = 0; steps < 10'000; ++steps) {
      std::vector<std::size_t> able;
      for (std::size_t who = 0; who < all_.size(); ++who)
        if (moves(who)) able.push_back(who);
      if (able.empty()) return true;
      step(able[choose(able) % able.size()]);
    }
    return false;
  }
  /// Runs the participants one after the other, in this order.
  Ending one_after_the_other(const std::vector<std::size_t>& order) {
    for (const std::size_t who : order)
      for (int steps = 0; moves(who) && steps < 10'000; ++steps) step(who);
    return ending();
  }

  Ending ending() {
    Ending ending{{}, fixture_->state(), fixture_->outbox.events, steps_, fixture_->outbox.stale};
    for (const Mover& mover : all_)
      ending.answers.push_back(mover.operation ? answer_of(mover.operation->finish(), fixture_->store, fixture_->base)
                                               : Answer{});
    std::sort(ending.events.begin(), ending.events.end());
    return ending;
  }
  const FaultyStore& store() const { return store_; }
  TestFixture& fixture() { return *fixture_; }

 private:
  struct Mover {
    std::unique_ptr<roster::Operation> operation;
    const std::function<void(roster::MemoryStore&)>* act = nullptr;  // of the host; null once done
  };

  roster::Profile profile_{.actor = roster::ActorRule::host_decides};
  std::shared_ptr<TestFixture> fixture_;
  FaultyStore store_;
  std::vector<Mover> all_;
  std::string steps_;
};

/// Runs every schedule, depth first. Each starts from the beginning, because a step cannot be undone. Calls `check`
/// with each ending and returns the number of schedules.
template <class Begin, class Check>
std::size_t every_schedule(const Begin& begin, const Check& check) {
  std::vector<std::pair<std::size_t, std::size_t>> path;  // the chosen mover, of how many
  for (std::size_t schedules = 1;; ++schedules) {
    const std::unique_ptr<Play> play = begin();
    std::size_t depth = 0;
    const bool ended = play->run([&](const std::vector<std::size_t>& able) {
      if (depth == path.size()) path.push_back({0, able.size()});
      return path[depth++].first;
    });
    if (!ended || schedules > 200'000) throw std::logic_error("a race without an end");
    path.resize(depth);
    check(play->ending());
    while (!path.empty() && path.back().first + 1 == path.back().second) path.pop_back();
    if (path.empty()) return schedules;
    ++path.back().first;
  }
}

}  // namespace roster_test

#endif
