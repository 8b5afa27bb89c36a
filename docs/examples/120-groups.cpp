// Adds all accounts of a group, and accounts named directly, in one command.
#include <array>

#include "roster/roster.hpp"

int main() {
  using namespace roster;
  UuidSource ids({1, 2});
  MemoryStore store;
  const std::array crew = {AccountId("ada"), AccountId("bob"), AccountId("cyd")};
  if (!store.put_organization({.id = OrganizationId("acme")})) return 1;
  for (const AccountId& id : crew)
    if (!store.put_account({.id = id})) return 1;
  if (!store.overwrite_group(GroupName("crew"), crew)) return 1;

  Profile profile{
      .name = "groups", .roles = catalog<profiles::TursoRole>, .default_role = default_role<profiles::TursoRole>};
  profile.actor = ActorRule::host_decides;  // the default rule requires a manager
  profile.mode = Mode::best_effort;
  profile.accounts_max = 100;  // members of groups count

  AddMembers command(OrganizationId("acme"), AccountId("bob"));
  command.groups = {GroupName("crew"), GroupName("missing")};
  const auto done = Engine(profile, store, ids).add(command, Time{0});
  if (!done) return 1;

  // Columns: bob directly; ada, bob and cyd from the group; and one column for the missing group.
  const Report& report = done.value();
  if (report.direct_columns != 1 || report.columns != 5) return 1;
  const bool named = report.at(0, 0) == Outcome::added;
  const bool grouped = report.at(0, 1) == Outcome::added && report.at(0, 2) == Outcome::replayed &&  // bob is a repeat
                       report.at(0, 3) == Outcome::added;
  const bool missing = report.at(0, 4) == Outcome::group_not_found;
  return named && grouped && missing && store.membership_count() == 3 ? 0 : 1;
}
