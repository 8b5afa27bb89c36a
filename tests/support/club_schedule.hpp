// Every order of steps in which several people can do something to one club at the same moment. As schedule.hpp, for
// commands of every kind and a store that has lived a little.
#ifndef ROSTER_TESTS_SUPPORT_CLUB_SCHEDULE_HPP
#define ROSTER_TESTS_SUPPORT_CLUB_SCHEDULE_HPP

#include "support/club.hpp"
#include "support/moves.hpp"

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

  std::vector<std::size_t> order() const { return roster_test::order_of(steps, answers.size()); }
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
  explicit ClubPlay(const Scene& scene) : club_(no_limit) {
    if (scene.before) scene.before(club_);
    if (scene.seats != no_limit) club_.put_club(scene.seats);
    club_.outbox.events.clear();
    club_.outbox.stale = 0;
    const Context context{Time{9'000'000}, &club_.ids, true};
    for (const Player& player : scene.players)
      if (player.host)
        moves_.add([this, &player] { player.host(club_); });
      else
        moves_.add(std::make_unique<Operation>(scene.rules, *player.command, context));
  }
  ClubPlay(const ClubPlay&) = delete;

  bool moves(std::size_t who) const { return moves_.moves(who); }
  std::vector<std::size_t> movers() const { return moves_.movers(); }
  void step(std::size_t who) { moves_.step(who, club_.outbox); }
  Ended ending() {
    Ended ended;
    ended.steps = moves_.steps();
    for (std::size_t who = 0; who < moves_.size(); ++who)
      ended.answers.push_back(moves_.operation(who) ? answer_of(*moves_.operation(who)) : "");
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

  Club club_;
  roster_test::Moves moves_;
};

inline std::size_t every_schedule(const Scene& scene, const std::function<void(Ended)>& check) {
  return roster_test::every_order([&] { return std::make_unique<ClubPlay>(scene); }, check);
}

/// The ending if the players come one after the other in this order.
inline Ended one_after_the_other(const Scene& scene, const std::vector<std::size_t>& order) {
  ClubPlay play(scene);
  return roster_test::one_after_the_other(play, order);
}

}  // namespace life

#endif
