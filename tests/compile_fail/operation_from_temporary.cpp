// An operation refers to its command, so it is not made from one that is about to go.
// refused: use of deleted function
// refused: call to deleted constructor
#include "roster/operation.hpp"

roster::Operation kept(const roster::Profile& profile, const roster::AddMembers& command) {
  return roster::Operation(profile, command, {});
}
#ifdef REFUSED
roster::Operation dangling(const roster::Profile& profile) {
  return roster::Operation(profile, roster::AddMembers(), {});
}
#endif
