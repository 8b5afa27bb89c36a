// A role that is only read back cannot be granted.
// refused: this role can be read, not granted
#include "seats.hpp"

roster::RoleId admin() {
  return roster::grant<Seat::admin>;
}
#ifdef REFUSED
roster::RoleId owner() {
  return roster::grant<Seat::owner>;
}
#endif
