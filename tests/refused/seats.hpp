// A host's own roles, for the snippets about them.
#include <array>

#include "roster/role.hpp"

enum class Seat { guest, admin, owner, ghost };

consteval auto roster_roles(Seat) {
  using Entry = roster::RoleEntry<Seat>;
  return std::array{
      Entry{Seat::guest, {.id = roster::RoleId("guest"), .rank = 1}, roster::Grant::default_},
      Entry{Seat::admin, {.id = roster::RoleId("admin"), .rank = 2, .manages = true}},
      Entry{Seat::owner, {.id = roster::RoleId("owner"), .rank = 3}, roster::Grant::read_only},
  };
}
