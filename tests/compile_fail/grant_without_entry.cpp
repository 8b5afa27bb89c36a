// An enumerator that stands for no role cannot be granted.
// refused: roster_roles() has no entry for this enumerator
#include "host_roles.hpp"

roster::RoleId guest() {
  return roster::grant<HostRole::guest>;
}
#ifdef REFUSED
roster::RoleId ghost() {
  return roster::grant<HostRole::ghost>;
}
#endif
