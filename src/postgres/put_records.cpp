// The set-up operations of PostgresStore for organizations and accounts. Each is one transaction in one round trip. If
// a condition failed, a second one reads the record, to return the error.
#include "core/put_conditions.hpp"
#include "postgres/put.hpp"
#include "sql/keys.hpp"

namespace roster::inline ROSTER_ABI {
namespace postgres {

namespace {

/// The shape of a statement that has two.
constexpr std::uint16_t shape_of(bool second) noexcept {
  return second ? 1 : 0;
}

// ---- organizations: $1 id, $2 slug or NULL

/// Makes the changes of parents take turns: two of them could each be right, and together a cycle. The next statement
/// reads what the last one wrote.
void write_turn_of_parents(std::uint32_t, Text& to) noexcept {
  to << "UPDATE roster_schema SET version = version WHERE part = 'roster'";
}
/// UNION ends the walk also in a database that already has a cycle.
void write_parent(std::uint32_t, Text& to) noexcept {
  to << "SELECT 1 / (CASE WHEN EXISTS (SELECT FROM roster_organizations o WHERE o.organization_id = $2::text"
        " FOR KEY SHARE) AND NOT EXISTS (WITH RECURSIVE above (id) AS (SELECT $2::text COLLATE \"C\" UNION SELECT "
        "o.parent_id FROM "
        "above"
        " JOIN roster_organizations o ON o.organization_id = above.id) SELECT FROM above WHERE above.id = $1::text)"
     << if_found;
}
/// $2 parent, $3 joinable, $4 seats. `upserts`: replaces an existing record.
void write_organization(std::uint32_t upserts, Text& to) noexcept {
  to << "WITH w AS (INSERT INTO roster_organizations AS o (organization_id, parent_id, joinable, seats_max, version)"
        " VALUES ($1::text, $2::text, $3::bool, $4::int8, " ROSTER_NEW_VERSION ") ON CONFLICT (organization_id) DO "
     << (upserts != 0 ? "UPDATE SET parent_id = excluded.parent_id, joinable = excluded.joinable,"
                        " seats_max = excluded.seats_max, version = o.version + 1"
                      : "NOTHING")
     << " RETURNING o.version)" << its_version;
}
/// $2 whether to write the parent $3, $4 joinable, $5 seats, $6 version. NULL: unchanged, any version. `puts`: a record
/// with exactly these fields, and the slug $7, is not written.
void write_changed_organization(std::uint32_t puts, Text& to) noexcept {
  to << "WITH w AS (UPDATE roster_organizations o SET parent_id = CASE WHEN $2::bool THEN $3::text ELSE o.parent_id "
        "END,"
        " joinable = coalesce($4::bool, o.joinable), seats_max = coalesce($5::int8, o.seats_max),"
        " version = o.version + 1 WHERE o.organization_id = $1::text AND ($6::int8 IS NULL OR o.version = $6::int8)"
     << (puts != 0 ? " AND (o.slug IS DISTINCT FROM $7::text OR o.parent_id IS DISTINCT FROM $3::text"
                     " OR o.joinable <> $4::bool OR o.seats_max <> $5::int8)"
                   : "")
     << " RETURNING o.version)" << its_version;
}
void write_former_slug(std::uint32_t, Text& to) noexcept {
  to << "DELETE FROM roster_slugs s WHERE s.slug = (SELECT o.slug FROM roster_organizations o"
        " WHERE o.organization_id = $1::text) AND s.slug IS DISTINCT FROM $2::text";
}
void write_slug(std::uint32_t, Text& to) noexcept {
  to << "INSERT INTO roster_slugs (slug, organization_id) SELECT $2::text, $1::text WHERE $2::text IS NOT NULL"
        " AND NOT EXISTS (SELECT FROM roster_slugs s WHERE s.slug = $2::text AND s.organization_id = $1::text)";
}
void write_own_slug(std::uint32_t, Text& to) noexcept {
  to << "UPDATE roster_organizations SET slug = $2::text"
        " WHERE organization_id = $1::text AND slug IS DISTINCT FROM $2::text";
}

/// `is_new`: the organization is created, so no other is inside it.
void send_parent(Connection& pipeline, const OrganizationId& id, const OrganizationId& parent, bool is_new,
                 Values& values) noexcept {
  if (!is_new) send(pipeline, {put_number::turn_of_parents, 0, write_turn_of_parents}, values, [](Values&) {});
  send(pipeline, {put_number::parent, 0, write_parent}, values, [&](Values& to) {
    to.text(id);
    to.text(parent);
  });
}
void send_slug(Connection& pipeline, const OrganizationId& id, const Slug& slug, Values& values) noexcept {
  constexpr Statement steps[] = {{put_number::former_slug, 0, write_former_slug},
                                 {put_number::slug, 0, write_slug},
                                 {put_number::own_slug, 0, write_own_slug}};
  for (const Statement& step : steps)
    send(pipeline, step, values, [&](Values& to) {
      to.text(id);
      to.text_or_null(slug);
    });
}
void send_changed(Connection& pipeline, const OrganizationId& id, const OrganizationChange& change, Version given,
                  bool puts, Values& values) noexcept {
  send(pipeline, {put_number::changed_organization, shape_of(puts), write_changed_organization}, values,
       [&](Values& to) {
         to.text(id);
         to.boolean(change.parent.has_value());
         change.parent ? to.text_or_null(*change.parent) : to.null();
         change.joinable ? to.boolean(*change.joinable) : to.null();
         change.seats_max ? to.int8(*change.seats_max) : to.null();
         version(to, given);
         if (puts) to.text_or_null(*change.slug);
       });
  if (change.slug) send_slug(pipeline, id, *change.slug, values);
}
/// Adds an organization or, if `upserts`, replaces it.
void send_whole(Connection& pipeline, const OrganizationRecord& record, bool upserts, Values& values) noexcept {
  send(pipeline, {put_number::organization, shape_of(upserts), write_organization}, values, [&](Values& to) {
    to.text(record.id);
    to.text_or_null(record.parent);
    to.boolean(record.joinable);
    to.int8(record.seats_max);
  });
  if (upserts || !record.slug.empty()) send_slug(pipeline, record.id, record.slug, values);
}

// ---- accounts: $1 id

/// $2 disabled, $3 invited, $4 verified. `upserts`: replaces an existing record.
void write_account(std::uint32_t upserts, Text& to) noexcept {
  to << "WITH w AS (INSERT INTO roster_accounts AS c (account_id, disabled, invited, verified, version)"
        " VALUES ($1::text, $2::bool, $3::bool, $4::bool, " ROSTER_NEW_VERSION ") ON CONFLICT (account_id) DO "
     << (upserts != 0 ? "UPDATE SET disabled = excluded.disabled, invited = excluded.invited,"
                        " verified = excluded.verified, version = c.version + 1"
                      : "NOTHING")
     << " RETURNING c.version)" << its_version;
}
/// $2 disabled, $3 invited, $4 verified, $5 whether the key of the address becomes $6, $7 version. NULL: unchanged, any
/// version. `puts`: a record with exactly these fields, the address $8 and the username $9, is not written.
void write_changed_account(std::uint32_t puts, Text& to) noexcept {
  to << "WITH w AS (UPDATE roster_accounts c SET disabled = coalesce($2::bool, c.disabled),"
        " invited = coalesce($3::bool, c.invited), verified = coalesce($4::bool, c.verified"
        " AND (NOT $5::bool OR c.email_key IS NOT DISTINCT FROM $6::text)), version = c.version + 1"
        " WHERE c.account_id = $1::text AND ($7::int8 IS NULL OR c.version = $7::int8)"
     << (puts != 0 ? " AND (c.email IS DISTINCT FROM $8::text OR c.email_key IS DISTINCT FROM $6::text"
                     " OR c.username IS DISTINCT FROM $9::text OR c.disabled <> $2::bool OR c.invited <> $3::bool"
                     " OR c.verified <> $4::bool)"
                   : "")
     << " RETURNING c.version)" << its_version;
}

/// The shapes of the statements about one name of an account: its address, or its username.
enum NameKind : std::uint16_t { email_name, username_name };
constexpr std::string_view table_of(std::uint32_t kind) noexcept {
  return kind == email_name ? "roster_emails" : "roster_usernames";
}
constexpr std::string_view key_of(std::uint32_t kind) noexcept {
  return kind == email_name ? "email_key" : "username_key";
}

/// Deletes the previous name, unless it stays. $2 the key of the new one, or NULL.
void write_former_name(std::uint32_t kind, Text& to) noexcept {
  const std::string_view key = key_of(kind);
  to << "DELETE FROM " << table_of(kind) << " n WHERE n." << key << " = (SELECT c." << key
     << " FROM roster_accounts c WHERE c.account_id = $1::text) AND n." << key << " IS DISTINCT FROM $2::text";
}
void write_name(std::uint32_t kind, Text& to) noexcept {
  const std::string_view key = key_of(kind);
  to << "INSERT INTO " << table_of(kind) << " (" << key
     << ", account_id) SELECT $2::text, $1::text WHERE $2::text IS NOT NULL AND NOT EXISTS (SELECT FROM "
     << table_of(kind) << " n WHERE n." << key << " = $2::text AND n.account_id = $1::text)";
}
/// $3 the name as written.
void write_own_name(std::uint32_t kind, Text& to) noexcept {
  to << "UPDATE roster_accounts SET " << key_of(kind) << " = $2::text, " << (kind == email_name ? "email" : "username")
     << " = $3::text WHERE account_id = $1::text";
}

/// $1 to $8 columns. An existing account, and its names, stay unchanged.
void write_new_accounts(std::uint32_t, Text& to) noexcept {
  to << "WITH n AS (SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bool[],"
        " $7::bool[], $8::bool[]) n (a, e, ek, u, uk, d, i, v)),"
        " w AS (INSERT INTO roster_accounts (account_id, email, email_key, username, username_key, disabled, invited,"
        " verified, version) SELECT n.*, " ROSTER_NEW_VERSION
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

void send_name(Connection& pipeline, const AccountId& id, NameKind kind, const AccountNames& names, bool is_new,
               Values& values) noexcept {
  const bool is_email = kind == email_name;
  const std::string_view name = is_email ? names.email : names.username,
                         key = is_email ? names.email_key : names.folded.view();
  if (is_new && key.empty()) return;
  const auto fill = [&](Values& to) {
    to.text(id);
    text_or_null(to, key);
  };
  if (!is_new) send(pipeline, {put_number::former_name, kind, write_former_name}, values, fill);
  send(pipeline, {put_number::name, kind, write_name}, values, fill);
  send(pipeline, {put_number::own_name, kind, write_own_name}, values, [&](Values& to) {
    fill(to);
    text_or_null(to, name);
  });
}
/// Adds an account or, if `upserts`, replaces it.
void send_whole(Connection& pipeline, const AccountRecord& record, bool upserts, const AccountNames& names,
                Values& values) noexcept {
  send(pipeline, {put_number::account, shape_of(upserts), write_account}, values, [&](Values& to) {
    to.text(record.id);
    to.boolean(record.disabled);
    to.boolean(record.invited);
    to.boolean(record.verified);
  });
  for (const NameKind kind : {email_name, username_name}) send_name(pipeline, record.id, kind, names, !upserts, values);
}

/// The fields of an account to write. The names are written if the flags say so.
struct ChangedAccount {
  const AccountId& id;
  bool sets_email, sets_username;
  std::optional<bool> disabled, invited, verified;
};
void send_changed(Connection& pipeline, const ChangedAccount& change, const AccountNames& names, Version given,
                  bool puts, Values& values) noexcept {
  const auto flag_or_null = [](Values& to, const std::optional<bool>& flag) { flag ? to.boolean(*flag) : to.null(); };
  send(pipeline, {put_number::changed_account, shape_of(puts), write_changed_account}, values, [&](Values& to) {
    to.text(change.id);
    flag_or_null(to, change.disabled);
    flag_or_null(to, change.invited);
    flag_or_null(to, change.verified);
    to.boolean(change.sets_email);
    text_or_null(to, names.email_key);
    version(to, given);
    if (!puts) return;
    text_or_null(to, names.email);
    text_or_null(to, names.username);
  });
  if (change.sets_email) send_name(pipeline, change.id, email_name, names, false, values);
  if (change.sets_username) send_name(pipeline, change.id, username_name, names, false, values);
}

bool has_same_fields(const OrganizationRecord& a, const OrganizationRecord& b) noexcept {
  return a.slug == b.slug && a.parent == b.parent && a.joinable == b.joinable && a.seats_max == b.seats_max;
}
bool has_same_fields(const AccountRecord& a, const AccountRecord& b) noexcept {
  const AccountNames of_a(a, false), of_b(b, false);
  return of_a.email == of_b.email && of_a.email_key == of_b.email_key && a.username == b.username &&
         a.disabled == b.disabled && a.invited == b.invited && a.verified == b.verified;
}

/// The number of statements that send_parent() sends.
std::uint32_t parent_statements(const OrganizationId& parent, bool is_new) noexcept {
  return parent.empty() ? 0 : is_new ? 1 : 2;
}

/// The error of a parent that failed the check.
Errc refused_parent(const PostgresStore& store, const OrganizationId& parent) noexcept {
  const auto found = store.organization(parent);
  if (!found) return found.assume_error().code;
  return found.assume_value() ? Errc::parent_cycle : Errc::not_found;
}

/// The result of a put whose check failed; not_found if its condition holds after all. A record that is stored already
/// is a failed check too, so that nothing of it is written.
template <class Record>
Result<Version> refused_put(const Record& record, const Result<std::optional<Record>>& stored) noexcept {
  if (!stored) return stored.assume_error();
  if (!stored.assume_value()) return Errc::not_found;
  if (has_same_fields(*stored.assume_value(), record)) return stored.assume_value()->version;
  const Errc failed = check_put(record.version, stored.assume_value()->version);
  return failed == Errc{} ? Errc::not_found : failed;
}

}  // namespace

Statement change_organization() noexcept {
  return {put_number::changed_organization, 0, write_changed_organization};
}

Statement delete_slug() noexcept {
  return {put_number::former_slug, 0, write_former_slug};
}

Statement delete_email() noexcept {
  return {put_number::former_name, email_name, write_former_name};
}
Statement delete_username() noexcept {
  return {put_number::former_name, username_name, write_former_name};
}

Errc refused_change(Version given, Version stored) noexcept {
  const Errc failed = check_change(given, stored);
  return failed == Errc{} ? Errc::not_found : failed;
}

}  // namespace postgres

using postgres::Connection;
using postgres::Type;
using postgres::Values;

Result<Version> PostgresStore::put_organization(const OrganizationRecord& record) noexcept {
  if (state_ == nullptr) return Errc::out_of_memory;
  if (record.id.empty()) return Errc::id_empty;
  Connection& connection = state_->connection;
  const bool is_new = record.version == Version{};
  Values values;
  const auto done = connection.run(true, [&](Connection& pipeline) noexcept {
    if (!record.parent.empty()) postgres::send_parent(pipeline, record.id, record.parent, is_new, values);
    if (is_new) return postgres::send_whole(pipeline, record, false, values);
    const OrganizationChange all{record.slug, record.parent, record.joinable, record.seats_max};
    postgres::send_changed(pipeline, record.id, all, record.version, true, values);
  });
  if (!postgres::failed_check(connection, done))
    return postgres::version_of(connection, done, postgres::parent_statements(record.parent, is_new));
  const auto stored = organization(record.id);
  auto refused = postgres::refused_put(record, stored);
  const bool holds = stored && (is_new || stored.assume_value()) && !refused &&
                     refused.assume_error().code == Errc::not_found && !record.parent.empty();
  return holds ? Result<Version>(postgres::refused_parent(*this, record.parent)) : std::move(refused);
}

Result<Version> PostgresStore::overwrite_organization(const OrganizationRecord& record) noexcept {
  if (state_ == nullptr) return Errc::out_of_memory;
  if (record.id.empty()) return Errc::id_empty;
  Connection& connection = state_->connection;
  Values values;
  const auto done = postgres::outcome_of(connection, connection.run(true, [&](Connection& pipeline) noexcept {
    if (!record.parent.empty()) postgres::send_parent(pipeline, record.id, record.parent, false, values);
    postgres::send_whole(pipeline, record, true, values);
  }));
  if (!done && done.assume_error().code == Errc::not_found) return postgres::refused_parent(*this, record.parent);
  return postgres::version_of(connection, done, postgres::parent_statements(record.parent, false));
}

Result<Version> PostgresStore::change_organization(const OrganizationId& id, const OrganizationChange& change,
                                                   Version version) noexcept {
  if (state_ == nullptr) return Errc::out_of_memory;
  if (id.empty()) return Errc::id_empty;
  Connection& connection = state_->connection;
  const bool has_parent = change.parent && !change.parent->empty();
  Values values;
  // With a version it is not repeated, because a second attempt would find the version of the first.
  const auto done = connection.run(version == any_version, [&](Connection& pipeline) noexcept {
    if (has_parent) postgres::send_parent(pipeline, id, *change.parent, false, values);
    postgres::send_changed(pipeline, id, change, version, false, values);
  });
  if (!postgres::failed_check(connection, done)) return postgres::version_of(connection, done, has_parent ? 2 : 0);
  const auto stored = organization(id);
  if (!stored) return stored.assume_error();
  const Version now = stored.assume_value() ? stored.assume_value()->version : Version{};
  const bool holds = has_parent && check_change(version, now) == Errc{};
  return holds ? postgres::refused_parent(*this, *change.parent) : postgres::refused_change(version, now);
}

Result<Version> PostgresStore::put_account(const AccountRecord& record) noexcept {
  if (state_ == nullptr) return Errc::out_of_memory;
  if (record.id.empty()) return Errc::id_empty;
  Connection& connection = state_->connection;
  const postgres::AccountNames names(record, connection.options().case_insensitive_usernames);
  Values values;
  const auto done = connection.run(true, [&](Connection& pipeline) noexcept {
    if (record.version == Version{}) return postgres::send_whole(pipeline, record, false, names, values);
    const postgres::ChangedAccount all{record.id, true, true, record.disabled, record.invited, record.verified};
    postgres::send_changed(pipeline, all, names, record.version, true, values);
  });
  if (postgres::failed_check(connection, done)) return postgres::refused_put(record, account(record.id));
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
  if (id.empty()) return Errc::id_empty;
  Connection& connection = state_->connection;
  const Username none;
  const postgres::AccountNames names(change.email ? &*change.email : nullptr, change.username ? *change.username : none,
                                     connection.options().case_insensitive_usernames);
  const postgres::ChangedAccount fields{
      id, change.email.has_value(), change.username.has_value(), change.disabled, change.invited, change.verified};
  Values values;
  // Not repeated, as in change_organization().
  const auto done = connection.run(version == any_version, [&](Connection& pipeline) noexcept {
    postgres::send_changed(pipeline, fields, names, version, false, values);
  });
  if (!postgres::failed_check(connection, done)) return postgres::version_of(connection, done, 0);
  const auto stored = account(id);
  if (!stored) return stored.assume_error();
  return postgres::refused_change(version, stored.assume_value() ? stored.assume_value()->version : Version{});
}

Result<void> PostgresStore::add_accounts(std::span<const AccountRecord> records) noexcept {
  if (state_ == nullptr) return Errc::out_of_memory;
  for (const AccountRecord& record : records)
    if (record.id.empty()) return Errc::id_empty;
  Connection& connection = state_->connection;
  const bool folds = connection.options().case_insensitive_usernames;
  Values values;
  return postgres::outcome_of(connection, connection.run(true, [&](Connection& pipeline) noexcept {
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
