// A role that is only read back cannot be granted.
// refused: this role can be read, not granted
#include "host_roles.hpp"

roster::RoleId admin() {
  return roster::grant<HostRole::admin>;
}
#ifdef REFUSED
roster::RoleId owner() {
  return roster::grant<HostRole::owner>;
}
#endif
