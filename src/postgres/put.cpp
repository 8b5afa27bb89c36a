// The schema of PostgresStore, and its set-up operations for groups and memberships. Each is one transaction in
// one round trip.
#include "postgres/put.hpp"

#include "postgres/invitation_end.hpp"

namespace roster::inline ROSTER_ABI {
namespace postgres {

extern const char schema_text[];
extern const std::int64_t schema_steps;

namespace {

/// The number of steps made; 0: there are no tables.
Result<std::int64_t> schema_version(Connection& connection) noexcept {
  const auto tables = connection.read_number(
      "SELECT count(*) FROM (SELECT to_regclass('roster_schema') AS t) s"
      " WHERE t IS NOT NULL");
  if (!tables || tables.assume_value() == 0) return tables;
  return connection.read_number("SELECT version FROM roster_schema WHERE part = 'roster'");
}

/// $1 name, $2 accounts. Duplicate accounts after the first are dropped, and all accounts must exist.
void write_group(std::uint32_t, Text& to) noexcept {
  to << "INSERT INTO roster_groups (group_name, accounts) SELECT $1::text,"
        " coalesce(array_agg(n.a ORDER BY n.place), '{}')"
        " FROM (SELECT g.a, min(g.place) AS place, 1 / (CASE WHEN EXISTS (SELECT FROM roster_accounts c"
        " WHERE c.account_id = g.a FOR KEY SHARE) THEN 1 ELSE 0 END) AS found"
        " FROM unnest($2::text[]) WITH ORDINALITY g (a, place) GROUP BY g.a OFFSET 0) n WHERE n.found = 1"
        " ON CONFLICT (group_name) DO UPDATE SET accounts = excluded.accounts";
}

// ---- memberships: $1 organization, $2 account

void write_membership(std::uint32_t, Text& to) noexcept {
  to << "INSERT INTO roster_memberships (organization_id, account_id, membership_id, version, role_id, state,"
        " idempotency_key, added_at, invitation_until, state_changed_by, valid_until)"
        " SELECT $1::text, $2::text, $3::uuid, " ROSTER_NEW_VERSION
        ", $4::text, $5::int2, $6::uuid, $7::int8, $9::int8, $10::text, $8::int8 / (CASE WHEN"
        " EXISTS (SELECT FROM roster_organizations o WHERE o.organization_id = $1::text FOR KEY SHARE)"
        " AND EXISTS (SELECT FROM roster_accounts c WHERE c.account_id = $2::text FOR KEY SHARE) AND ($10::text IS NULL"
        " OR EXISTS (SELECT FROM roster_accounts c WHERE c.account_id = $10::text FOR KEY SHARE))"
     << if_found;
}
void write_erased(std::uint32_t, Text& to) noexcept {
  to << "WITH w AS (DELETE FROM roster_memberships WHERE organization_id = $1::text AND account_id = $2::text"
        " RETURNING 1) SELECT 1 / (CASE WHEN EXISTS (SELECT FROM w)"
     << if_found;
}

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
  auto version = postgres::schema_version(connection);
  // The steps are run only if one is missing: even a repeated ALTER TABLE waits for every transaction on its table.
  if (version && version.assume_value() < postgres::schema_steps) {
    auto done = connection.run_script(postgres::schema_text);
    if (!done) return done;
    version = postgres::schema_version(connection);
  }
  if (!version) return version.assume_error();
  const auto readable_from = connection.read_number("SELECT readable_from FROM roster_schema WHERE part = 'roster'");
  if (!readable_from) return readable_from.assume_error();
  const bool fits =
      version.assume_value() >= postgres::schema_steps && readable_from.assume_value() <= postgres::schema_steps;
  return fits ? Result<void>(success()) : Result<void>(Error(Errc::store_failed, schema_differs));
}

Result<void> PostgresStore::overwrite_group(const GroupName& group, std::span<const AccountId> accounts) noexcept {
  if (state_ == nullptr) return Errc::out_of_memory;
  if (group.empty()) return Errc::id_empty;
  Connection& connection = state_->connection;
  Values values;
  return outcome_of(connection, connection.run_statement(true, [&](Connection& pipeline) noexcept {
    postgres::send(pipeline, {postgres::put_number::group, 0, postgres::write_group}, values, [&](Values& to) {
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
  return outcome_of(connection, connection.run_statement(false, [&](Connection& pipeline) noexcept {
    postgres::send(
        pipeline, {postgres::put_number::membership, 0, postgres::write_membership}, values, [&](Values& to) {
          to.text(membership.organization);
          to.text(membership.account);
          to.uuid(membership.id);
          to.text(membership.role);
          to.int2(static_cast<std::uint16_t>(membership.state));
          to.uuid(membership.idempotency_key);
          to.int8(static_cast<std::int64_t>(membership.added_at));
          to.int8(static_cast<std::int64_t>(membership.valid_until));
          const bool invited = membership.state == MembershipState::invited;
          const Time end = invited ? earlier_end(membership.invitation_until, membership.valid_until) : Time{};
          to.int8(invited ? postgres::stored_invitation_end(end, membership.valid_until) : 0);
          to.text_or_null(invited ? membership.invited_by : AccountId());
        });
  }));
}

Result<void> PostgresStore::erase_membership(const OrganizationId& organization, const AccountId& account) noexcept {
  if (state_ == nullptr) return Errc::out_of_memory;
  Connection& connection = state_->connection;
  Values values;
  return outcome_of(connection, connection.run_statement(false, [&](Connection& pipeline) noexcept {
    postgres::send(pipeline, {postgres::put_number::erased, 0, postgres::write_erased}, values, [&](Values& to) {
      to.text(organization);
      to.text(account);
    });
  }));
}

}  // namespace roster::inline ROSTER_ABI
