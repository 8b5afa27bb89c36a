// The oracle: what a command of any kind means, written as plainly as possible and from the documentation alone, to
// hold the engine against.
//
// It has one thread, no tiles, no guards and no versions: it visits cell after cell and changes maps. What one cell
// comes to is in rules.cpp; here are the answers to its questions, and what depends on other cells. Nothing of it may
// be taken over from src/core, or the two could be wrong together. It is framework-free, so that the fuzz targets share
// it.
#ifndef ROSTER_TESTS_SUPPORT_ORACLE_HPP
#define ROSTER_TESTS_SUPPORT_ORACLE_HPP

#include <optional>
#include <set>

#include "roster/profile.hpp"
#include "support/rules.hpp"
#include "support/world.hpp"

namespace roster_test {

/// What a membership was before a command changed it.
struct Before {
  std::string role;
  roster::MembershipState state;
  friend bool operator==(const Before&, const Before&) = default;
};

/// One entry of an outbox.
struct Happening {
  roster::Event event;
  Pair pair;
  std::string role;
  friend bool operator==(const Happening&, const Happening&) = default;
};

/// A report in the words of the world.
struct Summary {
  std::uint32_t rows = 0, columns = 0, named = 0;
  std::vector<roster::Outcome> outcomes;
  std::vector<std::string> cell_roles;        // per cell; empty where a report shows none
  std::vector<std::optional<Before>> before;  // per cell
  std::vector<std::string> accounts;          // per column; empty where a report may not show it
  std::vector<bool> created;                  // per column
  friend bool operator==(const Summary&, const Summary&) = default;
};

/// What the oracle says about one command.
struct Expected : Summary {
  Errors errors;  ///< if there are any, the engine may name any one of these
  std::vector<Happening> happenings;
  bool wrote() const { return !happenings.empty(); }
};

/// Whether who asks may do that there.
bool lets_in(const World& world, const roster::Profile& profile, const roster::Command& command,
             const std::string& place, roster::Time now);

/// Carries out `command` in `world`. `sent`: the operation has sent a commit before, and its answer was lost.
Expected carry_out(World& world, const roster::Profile& profile, const roster::Command& command, roster::Time now,
                   bool sent = false);

}  // namespace roster_test

#endif
