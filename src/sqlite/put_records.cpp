// The set-up operations of SqliteStore for organizations and accounts.
#include "core/put_conditions.hpp"
#include "sql/keys.hpp"
#include "sqlite/put.hpp"

namespace roster::inline ROSTER_ABI {
namespace sqlite {

namespace {

enum class Condition : bool { none, version };

std::string_view text_of(const Email* email) noexcept {
  return email == nullptr ? std::string_view() : email->text();
}
std::string_view key_of(const Email* email) noexcept {
  return email == nullptr ? std::string_view() : email->key();
}

/// 1 or 0; no value is NULL.
void flag_if_any(Statement& to, int at, const std::optional<bool>& flag) noexcept {
  if (flag)
    to.number(at, *flag ? 1 : 0);
  else
    to.null(at);
}
void seats(Statement& to, int at, std::uint32_t seats_max) noexcept {
  if (seats_max != no_limit)
    to.number(at, seats_max);
  else
    to.null(at);
}
/// 0: NULL.
void number_if_any(Statement& to, int at, Number number) noexcept {
  if (number != 0)
    to.number(at, static_cast<std::int64_t>(number));
  else
    to.null(at);
}

/// No record has this number.
constexpr Number unknown = ~Number{0};

/// Finds the parent of an organization. 0: none. Fails with `missing` if it does not exist, and with `cyclic` if it is
/// the organization `of` or is inside it.
Code find_parent(Connection& connection, const OrganizationId& of, const OrganizationId& id, Number& parent) noexcept {
  if (id.empty()) return ok;
  const Code code = find(connection, Sql::number_of_organization, id.view(), parent);
  if (code != ok) return code;
  if (parent == 0) return parent = unknown, missing;
  Statement inside(connection, Sql::is_inside);
  if (inside.number(1, static_cast<std::int64_t>(parent)).text(2, of.view()).next()) return parent = unknown, cyclic;
  return inside.code();
}

void bind(Statement& to, const OrganizationRecord& record, Number parent) noexcept {
  to.text(1, record.id.view()).text_if_any(2, record.slug.view());
  number_if_any(to, 3, parent);
  to.number(4, record.joinable ? 1 : 0);
  seats(to, 5, record.seats_max);
  to.number(6, record.closed ? 1 : 0);
}

void bind(Statement& to, const AccountRecord& record, std::string_view key) noexcept {
  const Email* const email = record.email ? &*record.email : nullptr;
  to.text(1, record.id.view()).text_if_any(2, key_of(email)).text_if_any(3, text_of(email));
  to.text_if_any(4, key).text_if_any(5, record.username.view());
  to.number(6, record.disabled ? 1 : 0).number(7, record.invited ? 1 : 0).number(8, record.verified ? 1 : 0);
}

/// Checks the condition of a put. `is_stored`: the record has exactly these fields, and this version.
Code check(Statement& found, Version given, Version& version, bool& is_stored) noexcept {
  if (found.next()) {
    version = Version{found.index(0)};
    is_stored = found.flag(1);
  }
  if (found.code() != ok || is_stored) return found.code();
  return code_of(check_put(given, version));
}

/// Writes a record. `replaces`: also one that exists. Otherwise `version` stays 0 if it exists.
Code upsert(Connection& connection, const OrganizationRecord& record, Number parent, bool replaces,
            Version& version) noexcept {
  Statement upsert(connection, Sql::upsert_organization);
  bind(upsert, record, parent);
  return upsert.number(7, replaces ? 1 : 0).salt(connection.salt()).read_version(version);
}
Code upsert(Connection& connection, const AccountRecord& record, std::string_view key, bool replaces,
            Version& version) noexcept {
  Statement upsert(connection, Sql::upsert_account);
  bind(upsert, record, key);
  return upsert.number(9, replaces ? 1 : 0).salt(connection.salt()).read_version(version);
}

/// Checks that no membership keeps the organization closed.
Code check_opens(Connection& connection, const OrganizationId& id) noexcept {
  Statement found(connection, Sql::keeps_closed);
  const bool kept = found.text(1, id.view()).next() && found.flag(0);
  return found.code() == ok && kept ? peopled : found.code();
}

Code put(Connection& connection, const OrganizationRecord& record, Condition condition, Version& version) noexcept {
  if (record.id.empty()) return malformed;
  Number parent = 0;
  const Code parent_code = find_parent(connection, record.id, record.parent, parent);
  if (parent_code != ok && parent_code != missing && parent_code != cyclic) return parent_code;
  if (condition == Condition::version) {
    if (record.version == Version{} && parent_code == ok) {
      const Code code = upsert(connection, record, parent, false, version);
      if (code != ok || version != Version{}) return code;
    }
    bool is_stored = false;
    Statement found(connection, Sql::compare_organization);
    bind(found, record, parent);
    const Code code = check(found, record.version, version, is_stored);
    if (code != ok || is_stored) return code;
  }
  if (!record.closed) {
    const Code code = check_opens(connection, record.id);
    if (code != ok) return code;
  }
  return parent_code == ok ? upsert(connection, record, parent, true, version) : parent_code;
}

/// Counts the memberships of an account anew, if its flag has changed. Linear in its organizations.
Code recount(Connection& connection, const AccountBefore& before, bool disables) noexcept {
  if (before.number == 0 || disables == before.disabled) return ok;
  Statement move(connection, Sql::recount_account);
  return move.number(1, static_cast<std::int64_t>(before.number)).number(2, disables ? -1 : 1).run();
}

Code put(Connection& connection, const SqliteOptions& options, const AccountRecord& record, Condition condition,
         Version& version) noexcept {
  if (record.id.empty()) return malformed;
  const sql::FoldedName folded(record.username.view(), options.case_insensitive_usernames);
  const std::string_view key = folded.view();
  if (condition == Condition::none || record.version == Version{}) {
    Statement revive(connection, Sql::revive_account);
    const bool revived = revive.text(1, record.id.view()).salt(connection.salt()).next();
    if (revive.run() != ok) return revive.code();
    if (revived) return upsert(connection, record, key, true, version);
  }
  if (condition == Condition::version) {
    if (record.version == Version{}) {
      const Code code = upsert(connection, record, key, false, version);
      if (code != ok || version != Version{}) return code;
    }
    bool is_stored = false;
    Statement found(connection, Sql::compare_account);
    bind(found, record, key);
    const Code code = check(found, record.version, version, is_stored);
    if (code != ok || is_stored) return code;
  }
  AccountBefore before;
  Code code = before.find(connection, record.id);
  if (code == ok) code = upsert(connection, record, key, true, version);
  return code == ok ? recount(connection, before, record.disabled) : code;
}

/// Checks the condition of a change.
Code check(Connection& connection, Sql which, std::string_view id, Version given) noexcept {
  if (id.empty()) return malformed;
  Statement found(connection, which);
  Version stored{};
  if (found.text(1, id).next()) stored = Version{found.index(which == Sql::number_of_account ? 1 : 2)};
  return found.code() == ok ? code_of(check_change(given, stored)) : found.code();
}

Code change(Connection& connection, const OrganizationId& id, const OrganizationChange& change,
            Version& version) noexcept {
  Number parent = 0;
  Code code = check(connection, Sql::number_of_organization, id.view(), version);
  if (code == ok && change.closed && !*change.closed) code = check_opens(connection, id);
  if (code == ok && change.parent) code = find_parent(connection, id, *change.parent, parent);
  if (code != ok) return code;
  Statement update(connection, Sql::change_organization);
  update.text(1, id.view()).number(2, change.slug ? 1 : 0);
  update.text_if_any(3, change.slug ? change.slug->view() : std::string_view()).number(4, change.parent ? 1 : 0);
  number_if_any(update, 5, parent);
  flag_if_any(update, 6, change.joinable);
  update.number(7, change.seats_max ? 1 : 0);
  seats(update, 8, change.seats_max.value_or(no_limit));
  flag_if_any(update, 9, change.closed);
  return update.salt(connection.salt()).read_version(version);
}

Code change(Connection& connection, const SqliteOptions& options, const AccountId& id, const AccountChange& change,
            Version& version) noexcept {
  AccountBefore before;
  Code code = check(connection, Sql::number_of_account, id.view(), version);
  if (code == ok && change.disabled) code = before.find(connection, id);
  if (code != ok) return code;
  const Email* const email = change.email ? &*change.email : nullptr;
  const std::string_view username = change.username ? change.username->view() : std::string_view();
  const sql::FoldedName key(username, options.case_insensitive_usernames);
  Statement update(connection, Sql::change_account);
  update.text(1, id.view()).number(2, change.email ? 1 : 0);
  update.text_if_any(3, key_of(email)).text_if_any(4, text_of(email)).number(5, change.username ? 1 : 0);
  update.text_if_any(6, key.view()).text_if_any(7, username);
  flag_if_any(update, 8, change.disabled);
  flag_if_any(update, 9, change.invited);
  flag_if_any(update, 10, change.verified);
  code = update.salt(connection.salt()).read_version(version);
  return code == ok && change.disabled ? recount(connection, before, *change.disabled) : code;
}

Code release(Connection& connection, Sql which, const AccountId& id, std::string_view key) noexcept {
  Statement release(connection, which);
  return release.text(1, id.view()).text_if_any(2, key).run();
}

/// Checks every condition, releases every name that changes, and then writes the changes. `done`: the versions.
Code change(Connection& connection, const SqliteOptions& options, std::span<const AccountUpdate> updates,
            SmallVector<Version, 2>& done) noexcept {
  if (!done.reserve(updates.size())) return SQLITE_NOMEM;
  for (const AccountUpdate& it : updates)
    if (it.id.empty()) return malformed;
  for (const AccountUpdate& it : updates) {
    const Code code = check(connection, Sql::number_of_account, it.id.view(), it.version);
    if (code != ok) return code;
  }
  for (std::size_t i = 0; i < updates.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (updates[i].id == updates[j].id) return outdated;
  for (const AccountUpdate& it : updates) {
    Code code = ok;
    if (it.change.email) code = release(connection, Sql::release_email, it.id, it.change.email->key());
    const sql::FoldedName key(it.change.username ? it.change.username->view() : std::string_view(),
                              options.case_insensitive_usernames);
    if (code == ok && it.change.username) code = release(connection, Sql::release_username, it.id, key.view());
    if (code != ok) return code;
  }
  for (const AccountUpdate& it : updates) {
    Version version = it.version;
    const Code code = change(connection, options, it.id, it.change, version);
    if (code != ok) return code;
    done.unchecked_push_back(version);
  }
  return ok;
}

}  // namespace
}  // namespace sqlite

using sqlite::Code;
using sqlite::Condition;
using sqlite::Connection;
using sqlite::if_current;
using sqlite::put_in_transaction;

Result<Version> SqliteStore::put_organization(const OrganizationRecord& record) noexcept {
  return put_in_transaction(state_, [&](Connection& connection, Version& version) noexcept {
    return if_current(sqlite::put(connection, record, Condition::version, version));
  });
}

Result<Version> SqliteStore::overwrite_organization(const OrganizationRecord& record) noexcept {
  return put_in_transaction(state_, [&](Connection& connection, Version& version) noexcept {
    return sqlite::put(connection, record, Condition::none, version);
  });
}

Result<Version> SqliteStore::change_organization(const OrganizationId& id, const OrganizationChange& change,
                                                 Version version) noexcept {
  return put_in_transaction(state_, [&](Connection& connection, Version& now) noexcept {
    now = version;
    return if_current(sqlite::change(connection, id, change, now));
  });
}

Result<void> SqliteStore::put_organizations(std::span<const OrganizationRecord> records) noexcept {
  return sqlite::in_transaction(state_, [&](Connection& connection) noexcept {
    Code code = sqlite::ok;
    for (std::size_t i = 0; code == sqlite::ok && i < records.size(); ++i) {
      Version version{};
      code = if_current(sqlite::put(connection, records[i], Condition::version, version));
    }
    return code;
  });
}

Result<Version> SqliteStore::put_account(const AccountRecord& record) noexcept {
  return put_in_transaction(state_, [&](Connection& connection, Version& version) noexcept {
    return if_current(sqlite::put(connection, state_->options, record, Condition::version, version));
  });
}

Result<Version> SqliteStore::overwrite_account(const AccountRecord& record) noexcept {
  return put_in_transaction(state_, [&](Connection& connection, Version& version) noexcept {
    return sqlite::put(connection, state_->options, record, Condition::none, version);
  });
}

Result<Version> SqliteStore::change_account(const AccountId& id, const AccountChange& change,
                                            Version version) noexcept {
  return put_in_transaction(state_, [&](Connection& connection, Version& now) noexcept {
    now = version;
    return if_current(sqlite::change(connection, state_->options, id, change, now));
  });
}

Result<void> SqliteStore::change_accounts(std::span<AccountUpdate> updates) noexcept {
  SmallVector<Version, 2> versions;
  const auto done = sqlite::in_transaction(state_, [&](Connection& connection) noexcept {
    return if_current(sqlite::change(connection, state_->options, updates, versions));
  });
  for (std::uint32_t i = 0; done && i < versions.size(); ++i) updates[i].version = versions[i];
  return done;
}

Result<void> SqliteStore::put_accounts(std::span<const AccountRecord> records) noexcept {
  return sqlite::in_transaction(state_, [&](Connection& connection) noexcept {
    Code code = sqlite::ok;
    for (std::size_t i = 0; code == sqlite::ok && i < records.size(); ++i) {
      Version version{};
      code = if_current(sqlite::put(connection, state_->options, records[i], Condition::version, version));
    }
    return code;
  });
}

}  // namespace roster::inline ROSTER_ABI
