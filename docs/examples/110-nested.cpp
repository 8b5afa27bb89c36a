// Adds people to a project inside an organization, under each rule about membership in the parent organization.
#include "roster/roster.hpp"

using namespace roster;
using Seat = profiles::TursoRole;

namespace {

struct World {
  UuidSource ids{{1, 2}};
  MemoryStore store;
  OrganizationId acme{"acme"}, search{"search"};
  AccountId ada{"ada"};

  bool fill() {
    return store.put_organization({.id = acme}) && store.put_organization({.id = search, .parent = acme}) &&
           store.put_organization({.id = OrganizationId("globex")}) && store.put_account({.id = ada});
  }
  Outcome add(ParentRule rule, const OrganizationSelector& where) {
    Profile profile{
        .name = "nested", .roles = catalog<Seat>, .default_role = default_role<Seat>, .actor = ActorRule::host_decides};
    profile.parent = rule;
    profile.parent_role = grant<Seat::viewer>;
    const AddMembers command(where, ada, grant<Seat::admin>);
    const auto report = Engine(profile, store, ids).add(command, Time{0});
    return report ? report.value().at(0, 0) : Outcome::undecided;
  }
};

bool ignore_looks_away() {
  World world;
  return world.fill() && world.add(ParentRule::ignore, Nested{world.acme, world.search}) == Outcome::added &&
         !world.store.membership(world.acme, world.ada).value();
}

bool require_insists() {
  World world;
  return world.fill() && world.add(ParentRule::require, Nested{world.acme, world.search}) == Outcome::parent_required &&
         world.add(ParentRule::require, world.acme) == Outcome::added &&
         world.add(ParentRule::require, Nested{world.acme, world.search}) == Outcome::added;
}

/// One commit adds both memberships: the requested one, and one in the parent with the profile's parent_role.
bool add_joins_both() {
  World world;
  if (!world.fill() || world.add(ParentRule::add, Nested{world.acme, world.search}) != Outcome::added) return false;
  const auto inner = world.store.membership(world.search, world.ada).value();
  const auto outer = world.store.membership(world.acme, world.ada).value();
  return inner && inner->role == grant<Seat::admin> && outer && outer->role == grant<Seat::viewer>;
}

/// Returns the number of organizations directly inside one.
std::size_t count_children(const RecordStore& store, const OrganizationId& parent) {
  std::size_t total = 0;
  OrganizationId page[100], after;
  for (;;) {
    const auto count = store.children(parent, after, page);
    if (!count || count.value() == 0) return total;
    total += count.value();
    after = page[count.value() - 1];
  }
}

bool children_are_listed() {
  World world;
  return world.fill() && count_children(world.store, world.acme) == 1 && count_children(world.store, world.search) == 0;
}

/// A project is found only inside its parent.
bool strangers_do_not_nest() {
  World world;
  const Nested elsewhere{OrganizationId("globex"), world.search};
  return world.fill() && world.add(ParentRule::ignore, elsewhere) == Outcome::organization_not_found;
}

}  // namespace

int main() {
  return ignore_looks_away() && require_insists() && add_joins_both() && strangers_do_not_nest() &&
                 children_are_listed()
             ? 0
             : 1;
}
