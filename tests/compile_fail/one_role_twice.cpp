// Two enumerators cannot stand for one role: a role read back would have two meanings.
// refused: two enumerators have one role
#include <array>

#include "roster/role.hpp"

enum class HostRole { guest, admin };
#ifdef REFUSED
inline constexpr auto second = roster::RoleId("guest");
#else
inline constexpr auto second = roster::RoleId("admin");
#endif

consteval auto roster_roles(HostRole) {
  using Entry = roster::RoleEntry<HostRole>;
  return std::array{
      Entry{HostRole::guest, {.id = roster::RoleId("guest")}},
      Entry{HostRole::admin, {.id = second}},
  };
}

unsigned size() {
  return static_cast<unsigned>(roster::catalog<HostRole>.size());
}
