// The set-up operations of SqliteStore: the host's own records.
#include <algorithm>

#include "sql/keys.hpp"
#include "sqlite/counts.hpp"
#include "sqlite/state.hpp"
#include "sqlite/transaction.hpp"

namespace roster::inline ROSTER_ABI {
namespace sqlite {

namespace {

constexpr Code missing = 0x30000;    // the record refers to a missing record
constexpr Code malformed = 0x30001;  // an id is empty

/// Finds the number of a record by its id. 0: none.
Code find(Connection& connection, Sql which, std::string_view id, Number& number) noexcept {
  Statement found(connection, which);
  if (found.text(1, id).next()) number = found.index(0);
  return found.code();
}

Code put(Connection& connection, const OrganizationRecord& record) noexcept {
  if (record.id.empty()) return malformed;
  Number parent = 0;
  if (!record.parent.empty()) {
    const Code code = find(connection, Sql::number_of_organization, record.parent.view(), parent);
    if (code != ok) return code;
    if (parent == 0 || record.parent == record.id) return missing;
  }
  Statement upsert(connection, Sql::upsert_organization);
  upsert.text(1, record.id.view()).text_if_any(2, record.slug.view());
  if (parent != 0)
    upsert.number(3, static_cast<std::int64_t>(parent));
  else
    upsert.null(3);
  upsert.number(4, record.joinable ? 1 : 0);
  if (record.seats_max != no_limit)
    upsert.number(5, record.seats_max);
  else
    upsert.null(5);
  return upsert.run();
}

Code put(Connection& connection, const AccountRecord& record, bool case_insensitive_usernames) noexcept {
  if (record.id.empty()) return malformed;
  const sql::FoldedName key(record.username.view(), case_insensitive_usernames);
  Statement upsert(connection, Sql::upsert_account);
  upsert.text(1, record.id.view());
  upsert.text_if_any(2, record.email ? record.email->key() : std::string_view());
  upsert.text_if_any(3, record.email ? record.email->text() : std::string_view());
  upsert.text_if_any(4, key.view()).text_if_any(5, record.username.view());
  upsert.number(6, record.disabled ? 1 : 0).number(7, record.invited ? 1 : 0).number(8, record.verified ? 1 : 0);
  return upsert.run();
}

/// Registers a role, which gives it a number.
Code know(Connection& connection, const RoleId& role) noexcept {
  const auto write = [&](std::uint32_t, int column, const Value& to) noexcept {
    if (column == 0) to.text(role.view());
  };
  const Rows rows = rows_of(1, write);
  Statement insert(connection, Sql::insert_roles);
  return insert.rows(1, rows).run();
}

Code put(Connection& connection, const OrganizationId& organization, const Role& role) noexcept {
  if (organization.empty() || role.id.empty()) return malformed;
  Number number = 0;
  Code code = find(connection, Sql::number_of_organization, organization.view(), number);
  if (code == ok && number == 0) code = missing;
  if (code == ok) code = know(connection, role.id);
  if (code != ok) return code;
  Statement upsert(connection, Sql::upsert_role);
  upsert.number(1, static_cast<std::int64_t>(number)).text(2, role.id.view()).number(3, role.rank);
  code = upsert.number(4, role.assignable ? 1 : 0).number(5, role.manages ? 1 : 0).number(6, role.owns ? 1 : 0).run();
  if (code != ok) return code;
  Statement raise(connection, Sql::raise_organization);
  return raise.number(1, static_cast<std::int64_t>(number)).run();
}

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

/// The numbers of a membership's organization and account, and whether the organization is counted.
struct Pair {
  Number organization = 0, account = 0;
  bool counted = false;

  Code find(Connection& connection, const OrganizationId& in, const AccountId& who) noexcept {
    {
      Statement found(connection, Sql::number_of_organization);
      if (!found.text(1, in.view()).next()) return found.code() == ok ? missing : found.code();
      organization = found.index(0);
      counted = found.flag(1);
    }
    const Code code = sqlite::find(connection, Sql::number_of_account, who.view(), account);
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
    kind = kind_of(read.state(4), read.number(5) != 0);
    return read.code();
  }
};

Code put(Connection& connection, const Membership& membership) noexcept {
  if (membership.id.empty() || membership.organization.empty() || membership.account.empty() || membership.role.empty())
    return malformed;
  if (membership.state == MembershipState::removed) return missing;
  Pair pair;
  Code code = pair.find(connection, membership.organization, membership.account);
  if (code == ok) code = know(connection, membership.role);
  if (code != ok) return code;
  {
    Statement insert(connection, Sql::insert_membership);
    insert.number(1, static_cast<std::int64_t>(pair.organization)).number(2, static_cast<std::int64_t>(pair.account));
    insert.text(3, membership.role.view()).number(4, static_cast<std::int64_t>(membership.state));
    insert.number(5, static_cast<std::int64_t>(membership.added_at))
        .number(6, static_cast<std::int64_t>(membership.valid_until));
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

Result<void> outcome_of(Code code) noexcept {
  if (code == missing) return Errc::not_found;
  if (code == malformed) return Errc::id_empty;
  if (is_taken(code)) return Errc::exists;
  return result_of(code);
}

/// Runs `put` in one transaction.
template <class State, class Put>
Result<void> in_transaction(State* state, const Put& put) noexcept {
  if (state == nullptr) return Error(Errc::store_failed, SQLITE_MISUSE);
  const Locked locked(state->mutex, state->options.thread_safe);
  Transaction transaction(state->connection, Transaction::Kind::write);
  Code code = transaction.code();
  if (code == ok) code = put(state->connection);
  return outcome_of(code == ok ? transaction.end() : code);
}

}  // namespace
}  // namespace sqlite

using sqlite::Code;
using sqlite::Connection;
using sqlite::in_transaction;

Result<void> SqliteStore::put_organization(const OrganizationRecord& record) noexcept {
  return put_organizations({&record, 1});
}

Result<void> SqliteStore::put_organizations(std::span<const OrganizationRecord> records) noexcept {
  return in_transaction(state_, [&](Connection& connection) noexcept {
    Code code = sqlite::ok;
    for (std::size_t i = 0; code == sqlite::ok && i < records.size(); ++i) code = sqlite::put(connection, records[i]);
    return code;
  });
}

Result<void> SqliteStore::put_role(const OrganizationId& organization, const Role& role) noexcept {
  return in_transaction(state_,
                        [&](Connection& connection) noexcept { return sqlite::put(connection, organization, role); });
}

Result<void> SqliteStore::put_account(const AccountRecord& record) noexcept {
  return put_accounts({&record, 1});
}

Result<void> SqliteStore::put_accounts(std::span<const AccountRecord> records) noexcept {
  return in_transaction(state_, [&](Connection& connection) noexcept {
    Code code = sqlite::ok;
    for (std::size_t i = 0; code == sqlite::ok && i < records.size(); ++i)
      code = sqlite::put(connection, records[i], state_->options.case_insensitive_usernames);
    return code;
  });
}

Result<void> SqliteStore::put_group(const GroupName& group, std::span<const AccountId> accounts) noexcept {
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
