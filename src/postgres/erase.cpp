// The set-up operations of PostgresStore that erase records of the host. Each is one transaction in one round trip. If
// a condition failed, further ones read the records, to return the error.
//
// The record itself is deleted first, and the checks follow. A commit that adds a member locks the records of its
// organization and its account (FOR KEY SHARE), and so does a set-up operation that refers to one. The delete waits for
// them. The statements after it then see what they have written, at READ COMMITTED. A later one finds no record.
#include "core/put_conditions.hpp"
#include "postgres/put.hpp"

namespace roster::inline ROSTER_ABI {
namespace postgres {

namespace {

// $1 organization

/// $2 version. NULL: any version.
void delete_organization(std::uint32_t, Text& to) noexcept {
  to << "WITH w AS (DELETE FROM roster_organizations o WHERE o.organization_id = $1::text"
        " AND ($2::int8 IS NULL OR o.version = $2::int8) RETURNING 1) SELECT 1 / (CASE WHEN EXISTS (SELECT FROM w)"
     << if_found;
}
void delete_catalog(std::uint32_t, Text& to) noexcept {
  to << "DELETE FROM roster_roles WHERE organization_id = $1::text";
}
void delete_tombstones(std::uint32_t, Text& to) noexcept {
  to << "DELETE FROM roster_memberships WHERE organization_id = $1::text AND state = 3";
}
void check_unused_organization(std::uint32_t, Text& to) noexcept {
  to << "SELECT 1 / (CASE WHEN NOT EXISTS (SELECT FROM roster_memberships m WHERE m.organization_id = $1::text)"
        " AND NOT EXISTS (SELECT FROM roster_organizations o WHERE o.parent_id = $1::text)"
     << if_found;
}

// $1 account

/// $2 version. NULL: any version.
void delete_account(std::uint32_t, Text& to) noexcept {
  to << "WITH w AS (DELETE FROM roster_accounts c WHERE c.account_id = $1::text"
        " AND ($2::int8 IS NULL OR c.version = $2::int8) RETURNING 1) SELECT 1 / (CASE WHEN EXISTS (SELECT FROM w)"
     << if_found;
}
void leave_groups(std::uint32_t, Text& to) noexcept {
  to << "UPDATE roster_groups SET accounts = array_remove(accounts, $1::text COLLATE \"C\")"
        " WHERE $1::text = ANY (accounts)";
}
void delete_former(std::uint32_t, Text& to) noexcept {
  to << "DELETE FROM roster_memberships WHERE account_id = $1::text AND state = 3";
}
/// `keeps`: tombstones stay.
void check_unused_account(std::uint32_t keeps, Text& to) noexcept {
  to << "SELECT 1 / (CASE WHEN NOT EXISTS (SELECT FROM roster_memberships m WHERE m.account_id = $1::text"
     << (keeps != 0 ? " AND m.state <> 3)" : ")") << if_found;
}
// $2 erased_account
void erase_changer(std::uint32_t, Text& to) noexcept {
  to << "UPDATE roster_memberships SET state_changed_by = $2::text WHERE state_changed_by = $1::text";
}
void delete_events(std::uint32_t, Text& to) noexcept {
  to << "DELETE FROM roster_outbox WHERE organization_id = '' AND account_id = $1::text";
}
void erase_from_events(std::uint32_t, Text& to) noexcept {
  to << "UPDATE roster_outbox SET account_id = CASE account_id WHEN $1::text THEN $2::text ELSE account_id END,"
        " actor_id = CASE actor_id WHEN $1::text THEN $2::text ELSE actor_id END"
        " WHERE account_id = $1::text OR actor_id = $1::text";
}

/// The error of an erase whose check failed.
Result<void> refused(const PostgresStore& store, const AccountId& id, Version given) noexcept {
  const auto stored = store.account(id);
  if (!stored) return stored.assume_error();
  const Errc failed = check_change(given, stored.assume_value() ? stored.assume_value()->version : Version{});
  if (failed != Errc{}) return failed;
  const auto members = store.organization_count(id);
  if (!members) return members.assume_error();
  return members.assume_value() != 0 ? Errc::has_members : Errc::stale;
}
Result<void> refused(const PostgresStore& store, const OrganizationId& id, Version given) noexcept {
  const auto stored = store.organization(id);
  if (!stored) return stored.assume_error();
  const Errc failed = check_change(given, stored.assume_value() ? stored.assume_value()->version : Version{});
  if (failed != Errc{}) return failed;
  OrganizationId child;
  const auto members = store.member_count(id);
  const auto children = store.children(id, OrganizationId(), {&child, 1});
  if (!members) return members.assume_error();
  if (!children) return children.assume_error();
  // Without either, another worker has changed it since.
  return members.assume_value() != 0    ? Errc::has_members
         : children.assume_value() != 0 ? Errc::has_children
                                        : Errc::stale;
}

}  // namespace
}  // namespace postgres

using postgres::Connection;
using postgres::Values;

Result<void> PostgresStore::erase_account(const AccountId& id, Version version, Mentions mentions) noexcept {
  if (state_ == nullptr) return Errc::out_of_memory;
  if (id.empty()) return Errc::id_empty;
  Connection& connection = state_->connection;
  const bool keeps = mentions == Mentions::keep;
  Values values;
  // Not repeated automatically, because a second attempt would find no account.
  const auto done = connection.run(false, [&](Connection& pipeline) noexcept {
    using namespace postgres;
    const auto about = [&](const Statement& statement, bool names_erased = false) {
      send(pipeline, statement, values, [&](Values& to) {
        to.text(id);
        if (names_erased) to.text(erased_account);
      });
    };
    send_deleted_names(pipeline, id, values);
    send(pipeline, {put_number::erased_account, 0, delete_account}, values, [&](Values& to) {
      to.text(id);
      postgres::version(to, version);
    });
    about({put_number::left_groups, 0, leave_groups});
    if (!keeps) about({put_number::erased_former, 0, delete_former});
    about({put_number::unused_account, std::uint16_t{keeps}, check_unused_account});
    if (keeps) return;
    about({put_number::erased_changer, 0, erase_changer}, true);
    about({put_number::erased_events, 0, delete_events});
    about({put_number::erased_from_events, 0, erase_from_events}, true);
  });
  if (!postgres::failed_check(connection, done)) return done;
  return postgres::refused(*this, id, version);
}

Result<void> PostgresStore::erase_organization(const OrganizationId& id, Version version) noexcept {
  if (state_ == nullptr) return Errc::out_of_memory;
  if (id.empty()) return Errc::id_empty;
  Connection& connection = state_->connection;
  Values values;
  // Not repeated automatically, because a second attempt would find no organization.
  const auto done = connection.run(false, [&](Connection& pipeline) noexcept {
    using namespace postgres;
    send(pipeline, delete_slug(), values, [&](Values& to) {
      to.text(id);
      to.null();
    });
    send(pipeline, {put_number::erased_organization, 0, delete_organization}, values, [&](Values& to) {
      to.text(id);
      postgres::version(to, version);
    });
    constexpr Statement rest[] = {{put_number::erased_catalog, 0, delete_catalog},
                                  {put_number::erased_tombstones, 0, delete_tombstones},
                                  {put_number::unused_organization, 0, check_unused_organization}};
    for (const Statement& each : rest) send(pipeline, each, values, [&](Values& to) { to.text(id); });
  });
  if (!postgres::failed_check(connection, done)) return done;
  return postgres::refused(*this, id, version);
}

}  // namespace roster::inline ROSTER_ABI
