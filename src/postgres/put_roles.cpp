// The set-up operations of PostgresStore for roles, and their listing. Each is one transaction in one round trip. If a
// condition failed, further ones read the records, to return the error.
//
// A change of a catalog first writes the row of its organization, as a commit does that changes members: so of these in
// one organization, each begins its checks after the one before has committed. A commit that only adds members does not
// write that row. Each commit that adds locks the entry of its role in the catalog (FOR KEY SHARE), and an erase of the
// entry waits for it. The statements after the erase then see the added members, at READ COMMITTED.
#include "core/put_conditions.hpp"
#include "postgres/invitation_end.hpp"
#include "postgres/put.hpp"
#include "roster/decision.hpp"

namespace roster::inline ROSTER_ABI {
namespace postgres {

namespace {

// $1 organization, $2 role

void write_role(std::uint32_t, Text& to) noexcept {
  to << "INSERT INTO roster_roles (organization_id, role_id, rank, assignable, manages, owns, takes_seat)"
        " VALUES ($1::text, $2::text, $3::int8, $4::bool, $5::bool, $6::bool, $7::bool)"
        " ON CONFLICT (organization_id, role_id) DO UPDATE SET rank = excluded.rank,"
        " assignable = excluded.assignable, manages = excluded.manages, owns = excluded.owns,"
        " takes_seat = excluded.takes_seat";
}

/// Whether an owner has the role, or has another one. `enabled`: only owners with an enabled account.
void write_owner(std::string_view compared, bool enabled, Text& to) noexcept {
  to << "EXISTS (SELECT FROM roster_memberships m JOIN roster_roles r"
        " ON r.organization_id = m.organization_id AND r.role_id = m.role_id AND r.owns"
        " WHERE m.organization_id = $1::text AND m.state = 0 AND m.valid_until = 0 AND m.role_id "
     << compared << " $2::text" << (enabled ? " AND " ROSTER_IS_ENABLED("m.account_id") : "") << ")";
}
/// The organization has an owner with another role, or none with this one. An owner whose account is disabled counts if
/// there is no other, because it may be enabled again.
void write_kept_owner(Text& to) noexcept {
  for (const bool enabled : {true, false}) {
    to << (enabled ? "((NOT " : " AND (NOT ");
    write_owner("=", enabled, to);
    to << " OR ";
    write_owner("<>", enabled, to);
    to << ")";
  }
  to << ")";
}
void check_owner(std::uint32_t, Text& to) noexcept {
  to << "SELECT 1 / (CASE WHEN ";
  write_kept_owner(to);
  to << if_found;
}
/// The catalog has the role and the replacement $3, if that is not NULL. A replacement that does not own leaves another
/// owner.
void check_erasable(std::uint32_t, Text& to) noexcept {
  to << "SELECT 1 / (CASE WHEN EXISTS (SELECT FROM roster_roles r WHERE r.organization_id = $1::text"
        " AND r.role_id = $2::text) AND ($3::text IS NULL OR ($3::text <> $2::text"
        " AND EXISTS (SELECT FROM roster_roles i WHERE i.organization_id = $1::text AND i.role_id = $3::text"
        " AND (i.owns OR ";
  write_kept_owner(to);
  to << "))))" << if_found;
}
void write_forgotten_role(std::uint32_t, Text& to) noexcept {
  to << "DELETE FROM roster_owner_roles WHERE role_id = $1::text RETURNING role_id";
}
void write_erased_role(std::uint32_t, Text& to) noexcept {
  to << "DELETE FROM roster_roles WHERE organization_id = $1::text AND role_id = $2::text";
}
/// $3 the replacement. `shape`: 1 if each changed membership has an event. They are numbered after all are written. A
/// set-up operation has no time, no actor and no request. A tombstone has no event: the next event of its membership
/// names the role.
void write_replaced(std::uint32_t shape, Text& to) noexcept {
  if (shape != 0) to << "WITH w AS (";
  to << "UPDATE roster_memberships o SET role_id = $3::text, version = " ROSTER_NEXT_VERSIONS(
      "o") " WHERE organization_id = $1::text AND role_id = $2::text";
  if (shape == 0) return;
  to << " RETURNING account_id, membership_id, version, state, valid_until, invitation_until)"
        " INSERT INTO roster_outbox (organization_id, record, version, event, account_id, role_id, previous_role_id,"
        " occurred_at, valid_until, invitation_until) SELECT $1::text, m.membership_id::text, m.version, '"
     << name(Event::role_changed)
     << "', m.account_id, $3::text, $2::text, 0, m.valid_until, " ROSTER_INVITATION_END
        " FROM w m WHERE m.state < 3 ORDER BY m.account_id";
}
void check_unused(std::uint32_t, Text& to) noexcept {
  to << "SELECT 1 / (CASE WHEN NOT EXISTS (SELECT FROM roster_memberships m WHERE m.organization_id = $1::text"
        " AND m.role_id = $2::text)"
     << if_found;
}

void check_known(std::uint32_t, Text& to) noexcept {
  to << "SELECT 1 / (CASE WHEN EXISTS (SELECT FROM roster_roles r WHERE r.organization_id = $1::text"
        " AND r.role_id = $2::text)"
     << if_found;
}

/// Raises the version of the organization, if it has the given one.
void send_turn(Connection& pipeline, const OrganizationId& organization, Version given, Values& values) noexcept {
  send(pipeline, change_organization(), values, [&](Values& to) {
    to.text(organization);
    to.boolean(false);
    for (int unchanged = 0; unchanged < 3; ++unchanged) to.null();
    version(to, given);
    to.null();
  });
}

/// Sends a statement about a role, and about another one if it is not null.
void send_about(Connection& pipeline, const Statement& statement, const OrganizationId& organization,
                const RoleId& role, const RoleId* other, Values& values) noexcept {
  send(pipeline, statement, values, [&](Values& to) {
    to.text(organization);
    to.text(role);
    if (other != nullptr) text_or_null(to, other->view());
  });
}

void send_owner_role(Connection& pipeline, const RoleId& role, Values& values) noexcept {
  send(pipeline, record_owner_roles(), values, [&](Values& to) {
    to.open(Type::text);
    to.text(role);
    to.close();
  });
}

/// The error of a change of a catalog whose check failed, if the organization still has the given version.
Result<Version> refused(const PostgresStore& store, const OrganizationId& organization, Version given,
                        Errc otherwise) noexcept {
  const auto stored = store.organization(organization);
  if (!stored) return stored.assume_error();
  const Errc failed = check_change(given, stored.assume_value() ? stored.assume_value()->version : Version{});
  return failed == Errc{} ? otherwise : failed;
}

/// Whether the catalog has the role.
Result<bool> has_role(Connection& connection, const OrganizationId& organization, const RoleId& role) noexcept {
  Values values;
  const auto found = connection.run_statement(true, [&](Connection& pipeline) noexcept {
    send_about(pipeline, {put_number::known_role, 0, check_known}, organization, role, nullptr, values);
  });
  if (failed_check(connection, found)) return false;
  if (!found) return found.assume_error();
  return true;
}

}  // namespace
}  // namespace postgres

using postgres::Connection;
using postgres::Values;

Result<Version> PostgresStore::put_role(const OrganizationId& organization, const Role& role,
                                        Version version) noexcept {
  if (state_ == nullptr) return Errc::out_of_memory;
  if (organization.empty() || role.id.empty()) return Errc::id_empty;
  Connection& connection = state_->connection;
  Values values;
  // With a version it is not repeated, because a second attempt would find the version of the first.
  const auto done = connection.run(version == any_version, [&](Connection& pipeline) noexcept {
    using namespace postgres;
    send_turn(pipeline, organization, version, values);
    if (!role.owns)
      send_about(pipeline, {put_number::kept_owner, 0, check_owner}, organization, role.id, nullptr, values);
    send(pipeline, {put_number::role, 0, write_role}, values, [&](Values& to) {
      to.text(organization);
      to.text(role.id);
      to.int8(role.rank);
      to.boolean(role.assignable);
      to.boolean(role.manages);
      to.boolean(role.owns);
      to.boolean(role.takes_seat);
    });
    if (role.owns) send_owner_role(pipeline, role.id, values);
  });
  if (!postgres::failed_check(connection, done)) return postgres::version_of(connection, done, 0);
  return postgres::refused(*this, organization, version, Errc::owner_last);
}

Result<void> PostgresStore::record_owner_role(const RoleId& role) noexcept {
  if (state_ == nullptr) return Errc::out_of_memory;
  if (role.empty()) return Errc::id_empty;
  Values values;
  return state_->connection.run_statement(
      true, [&](Connection& pipeline) noexcept { postgres::send_owner_role(pipeline, role, values); });
}

Result<void> PostgresStore::forget_owner_role(const RoleId& role) noexcept {
  if (state_ == nullptr) return Errc::out_of_memory;
  if (role.empty()) return Errc::id_empty;
  Connection& connection = state_->connection;
  Values values;
  // Not repeated automatically, because a second attempt would find no role.
  const auto done = connection.run_statement(false, [&](Connection& pipeline) noexcept {
    postgres::send(pipeline, {postgres::put_number::forgotten_role, 0, postgres::write_forgotten_role}, values,
                   [&](Values& to) { to.text(role); });
  });
  if (!done) return done;
  return connection.rows(0).size() == 0 ? Result<void>(Errc::not_found) : success();
}

Result<Version> PostgresStore::erase_role(const OrganizationId& organization, const RoleId& role,
                                          const RoleId& replacement, Version version) noexcept {
  if (state_ == nullptr) return Errc::out_of_memory;
  if (organization.empty() || role.empty()) return Errc::id_empty;
  Connection& connection = state_->connection;
  Values values;
  // Not repeated automatically, because a second attempt would find no role.
  const auto done = connection.run(false, [&](Connection& pipeline) noexcept {
    using namespace postgres;
    const auto about = [&](const Statement& statement, const RoleId* other) {
      send_about(pipeline, statement, organization, role, other, values);
    };
    send_turn(pipeline, organization, version, values);
    about({put_number::erasable_role, 0, check_erasable}, &replacement);
    about({put_number::erased_role, 0, write_erased_role}, nullptr);
    if (replacement.empty())
      about({put_number::unused_role, 0, check_unused}, nullptr);
    else
      about({put_number::replaced_role, std::uint16_t{pipeline.options().outbox}, write_replaced}, &replacement);
  });
  if (!postgres::failed_check(connection, done)) return postgres::version_of(connection, done, 0);
  for (const RoleId* id : {&role, &replacement}) {
    if (id->empty()) continue;
    const auto found = postgres::has_role(connection, organization, *id);
    if (!found) return found.assume_error();
    if (!found.assume_value()) return postgres::refused(*this, organization, version, Errc::not_found);
  }
  const Errc otherwise = replacement.empty()   ? Errc::role_in_use
                         : replacement == role ? Errc::not_found
                                               : Errc::owner_last;
  return postgres::refused(*this, organization, version, otherwise);
}

}  // namespace roster::inline ROSTER_ABI
