// Shows what an add does about somebody who is a member already, under each of the four policies.
#include "roster/roster.hpp"

using namespace roster;
using Seat = profiles::TursoRole;

namespace {

/// What a second add with `asked` gives when the first gave `admin`; `now` becomes the role afterwards.
Outcome second_add(OnConflict policy, const RoleId& asked, RoleId& now) {
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
  const auto report = engine.add({acme, ada, asked}, Time{0});
  if (!report) return Outcome::undecided;
  now = store.membership(acme, ada)->role;
  return report.value().at(0, 0);
}

struct Row {
  OnConflict policy;
  RoleId asked;
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
      {OnConflict::replace, viewer, Outcome::replaced, viewer},  // replace lowers a role too
      {OnConflict::raise, viewer, Outcome::existing, admin},     // raise never does
      {OnConflict::replace, none, Outcome::existing, admin},     // naming no role is having no opinion
  };
  for (const Row& row : table) {
    RoleId now;
    if (second_add(row.policy, row.asked, now) != row.outcome || now != row.role_afterwards) return 1;
  }
  return 0;
}
