// Properties of a scenario's commands, found without running them. They are the conditions of the laws about repeated,
// split and reordered commands.
#ifndef ROSTER_TESTS_LAWS_CONDITIONS_HPP
#define ROSTER_TESTS_LAWS_CONDITIONS_HPP

#include "support/oracle.hpp"
#include "support/scenario.hpp"

namespace roster_test {

/// The account that a selector names, without a store: all names of account a1 give "1".
std::string person(const roster::AccountSelector& selector);
std::string place(const roster::OrganizationSelector& selector);

/// Makes every command well formed, without groups and blank names, with the clerk as its actor.
void settle_down(Scenario& scenario);

/// Whether the actor may issue the command there.
bool authorizes(const World& world, const roster::Profile& profile, const roster::Command& command,
                const std::string& place, roster::Time now);

/// The role that a cell requests; empty: none.
roster::RoleId asked_at(const roster::AddMembers& command, std::size_t row, std::size_t column);

/// Whether one pair is requested with two different roles. An omitted role differs from every other.
bool contradicts_itself(const roster::AddMembers& command);

/// Whether a row is the parent of another row, and the profile has a rule about that. Then the order of rows matters.
bool climbs(const Scenario& scenario, const roster::AddMembers& command);

/// The outcome of the same cell when the request is repeated.
roster::Outcome later(roster::Outcome first);

}  // namespace roster_test

#endif
