// A host's own roles, for the snippets about them.
#include <array>

#include "roster/role.hpp"

enum class HostRole { guest, admin, owner, ghost };

consteval auto roster_roles(HostRole) {
  using Entry = roster::RoleEntry<HostRole>;
  return std::array{
      Entry{HostRole::guest, {.id = roster::RoleId("guest"), .rank = 1}, roster::Grant::default_},
      Entry{HostRole::admin, {.id = roster::RoleId("admin"), .rank = 2, .manages = true}},
      Entry{HostRole::owner, {.id = roster::RoleId("owner"), .rank = 3}, roster::Grant::read_only},
  };
}
