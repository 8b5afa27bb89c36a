// A refusal is an answer, not an error: the two are never compared.
// refused: no match for
// refused: invalid operands to binary expression
#include "roster/outcome.hpp"
#include "roster/result.hpp"

bool refused(roster::Outcome outcome) {
  return outcome == roster::Outcome::conflict;
}
#ifdef REFUSED
bool failed(roster::Outcome outcome) {
  return outcome == roster::Errc::exists;
}
#endif
