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

template <>
struct roster::RoleEnum<Seat> {
  static constexpr std::array roles = {
      roster::RoleOf<Seat>{Seat::guest, {.id = roster::RoleId("guest")}},
      roster::RoleOf<Seat>{Seat::admin, {.id = second}},
  };
};

unsigned size() {
  return static_cast<unsigned>(roster::catalog<Seat>.size());
}
