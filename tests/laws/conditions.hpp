// What can be told about a scenario's commands by looking at them: the laws about repeating, splitting and reordering
// commands hold under conditions, and these are the conditions.
#ifndef ROSTER_TESTS_LAWS_CONDITIONS_HPP
#define ROSTER_TESTS_LAWS_CONDITIONS_HPP

#include "support/oracle.hpp"
#include "support/scenario.hpp"

namespace roster_test {

/// Who a selector means, as far as that can be told without a store: all names of account a1 are "1".
std::string person(const roster::AccountSelector& selector);
std::string place(const roster::OrganizationSelector& selector);

/// Makes every command well formed, without groups and without blank names, and asked by the clerk.
void settle_down(Scenario& scenario);

/// Whether who asks may do that there.
bool authorizes(const World& world, const roster::Profile& profile, const roster::Command& command,
                const std::string& place, roster::Time now);

/// The role that a cell asks for; empty if none.
roster::RoleId asked_at(const roster::AddMembers& command, std::size_t row, std::size_t column);

/// One pair is asked for with two different roles (a role that is left out is different from every other).
bool contradicts_itself(const roster::AddMembers& command);

/// A row is the parent of another row, and that matters to the profile: then the order of rows does too.
bool climbs(const Scenario& scenario, const roster::AddMembers& command);

/// What the same cell says when it is asked again under the same key.
roster::Outcome later(roster::Outcome first);

}  // namespace roster_test

#endif
