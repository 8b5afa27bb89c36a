// The set-up operations of PostgresStore for accounts. Each is one transaction in one round trip. If a condition
// failed, further ones read the records, to return the error.
#include "core/put_conditions.hpp"
#include "postgres/put.hpp"
#include "sql/keys.hpp"

namespace roster::inline ROSTER_ABI {
namespace postgres {

namespace {

// ---- accounts: $1 id

/// $2 disabled, $3 invited, $4 verified. `upserts`: replaces an existing record.
void write_account(std::uint32_t upserts, Text& to) noexcept {
  to << "WITH w AS (INSERT INTO roster_accounts AS c (account_id, disabled, invited, verified, version)"
        " VALUES ($1::text, $2::bool, $3::bool, $4::bool, " ROSTER_NEW_VERSION ") ON CONFLICT (account_id) DO "
     << (upserts != 0 ? "UPDATE SET disabled = excluded.disabled, invited = excluded.invited,"
                        " verified = excluded.verified, version = " ROSTER_NEXT_VERSION("c")
                      : "NOTHING")
     << " RETURNING c.version)" << its_version;
}
/// $2 disabled, $3 invited, $4 verified, $5 the key of the address, $6 the address, $7 the username, $8 version. NULL:
/// none, any version. A record with exactly these fields is not written.
void write_changed_account(std::uint32_t, Text& to) noexcept {
  to << "WITH w AS (UPDATE roster_accounts c SET disabled = $2::bool, invited = $3::bool, verified = $4::bool,"
        " version = " ROSTER_NEXT_VERSION("c") " WHERE c.account_id = $1::text AND ($8::int8 IS NULL OR c.version = $8::int8)"
        " AND (c.email IS DISTINCT FROM $6::text OR c.email_key IS DISTINCT FROM $5::text"
        " OR c.username IS DISTINCT FROM $7::text OR c.disabled <> $2::bool OR c.invited <> $3::bool"
        " OR c.verified <> $4::bool) RETURNING c.version)"
     << its_version;
}
/// $1 to $7 columns: id, version, disabled, invited, verified, whether the key of the address becomes the last one.
/// NULL: unchanged, any version. An account that is named twice fails the check.
void write_changed_accounts(std::uint32_t, Text& to) noexcept {
  to << "WITH n AS (SELECT * FROM unnest($1::text[], $2::int8[], $3::bool[], $4::bool[], $5::bool[], $6::bool[],"
        " $7::text[]) n (a, r, d, i, v, e, k)), w AS (UPDATE roster_accounts c SET disabled = coalesce(n.d, "
        "c.disabled),"
        " invited = coalesce(n.i, c.invited), verified = coalesce(n.v, c.verified"
        " AND (NOT n.e OR c.email_key IS NOT DISTINCT FROM n.k)), version = " ROSTER_NEXT_VERSION("c")
        " FROM n WHERE c.account_id = n.a AND (n.r IS NULL OR c.version = n.r) RETURNING 1)"
        " SELECT 1 / (CASE WHEN (SELECT count(*) FROM w) = cardinality($1::text[])"
     << if_found;
}
/// $1 ids.
void select_versions(std::uint32_t, Text& to) noexcept {
  to << "SELECT c.version FROM unnest($1::text[]) WITH ORDINALITY n (a, place)"
        " JOIN roster_accounts c ON c.account_id = n.a ORDER BY n.place";
}

/// The shapes of the statements about one name of an account: its address, or its username.
enum NameKind : std::uint16_t { email_name, username_name };
constexpr std::string_view table_of(std::uint32_t kind) noexcept {
  return kind == email_name ? "roster_emails" : "roster_usernames";
}
constexpr std::string_view key_of(std::uint32_t kind) noexcept {
  return kind == email_name ? "email_key" : "username_key";
}

// $1 ids, $2 the keys of the new names, or NULL

/// Deletes the previous names, unless they stay. So the next statement may give them to other accounts.
void write_former_names(std::uint32_t kind, Text& to) noexcept {
  const std::string_view key = key_of(kind);
  to << "DELETE FROM " << table_of(kind)
     << " e USING unnest($1::text[], $2::text[]) n (a, k) JOIN roster_accounts c ON c.account_id = n.a WHERE e." << key
     << " = c." << key << " AND c." << key << " IS DISTINCT FROM n.k";
}
void write_names(std::uint32_t kind, Text& to) noexcept {
  const std::string_view key = key_of(kind);
  to << "INSERT INTO " << table_of(kind) << " (" << key
     << ", account_id) SELECT n.k, n.a FROM unnest($1::text[], $2::text[]) n (a, k) WHERE n.k IS NOT NULL"
        " AND NOT EXISTS (SELECT FROM "
     << table_of(kind) << " e WHERE e." << key << " = n.k AND e.account_id = n.a)";
}
/// $3 the names as written.
void write_own_names(std::uint32_t kind, Text& to) noexcept {
  to << "UPDATE roster_accounts c SET " << key_of(kind) << " = n.k, " << (kind == email_name ? "email" : "username")
     << " = n.t FROM unnest($1::text[], $2::text[], $3::text[]) n (a, k, t) WHERE c.account_id = n.a";
}

/// $1 to $8 columns. An existing account, and its names, stay unchanged.
void write_new_accounts(std::uint32_t, Text& to) noexcept {
  to << "WITH n AS (SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bool[],"
        " $7::bool[], $8::bool[]) n (a, e, ek, u, uk, d, i, v)),"
        " w AS (INSERT INTO roster_accounts (account_id, email, email_key, username, username_key, disabled, invited,"
        " verified, version) SELECT n.*, " ROSTER_NEW_VERSIONS
        " FROM n ON CONFLICT (account_id) DO NOTHING RETURNING account_id),"
        " e AS (INSERT INTO roster_emails (email_key, account_id) SELECT n.ek, n.a FROM n JOIN w ON w.account_id = n.a"
        " WHERE n.ek IS NOT NULL)"
        " INSERT INTO roster_usernames (username_key, account_id) SELECT n.uk, n.a FROM n JOIN w ON w.account_id = n.a"
        " WHERE n.uk IS NOT NULL";
}

/// The names of an account, and the keys by which it is found.
struct AccountNames {
  std::string_view email, email_key, username;
  sql::FoldedName folded;
  AccountNames(const Email* address, const Username& name, bool folds) noexcept
      : username(name.view()), folded(name.view(), folds) {
    if (address == nullptr) return;
    email = address->text();
    email_key = address->key();
  }
  AccountNames(const AccountRecord& record, bool folds) noexcept
      : AccountNames(record.email ? &*record.email : nullptr, record.username, folds) {}
};

/// Sends names of one kind. `each(put)` calls put(id, key, text) for each account. Returns the number of statements.
template <class Each>
std::uint32_t send_names(Connection& pipeline, NameKind kind, bool are_new, const Each& each, Values& values) noexcept {
  std::uint64_t count = 0, keys = 0;
  each([&](const AccountId&, std::string_view key, std::string_view) {
    ++count;
    keys += key.empty() ? 0 : 1;
  });
  if (count == 0 || (are_new && keys == 0)) return 0;
  const auto fill = [&](std::uint32_t columns) {
    values.clear();
    for (std::uint32_t column = 0; column < columns; ++column) {
      values.open(Type::text);
      each([&](const AccountId& id, std::string_view key, std::string_view text) {
        column == 0 ? values.text(id) : text_or_null(values, column == 1 ? key : text);
      });
      values.close();
    }
  };
  fill(2);
  if (!are_new) pipeline.send({put_number::former_name, kind, write_former_names}, values, count);
  pipeline.send({put_number::name, kind, write_names}, values, count);
  fill(3);
  pipeline.send({put_number::own_name, kind, write_own_names}, values, count);
  return are_new ? 2 : 3;
}
/// Sends both names of one account.
void send_own_names(Connection& pipeline, const AccountId& id, const AccountNames& names, bool is_new,
                    Values& values) noexcept {
  send_names(
      pipeline, email_name, is_new, [&](auto&& put) { put(id, names.email_key, names.email); }, values);
  send_names(
      pipeline, username_name, is_new, [&](auto&& put) { put(id, names.folded.view(), names.username); }, values);
}
/// Adds an account or, if `upserts`, replaces it.
void send_whole(Connection& pipeline, const AccountRecord& record, bool upserts, const AccountNames& names,
                Values& values) noexcept {
  send(pipeline, {put_number::account, shape_if(upserts), write_account}, values, [&](Values& to) {
    to.text(record.id);
    to.boolean(record.disabled);
    to.boolean(record.invited);
    to.boolean(record.verified);
  });
  send_own_names(pipeline, record.id, names, !upserts, values);
}

/// Replaces an account, if it has the version that was read and other fields.
void send_put(Connection& pipeline, const AccountRecord& record, const AccountNames& names, Values& values) noexcept {
  send(pipeline, {put_number::changed_account, 0, write_changed_account}, values, [&](Values& to) {
    to.text(record.id);
    to.boolean(record.disabled);
    to.boolean(record.invited);
    to.boolean(record.verified);
    text_or_null(to, names.email_key);
    text_or_null(to, names.email);
    text_or_null(to, names.username);
    version(to, record.version);
  });
  send_own_names(pipeline, record.id, names, false, values);
}

/// One of several changes.
struct Update {
  const AccountId* id;
  const AccountChange* change;
  Version version;
};

void put_columns(std::span<const Update> updates, Values& to) noexcept {
  const auto each = [&](Type type, auto&& put) {
    to.open(type);
    for (const Update& it : updates) put(it);
    to.close();
  };
  const auto flags = [&](std::optional<bool> AccountChange::*flag) {
    each(Type::boolean, [&](const Update& it) {
      const std::optional<bool>& value = it.change->*flag;
      value ? to.boolean(*value) : to.null();
    });
  };
  each(Type::text, [&](const Update& it) { to.text(*it.id); });
  each(Type::int8, [&](const Update& it) { version(to, it.version); });
  flags(&AccountChange::disabled);
  flags(&AccountChange::invited);
  flags(&AccountChange::verified);
  each(Type::boolean, [&](const Update& it) { to.boolean(it.change->email.has_value()); });
  each(Type::text,
       [&](const Update& it) { text_or_null(to, it.change->email ? it.change->email->key() : std::string_view()); });
}

/// Returns the index of the statement that reads the versions.
std::uint32_t send_changes(Connection& pipeline, std::span<const Update> updates, Values& values) noexcept {
  values.clear();
  put_columns(updates, values);
  pipeline.send({put_number::changed_accounts, 0, write_changed_accounts}, values, updates.size());
  std::uint32_t sent = 1;
  sent += send_names(
      pipeline, email_name, false,
      [&](auto&& put) {
        for (const Update& it : updates)
          if (it.change->email) put(*it.id, it.change->email->key(), it.change->email->text());
      },
      values);
  sent += send_names(
      pipeline, username_name, false,
      [&](auto&& put) {
        for (const Update& it : updates) {
          if (!it.change->username) continue;
          const sql::FoldedName folded(it.change->username->view(), pipeline.options().case_insensitive_usernames);
          put(*it.id, folded.view(), it.change->username->view());
        }
      },
      values);
  values.clear();
  values.open(Type::text);
  for (const Update& it : updates) values.text(*it.id);
  values.close();
  pipeline.send({put_number::changed_versions, 0, select_versions}, values, updates.size());
  return sent;
}

/// The error of changes whose check failed. If each condition holds after all, another worker has changed an account
/// since, or one is named twice.
Errc refused_changes(const PostgresStore& store, std::span<const Update> updates) noexcept {
  for (const Update& it : updates) {
    const auto stored = store.account(*it.id);
    if (!stored) return stored.assume_error().code;
    const Errc failed = check_change(it.version, stored.assume_value() ? stored.assume_value()->version : Version{});
    if (failed != Errc{}) return failed;
  }
  return Errc::stale;
}

/// Sets the versions that the accounts then have.
Result<void> change(const PostgresStore& store, Connection& connection, std::span<Update> updates) noexcept {
  for (const Update& it : updates)
    if (it.id->empty()) return Errc::id_empty;
  bool unconditional = true;
  for (const Update& it : updates) unconditional &= it.version == any_version;
  Values values;
  std::uint32_t versions = 0;
  // With a version it is not repeated, because a second attempt would find the version of the first.
  const auto done = connection.run(
      unconditional, [&](Connection& pipeline) noexcept { versions = send_changes(pipeline, updates, values); });
  if (failed_check(connection, done)) return refused_changes(store, updates);
  if (!done) return connection.sqlstate() == "23505" ? Result<void>(Errc::exists) : done;
  const Rows rows = connection.rows(versions);
  for (std::size_t i = 0; i < updates.size(); ++i)
    updates[i].version = Version{static_cast<std::uint64_t>(rows.number(static_cast<int>(i), 0))};
  return success();
}

bool has_same_fields(const AccountRecord& a, const AccountRecord& b) noexcept {
  const AccountNames of_a(a, false), of_b(b, false);
  return of_a.email == of_b.email && of_a.email_key == of_b.email_key && a.username == b.username &&
         a.disabled == b.disabled && a.invited == b.invited && a.verified == b.verified;
}

}  // namespace

void send_deleted_names(Connection& pipeline, const AccountId& id, Values& values) noexcept {
  values.clear();
  values.open(Type::text);
  values.text(id);
  values.close();
  values.open(Type::text);
  values.null();
  values.close();
  for (const NameKind kind : {email_name, username_name})
    pipeline.send({put_number::former_name, kind, write_former_names}, values);
}

}  // namespace postgres

using postgres::Connection;
using postgres::Type;
using postgres::Values;

Result<Version> PostgresStore::put_account(const AccountRecord& record) noexcept {
  if (state_ == nullptr) return Errc::out_of_memory;
  if (record.id.empty()) return Errc::id_empty;
  Connection& connection = state_->connection;
  const postgres::AccountNames names(record, connection.options().case_insensitive_usernames);
  Values values;
  const auto done = connection.run(true, [&](Connection& pipeline) noexcept {
    if (record.version == Version{}) return postgres::send_whole(pipeline, record, false, names, values);
    postgres::send_put(pipeline, record, names, values);
  });
  if (postgres::failed_check(connection, done))
    return postgres::refused_put(record, account(record.id),
                                 [](const auto& a, const auto& b) { return postgres::has_same_fields(a, b); });
  return postgres::version_of(connection, done, 0);
}

Result<Version> PostgresStore::overwrite_account(const AccountRecord& record) noexcept {
  if (state_ == nullptr) return Errc::out_of_memory;
  if (record.id.empty()) return Errc::id_empty;
  Connection& connection = state_->connection;
  const postgres::AccountNames names(record, connection.options().case_insensitive_usernames);
  Values values;
  const auto done = postgres::outcome_of(connection, connection.run(true, [&](Connection& pipeline) noexcept {
    postgres::send_whole(pipeline, record, true, names, values);
  }));
  return postgres::version_of(connection, done, 0);
}

Result<Version> PostgresStore::change_account(const AccountId& id, const AccountChange& change,
                                              Version version) noexcept {
  if (state_ == nullptr) return Errc::out_of_memory;
  postgres::Update one{&id, &change, version};
  const auto done = postgres::change(*this, state_->connection, {&one, 1});
  if (!done) return done.assume_error();
  return one.version;
}

Result<void> PostgresStore::change_accounts(std::span<AccountUpdate> updates) noexcept {
  if (state_ == nullptr) return Errc::out_of_memory;
  if (updates.empty()) return success();
  SmallVector<postgres::Update, 2> all;
  if (!all.reserve(updates.size())) return Errc::out_of_memory;
  for (const AccountUpdate& it : updates) all.unchecked_push_back({&it.id, &it.change, it.version});
  const auto done = postgres::change(*this, state_->connection, all.span());
  for (std::size_t i = 0; done && i < updates.size(); ++i)
    updates[i].version = all[static_cast<std::uint32_t>(i)].version;
  return done;
}

Result<void> PostgresStore::add_accounts(std::span<const AccountRecord> records) noexcept {
  if (state_ == nullptr) return Errc::out_of_memory;
  for (const AccountRecord& record : records)
    if (record.id.empty()) return Errc::id_empty;
  Connection& connection = state_->connection;
  const bool folds = connection.options().case_insensitive_usernames;
  Values values;
  return postgres::outcome_of(connection, connection.run_statement(true, [&](Connection& pipeline) noexcept {
    using namespace postgres;
    send(pipeline, {put_number::new_accounts, 0, write_new_accounts}, values, [&](Values& to) {
      const auto each = [&](Type type, auto&& put) {
        to.open(type);
        for (const AccountRecord& record : records) put(record);
        to.close();
      };
      each(Type::text, [&](const AccountRecord& it) { to.text(it.id); });
      each(Type::text, [&](const AccountRecord& it) { text_or_null(to, AccountNames(it, folds).email); });
      each(Type::text, [&](const AccountRecord& it) { text_or_null(to, AccountNames(it, folds).email_key); });
      each(Type::text, [&](const AccountRecord& it) { text_or_null(to, it.username.view()); });
      each(Type::text, [&](const AccountRecord& it) { text_or_null(to, AccountNames(it, folds).folded.view()); });
      each(Type::boolean, [&](const AccountRecord& it) { to.boolean(it.disabled); });
      each(Type::boolean, [&](const AccountRecord& it) { to.boolean(it.invited); });
      each(Type::boolean, [&](const AccountRecord& it) { to.boolean(it.verified); });
    });
  }));
}

}  // namespace roster::inline ROSTER_ABI
