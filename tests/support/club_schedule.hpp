// Every order of steps in which several people can do something to one club at the same moment. As schedule.hpp, for
// commands of every kind and a store that has lived a little.
#ifndef ROSTER_TESTS_SUPPORT_CLUB_SCHEDULE_HPP
#define ROSTER_TESTS_SUPPORT_CLUB_SCHEDULE_HPP

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "support/club.hpp"

namespace life {

/// Somebody with a command, or the host with something to do to the store in one step.
struct Player {
  std::shared_ptr<const Command> command;
  std::function<void(Club&)> host;
};
template <class Of, class... Args>
Player asks(Args&&... args) {
  return {std::make_shared<const Of>(std::forward<Args>(args)...), {}};
}
inline Player meanwhile(std::function<void(Club&)> act) {
  return {nullptr, std::move(act)};
}

/// A club as it stands before anybody moves, its rules, and who is about to move.
struct Scene {
  std::uint32_t seats = no_limit;
  std::function<void(Club&)> before;
  Profile rules;
  std::vector<Player> players;
};

/// How a schedule ended.
struct Ended {
  std::vector<std::string> answers;  // one for each player, the outcomes in words; the host's is empty
  std::vector<std::string> rows;     // what is in the club
  std::vector<std::string> events;   // sorted
  std::uint64_t accounts = 0;
  std::string steps;   // "ABBA"
  unsigned stale = 0;  // commits that were refused
  std::uint32_t owners = 0, active = 0, invited = 0;
  std::string broken;

  /// The players in the order of their last steps: a commit, or the reading on which a refusal rests.
  std::vector<std::size_t> order() const {
    std::vector<std::size_t> all;
    for (std::size_t who = 0; who < answers.size(); ++who) all.push_back(who);
    const auto last = [this](std::size_t who) { return steps.rfind(static_cast<char>('A' + who)) + 1; };
    std::sort(all.begin(), all.end(), [&](std::size_t a, std::size_t b) { return last(a) < last(b); });
    return all;
  }
  std::size_t count(std::string_view answer) const {
    return static_cast<std::size_t>(std::count(answers.begin(), answers.end(), answer));
  }
  friend bool operator==(const Ended& a, const Ended& b) {
    return a.answers == b.answers && a.rows == b.rows && a.events == b.events && a.accounts == b.accounts;
  }
};

inline std::string text_of(const Ended& ended) {
  std::string text = ended.steps + ":";
  for (const std::string& answer : ended.answers) text += "\n    " + answer;
  for (const std::string& row : ended.rows) text += "\n    " + row;
  return text;
}

/// One play on a club of its own. The scene must outlive it.
class ClubPlay {
 public:
  explicit ClubPlay(const Scene& scene) : scene_(&scene), club_(no_limit) {
    if (scene.before) scene.before(club_);
    if (scene.seats != no_limit) club_.put_club(scene.seats);
    club_.outbox.events.clear();
    club_.outbox.stale = 0;
    for (const Player& player : scene.players) {
      operations_.push_back(player.host ? nullptr
                                        : std::make_unique<Operation>(scene.rules, *player.command,
                                                                      Context{Time{9'000'000}, &club_.ids, true}));
      acted_.push_back(false);
    }
  }

  bool moves(std::size_t who) const {
    return operations_[who] ? operations_[who]->need() != Operation::Need::nothing : !acted_[who];
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
      return scene_->players[who].host(club_);
    }
    Operation& operation = *operations_[who];
    if (operation.need() == Operation::Need::facts)
      operation.provide(club_.outbox.fetch(operation.query(), operation.facts()));
    else
      operation.committed(club_.outbox.commit(operation.changes()));
  }
  Ended end() {
    Ended ended;
    ended.steps = steps_;
    for (const auto& operation : operations_) ended.answers.push_back(operation ? answer_of(*operation) : "");
    ended.rows = club_.all();
    ended.events = club_.outbox.events;
    std::sort(ended.events.begin(), ended.events.end());
    ended.accounts = club_.store.account_count();
    ended.stale = club_.outbox.stale;
    ended.owners = club_.owners();
    ended.active = club_.count(MembershipState::active);
    ended.invited = club_.count(MembershipState::invited);
    ended.broken = club_.broken();
    return ended;
  }

 private:
  static std::string answer_of(Operation& operation) {
    const auto report = operation.finish();
    if (!report) return "error " + std::string(name(report.assume_error().code));
    std::string text;
    for (const Outcome outcome : report.assume_value().outcomes)
      text += (text.empty() ? "" : " ") + std::string(name(outcome));
    if (report.assume_value().stopped) text += " stopped";
    return text;
  }

  const Scene* scene_;
  Club club_;
  std::vector<std::unique_ptr<Operation>> operations_;
  std::vector<bool> acted_;
  std::string steps_;
};

/// Plays every schedule there is, each from a fresh club, and returns how many there were.
inline std::size_t every_schedule(const Scene& scene, const std::function<void(Ended)>& check) {
  std::vector<std::pair<std::size_t, std::size_t>> path;  // (which of the movers was taken, how many there were)
  for (std::size_t schedules = 0;; ++schedules) {
    must(schedules < 200'000, "fewer schedules");
    ClubPlay play(scene);
    std::size_t depth = 0;
    for (auto able = play.movers(); !able.empty(); able = play.movers(), ++depth) {
      must(depth < 1'000, "an end");
      if (depth == path.size()) path.push_back({0, able.size()});
      play.step(able[path[depth].first]);
    }
    path.resize(depth);
    check(play.end());
    while (!path.empty() && path.back().first + 1 == path.back().second) path.pop_back();
    if (path.empty()) return schedules + 1;
    ++path.back().first;
  }
}

/// The ending if the players come one after the other in this order.
inline Ended one_after_the_other(const Scene& scene, const std::vector<std::size_t>& order) {
  ClubPlay play(scene);
  for (const std::size_t who : order)
    for (int steps = 0; play.moves(who); ++steps) {
      must(steps < 1'000, "an end");
      play.step(who);
    }
  return play.end();
}

}  // namespace life

#endif
