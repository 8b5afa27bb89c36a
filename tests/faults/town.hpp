// A small town to add members in, the errands that are run in it while things go wrong, and what can be seen
// afterwards.
#ifndef ROSTER_TESTS_FAULTS_TOWN_HPP
#define ROSTER_TESTS_FAULTS_TOWN_HPP

#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"
#include "roster/engine.hpp"
#include "roster/memory_store.hpp"

namespace faults {

using namespace roster;

template <class Name>
Name named(std::string_view text) {
  auto parsed = Name::parse(text);
  REQUIRE(parsed.has_value());
  return std::move(parsed).assume_value();
}

/// One command and the rules under which it runs.
struct Errand {
  std::string name;
  Profile profile;
  AddMembers command;
  Options options{};
  bool crowded = false;  ///< in a town with 600 more people
};

/// At least twelve, of every kind: single and bulk, atomic and not, groups, parents, creations, replacements, repeats.
std::vector<Errand> errands();

/// What is in a store, one line a fact, so that two towns can be compared and a difference be read.
using View = std::vector<std::string>;

/// A filled store. Not movable: an engine points into it.
class Town {
 public:
  explicit Town(bool crowded = false);

  /// Everything, with identifiers and versions.
  View exact() { return look(true); }
  /// What a person would call the result: who is a member where, as what. The same for two runs that drew different
  /// ids.
  View essence() { return look(false); }
  /// What is wrong with the store itself: a row twice, a list or a count that disagrees, an account nobody needs.
  std::string broken();

  MemoryStore store{MemoryOptions{.locked = false}};
  UuidSource ids{{3, 4}};

 private:
  View look(bool exact);

  std::vector<OrganizationSelector> places_;
  std::vector<AccountSelector> people_;
  std::vector<std::string> labels_;
  std::vector<GroupName> groups_;
};

/// The report and the store tell one story: what is reported as done is there, under the id and role that are shown,
/// and written by this request where the report says so. Says what is wrong; empty if nothing is.
std::string contradiction(const Errand& errand, const Report& report, Town& town);

}  // namespace faults

#endif
