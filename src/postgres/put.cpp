// The set-up operations of PostgresStore: the host's own records. Each is one transaction in one round trip.
#include "postgres/state.hpp"
#include "postgres/statements.hpp"
#include "sql/keys.hpp"

namespace roster::inline ROSTER_ABI {
namespace postgres {

extern const char schema_text[];

Version first_version(const MembershipId& id) noexcept;

namespace {

namespace put_number {
enum : std::uint16_t {
  parent = first_put,
  organization,
  former_slug,
  slug,
  own_slug,
  organization_changed,
  role,
  account,
  former_names,
  email,
  username,
  names,
  group,
  membership,
  erased,
  new_accounts,
};
}

constexpr std::string_view if_found = " THEN 1 ELSE 0 END)";

// ---- organizations: $1 id, $2 slug or NULL

void write_parent(std::uint32_t, Text& to) noexcept {
  to << "SELECT 1 / (CASE WHEN $1::text <> $2::text AND EXISTS (SELECT FROM roster_organizations o"
        " WHERE o.organization_id = $2::text)"
     << if_found;
}
void write_organization(std::uint32_t, Text& to) noexcept {
  to << "INSERT INTO roster_organizations AS o (organization_id, parent_id, joinable, seats_max, version)"
        " VALUES ($1::text, $2::text, $3::bool, $4::int8, 1) ON CONFLICT (organization_id) DO UPDATE SET"
        " parent_id = excluded.parent_id, joinable = excluded.joinable, seats_max = excluded.seats_max,"
        " version = o.version + 1";
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
/// Also checks that the organization exists.
void write_organization_changed(std::uint32_t, Text& to) noexcept {
  to << "WITH w AS (UPDATE roster_organizations SET version = version + 1 WHERE organization_id = $1::text RETURNING 1)"
        " SELECT 1 / (CASE WHEN EXISTS (SELECT FROM w)"
     << if_found;
}
void write_role(std::uint32_t, Text& to) noexcept {
  to << "INSERT INTO roster_roles (organization_id, role_id, rank, assignable, manages, owns)"
        " VALUES ($1::text, $2::text, $3::int8, $4::bool, $5::bool, $6::bool)"
        " ON CONFLICT (organization_id, role_id) DO UPDATE SET rank = excluded.rank,"
        " assignable = excluded.assignable, manages = excluded.manages, owns = excluded.owns";
}

// ---- accounts: $1 id

void write_account(std::uint32_t, Text& to) noexcept {
  to << "INSERT INTO roster_accounts AS c (account_id, disabled, invited, verified)"
        " VALUES ($1::text, $2::bool, $3::bool, $4::bool) ON CONFLICT (account_id) DO UPDATE SET"
        " disabled = excluded.disabled, invited = excluded.invited, verified = excluded.verified,"
        " version = c.version + 1";
}
/// Deletes the previous names that the account no longer has. $2 the key of the new address, $3 that of the new
/// username.
void write_former_names(std::uint32_t, Text& to) noexcept {
  to << "WITH e AS (DELETE FROM roster_emails e WHERE e.email_key = (SELECT c.email_key FROM roster_accounts c"
        " WHERE c.account_id = $1::text) AND e.email_key IS DISTINCT FROM $2::text)"
        " DELETE FROM roster_usernames u WHERE u.username_key = (SELECT c.username_key FROM roster_accounts c"
        " WHERE c.account_id = $1::text) AND u.username_key IS DISTINCT FROM $3::text";
}
void write_email(std::uint32_t, Text& to) noexcept {
  to << "INSERT INTO roster_emails (email_key, account_id) SELECT $2::text, $1::text WHERE $2::text IS NOT NULL"
        " AND NOT EXISTS (SELECT FROM roster_emails e WHERE e.email_key = $2::text AND e.account_id = $1::text)";
}
void write_username(std::uint32_t, Text& to) noexcept {
  to << "INSERT INTO roster_usernames (username_key, account_id) SELECT $2::text, $1::text WHERE $2::text IS NOT NULL"
        " AND NOT EXISTS (SELECT FROM roster_usernames u WHERE u.username_key = $2::text AND u.account_id = $1::text)";
}
void write_names(std::uint32_t, Text& to) noexcept {
  to << "UPDATE roster_accounts SET email = $2::text, email_key = $3::text, username = $4::text,"
        " username_key = $5::text WHERE account_id = $1::text";
}
/// $1 to $8 columns. An existing account, and its names, stay unchanged.
void write_new_accounts(std::uint32_t, Text& to) noexcept {
  to << "WITH n AS (SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bool[],"
        " $7::bool[], $8::bool[]) n (a, e, ek, u, uk, d, i, v)),"
        " w AS (INSERT INTO roster_accounts (account_id, email, email_key, username, username_key, disabled, invited,"
        " verified) SELECT * FROM n ON CONFLICT (account_id) DO NOTHING RETURNING account_id),"
        " e AS (INSERT INTO roster_emails (email_key, account_id) SELECT n.ek, n.a FROM n JOIN w ON w.account_id = n.a"
        " WHERE n.ek IS NOT NULL)"
        " INSERT INTO roster_usernames (username_key, account_id) SELECT n.uk, n.a FROM n JOIN w ON w.account_id = n.a"
        " WHERE n.uk IS NOT NULL";
}

/// $1 name, $2 accounts. Duplicate accounts after the first are dropped, and all accounts must exist.
void write_group(std::uint32_t, Text& to) noexcept {
  to << "INSERT INTO roster_groups (group_name, accounts) SELECT $1::text,"
        " coalesce(array_agg(n.a ORDER BY n.place), '{}')"
        " FROM (SELECT g.a, min(g.place) AS place, 1 / (CASE WHEN EXISTS (SELECT FROM roster_accounts c"
        " WHERE c.account_id = g.a) THEN 1 ELSE 0 END) AS found"
        " FROM unnest($2::text[]) WITH ORDINALITY g (a, place) GROUP BY g.a OFFSET 0) n WHERE n.found = 1"
        " ON CONFLICT (group_name) DO UPDATE SET accounts = excluded.accounts";
}

// ---- memberships: $1 organization, $2 account

void write_membership(std::uint32_t, Text& to) noexcept {
  to << "INSERT INTO roster_memberships (organization_id, account_id, membership_id, version, role_id, state, "
        "idempotency_key,"
        " added_at, valid_until) SELECT $1::text, $2::text, $3::uuid, $4::int8, $5::text, $6::int2, $7::uuid, $8::int8,"
        " $9::int8 / (CASE WHEN EXISTS (SELECT FROM roster_organizations o WHERE o.organization_id = $1::text)"
        " AND EXISTS (SELECT FROM roster_accounts c WHERE c.account_id = $2::text)"
     << if_found;
}
void write_erased(std::uint32_t, Text& to) noexcept {
  to << "WITH w AS (DELETE FROM roster_memberships WHERE organization_id = $1::text AND account_id = $2::text"
        " RETURNING 1) SELECT 1 / (CASE WHEN EXISTS (SELECT FROM w)"
     << if_found;
}

/// Sends one statement with the values that `fill` gives it.
template <class Fill>
void send(Connection& pipeline, std::uint16_t number, void (*write)(std::uint32_t, Text&) noexcept, Values& values,
          Fill&& fill) noexcept {
  values.clear();
  fill(values);
  pipeline.send({number, 0, write}, values);
}

/// Converts `stale` into the error of a set-up operation.
Result<void> outcome_of(const Connection& connection, Result<void> done) noexcept {
  if (done || done.assume_error().code != Errc::stale) return done;
  if (connection.sqlstate() == "23505") return Errc::exists;
  if (connection.sqlstate() == "22012") return Errc::not_found;
  return Error(Errc::store_failed, detail_of(connection.sqlstate()));
}

void text_or_null(Values& to, std::string_view text) noexcept {
  text.empty() ? to.null() : to.text(text);
}

/// The keys by which an account is found.
struct AccountNames {
  std::string_view email, email_key;
  sql::FoldedName folded;
  AccountNames(const AccountRecord& record, bool folds) noexcept : folded(record.username.view(), folds) {
    if (!record.email) return;
    email = record.email->text();
    email_key = record.email->key();
  }
};

}  // namespace
}  // namespace postgres

using postgres::Connection;
using postgres::outcome_of;
using postgres::Type;
using postgres::Values;

std::string_view PostgresStore::schema() noexcept {
  return postgres::schema_text;
}

Result<void> PostgresStore::create_schema() noexcept {
  if (state_ == nullptr) return Errc::out_of_memory;
  Connection& connection = state_->connection;
  auto done = connection.run_script(postgres::schema_text);
  if (!done) return done;
  done = connection.run_script(
      "SELECT 1 / (CASE WHEN EXISTS (SELECT FROM roster_schema WHERE part = 'roster' AND version >= 1 AND "
      "readable_from <= 1) THEN 1 ELSE 0 END)");
  if (!done && connection.sqlstate() == "22012") return Error(Errc::store_failed, schema_differs);
  return done;
}

Result<void> PostgresStore::put_organization(const OrganizationRecord& record) noexcept {
  if (state_ == nullptr) return Errc::out_of_memory;
  if (record.id.empty()) return Errc::id_empty;
  Connection& connection = state_->connection;
  Values values;
  return outcome_of(connection, connection.run(true, [&](Connection& pipeline) noexcept {
    using namespace postgres;
    const auto names = [&](Values& to) {
      to.text(record.id);
      to.text_or_null(record.slug);
    };
    if (!record.parent.empty())
      send(pipeline, put_number::parent, write_parent, values, [&](Values& to) {
        to.text(record.id);
        to.text(record.parent);
      });
    send(pipeline, put_number::organization, write_organization, values, [&](Values& to) {
      to.text(record.id);
      to.text_or_null(record.parent);
      to.boolean(record.joinable);
      to.int8(record.seats_max);
    });
    send(pipeline, put_number::former_slug, write_former_slug, values, names);
    send(pipeline, put_number::slug, write_slug, values, names);
    send(pipeline, put_number::own_slug, write_own_slug, values, names);
  }));
}

Result<void> PostgresStore::put_role(const OrganizationId& organization, const Role& role) noexcept {
  if (state_ == nullptr) return Errc::out_of_memory;
  if (organization.empty() || role.id.empty()) return Errc::id_empty;
  Connection& connection = state_->connection;
  Values values;
  return outcome_of(connection, connection.run(true, [&](Connection& pipeline) noexcept {
    using namespace postgres;
    send(pipeline, put_number::organization_changed, write_organization_changed, values,
         [&](Values& to) { to.text(organization); });
    send(pipeline, postgres::put_number::role, postgres::write_role, values, [&](Values& to) {
      to.text(organization);
      to.text(role.id);
      to.int8(role.rank);
      to.boolean(role.assignable);
      to.boolean(role.manages);
      to.boolean(role.owns);
    });
  }));
}

Result<void> PostgresStore::put_account(const AccountRecord& record) noexcept {
  if (state_ == nullptr) return Errc::out_of_memory;
  if (record.id.empty()) return Errc::id_empty;
  Connection& connection = state_->connection;
  const postgres::AccountNames keys(record, connection.options().case_insensitive_usernames);
  Values values;
  return outcome_of(connection, connection.run(true, [&](Connection& pipeline) noexcept {
    using namespace postgres;
    send(pipeline, put_number::account, write_account, values, [&](Values& to) {
      to.text(record.id);
      to.boolean(record.disabled);
      to.boolean(record.invited);
      to.boolean(record.verified);
    });
    send(pipeline, put_number::former_names, write_former_names, values, [&](Values& to) {
      to.text(record.id);
      text_or_null(to, keys.email_key);
      text_or_null(to, keys.folded.view());
    });
    send(pipeline, put_number::email, write_email, values, [&](Values& to) {
      to.text(record.id);
      text_or_null(to, keys.email_key);
    });
    send(pipeline, put_number::username, write_username, values, [&](Values& to) {
      to.text(record.id);
      text_or_null(to, keys.folded.view());
    });
    send(pipeline, put_number::names, write_names, values, [&](Values& to) {
      to.text(record.id);
      text_or_null(to, keys.email);
      text_or_null(to, keys.email_key);
      text_or_null(to, record.username.view());
      text_or_null(to, keys.folded.view());
    });
  }));
}

Result<void> PostgresStore::add_accounts(std::span<const AccountRecord> records) noexcept {
  if (state_ == nullptr) return Errc::out_of_memory;
  for (const AccountRecord& record : records)
    if (record.id.empty()) return Errc::id_empty;
  Connection& connection = state_->connection;
  const bool folds = connection.options().case_insensitive_usernames;
  Values values;
  return outcome_of(connection, connection.run(true, [&](Connection& pipeline) noexcept {
    using namespace postgres;
    send(pipeline, put_number::new_accounts, write_new_accounts, values, [&](Values& to) {
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

Result<void> PostgresStore::put_group(const GroupName& group, std::span<const AccountId> accounts) noexcept {
  if (state_ == nullptr) return Errc::out_of_memory;
  if (group.empty()) return Errc::id_empty;
  Connection& connection = state_->connection;
  Values values;
  return outcome_of(connection, connection.run(true, [&](Connection& pipeline) noexcept {
    postgres::send(pipeline, postgres::put_number::group, postgres::write_group, values, [&](Values& to) {
      to.text(group.view());
      to.open(Type::text);
      for (const AccountId& id : accounts) to.text(id);
      to.close();
    });
  }));
}

Result<void> PostgresStore::put_membership(const Membership& membership) noexcept {
  if (state_ == nullptr) return Errc::out_of_memory;
  if (membership.id.empty() || membership.organization.empty() || membership.account.empty() || membership.role.empty())
    return Errc::id_empty;
  if (membership.state == MembershipState::removed) return Errc::not_found;
  Connection& connection = state_->connection;
  Values values;
  // Not repeated automatically, because a second attempt would find the writes of the first.
  return outcome_of(connection, connection.run(false, [&](Connection& pipeline) noexcept {
    postgres::send(pipeline, postgres::put_number::membership, postgres::write_membership, values, [&](Values& to) {
      to.text(membership.organization);
      to.text(membership.account);
      to.uuid(membership.id);
      to.int8(static_cast<std::int64_t>(postgres::first_version(membership.id)));
      to.text(membership.role);
      to.int2(static_cast<std::uint16_t>(membership.state));
      to.uuid(membership.idempotency_key);
      to.int8(static_cast<std::int64_t>(membership.added_at));
      to.int8(static_cast<std::int64_t>(membership.valid_until));
    });
  }));
}

Result<void> PostgresStore::erase_membership(const OrganizationId& organization, const AccountId& account) noexcept {
  if (state_ == nullptr) return Errc::out_of_memory;
  Connection& connection = state_->connection;
  Values values;
  return outcome_of(connection, connection.run(false, [&](Connection& pipeline) noexcept {
    postgres::send(pipeline, postgres::put_number::erased, postgres::write_erased, values, [&](Values& to) {
      to.text(organization);
      to.text(account);
    });
  }));
}

}  // namespace roster::inline ROSTER_ABI
