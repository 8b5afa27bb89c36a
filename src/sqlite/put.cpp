// The set-up operations of SqliteStore for groups and memberships.
#include "sqlite/put.hpp"

#include <algorithm>

#include "sqlite/counts.hpp"

namespace roster::inline ROSTER_ABI {
namespace sqlite {

Code know(Connection& connection, const RoleId& role) noexcept {
  const auto write = [&](std::uint32_t, int column, const Value& to) noexcept {
    if (column == 0) to.text(role.view());
  };
  const Rows rows = rows_of(1, write);
  Statement insert(connection, Sql::insert_roles);
  return insert.rows(1, rows).run();
}

Code record_owner_role(Connection& connection, const RoleId& role) noexcept {
  Statement record(connection, Sql::record_owner_role);
  return record.text(1, role.view()).run();
}

namespace {

/// Keeps the first of duplicate accounts.
Code distinct(Connection& connection, std::span<const AccountId> accounts, SmallVector<Number, 8>& numbers) noexcept {
  struct Place {
    Number number;
    std::uint32_t at;
  };
  SmallVector<Place, 8> found;
  for (const AccountId& id : accounts) {
    Number number = 0;
    const Code code = find(connection, Sql::number_of_account, id.view(), number);
    if (code != ok || number == 0) return code == ok ? missing : code;
    if (!found.try_push_back({number, found.size()})) return SQLITE_NOMEM;
  }
  const auto by_number = [](const Place& a, const Place& b) {
    return a.number != b.number ? a.number < b.number : a.at < b.at;
  };
  std::sort(found.begin(), found.end(), by_number);
  const auto* const last =
      std::unique(found.begin(), found.end(), [](const Place& a, const Place& b) { return a.number == b.number; });
  found.truncate(static_cast<std::uint32_t>(last - found.begin()));
  std::sort(found.begin(), found.end(), [](const Place& a, const Place& b) { return a.at < b.at; });
  for (const Place& place : found)
    if (!numbers.try_push_back(place.number)) return SQLITE_NOMEM;
  return ok;
}

Code put(Connection& connection, const GroupName& group, std::span<const AccountId> accounts) noexcept {
  if (group.empty()) return malformed;
  SmallVector<Number, 8> numbers;
  Code code = distinct(connection, accounts, numbers);
  for (const Sql step : {Sql::upsert_group, Sql::clear_group}) {
    if (code != ok) return code;
    Statement statement(connection, step);
    code = statement.text(1, group.view()).run();
  }
  if (code != ok) return code;
  const auto write = [&](std::uint32_t row, int column, const Value& to) noexcept {
    if (column == 0) return to.number(row);
    if (column == 1) to.number(numbers[row]);
  };
  const Rows rows = rows_of(numbers.size(), write);
  Statement insert(connection, Sql::insert_group_account);
  return insert.rows(1, rows).text(2, group.view()).run();
}

/// The numbers of a membership's organization and account, and the flags of them on which its counts depend.
struct Pair {
  Number organization = 0, account = 0;
  bool counted = false, disabled = false;

  Code find(Connection& connection, const OrganizationId& in, const AccountId& who) noexcept {
    {
      Statement found(connection, Sql::number_of_organization);
      if (!found.text(1, in.view()).next()) return found.code() == ok ? missing : found.code();
      organization = found.index(0);
      counted = found.flag(1);
    }
    AccountBefore before;
    const Code code = before.find(connection, who);
    account = before.number;
    disabled = before.disabled;
    return code == ok && account == 0 ? missing : code;
  }
};

Code count(Connection& connection, const Pair& pair, Number role, std::int64_t kind, std::int64_t members) noexcept {
  if (!pair.counted || kind == uncounted_kind) return ok;
  const auto write = [&](std::uint32_t, int column, const Value& to) noexcept {
    if (column == 0) return to.number(pair.organization);
    if (column == 1) return to.number(role);
    if (column == 2) return to.number(kind);
    if (column == 3) to.number(members);
  };
  const Rows rows = rows_of(1, write);
  Statement add(connection, Sql::add_to_counts);
  return add.rows(1, rows).run();
}

/// The membership as it is stored, without the fields that only a look-up returns.
struct Kept {
  Number role = 0;
  std::int64_t version = 0, kind = uncounted_kind;
  bool found = false;

  Code find(Connection& connection, const Pair& pair) noexcept {
    const auto write = [&](std::uint32_t, int column, const Value& to) noexcept {
      if (column == 0) return to.number(pair.organization);
      if (column == 1) to.number(pair.account);
    };
    const Rows rows = rows_of(1, write);
    Statement read(connection, Sql::changed_memberships);
    found = read.rows(1, rows).next();
    if (!found) return read.code();
    version = read.number(2);
    role = read.index(3);
    const bool limited = read.state(4) == MembershipState::invited ? read.number(6) != 0  //
                                                                   : read.number(5) != 0 || pair.disabled;
    kind = kind_of(read.state(4), limited);
    return read.code();
  }
};

Code put(Connection& connection, const Membership& membership) noexcept {
  if (membership.id.empty() || membership.organization.empty() || membership.account.empty() || membership.role.empty())
    return malformed;
  if (membership.state == MembershipState::removed) return missing;
  Pair pair;
  Code code = pair.find(connection, membership.organization, membership.account);
  const bool invited = membership.state == MembershipState::invited,
             has_inviter = invited && !membership.invited_by.empty();
  Number inviter = 0;
  if (code == ok && has_inviter) {
    code = find(connection, Sql::number_of_account, membership.invited_by.view(), inviter);
    if (code == ok && inviter == 0) code = missing;
  }
  if (code == ok) code = know(connection, membership.role);
  if (code != ok) return code;
  {
    Statement insert(connection, Sql::insert_membership);
    insert.number(1, static_cast<std::int64_t>(pair.organization)).number(2, static_cast<std::int64_t>(pair.account));
    insert.text(3, membership.role.view()).number(4, static_cast<std::int64_t>(membership.state));
    insert.number(5, static_cast<std::int64_t>(membership.added_at))
        .number(6, static_cast<std::int64_t>(membership.valid_until));
    const Time end = invited ? earlier_end(membership.invitation_until, membership.valid_until) : Time{};
    insert.number(9, static_cast<std::int64_t>(end));
    if (inviter != 0)
      insert.number(10, static_cast<std::int64_t>(inviter));
    else
      insert.null(10);
    insert.salt(connection.salt());
    code = insert.blob(7, membership.id.bytes).blob(8, membership.idempotency_key.bytes).run();
  }
  Kept kept;
  if (code == ok) code = kept.find(connection, pair);
  return code == ok ? count(connection, pair, kept.role, kept.kind, 1) : code;
}

Code erase(Connection& connection, const OrganizationId& organization, const AccountId& account) noexcept {
  Pair pair;
  Kept kept;
  Code code = pair.find(connection, organization, account);
  if (code == missing && pair.organization != 0) {  // a tombstone may be of an account that was erased
    code = find(connection, Sql::former_number_of_account, account.view(), pair.account);
    if (code == ok && pair.account == 0) code = missing;
  }
  if (code == ok) code = kept.find(connection, pair);
  if (code != ok || !kept.found) return code == ok ? missing : code;
  const auto write = [&](std::uint32_t, int column, const Value& to) noexcept {
    if (column == 0) return to.number(pair.organization);
    if (column == 1) to.number(pair.account);
  };
  const Rows rows = rows_of(1, write);
  Statement raise(connection, Sql::raise_first_version);
  code = raise.rows(1, rows).number(2, kept.version + 1).run();
  if (code != ok) return code;
  Statement erase(connection, Sql::erase_memberships);
  code = erase.rows(1, rows).run();
  return code == ok ? count(connection, pair, kept.role, kept.kind, -1) : code;
}

}  // namespace
}  // namespace sqlite

using sqlite::Connection;
using sqlite::in_transaction;

Result<void> SqliteStore::overwrite_group(const GroupName& group, std::span<const AccountId> accounts) noexcept {
  return in_transaction(state_,
                        [&](Connection& connection) noexcept { return sqlite::put(connection, group, accounts); });
}

Result<void> SqliteStore::put_membership(const Membership& membership) noexcept {
  return in_transaction(state_, [&](Connection& connection) noexcept { return sqlite::put(connection, membership); });
}

Result<void> SqliteStore::erase_membership(const OrganizationId& organization, const AccountId& account) noexcept {
  return in_transaction(
      state_, [&](Connection& connection) noexcept { return sqlite::erase(connection, organization, account); });
}

}  // namespace roster::inline ROSTER_ABI
