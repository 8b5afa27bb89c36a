// An id has at most 63 bytes, and a literal is measured when it is compiled.
// refused: no matching function for call to
// refused: no matching constructor for initialization
// refused: no matching conversion
#include "roster/id.hpp"

roster::AccountId longest() {
  return roster::AccountId("123456789012345678901234567890123456789012345678901234567890123");
}
#ifdef REFUSED
roster::AccountId longer() {
  return roster::AccountId("1234567890123456789012345678901234567890123456789012345678901234");
}
#endif
