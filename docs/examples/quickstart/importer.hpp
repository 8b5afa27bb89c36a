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

/// How this import treats people who are members already, and teams inside organizations. A profile of our own: any
/// add-member API is a value of this kind.
extern const roster::Profile import_profile;

/// One organization of the file, with what its rows say.
struct PlannedOrganization {
  std::string name;
  std::size_t rows = 0, teams = 0, people = 0;
};
/// Everybody who gets one role in one place: one command, whatever its size.
struct PlannedAdd {
  std::size_t organization = 0;  ///< into Plan::organizations
  roster::AddMembers command;
};
struct Plan {
  std::vector<PlannedOrganization> organizations;
  std::vector<roster::OrganizationRecord> places;  ///< organizations first, then teams
  std::vector<roster::Username> people;            ///< each in the spelling that comes first
  std::size_t spellings = 0;                       ///< how many spellings these people have between them
  std::vector<PlannedAdd> adds;                    ///< organizations first, then teams
};
/// Pure: nothing is stored.
Plan plan_import(const std::vector<RosterRow>& rows);

/// Puts the places and the accounts where they are not there yet. Memberships are not touched: those are the engine's.
roster::Result<void> prepare(ChosenStore& store, const Plan& plan);

using Counts = roster::OutcomeTable<std::uint64_t>;
struct ImportResult {
  std::vector<Counts> by_organization;  ///< parallel to Plan::organizations
  Counts total{};
};
/// Called after each command with how many have been carried out.
using Progress = std::function<void(std::size_t done)>;
roster::Result<ImportResult> run_import(const roster::Engine& engine, const Plan& plan, roster::Time now,
                                        const Progress& progress);

}  // namespace quickstart

#endif
