// Imports a roster file into a store: organizations with their teams nested in them, accounts, and memberships.
#ifndef QUICKSTART_IMPORTER_HPP
#define QUICKSTART_IMPORTER_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "chosen_store.hpp"
#include "roster/engine.hpp"
#include "roster_file.hpp"

namespace quickstart {

/// The rules of this import for existing members, and for teams inside organizations. The rules of every add-member API
/// are such a value.
extern const roster::Profile import_profile;

/// One organization of the file, with the counts of its rows.
struct PlannedOrganization {
  std::string name;
  std::size_t rows = 0, teams = 0, people = 0;
};
/// All people with one role in one organization or team: one command of any size.
struct PlannedAdd {
  std::size_t organization = 0;  ///< index in Plan::organizations
  roster::AddMembers command;
};
struct Plan {
  std::vector<PlannedOrganization> organizations;
  std::vector<roster::OrganizationRecord> places;  ///< organizations first, then teams
  std::vector<roster::Username> people;            ///< in the first spelling of each
  std::size_t spellings = 0;                       ///< distinct spellings of all people
  std::vector<PlannedAdd> adds;                    ///< organizations first, then teams
};
/// Makes the plan without a store.
Plan plan_import(const std::vector<RosterRow>& rows);

/// Puts missing organizations, teams and accounts. Only the engine writes memberships.
roster::Result<void> prepare(ChosenStore& store, const Plan& plan);

using Counts = roster::OutcomeTable<std::uint64_t>;
struct ImportResult {
  std::vector<Counts> by_organization;  ///< parallel to Plan::organizations
  Counts total{};
};
/// Called after each command with the number of executed commands.
using Progress = std::function<void(std::size_t done)>;
roster::Result<ImportResult> run_import(const roster::Engine& engine, const Plan& plan, roster::Time now,
                                        const Progress& progress);

}  // namespace quickstart

#endif
