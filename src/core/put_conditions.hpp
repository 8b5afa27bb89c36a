// The conditions of the set-up operations, once for all stores. Version{} as the stored version: there is no record.
#ifndef ROSTER_CORE_PUT_CONDITIONS_HPP
#define ROSTER_CORE_PUT_CONDITIONS_HPP

#include "roster/record_store.hpp"

namespace roster::inline ROSTER_ABI {

/// Returns the error of a change of a record, or Errc{} if the condition holds.
constexpr Errc check_change(Version given, Version stored) noexcept {
  if (stored == Version{}) return Errc::not_found;
  return given == any_version || given == stored ? Errc{} : Errc::stale;
}

/// The same for a put whose fields differ from the stored ones. `given` is OrganizationRecord::version or
/// AccountRecord::version.
constexpr Errc check_put(Version given, Version stored) noexcept {
  if (given != Version{}) return check_change(given, stored);
  return stored == Version{} ? Errc{} : Errc::exists;
}

}  // namespace roster::inline ROSTER_ABI

#endif
