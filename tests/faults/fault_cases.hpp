// Commands of every kind that run while a store or an allocation fails, each on a fixture of its own, and the checks
// of the state afterwards.
#ifndef ROSTER_TESTS_FAULTS_FAULT_CASES_HPP
#define ROSTER_TESTS_FAULTS_FAULT_CASES_HPP

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

/// The world of `adds()`: works has a slug, `closed` refuses members, `child` is inside `parent`. 600 more accounts are
/// a0, a1...
World world_of_adds(bool with_many_accounts = false);

/// One command, the rules under which it runs, and the store as it is before.
struct FaultCase {
  std::string name;
  Profile rules{.actor = ActorRule::host_decides};
  std::shared_ptr<const Command> command;
  std::function<std::shared_ptr<TestFixture>()> begin;
  bool details = true;
  bool only_adds = false;  ///< of accounts without a former membership
};

/// Adds, at least twelve: single and bulk, atomic and not, groups, parents, creations, replacements, repeats.
std::vector<FaultCase> adds();
/// Changes of memberships in acme, of every kind.
std::vector<FaultCase> changes();

/// The memberships and accounts of a store, one line each and sorted, without ids. Two runs that drew different ids are
/// equal.
using View = std::vector<std::string>;
View view_of(const State& state);
/// The first count of the store that differs from its lists, which `state` has; empty: none.
std::string miscounted(TestFixture& fixture, const State& state, const Profile& rules);

/// The result of a case without any fault, and comparisons with a run that had one. The case must outlive it.
class Reference {
 public:
  explicit Reference(const FaultCase& fault_case);
  /// `state` is the fixture's, as it is.
  void check_whole(TestFixture& fixture, const State& state) const;
  /// Each line of `after` was there before, or is a line of the end without faults.
  void check_nothing_new(const State& before, const State& after) const;
  /// `lost`: a commit may have succeeded though its answer was lost.
  void check_report(const Answer& answer, const State& before, const State& after, TestFixture& fixture,
                    bool lost) const;
  /// Sends the command again without faults: cells that an earlier attempt wrote are `replayed`, the end is the same.
  Answer converges(TestFixture& fixture) const;

  Answer expected;
  View end;

 private:
  /// Without tombstones, the repeat of a removal finds no member.
  bool is_forgotten(Outcome then, Outcome now) const {
    return !fault_case_.rules.keeps_tombstones && then == Outcome::removed && now == Outcome::not_member;
  }
  const FaultCase& fault_case_;
};

}  // namespace faults

#endif
