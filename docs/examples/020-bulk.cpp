// Adds many people to many organizations in one command, and reads the report cell by cell.
//
// Bulk has no second interface: one cell and a million use the same command and the same kind of report.
#include <string>
#include <vector>

#include "roster/roster.hpp"

int main() {
  using namespace roster;
  UuidSource ids({1, 2});  // a fixed seed for equal runs; a real host uses entropy, as in 010
  MemoryStore store;
  for (const auto id : {OrganizationId("acme"), OrganizationId("globex")})
    if (!store.put_organization({.id = id})) return 1;

  AddMembers command;
  command.organizations = {OrganizationId("acme"), OrganizationId("nowhere"), OrganizationId("globex")};
  std::vector<AccountSelector> people;
  for (int i = 0; i < 1'000; ++i) {
    const auto id = AccountId::parse("user-" + std::to_string(i));
    if (!id || !store.put_account({.id = id.value()})) return 1;
    people.push_back(id.value());
  }
  people.push_back(AccountId("user-7"));  // a duplicate account
  command.accounts = std::move(people);
  command.roles = grant<profiles::DevinRole::org_member>;
  command.actor.staff = true;

  // Atomic: one organization is missing, so nothing is written.
  const auto refused = Engine(profiles::devin, store, ids).add(command, Time{0});
  if (!refused || refused.value().count(Outcome::not_attempted) != 2 * 1'001) return 1;
  if (refused.value().at(1, 0) != Outcome::organization_not_found || store.membership_count() != 0) return 1;

  // Best effort: each cell is decided separately.
  Profile lenient = profiles::devin;
  lenient.mode = Mode::best_effort;
  const auto done = Engine(lenient, store, ids).add(command, Time{0});
  if (!done) return 1;
  const Report& report = done.value();
  const bool counts = report.rows == 3 && report.columns == 1'001 && report.count(Outcome::added) == 2'000 &&
                      report.count(Outcome::organization_not_found) == 1'001;
  const bool twice = report.at(0, 1'000) == Outcome::replayed &&  // the duplicate finds the write of the first
                     report.membership(0, 1'000) == report.membership(0, 7);
  return counts && twice && store.membership_count() == 2'000 ? 0 : 1;
}
