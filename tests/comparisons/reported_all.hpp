// Every public report that is replayed on a store, for the tests of each store.
#ifndef ROSTER_TESTS_COMPARISONS_REPORTED_ALL_HPP
#define ROSTER_TESTS_COMPARISONS_REPORTED_ALL_HPP

#include "comparisons/reported_accounts.hpp"
#include "comparisons/reported_imports.hpp"
#include "comparisons/reported_requests.hpp"
#include "comparisons/reported_roles.hpp"
#include "comparisons/reported_sets.hpp"

namespace reported {

/// The wrong answers of all scenarios, one line each. `replay(scenario)` runs one on an empty store.
template <class ReplayEach>
std::string all(const ReplayEach& replay) {
  std::string wrong;
  const auto note = [&](const char* scenario, const std::string& answer) {
    if (!answer.empty()) wrong += std::string(scenario) + ": " + answer + "\n";
  };
#if __has_include(<fmt/core.h>)
  note("teams of two organizations", replay([](auto& store) { return teams_of_two_organizations(store); }));
#endif
  note("a pending add", replay([](auto& store) { return pending_add(store); }));
  note("a renewed invitation", replay([](auto& store) { return renewed_invitation(store); }));
  note("a lapsed invitation", replay([](auto& store) { return add_of_a_lapsed_invitation(store); }));
  note("an invitation with an end", replay([](auto& store) { return ending_invitation(store); }));
  note("a disabled owner", replay([](auto& store) { return disabled_owner(store); }));
  note("a late removal", replay([](auto& store) { return late_removal(store); }));
  note("a deleted account", replay([](auto& store) { return deleted_and_invited_again(store); }));
  note("swapped addresses", replay([](auto& store) { return swapped_addresses(store); }));
  note("a claimed address", replay([](auto& store) { return claimed_address(store); }));
  note("a lost update", replay([](auto& store) { return lost_update(store); }));
  note("roles", all_about_roles(replay));
  note("a member of projects", replay([](auto& store) { return member_of_projects(store); }));
  note("an offboarded person", replay([](auto& store) { return offboarded_person(store); }));
  note("these and no others", replay([](auto& store) { return these_and_no_others(store); }));
  note("a late promotion", replay([](auto& store) { return late_promotion(store); }));
  note("names that look alike", replay([](auto& store) { return names_that_look_alike(store); }));
  note("long names", replay([](auto& store) { return long_names(store); }));
  note("a reused key", replay([](auto& store) { return reused_key(store); }));
  return wrong;
}

}  // namespace reported

#endif
