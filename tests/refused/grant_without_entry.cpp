// An enumerator that stands for no role cannot be granted.
// refused: roster_roles() has no entry for this enumerator
#include "seats.hpp"

roster::RoleId guest() {
  return roster::grant<Seat::guest>;
}
#ifdef REFUSED
roster::RoleId ghost() {
  return roster::grant<Seat::ghost>;
}
#endif
