// The model: what an add means, written as plainly as possible and from the rules alone, to hold the engine against.
//
// It has one thread, no tiles, no guards and no versions: it visits cell after cell and changes maps. Nothing here may
// be taken over from src/core, or the two could be wrong together. It is framework-free, so that the fuzz targets share
// it.
#ifndef ROSTER_TESTS_SUPPORT_MODEL_HPP
#define ROSTER_TESTS_SUPPORT_MODEL_HPP

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "roster/command.hpp"
#include "roster/facts.hpp"
#include "roster/outcome.hpp"
#include "roster/profile.hpp"

namespace roster_test {

struct ModelOrganization {
  std::string slug, parent;  // empty: none
  bool joinable = true;
  std::map<std::string, roster::Role> roles;  // its own catalog, read when the profile has none
};

struct ModelAccount {
  std::string email;  // as written; empty: none
  std::string username;
  bool disabled = false;
  bool invited = false;
};

struct ModelMembership {
  std::string role;
  roster::MembershipState state = roster::MembershipState::active;
  roster::RequestKey request;  // what last wrote it
  roster::Time added_at{};
};

/// Everything there is. Accounts that an add creates are called "new:" and their address in lower case, because the
/// model draws no identifiers: the same account is recognised in a store by its address.
struct World {
  std::map<std::string, ModelOrganization> organizations;
  std::map<std::string, ModelAccount> accounts;
  std::map<std::string, std::vector<std::string>> groups;
  std::map<std::pair<std::string, std::string>, ModelMembership> memberships;  // (organization, account)
  unsigned keys_drawn = 0;
};

/// What the model says about one command.
struct ModelAnswer {
  /// Why the command is malformed, if it is: the engine may name any one of these. The index is that of the selector
  /// for errors about selectors, otherwise 0.
  std::set<std::pair<roster::Errc, std::uint32_t>> errors;

  std::uint32_t rows = 0, columns = 0, named = 0;
  std::vector<roster::Outcome> outcomes;
  std::vector<std::string> cell_roles;  // per cell; empty where a report shows none
  std::vector<std::string> accounts;    // per column; empty where a report may not show it
  std::vector<bool> created;            // per column
  bool wrote = false;

  roster::Outcome at(std::uint32_t row, std::uint32_t column) const {
    return outcomes[std::size_t{row} * columns + column];
  }
};

/// Carries out `command` in `world`.
ModelAnswer model_add(World& world, const roster::Profile& profile, const roster::AddMembers& command,
                      roster::Time now);

/// ASCII lower case: the rule by which two addresses are one, for the addresses that the tests use.
std::string lower(std::string_view text);
std::string text_of(const auto& id) {
  return std::string(id.view());
}

}  // namespace roster_test

#endif
