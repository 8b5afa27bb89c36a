// Schedules of adds on a drawn or chosen world, and how they end.
#ifndef ROSTER_TESTS_SUPPORT_SCHEDULE_HPP
#define ROSTER_TESTS_SUPPORT_SCHEDULE_HPP

#include "support/faulty_store.hpp"
#include "support/moves.hpp"
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

  std::vector<std::size_t> order() const { return order_of(steps, answers.size()); }
  friend bool operator==(const Ending& a, const Ending& b) { return a.answers == b.answers && a.state == b.state; }
};

/// One play of participants on a fresh store. The participants must outlive it.
class Play {
 public:
  Play(const World& world, const roster::Profile& profile, const std::vector<Participant>& participants,
       roster::Options options = {}, FaultyStore::Script script = {})
      : profile_(profile), stage_(world, options), store_(stage_.store, std::move(script)) {
    const roster::Context context{now, &stage_.ids, options.details};
    for (const Participant& each : participants)
      if (each.act)
        moves_.add([this, &each] { each.act(stage_.store); });
      else
        moves_.add(std::make_unique<roster::Operation>(profile_, each.command, context, options));
  }
  Play(const Play&) = delete;

  bool moves(std::size_t who) const { return moves_.moves(who); }
  std::vector<std::size_t> movers() const { return moves_.movers(); }
  void step(std::size_t who) { moves_.step(who, store_); }
  bool run(const std::function<std::size_t(const std::vector<std::size_t>&)>& choose) {
    return roster_test::run(*this, choose);
  }

  Ending ending() {
    Ending ending;
    ending.steps = moves_.steps();
    for (std::size_t who = 0; who < moves_.size(); ++who) {
      roster::Operation* const operation = moves_.operation(who);
      ending.answers.push_back(operation ? answer_of(operation->finish(), stage_.store, stage_.base) : Answer{});
    }
    ending.state = stage_.state();
    return ending;
  }
  const FaultyStore& store() const { return store_; }
  Stage& stage() { return stage_; }

 private:
  roster::Profile profile_;
  Stage stage_;
  FaultyStore store_;
  Moves moves_;
};

inline std::size_t every_schedule(const World& world, const roster::Profile& profile,
                                  const std::vector<Participant>& participants, roster::Options options,
                                  const std::function<void(Ending)>& check) {
  return every_order([&] { return std::make_unique<Play>(world, profile, participants, options); }, check);
}

inline Ending serial_ending(const World& world, const roster::Profile& profile,
                            const std::vector<Participant>& participants, roster::Options options,
                            const std::vector<std::size_t>& order) {
  Play play(world, profile, participants, options);
  return one_after_the_other(play, order);
}

}  // namespace roster_test

#endif
