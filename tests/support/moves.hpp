// Moves: several operations on one store, on one thread, and somebody else who decides which of them moves next.
//
// An operation has no thread and keeps no lock, so every race that two processes can have on one store is an order of
// steps here: fetching and providing is one step, committing and hearing of it is another. One of those who move may
// also be the host, which does something to the store in one step.
#ifndef ROSTER_TESTS_SUPPORT_MOVES_HPP
#define ROSTER_TESTS_SUPPORT_MOVES_HPP

#include <algorithm>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "roster/operation.hpp"
#include "roster/store.hpp"

namespace roster_test {

/// Those who can, in the order in which they were told to.
class Moves {
 public:
  /// One that moves: an operation, or the host.
  void add(std::unique_ptr<roster::Operation> operation) { all_.push_back({std::move(operation), {}, false}); }
  void add(std::function<void()> host) { all_.push_back({nullptr, std::move(host), false}); }

  std::size_t size() const { return all_.size(); }
  /// Null: the host.
  roster::Operation* operation(std::size_t who) { return all_[who].operation.get(); }
  const std::string& steps() const { return steps_; }

  bool moves(std::size_t who) const {
    const Mover& mover = all_[who];
    return mover.operation ? mover.operation->need() != roster::Operation::Need::nothing : !mover.acted;
  }
  std::vector<std::size_t> movers() const {
    std::vector<std::size_t> able;
    for (std::size_t who = 0; who < all_.size(); ++who)
      if (moves(who)) able.push_back(who);
    return able;
  }
  void step(std::size_t who, roster::Store& store) {
    steps_ += static_cast<char>('A' + who);
    Mover& mover = all_[who];
    if (!mover.operation) {
      mover.acted = true;
      return mover.host();
    }
    roster::Operation& operation = *mover.operation;
    if (operation.need() == roster::Operation::Need::facts)
      operation.provide(attempt([&] { return store.fetch(operation.query(), operation.facts()); }));
    else
      operation.committed(attempt([&] { return store.commit(operation.changes()); }));
  }

 private:
  struct Mover {
    std::unique_ptr<roster::Operation> operation;
    std::function<void()> host;
    bool acted;
  };
  static roster::Result<void> attempt(const std::function<roster::Result<void>()>& call) {
    try {
      return call();
    } catch (...) {  // as drive() has it
      return roster::Errc::store_failed;
    }
  }

  std::vector<Mover> all_;
  std::string steps_;
};

/// Those of a play in the order of their last steps: that step is a commit, or the reading on which a refusal rests, so
/// it is the moment at which everything that is said must be true.
inline std::vector<std::size_t> order_of(const std::string& steps, std::size_t count) {
  std::vector<std::size_t> all;
  for (std::size_t who = 0; who < count; ++who) all.push_back(who);
  const auto last = [&](std::size_t who) { return steps.rfind(static_cast<char>('A' + who)) + 1; };
  std::sort(all.begin(), all.end(), [&](std::size_t a, std::size_t b) { return last(a) < last(b); });
  return all;
}

/// Lets `choose`, which is given who may move, decide until nobody may; false if that takes suspiciously long.
template <class Play, class Choose>
bool run(Play& play, const Choose& choose) {
  for (int steps = 0; steps < 10'000; ++steps) {
    const auto able = play.movers();
    if (able.empty()) return true;
    play.step(able[choose(able) % able.size()]);
  }
  return false;
}

/// Plays every schedule there is, depth first: each from its beginning, because a step cannot be taken back. Hands each
/// ending to `check` and returns how many there were.
template <class Begin, class Check>
std::size_t every_order(const Begin& begin, const Check& check) {
  std::vector<std::pair<std::size_t, std::size_t>> path;  // (which of the movers was taken, how many there were)
  for (std::size_t schedules = 1;; ++schedules) {
    const auto play = begin();
    std::size_t depth = 0;
    const bool ended = run(*play, [&](const std::vector<std::size_t>& able) {
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

/// The ending if they come one after the other in this order, none disturbing another.
template <class Play>
auto one_after_the_other(Play& play, const std::vector<std::size_t>& order) {
  for (const std::size_t who : order)
    for (int steps = 0; play.moves(who) && steps < 10'000; ++steps) play.step(who);
  return play.ending();
}

}  // namespace roster_test

#endif
