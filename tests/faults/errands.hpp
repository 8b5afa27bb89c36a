// What is done while things go wrong: commands of every kind, each on a fixture of its own; and what must be so
// afterwards.
#ifndef ROSTER_TESTS_FAULTS_ERRANDS_HPP
#define ROSTER_TESTS_FAULTS_ERRANDS_HPP

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"
#include "support/fixture.hpp"

namespace faults {

using namespace roster;
using namespace roster_test;

template <class Name>
Name named(std::string_view text) {
  auto parsed = Name::parse(text);
  REQUIRE(parsed.has_value());
  return std::move(parsed).assume_value();
}

/// A small small world to add members in; `crowded`: with 600 more people.
World small_world(bool crowded = false);

/// One command, the rules under which it runs, and the store as it is before.
struct Errand {
  std::string name;
  Profile rules{.actor = ActorRule::host_decides};
  std::shared_ptr<const Command> command;
  std::function<std::shared_ptr<TestFixture>()> begin;
  bool details = true;
  bool only_adds = false;  ///< to who was never there
};

/// Adds in the small world, at least twelve: single and bulk, atomic and not, groups, parents, creations, replacements,
/// repeats.
std::vector<Errand> adds();
/// Changes of memberships in the club, of every kind.
std::vector<Errand> changes();

/// What a person would call the content of a store: who is a member where, as what. The same for two runs that drew
/// different ids.
using View = std::vector<std::string>;
View essence(const State& state);
/// What the store says of its numbers, against what it lists; empty if they agree.
std::string miscounted(TestFixture& fixture, const Profile& rules);

/// The errand without any fault, and a disturbed one compared with it. The errand must outlive it.
class Calm {
 public:
  explicit Calm(const Errand& errand);
  void check_whole(TestFixture& fixture) const;
  /// There is nothing but what was there, or is meant to be there.
  void check_nothing_new(const State& before, const State& after) const;
  /// `lost`: a commit may have succeeded though its answer was lost.
  void check_report(const Answer& answer, const State& before, TestFixture& fixture, bool lost) const;
  /// Sent again, now that nothing fails: what an earlier attempt wrote is told apart, and the end is the same.
  Answer converges(TestFixture& fixture) const;

  Answer expected;
  View end;

 private:
  /// Of a removal that leaves nothing a repeat can only say that there is nobody.
  bool is_forgotten(Outcome then, Outcome now) const {
    return !errand_.rules.keeps_tombstones && then == Outcome::removed && now == Outcome::not_member;
  }
  const Errand& errand_;
};

}  // namespace faults

#endif
