// The common code of SQL stores, for every dialect. keys.hpp converts a query into lists of keys, one list for each
// kind of selector. answer.hpp converts rows into facts. changes.hpp converts a change set into rows. Nothing here
// depends on a database, and nothing here is public.
//
// An SQL store identifies every organization, account and role by a number, which is small and quick to join. A Locator
// in this code is that number.
#ifndef ROSTER_SQL_KEYS_HPP
#define ROSTER_SQL_KEYS_HPP

#include <array>
#include <cstdint>
#include <string_view>

#include "roster/facts.hpp"

namespace roster::inline ROSTER_ABI {
namespace sql {

/// The key of a requested record, and the index of its answer. The text is in the query, or in `folded`.
struct Key {
  std::string_view text;
  std::uint32_t at = 0;
  std::string_view parent{};  ///< for a nested organization only
};
using Keys = SmallVector<Key, 1>;

/// The rows of a query: `at` is the row.
struct OrganizationKeys {
  Keys ids, slugs, nested;
};
/// Returns false only if an allocation failed.
[[nodiscard]] bool sort_out(const Query& query, OrganizationKeys& to) noexcept;

/// The columns of a query: `at` is the column. The accounts of groups are among the ids.
struct AccountKeys {
  Keys ids, emails, usernames;
  SmallVector<char, 0> folded;  ///< the texts of `usernames`, one behind the other, if they are case-folded
};
/// Returns false only if an allocation failed.
[[nodiscard]] bool sort_out(const Query& query, bool case_insensitive_usernames, AccountKeys& to) noexcept;

/// FoldedName is a username as a store compares it: with ASCII letters in lower case if `folds` is true. Otherwise it
/// refers to the name, which must outlive it.
class FoldedName {
 public:
  FoldedName(std::string_view name, bool folds) noexcept;
  FoldedName(const FoldedName&) = delete;
  FoldedName& operator=(const FoldedName&) = delete;
  std::string_view view() const noexcept { return text_; }

 private:
  std::string_view text_;
  std::array<char, Username::size_max> bytes_;  // set if the name is folded
};

}  // namespace sql
}  // namespace roster::inline ROSTER_ABI

#endif
