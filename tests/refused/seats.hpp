// A host's own roles, for the snippets about them.
#include <array>

#include "roster/role.hpp"

enum class Seat { guest, admin, owner, ghost };

template <>
struct roster::RoleEnum<Seat> {
  static constexpr std::array roles = {
      roster::RoleOf<Seat>{Seat::guest, {.id = roster::RoleId("guest"), .rank = 1}, roster::Grant::default_},
      roster::RoleOf<Seat>{Seat::admin, {.id = roster::RoleId("admin"), .rank = 2, .manages = true}},
      roster::RoleOf<Seat>{Seat::owner, {.id = roster::RoleId("owner"), .rank = 3}, roster::Grant::read_only},
  };
};
