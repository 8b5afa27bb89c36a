// The set-up operations of SqliteStore that erase records of the host.
#include <algorithm>

#include "core/put_conditions.hpp"
#include "sqlite/put.hpp"

namespace roster::inline ROSTER_ABI {
namespace sqlite {

namespace {

/// Runs a statement about one record that returns versions. `next` becomes greater than each of them.
Code erase(Connection& connection, Sql which, Number number, int columns, std::int64_t& next) noexcept {
  Statement statement(connection, which);
  statement.number(1, static_cast<std::int64_t>(number));
  while (statement.next())
    for (int column = 0; column < columns; ++column) next = std::max(next, statement.number(column) + 1);
  return statement.code();
}

/// Checks that no membership and no other organization keeps the organization.
Code check_unused(Connection& connection, Number number) noexcept {
  Statement found(connection, Sql::in_use_organization);
  if (!found.number(1, static_cast<std::int64_t>(number)).next()) return found.code();
  return found.flag(0) ? peopled : found.flag(1) ? parental : ok;
}

Code raise_first_version(Connection& connection, std::int64_t next) noexcept {
  Statement raise(connection, Sql::raise_first_record_version);
  return raise.number(1, next).run();
}

Code erase(Connection& connection, const OrganizationId& id, Version version) noexcept {
  if (id.empty()) return malformed;
  Number number = 0;
  Version stored{};
  {
    Statement found(connection, Sql::number_of_organization);
    if (found.text(1, id.view()).next()) {
      number = found.index(0);
      stored = Version{found.index(2)};
    }
    if (found.code() != ok) return found.code();
  }
  Code code = code_of(check_change(version, stored));
  if (code == ok) code = check_unused(connection, number);
  std::int64_t next = 0;
  if (code == ok) code = erase(connection, Sql::erase_members_of, number, 1, next);
  for (const Sql which : {Sql::erase_counts_of, Sql::erase_catalog_of})
    if (code == ok) code = erase(connection, which, number, 0, next);
  if (code == ok) code = erase(connection, Sql::erase_organization, number, 2, next);
  return code == ok ? raise_first_version(connection, next) : code;
}

}  // namespace
}  // namespace sqlite

Result<void> SqliteStore::erase_organization(const OrganizationId& id, Version version) noexcept {
  return sqlite::in_transaction(state_, [&](sqlite::Connection& connection) noexcept {
    return sqlite::if_current(sqlite::erase(connection, id, version));
  });
}

}  // namespace roster::inline ROSTER_ABI
