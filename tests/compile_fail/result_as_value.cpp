// A result is not its value: an error cannot be read as one by forgetting to look.
// refused: cannot convert
// refused: could not convert
// refused: no viable conversion
#include "roster/id.hpp"

roster::Result<roster::AccountId> looked(std::string_view text) {
  return roster::AccountId::parse(text);
}
#ifdef REFUSED
roster::AccountId unlooked(std::string_view text) {
  return roster::AccountId::parse(text);
}
#endif
