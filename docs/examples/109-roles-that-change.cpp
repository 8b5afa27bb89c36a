// Renames and deletes roles while members have them: in the catalog of a profile, and in that of an organization.
#include "roster/roster.hpp"

using namespace roster;

namespace {

const OrganizationId acme("acme"), umbrella("umbrella"), holding("holding");
const AccountId ann("ann"), ben("ben"), cyd("cyd");

// catalog begins
// `owner` was renamed to `proprietor`. Memberships that are stored as `owner` are those of proprietors.
constexpr std::array roles = {
    Role{.id = RoleId("guest"), .rank = 0, .takes_seat = false},  // a guest occupies no seat
    Role{.id = RoleId("member"), .rank = 1},
    Role{.id = RoleId("proprietor"), .rank = 3, .manages = true, .owns = true},
};
constexpr std::array former_roles = {FormerRole{RoleId("owner"), RoleId("proprietor")}};
constexpr Profile rules = {
    .roles = roles, .former_roles = former_roles, .default_role = RoleId("member"), .actor = ActorRule::manager};
// catalog ends

bool gives(const Result<Report>& report, Outcome outcome) {
  return report && report.value().at(0, 0) == outcome;
}

bool put(MemoryStore& store, const OrganizationId& organization, const AccountId& account, const RoleId& role) {
  const auto id = MembershipId::of(std::string(organization.view()) + "/" + std::string(account.view()));
  return store.put_membership({.id = id, .organization = organization, .account = account, .role = role}).has_value();
}

/// A profile's catalog: the host ships another one.
bool changes_profile(MemoryStore& store, IdSource& ids) {
  const Engine engine(rules, store, ids);
  // These memberships are from before the renaming, and from before `admin` was deleted.
  if (!put(store, acme, ann, RoleId("owner")) || !put(store, acme, ben, RoleId("admin"))) return false;
  // profile begins
  // An owner under the former id adds members, and cannot leave as the last one.
  const bool adds = gives(engine.add({acme, cyd, RoleId("guest"), Actor{ann}}, Time{1}), Outcome::added);
  const bool stays = gives(engine.run(Leave(acme, ann), Time{2}), Outcome::last_owner);
  // A suspended admin does not come back with a role that no longer exists, but with another role.
  const bool suspended = gives(engine.run(Suspend(acme, ben, Actor{ann}), Time{3}), Outcome::suspended);
  const bool refused = gives(engine.run(Reactivate(acme, ben, Actor{ann}), Time{4}), Outcome::role_not_found);
  const bool changed =
      gives(engine.run(ChangeRole(acme, ben, RoleId("member"), Actor{ann}), Time{5}), Outcome::replaced);
  const bool back = gives(engine.run(Reactivate(acme, ben, Actor{ann}), Time{6}), Outcome::reactivated);
  // profile ends
  return adds && stays && suspended && refused && changed && back;
}

/// A profile's catalog in which a role owns no longer. The store has recorded that it did.
bool moves_ownership(MemoryStore& store, IdSource& ids) {
  const Actor staff{{}, true};
  if (!gives(Engine(rules, store, ids).add({holding, ann, RoleId("proprietor"), staff}, Time{1}), Outcome::added))
    return false;
  // ownership begins
  // In the next catalog, directors own in place of proprietors.
  static constexpr std::array next_roles = {
      Role{.id = RoleId("member"), .rank = 1},
      Role{.id = RoleId("proprietor"), .rank = 3, .manages = true},
      Role{.id = RoleId("director"), .rank = 4, .manages = true, .owns = true},
  };
  static constexpr Profile next = {.roles = next_roles, .default_role = RoleId("member"), .actor = ActorRule::manager};
  const Engine engine(next, store, ids);

  // Until there is a director, a proprietor stays.
  const bool stays = gives(engine.run(Leave(holding, ann), Time{2}), Outcome::last_owner);
  const bool directs =
      gives(engine.run(ChangeRole(holding, ann, RoleId("director"), staff), Time{3}), Outcome::replaced);

  // Where no role may own any more, the host says so, once for all organizations.
  const bool forgotten = store.forget_owner_role(RoleId("proprietor")).has_value();
  // ownership ends
  return stays && directs && forgotten;
}

/// An organization's own catalog: the host renames a role in the store.
bool changes_organization(MemoryStore& store) {
  if (!store.put_role(umbrella, {.id = RoleId("owner"), .rank = 3, .manages = true, .owns = true}, any_version) ||
      !store.put_role(umbrella, {.id = RoleId("member"), .rank = 1}, any_version) ||
      !put(store, umbrella, ann, RoleId("owner")) || !put(store, umbrella, ben, RoleId("member")))
    return false;
  // organization begins
  // A role with members is erased only with a replacement, and the last owners stay owners.
  const auto in_use = store.erase_role(umbrella, RoleId("member"), {}, any_version);
  const auto ownerless = store.erase_role(umbrella, RoleId("owner"), RoleId("member"), any_version);
  if (in_use || in_use.error().code != Errc::role_in_use) return false;
  if (ownerless || ownerless.error().code != Errc::owner_last) return false;

  // A renaming puts the new role, then erases the old one. Every member gets the new role in the same unit.
  const Role proprietor{.id = RoleId("proprietor"), .rank = 3, .manages = true, .owns = true};
  const auto renamed = store.put_role(umbrella, proprietor, any_version);
  if (!renamed || !store.erase_role(umbrella, RoleId("owner"), proprietor.id, renamed.value())) return false;

  std::array<Membership, 100> page;
  const auto owners = store.members_with_role(umbrella, proprietor.id, {}, page);
  std::array<Role, 100> catalog;
  const auto count = store.roles(umbrella, {}, catalog);
  // organization ends
  return owners && owners.value() == 1 && page[0].account == ann && count && count.value() == 2;
}

}  // namespace

int main() {
  UuidSource ids({1, 2});
  MemoryStore store;
  for (const OrganizationId& id : {acme, umbrella, holding})
    if (!store.put_organization({.id = id})) return 1;
  for (const AccountId& id : {ann, ben, cyd})
    if (!store.put_account({.id = id})) return 1;
  return changes_profile(store, ids) && moves_ownership(store, ids) && changes_organization(store) ? 0 : 1;
}
