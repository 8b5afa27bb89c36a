// A refusal is an answer, not an error: the one never turns into the other.
// refused: cannot convert
// refused: could not convert
// refused: no viable conversion
// refused: cannot initialize return object
#include "roster/outcome.hpp"
#include "roster/result.hpp"

roster::Errc error() {
  return roster::Errc::stale;
}
#ifdef REFUSED
roster::Errc refusal() {
  return roster::Outcome::conflict;
}
#endif
