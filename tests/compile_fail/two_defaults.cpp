// A catalog has at most one default role.
// refused: a catalog has at most one default role
#include <array>

#include "roster/role.hpp"

enum class HostRole { guest, admin };
#ifdef REFUSED
inline constexpr auto second = roster::Grant::default_;
#else
inline constexpr auto second = roster::Grant::yes;
#endif

consteval auto roster_roles(HostRole) {
  using Entry = roster::RoleEntry<HostRole>;
  return std::array{
      Entry{HostRole::guest, {.id = roster::RoleId("guest")}, roster::Grant::default_},
      Entry{HostRole::admin, {.id = roster::RoleId("admin")}, second},
  };
}

unsigned size() {
  return static_cast<unsigned>(roster::catalog<HostRole>.size());
}
