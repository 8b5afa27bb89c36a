// Uses an enum of the host as roles: misspelt or ungrantable roles do not compile.
#include "roster/roster.hpp"

namespace host {
enum class Role { guest, editor, owner };

consteval auto roster_roles(Role) {
  using Entry = roster::RoleEntry<Role>;
  return std::array{
      Entry{Role::guest, {.id = roster::RoleId("guest"), .rank = 1}, roster::Grant::default_},
      Entry{Role::editor, {.id = roster::RoleId("editor"), .rank = 2, .manages = true}},
      Entry{Role::owner, {.id = roster::RoleId("owner"), .rank = 3, .manages = true}, roster::Grant::read_only},
  };
}
}  // namespace host

int main() {
  using namespace roster;

  constexpr Profile profile = {.name = "seats",
                               .roles = catalog<host::Role>,
                               .default_role = default_role<host::Role>,
                               .actor = ActorRule::host_decides};
  UuidSource ids({1, 2});
  MemoryStore store;
  if (!store.put_organization({.id = OrganizationId("acme")})) return 1;
  if (!store.put_account({.id = AccountId("ada")}) || !store.put_account({.id = AccountId("bob")})) return 1;
  const Engine engine(profile, store, ids);

  // A role in the program text. grant<host::Role::owner> does not compile, because it is read only.
  const AddMembers as_editor(OrganizationId("acme"), AccountId("ada"), grant<host::Role::editor>);
  const auto ada = engine.add(as_editor, Time{0});
  if (!ada || ada.value().at(0, 0) != Outcome::added) return 1;
  if (role_as<host::Role>(ada.value().role(0, 0)) != host::Role::editor) return 1;  // and back to the enum

  // Without a role in the command, the member gets the default of the enum.
  const AddMembers with_default(OrganizationId("acme"), AccountId("bob"));
  const auto bob = engine.add(with_default, Time{0});
  if (!bob || role_as<host::Role>(bob.value().role(0, 0)) != host::Role::guest) return 1;

  // A role from a request is known only at run time. Text that is no role of the catalog is an outcome, not an error.
  const auto from_request = RoleId::parse("Editor");
  if (!from_request) return 1;
  const AddMembers misspelt(OrganizationId("acme"), AccountId("bob"), from_request.value());
  const auto refused = engine.add(misspelt, Time{0});
  if (!refused || refused.value().at(0, 0) != Outcome::role_not_found) return 1;
  return grant_of(host::Role::owner) ? 1 : 0;
}
