// Text from outside becomes an id through parse(), which can say no.
// refused: no matching function for call to
// refused: no matching conversion
#include "roster/id.hpp"

roster::Result<roster::AccountId> checked(std::string_view text) {
  return roster::AccountId::parse(text);
}
#ifdef REFUSED
roster::AccountId unchecked(std::string_view text) {
  return roster::AccountId(text);
}
#endif
