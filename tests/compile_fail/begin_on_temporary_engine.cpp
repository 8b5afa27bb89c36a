// An operation refers to the profile of the engine that began it.
// refused: use of deleted function
// refused: attempt to use a deleted function
// refused: call to deleted member function
#include "roster/engine.hpp"

roster::Operation kept(const roster::Engine& engine, const roster::AddMembers& command) {
  return engine.begin(command, roster::Time{});
}
#ifdef REFUSED
roster::Operation dangling(const roster::Profile& profile, roster::Store& store, roster::IdSource& ids,
                           const roster::AddMembers& command) {
  return roster::Engine(profile, store, ids).begin(command, roster::Time{});
}
#endif
