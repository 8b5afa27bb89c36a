// Fetch: one query on its way through the database. fetch.cpp answers about cells and groups, a few statements for any
// number of them, fetch_members.cpp the part about memberships; fetch_cell.cpp answers about one cell in one statement.
#ifndef ROSTER_SQLITE_FETCH_HPP
#define ROSTER_SQLITE_FETCH_HPP

#include "sql/answer.hpp"
#include "sql/keys.hpp"
#include "sqlite/connection.hpp"
#include "sqlite/state.hpp"

ROSTER_BEGIN
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
  Code catalogs() noexcept;
  Code actors() noexcept;
  Code memberships() noexcept;
  Code members_between(std::uint32_t& next) noexcept;
  Code members_one_by_one(std::uint32_t first) noexcept;
  bool is_outdated(Statement& found, int first) const noexcept;
  bool take(Statement& found, std::uint32_t row) noexcept;
  Code inviters() noexcept;
  Code wanted_roles() noexcept;
  Code names() noexcept;
  Code counts() noexcept;

  Connection& connection_;
  const SqliteOptions& options_;
  const Query& query_;
  Facts& facts_;
  sql::Answer answer_;
};

/// By what a membership remembers of a move, in two columns from `first` on. Most remember nothing.
inline bool Fetch::is_outdated(Statement& found, int first) const noexcept {
  if (found.is_null(first)) return false;
  const bool wrote = found.key<RequestKey>(first) == query_.request && !query_.request.empty();
  return wrote || (query_.asked_at != Time{} && query_.asked_at <= Time{found.number(first + 1)});
}

/// The columns of a membership in an answer, from `first` on.
inline sql::MemberRow read_member(Statement& found, int first) noexcept {
  sql::MemberRow row;
  row.id = found.key<MembershipId>(first);
  row.version = Version{found.index(first + 1)};
  row.role = found.index(first + 2);
  row.state = found.state(first + 3);
  row.valid_until = Time{found.number(first + 4)};
  return row;
}

}  // namespace sqlite
ROSTER_END

#endif
