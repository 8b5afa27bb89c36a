// Ids of two kinds are never compared by mistake.
// refused: no match for
// refused: invalid operands to binary expression
#include "roster/id.hpp"

bool same(const roster::AccountId& a, const roster::AccountId& b) {
  return a == b;
}
#ifdef REFUSED
bool same(const roster::AccountId& a, const roster::OrganizationId& b) {
  return a == b;
}
#endif
