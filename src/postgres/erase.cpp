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

/// The error of an erase whose check failed.
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
