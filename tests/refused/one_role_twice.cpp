// Two enumerators cannot stand for one role: a role read back would have two meanings.
// refused: two enumerators stand for one role
#include <array>

#include "roster/role.hpp"

enum class Seat { guest, admin };
#ifdef REFUSED
inline constexpr auto second = roster::RoleId("guest");
#else
inline constexpr auto second = roster::RoleId("admin");
#endif

consteval auto roster_roles(Seat) {
  using Entry = roster::RoleEntry<Seat>;
  return std::array{
      Entry{Seat::guest, {.id = roster::RoleId("guest")}},
      Entry{Seat::admin, {.id = second}},
  };
}

unsigned size() {
  return static_cast<unsigned>(roster::catalog<Seat>.size());
}
