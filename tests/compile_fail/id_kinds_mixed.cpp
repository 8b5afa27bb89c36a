// An account's id is not an organization's.
// refused: could not convert
// refused: no viable conversion
// refused: no matching constructor
// refused: no matching function
#include "roster/id.hpp"

void join(roster::AccountId, roster::OrganizationId);
void host(roster::AccountId who, roster::OrganizationId where) {
  join(who, where);
#ifdef REFUSED
  join(where, where);
#endif
}
