// Fetch: answers one query. fetch.cpp answers about any number of cells or groups with a few statements, and
// fetch_members.cpp reads their memberships. fetch_cell.cpp answers about one cell with one statement.
#ifndef ROSTER_SQLITE_FETCH_HPP
#define ROSTER_SQLITE_FETCH_HPP

#include "sql/answer.hpp"
#include "sql/keys.hpp"
#include "sqlite/connection.hpp"
#include "sqlite/state.hpp"

namespace roster::inline ROSTER_ABI {
namespace sqlite {

class Fetch {
 public:
  Fetch(Connection& connection, const SqliteOptions& options, const Query& query, Facts& facts) noexcept
      : connection_(connection), options_(options), query_(query), facts_(facts), answer_(query, facts) {}

  Code run() noexcept;

 private:
  bool is_one_cell() const noexcept;
  Code cell() noexcept;
  Code cells() noexcept;
  Code groups() noexcept;
  Code organizations() noexcept;
  Code organizations(Sql which, const sql::Keys& keys) noexcept;
  Code parents() noexcept;
  Code read_organizations(Statement& found) noexcept;
  Code accounts() noexcept;
  Code accounts(Sql which, const sql::Keys& keys) noexcept;
  AccountId id_of(std::size_t column) const noexcept;
  Code catalogs() noexcept;
  Code actors() noexcept;
  Code memberships() noexcept;
  Code members_between(std::uint32_t& next) noexcept;
  Code members_one_by_one(std::uint32_t first) noexcept;
  Code take(sqlite3_value** values) noexcept;
  static bool take_next(Statement& found, const RowCollector& collector, Code& code) noexcept;
  Code inviters() noexcept;
  Code set() noexcept;  ///< fetch_set.cpp
  Code wanted_roles() noexcept;
  Code names() noexcept;
  Code counts() noexcept;

  Connection& connection_;
  const SqliteOptions& options_;
  const Query& query_;
  Facts& facts_;
  sql::Answer answer_;
};

/// Reads the stored keys, and the time of the last write, from three columns from `first` on.
inline sql::StoredKeys read_request(Statement& found, int first) noexcept {
  sql::StoredKeys row;
  row.last = found.key<IdempotencyKey>(first);
  row.written_at = Time{found.number(first + 2)};
  row.moved = !found.is_null(first + 1);
  if (row.moved) row.before = found.key<IdempotencyKey>(first + 1);
  return row;
}

/// Reads the columns of a membership from `first` on.
inline sql::MemberRow read_member(Statement& found, int first) noexcept {
  sql::MemberRow row;
  row.id = found.key<MembershipId>(first);
  row.version = Version{found.index(first + 1)};
  row.role = found.index(first + 2);
  row.state = found.state(first + 3);
  row.valid_until = Time{found.number(first + 4)};
  row.invitation_until = Time{found.number(first + 5)};
  return row;
}

/// Reads flags that the macro FLAGS has packed.
inline void read_flags(Statement& found, int at, AccountFact& to) noexcept {
  const std::uint64_t flags = found.index(at);
  to.disabled = (flags & 1) != 0;
  to.invited = (flags & 2) != 0;
  to.verified = (flags & 4) != 0;
}

}  // namespace sqlite
}  // namespace roster::inline ROSTER_ABI

#endif
