// Engine::begin refers to the command as Operation does.
// refused: use of deleted function
// refused: attempt to use a deleted function
// refused: call to deleted member function
#include "roster/engine.hpp"

roster::Operation kept(const roster::Engine& engine, const roster::AddMembers& command) {
  return engine.begin(command, roster::Time{});
}
#ifdef REFUSED
roster::Operation dangling(const roster::Engine& engine) {
  return engine.begin(roster::AddMembers(), roster::Time{});
}
#endif
