// Errors: the reason why a command could not be executed, or stopped before its end.
//
//     Result<AccountId> id = AccountId::parse(text);
//     if (!id) log(describe(id.error().code), id.error().detail);  // detail: the offset of the offending byte
//
// A refusal by a rule (already a member, not authorized, no such account) is never an error. It is an Outcome
// (outcome.hpp). Nothing here throws or allocates, except make_error_code(...).message(), which builds a std::string.
#ifndef ROSTER_RESULT_HPP
#define ROSTER_RESULT_HPP

// clang-format off
#include <boost/outcome/std_result.hpp>  // the light header: outcome.hpp and result.hpp pull in streams and locales
#include <boost/outcome/policy/terminate.hpp>  // behind std_result.hpp: from Boost 1.76 on it needs what is there
// clang-format on

#include <cstdint>
#include <string_view>
#include <system_error>
#include <type_traits>

#include "roster/version.hpp"

namespace roster {
inline namespace ROSTER_PUBLIC_ABI {

/// Errc values are stable: appended, never renumbered, never reused. docs/reference/outcomes.md lists the action of the
/// caller for each.
enum class Errc : std::uint16_t {
  // Malformed text of a name. Error::detail is the offset of the offending byte.
  id_empty = 1,      ///< there is no text
  id_too_long,       ///< more than 63 bytes, or more than 255 of a Name
  id_bad_byte,       ///< a control character, or bytes that are not UTF-8
  uuid_malformed,    ///< not 8-4-4-4-12 hexadecimal digits
  id_blank_at_end,   ///< the first or the last character is a blank
  id_invisible,      ///< a character that is not displayed
  email_empty = 10,  ///< there is no text
  email_too_long,    ///< more than 254 bytes
  email_no_at,       ///< there is no `@`
  email_local_part,  ///< the part before the `@` is malformed
  email_domain,      ///< the part after the `@` is malformed
  email_not_ascii,   ///< non-ASCII, and the profile has no canonicalizer
  email_no_key,      ///< the canonicalizer returned no usable key
  // A malformed command. Error::detail is the index of the offending entry, if there is one.
  selector_missing = 30,  ///< the request names no account
  selector_ambiguous,     ///< the request names an account in more than one way
  selector_not_accepted,  ///< this profile does not accept records named in that way
  batch_empty = 40,       ///< no organization or no account is named
  batch_too_large,        ///< more entries than the profile permits
  roles_malformed,        ///< AddMembers::cell_roles does not fit the cells, or names no entry of AddMembers::roles
  actor_missing,          ///< the profile's actor rule requires an actor
  profile_malformed,      ///< the profile contradicts itself, for example a default role outside its catalog
  valid_until_passed,     ///< the command's valid_until is not after now
  // Between an operation and its store.
  stale = 60,            ///< something changed since it was read, nothing was written; from commit and RecordStore
  contended,             ///< still stale after Options::attempts_max tries, nothing of that tile was written
  store_failed,          ///< it may have written: retry with the same IdempotencyKey; detail: the adapter's number
  store_broke_contract,  ///< the facts do not match the query
  out_of_memory,         ///< the failed step wrote nothing
  not_finished,          ///< finish() was called on an operation that still needs input
  // From the set-up operations of a store.
  exists = 80,   ///< the record exists, or another one has its slug, e-mail or username
  not_found,     ///< a record that the call names does not exist
  store_full,    ///< a limit of the store, nothing was written
  role_in_use,   ///< a membership has the role, and the call names no replacement
  owner_last,    ///< a catalog without this entry would leave the organization without an owner
  parent_cycle,  ///< the parent is the organization itself, or is inside it
  has_members,   ///< the record has memberships that are not removed: it is not erased, or not opened
  has_children,  ///< an organization is inside this one
};

/// Error is a code and a location. `detail` depends on the code:
/// - id_*, uuid_*, email_*: the offset in the text; for an empty name in a command, the index of its entry;
/// - selector_*: the index of the entry; roles_malformed: the index of the cell;
/// - batch_too_large: the limit; store_failed: the adapter's own number; otherwise 0.
struct Error {
  Errc code{};               ///< 0 means no error; a failed Result never holds it
  std::uint32_t detail = 0;  ///< depends on the code

  constexpr Error() noexcept = default;  ///< no error
  /// Converts a code implicitly: `return Errc::stale;`
  constexpr Error(Errc c, std::uint32_t d = 0) noexcept : code(c), detail(d) {}
  friend constexpr bool operator==(const Error&, const Error&) = default;  ///< compares both fields
};

/// Stable machine name of a code, for example "batch_too_large"; "unknown" for a value outside the enumeration.
std::string_view name(Errc code) noexcept;
/// One sentence for people: the problem and the next step. Lower case, no full stop.
std::string_view describe(Errc code) noexcept;

/// For hosts that use std::error_code.
const std::error_category& category() noexcept;
std::error_code make_error_code(Errc code) noexcept;           ///< with category()
std::error_code make_error_code(const Error& error) noexcept;  ///< the code alone

/// Result is a value or an Error. Reading the wrong one ends the program (policy::terminate) and is not undefined
/// behaviour.
template <class T>
using Result = BOOST_OUTCOME_V2_NAMESPACE::std_result<T, Error, BOOST_OUTCOME_V2_NAMESPACE::policy::terminate>;
using BOOST_OUTCOME_V2_NAMESPACE::success;

}  // namespace ROSTER_PUBLIC_ABI
}  // namespace roster

template <>
struct std::is_error_code_enum<roster::Errc> : std::true_type {};

#endif
