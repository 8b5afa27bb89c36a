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

/// Runs a statement about the account of that id.
Code run(Connection& connection, Sql which, const AccountId& id) noexcept {
  Statement statement(connection, which);
  return statement.text(1, id.view()).run();
}

/// The row stays, because the memberships of others refer to its number.
Code erase_record(Connection& connection, Number number, bool keeps_id, std::int64_t& next) noexcept {
  Statement statement(connection, Sql::erase_account);
  statement.number(1, static_cast<std::int64_t>(number)).number(2, keeps_id ? 1 : 0);
  while (statement.next()) next = statement.number(0) + 2;
  return statement.code();
}

Code erase(Connection& connection, const AccountId& id, Version version, Mentions mentions) noexcept {
  if (id.empty()) return malformed;
  Number number = 0;
  Version stored{};
  {
    Statement found(connection, Sql::number_of_account);
    if (found.text(1, id.view()).next()) {
      number = found.index(0);
      stored = Version{found.index(1)};
    }
    if (found.code() != ok) return found.code();
  }
  Code code = code_of(check_change(version, stored));
  if (code == ok) {
    Statement found(connection, Sql::in_use_account);
    const bool used = found.number(1, static_cast<std::int64_t>(number)).next() && found.flag(0);
    code = used ? peopled : found.code();
  }
  const bool keeps = mentions == Mentions::keep;
  std::int64_t next = 0;
  for (const Sql which : {Sql::raise_first_versions_of_account, Sql::erase_tombstones_of_account})
    if (code == ok && !keeps) code = erase(connection, which, number, 0, next);
  if (code == ok) code = erase(connection, Sql::leave_groups, number, 0, next);
  for (const Sql which : {Sql::erase_events_of_account, Sql::erase_account_from_events})
    if (code == ok && !keeps) code = run(connection, which, id);
  if (code == ok) code = erase_record(connection, number, keeps, next);
  return code == ok ? raise_first_version(connection, next) : code;
}

}  // namespace
}  // namespace sqlite

Result<void> SqliteStore::erase_account(const AccountId& id, Version version, Mentions mentions) noexcept {
  return sqlite::in_transaction(state_, [&](sqlite::Connection& connection) noexcept {
    return sqlite::if_current(sqlite::erase(connection, id, version, mentions));
  });
}

Result<void> SqliteStore::erase_organization(const OrganizationId& id, Version version) noexcept {
  return sqlite::in_transaction(state_, [&](sqlite::Connection& connection) noexcept {
    return sqlite::if_current(sqlite::erase(connection, id, version));
  });
}

}  // namespace roster::inline ROSTER_ABI
