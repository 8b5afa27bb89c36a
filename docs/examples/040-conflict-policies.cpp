// Adds an existing member under each of the four conflict policies.
#include "roster/roster.hpp"

using namespace roster;
using Seat = profiles::TursoRole;

namespace {

/// Adds an account as `admin`, then again with the role `requested`. Sets `now` to the role afterwards.
Outcome second_add(OnConflict policy, const RoleId& requested, RoleId& now) {
  UuidSource ids({1, 2});
  MemoryStore store;
  const OrganizationId acme("acme");
  const AccountId ada("ada");
  if (!store.put_organization({.id = acme}) || !store.put_account({.id = ada})) return Outcome::undecided;

  Profile profile{
      .name = "policies", .roles = catalog<Seat>, .default_role = default_role<Seat>, .actor = ActorRule::host_decides};
  profile.on_same_role = policy;
  profile.on_other_role = policy;
  const Engine engine(profile, store, ids);
  if (!engine.add({acme, ada, grant<Seat::admin>}, Time{0})) return Outcome::undecided;
  const auto report = engine.add({acme, ada, requested}, Time{0});
  if (!report) return Outcome::undecided;
  now = store.membership(acme, ada).value()->role;
  return report.value().at(0, 0);
}

struct Row {
  OnConflict policy;
  RoleId requested;
  Outcome outcome;
  RoleId role_afterwards;
};

}  // namespace

int main() {
  const RoleId viewer = grant<Seat::viewer>, admin = grant<Seat::admin>, none{};
  const Row table[] = {
      {OnConflict::keep, admin, Outcome::existing, admin},
      {OnConflict::keep, viewer, Outcome::existing, admin},
      {OnConflict::reject, admin, Outcome::conflict, admin},
      {OnConflict::reject, viewer, Outcome::role_conflict, admin},
      {OnConflict::replace, admin, Outcome::existing, admin},
      {OnConflict::replace, viewer, Outcome::replaced, viewer},  // replace also lowers a role
      {OnConflict::raise, viewer, Outcome::existing, admin},     // raise never lowers a role
      {OnConflict::replace, none, Outcome::existing, admin},     // no requested role, so no conflict
  };
  for (const Row& row : table) {
    RoleId now;
    if (second_add(row.policy, row.requested, now) != row.outcome || now != row.role_afterwards) return 1;
  }
  return 0;
}
