// The statements of fetch and commit. Their texts are in fetch_statements.cpp and commit_statements.cpp. Those of the
// set-up operations and look-ups are beside these functions.
#ifndef ROSTER_POSTGRES_STATEMENTS_HPP
#define ROSTER_POSTGRES_STATEMENTS_HPP

#include "postgres/connection.hpp"

namespace roster::inline ROSTER_ABI {
namespace postgres {

/// True if the account exists and is enabled. As a subquery it is one index search in every plan; a join may not be.
#define ROSTER_IS_ENABLED(account) \
  "NOT coalesce((SELECT d.disabled FROM roster_accounts d WHERE d.account_id = " account "), true)"

/// The version of a new record. No number is drawn twice, whatever is rolled back or deleted. So a guard never holds
/// for another record, or for another write.
#define ROSTER_NEW_VERSION "nextval('roster_versions')"
/// The next version of one record, drawn after its row is locked. A process of an earlier step adds 1 to a version.
#define ROSTER_NEXT_VERSION(record) "greatest(" record ".version + 1, " ROSTER_NEW_VERSION ")"
/// The same for all rows of a statement: one number for each statement. A version is compared with those of its record
/// alone.
#define ROSTER_NEW_VERSIONS "(SELECT " ROSTER_NEW_VERSION ")"
#define ROSTER_NEXT_VERSIONS(record) "greatest(" record ".version + 1, " ROSTER_NEW_VERSIONS ")"

/// The optional parts of a fetch.
enum FetchPart : std::uint32_t {
  by_slug = 1,
  by_email = 2,
  by_username = 4,
  with_parents = 8,
  with_actor = 16,
  with_inviters = 32,
  many_cells = 64,
  with_counts = 128
};
/// Any number of cells: rows about organizations, then accounts, memberships and counts.
Statement fetch_cells(std::uint32_t shape) noexcept;
/// One cell, without parents, counts and inviters: all facts in one row, repeated for each role of the catalog.
Statement fetch_alone(std::uint32_t shape) noexcept;
Statement fetch_groups() noexcept;
/// Errors: as Store::fetch().
Result<void> fetch_page_of_set(Connection& connection, const Query& query, Facts& facts) noexcept;
/// The indexes of the columns, in the order that Answer reads.
struct Columns {
  std::array<std::uint8_t, 16> organization;
  std::array<std::uint8_t, 7> account;
  std::array<std::uint8_t, 15> membership;
  std::array<std::uint8_t, 7> count;
};
extern const Columns columns_of_cells, columns_of_alone;

/// The optional checks of a commit.
enum CheckPart : std::uint32_t {
  checks_memberships = 1,
  checks_inviters = 2,  ///< requires checks_memberships
  adds_waiting = 4      ///< the added memberships are invited, and store their inviter
};
Statement commit_turn() noexcept;
Statement commit_roles() noexcept;
Statement commit_check(std::uint32_t shape) noexcept;
Statement commit_accounts() noexcept;
Statement commit_emails() noexcept;
Statement commit_added() noexcept;
Statement commit_added_alone(std::uint32_t shape) noexcept;  ///< also checks the guards
Statement commit_changed() noexcept;
Statement commit_erased() noexcept;
/// The roles that own and those that take no seat: by the organizations' own catalogs, or by lists.
enum BoundPart : std::uint32_t {
  bounds_by_catalog = 1,
  bounds_free_roles = 2  ///< there is a list of roles that take no seat
};
Statement commit_bounds(std::uint32_t shape) noexcept;
Statement commit_events() noexcept;
/// $1 an array of roles to record as roles that have owned.
Statement record_owner_roles() noexcept;

// The first statement numbers of set-up operations and look-ups.
inline constexpr std::uint16_t first_put = statement_number::count, first_look_up = 64;

}  // namespace postgres
}  // namespace roster::inline ROSTER_ABI

#endif
