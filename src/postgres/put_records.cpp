// The set-up operations of PostgresStore for organizations. Each is one transaction in one round trip. If a condition
// failed, a second one reads the record, to return the error.
#include "core/put_conditions.hpp"
#include "postgres/put.hpp"

namespace roster::inline ROSTER_ABI {
namespace postgres {

namespace {

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
/// Waits for every commit that was decided before: each holds FOR KEY SHARE on this record. A later one reads the
/// record that this transaction writes. So nobody joins once an organization is closed, and an opened one has no
/// members.
void write_organization_alone(std::uint32_t, Text& to) noexcept {
  to << "SELECT 1 FROM roster_organizations o WHERE o.organization_id = $1::text FOR UPDATE";
}
/// A membership keeps a closed organization closed.
void write_opened_organization(std::uint32_t, Text& to) noexcept {
  to << "SELECT 1 / (CASE WHEN NOT EXISTS (SELECT FROM roster_organizations o JOIN roster_memberships m"
        " ON m.organization_id = o.organization_id WHERE o.organization_id = $1::text AND o.closed AND m.state <> 3)"
     << if_found;
}
/// $2 parent, $3 joinable, $4 seats, $5 closed. `upserts`: replaces an existing record.
void write_organization(std::uint32_t upserts, Text& to) noexcept {
  to << "WITH w AS (INSERT INTO roster_organizations AS o (organization_id, parent_id, joinable, seats_max, closed, "
        "version) VALUES ($1::text, $2::text, $3::bool, $4::int8, $5::bool, " ROSTER_NEW_VERSION
        ") ON CONFLICT (organization_id) DO "
     << (upserts != 0 ? "UPDATE SET parent_id = excluded.parent_id, joinable = excluded.joinable,"
                        " seats_max = excluded.seats_max, closed = excluded.closed,"
                        " version = " ROSTER_NEXT_VERSION("o")
                      : "NOTHING")
     << " RETURNING o.version)" << its_version;
}
/// $2 whether to write the parent $3, $4 joinable, $5 seats, $6 version, $7 closed. NULL: unchanged, any version.
/// `puts`: a record with exactly these fields, and the slug $8, is not written.
void write_changed_organization(std::uint32_t puts, Text& to) noexcept {
  to << "WITH w AS (UPDATE roster_organizations o SET parent_id = CASE WHEN $2::bool THEN $3::text ELSE o.parent_id "
        "END,"
        " joinable = coalesce($4::bool, o.joinable), seats_max = coalesce($5::int8, o.seats_max),"
        " closed = coalesce($7::bool, o.closed),"
        " version = " ROSTER_NEXT_VERSION(
            "o") " WHERE o.organization_id = $1::text AND ($6::int8 IS NULL OR o.version = $6::int8)"
     << (puts != 0 ? " AND (o.slug IS DISTINCT FROM $8::text OR o.parent_id IS DISTINCT FROM $3::text"
                     " OR o.joinable <> $4::bool OR o.seats_max <> $5::int8 OR o.closed <> $7::bool)"
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
/// Before a write that may close the organization, or open it.
void send_closing(Connection& pipeline, const OrganizationId& id, bool closes, Values& values) noexcept {
  send(pipeline, {put_number::organization_alone, 0, write_organization_alone}, values,
       [&](Values& to) { to.text(id); });
  if (!closes)
    send(pipeline, {put_number::opened_organization, 0, write_opened_organization}, values,
         [&](Values& to) { to.text(id); });
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
  send(pipeline, {put_number::changed_organization, shape_if(puts), write_changed_organization}, values,
       [&](Values& to) {
         to.text(id);
         to.boolean(change.parent.has_value());
         change.parent ? to.text_or_null(*change.parent) : to.null();
         change.joinable ? to.boolean(*change.joinable) : to.null();
         change.seats_max ? to.int8(*change.seats_max) : to.null();
         version(to, given);
         change.closed ? to.boolean(*change.closed) : to.null();
         if (puts) to.text_or_null(*change.slug);
       });
  if (change.slug) send_slug(pipeline, id, *change.slug, values);
}
/// Adds an organization or, if `upserts`, replaces it.
void send_whole(Connection& pipeline, const OrganizationRecord& record, bool upserts, Values& values) noexcept {
  send(pipeline, {put_number::organization, shape_if(upserts), write_organization}, values, [&](Values& to) {
    to.text(record.id);
    to.text_or_null(record.parent);
    to.boolean(record.joinable);
    to.int8(record.seats_max);
    to.boolean(record.closed);
  });
  if (upserts || !record.slug.empty()) send_slug(pipeline, record.id, record.slug, values);
}

bool has_same_fields(const OrganizationRecord& a, const OrganizationRecord& b) noexcept {
  return a.slug == b.slug && a.parent == b.parent && a.joinable == b.joinable && a.closed == b.closed &&
         a.seats_max == b.seats_max;
}
/// The number of statements that send_parent() and send_closing() send.
std::uint32_t parent_statements(const OrganizationId& parent, bool is_new) noexcept {
  return parent.empty() ? 0 : is_new ? 1 : 2;
}
std::uint32_t closing_statements(bool closes) noexcept {
  return closes ? 1 : 2;
}

/// The error of a parent that failed the check.
Errc refused_parent(const PostgresStore& store, const OrganizationId& parent) noexcept {
  const auto found = store.organization(parent);
  if (!found) return found.assume_error().code;
  return found.assume_value() ? Errc::parent_cycle : Errc::not_found;
}
/// The error of a write whose check failed, although its version is right.
Errc refused_fields(const PostgresStore& store, const std::optional<OrganizationRecord>& stored, bool closes,
                    const OrganizationId& parent) noexcept {
  if (stored && stored->closed && !closes) {
    const auto members = store.member_count(stored->id);
    if (!members) return members.assume_error().code;
    if (members.assume_value() != 0) return Errc::has_members;
    if (parent.empty()) return Errc::stale;  // the last member has gone since
  }
  return parent.empty() ? Errc::not_found : refused_parent(store, parent);
}

}  // namespace

Statement change_organization() noexcept {
  return {put_number::changed_organization, 0, write_changed_organization};
}

Statement delete_slug() noexcept {
  return {put_number::former_slug, 0, write_former_slug};
}

Errc refused_change(Version given, Version stored) noexcept {
  const Errc failed = check_change(given, stored);
  return failed == Errc{} ? Errc::not_found : failed;
}

}  // namespace postgres

using postgres::Connection;
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
    postgres::send_closing(pipeline, record.id, record.closed, values);
    const OrganizationChange all{record.slug, record.parent, record.joinable, record.closed, record.seats_max};
    postgres::send_changed(pipeline, record.id, all, record.version, true, values);
  });
  if (!postgres::failed_check(connection, done))
    return postgres::version_of(connection, done,
                                postgres::parent_statements(record.parent, is_new) +
                                    (is_new ? 0 : postgres::closing_statements(record.closed)));
  const auto stored = organization(record.id);
  auto refused = postgres::refused_put(record, stored,
                                       [](const auto& a, const auto& b) { return postgres::has_same_fields(a, b); });
  const bool holds =
      stored && (is_new || stored.assume_value()) && !refused && refused.assume_error().code == Errc::not_found;
  if (!holds) return refused;
  return postgres::refused_fields(*this, stored.assume_value(), record.closed, record.parent);
}

Result<Version> PostgresStore::overwrite_organization(const OrganizationRecord& record) noexcept {
  if (state_ == nullptr) return Errc::out_of_memory;
  if (record.id.empty()) return Errc::id_empty;
  Connection& connection = state_->connection;
  Values values;
  const auto done = postgres::outcome_of(connection, connection.run(true, [&](Connection& pipeline) noexcept {
    if (!record.parent.empty()) postgres::send_parent(pipeline, record.id, record.parent, false, values);
    postgres::send_closing(pipeline, record.id, record.closed, values);
    postgres::send_whole(pipeline, record, true, values);
  }));
  if (done || done.assume_error().code != Errc::not_found)
    return postgres::version_of(
        connection, done,
        postgres::parent_statements(record.parent, false) + postgres::closing_statements(record.closed));
  const auto stored = organization(record.id);
  if (!stored) return stored.assume_error();
  return postgres::refused_fields(*this, stored.assume_value(), record.closed, record.parent);
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
    if (change.closed) postgres::send_closing(pipeline, id, *change.closed, values);
    postgres::send_changed(pipeline, id, change, version, false, values);
  });
  if (!postgres::failed_check(connection, done))
    return postgres::version_of(
        connection, done, (has_parent ? 2 : 0) + (change.closed ? postgres::closing_statements(*change.closed) : 0));
  const auto stored = organization(id);
  if (!stored) return stored.assume_error();
  const Version now = stored.assume_value() ? stored.assume_value()->version : Version{};
  if (check_change(version, now) != Errc{}) return postgres::refused_change(version, now);
  return postgres::refused_fields(*this, stored.assume_value(), change.closed.value_or(true),
                                  has_parent ? *change.parent : OrganizationId());
}

}  // namespace roster::inline ROSTER_ABI
