// A catalog has at most one default role.
// refused: a catalog has at most one default role
#include <array>

#include "roster/role.hpp"

enum class Seat { guest, admin };
#ifdef REFUSED
inline constexpr auto second = roster::Grant::default_;
#else
inline constexpr auto second = roster::Grant::yes;
#endif

consteval auto roster_roles(Seat) {
  using Entry = roster::RoleEntry<Seat>;
  return std::array{
      Entry{Seat::guest, {.id = roster::RoleId("guest")}, roster::Grant::default_},
      Entry{Seat::admin, {.id = roster::RoleId("admin")}, second},
  };
}

unsigned size() {
  return static_cast<unsigned>(roster::catalog<Seat>.size());
}
