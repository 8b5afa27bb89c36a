// The common code of SQL stores, for every dialect. keys.hpp converts a query into lists of keys, one list for each way
// to name a record. answer.hpp converts rows into facts. changes.hpp converts a change set into rows. Nothing here
// depends on a database, and nothing here is public.
//
// A store in SQL gives every organization, account and role a number of its own: small, and quick to join. Where a
// Locator is read or written here, it is that number.
#ifndef ROSTER_SQL_KEYS_HPP
#define ROSTER_SQL_KEYS_HPP

#include <cstdint>
#include <string_view>

#include "roster/facts.hpp"

namespace roster::inline ROSTER_ABI {
namespace sql {

/// A requested record, and the index of its answer. The text is the query's, or the list's own.
struct Key {
  std::string_view text;
  std::uint32_t at = 0;
  std::string_view parent{};  ///< only of a nested organization
};
using Keys = SmallVector<Key, 1>;

/// The rows of a query: `at` is the row.
struct OrganizationKeys {
  Keys ids, slugs, nested;
};
/// False only when memory is out.
[[nodiscard]] bool sort_out(const Query& query, OrganizationKeys& to) noexcept;

/// The columns of a query: `at` is the column. Those of groups are among the ids.
struct AccountKeys {
  Keys ids, emails, usernames;
  SmallVector<Username, 0> folded;  ///< storage of the texts of `usernames`, if they are case-folded
};
/// False only when memory is out.
[[nodiscard]] bool sort_out(const Query& query, bool case_insensitive_usernames, AccountKeys& to) noexcept;

/// The same name in lower case; letters beyond ASCII stay as they are.
Username fold(const Username& name) noexcept;

}  // namespace sql
}  // namespace roster::inline ROSTER_ABI

#endif
