// A host's key, bound to its actor.
#include "request.hpp"

ROSTER_BEGIN

RequestKey bound(const RequestKey& key, const AccountId& actor) noexcept {
  return bind(key, actor);
}

ROSTER_END
