// The statements of a fetch. The selectors of a query are arrays: $1 organizations by id, $2 by slug, $3 accounts by
// id, $4 by the key of an address, $5 by username. The text of a shape has no search for selectors that it omits. $6 is
// the actor, and $7 is true if the query has an idempotency key.
//
// A fetch is one statement, because at READ COMMITTED each statement has another snapshot, and the facts of accounts
// must match those of memberships. The answers are combined by UNION ALL and share columns, which organization_columns
// and the like define.
//
// Records are found by `column = ANY (array)` on a primary key. Names are converted into an array of ids by a subquery
// that runs once. So the plan is always the same few index searches, with or without statistics of the tables.
//
// For many cells, an organization with few members is read as a whole, and each member is looked up in a hash table of
// accounts. In an organization with more members than $8, the accounts are looked up one by one. The planner cannot
// choose between these, because it does not know the size of an organization. It may also search by one of two arrays
// and compare every row with all of the other. OFFSET, LIMIT and IS TRUE prevent the planner from changing this.
#include "postgres/invitation_end.hpp"
#include "postgres/statements.hpp"

namespace roster::inline ROSTER_ABI {
namespace postgres {

namespace {

void write_named_organizations(std::uint32_t shape, Text& to) noexcept {
  to << "$1::text[]";
  if ((shape & by_slug) != 0)
    to << " || ARRAY(SELECT s.organization_id::text FROM roster_slugs s WHERE s.slug = ANY ($2::text[]))";
}

/// The ids of the rows, and of their parents if requested.
void write_organizations(std::uint32_t shape, Text& to) noexcept {
  to << "(";
  write_named_organizations(shape, to);
  if ((shape & with_parents) != 0) {
    to << " || ARRAY(SELECT p.parent_id::text FROM roster_organizations p WHERE p.organization_id = ANY (";
    write_named_organizations(shape, to);
    to << ") AND p.parent_id IS NOT NULL)";
  }
  to << ")";
}

/// The ids of the columns.
void write_accounts(std::uint32_t shape, Text& to) noexcept {
  to << "($3::text[]";
  if ((shape & by_email) != 0)
    to << " || ARRAY(SELECT e.account_id::text FROM roster_emails e WHERE e.email_key = ANY ($4::text[]))";
  if ((shape & by_username) != 0)
    to << " || ARRAY(SELECT u.account_id::text FROM roster_usernames u WHERE u.username_key = ANY ($5::text[]))";
  to << ")";
}

bool has_other_member(std::uint32_t shape) noexcept {
  return (shape & (with_actor | with_inviters)) != 0;
}

/// One row for each role of each organization's catalog, or one row without a catalog. This SELECT is the first, so it
/// defines the type of each column.
void read_organizations(std::uint32_t shape, Text& to) noexcept {
  to << "SELECT o.organization_id, NULL::text, NULL::uuid, o.closed::int4::int8, o.slug, o.parent_id, r.role_id, "
        "o.version,"
        " o.seats_max, r.rank, o.joinable, r.assignable, r.manages, r.owns, NULL::uuid, NULL::uuid, "
        "r.takes_seat::int4::int8";
  if ((shape & with_actor) != 0)
    to << ", a.role_id, a.version, a.valid_until";
  else if (has_other_member(shape))
    to << ", NULL::text, NULL::int8, NULL::int8";
  if ((shape & with_inviters) != 0) to << ", NULL::text";
  to << " FROM roster_organizations o LEFT JOIN roster_roles r ON r.organization_id = o.organization_id";
  if ((shape & with_actor) != 0)
    to << " LEFT JOIN roster_memberships a"
          " ON a.organization_id = o.organization_id AND a.account_id = "
          "(SELECT d.account_id FROM roster_accounts d WHERE d.account_id = $6::text AND NOT d.disabled) AND a.state = "
          "0";
  to << " WHERE o.organization_id = ANY ";
  write_organizations(shape, to);
  // All parameters are sent for every shape, and each must have a type.
  to << " AND $2::text[] IS NOT NULL AND $4::text[] IS NOT NULL AND $5::text[] IS NOT NULL";
  if ((shape & with_actor) == 0) to << " AND $6::text IS NULL";
}

void read_accounts(std::uint32_t shape, Text& to) noexcept {
  to << "SELECT NULL, c.account_id, NULL, NULL, c.email_key, c.username_key, NULL, c.version, NULL, NULL, c.disabled,"
        " c.invited, c.verified, NULL, NULL, NULL, NULL"
     << (has_other_member(shape) ? ", NULL, NULL, NULL" : "") << ((shape & with_inviters) != 0 ? ", NULL" : "")
     << " FROM roster_accounts c WHERE c.account_id = ANY ";
  write_accounts(shape, to);
}

void read_memberships(std::uint32_t shape, Text& to) noexcept {
  const bool inviters = (shape & with_inviters) != 0;
  to << "SELECT NULL, NULL, m.membership_id, m.invitation_until, m.organization_id, m.account_id, m.role_id, m.version,"
        " m.valid_until, m.state, NULL, NULL, NULL, NULL, CASE WHEN $7::bool THEN m.idempotency_key END, "
        "m.previous_idempotency_key, coalesce(m.written_at, "
        "m.added_at)";
  if (has_other_member(shape)) to << (inviters ? ", i.role_id, i.version, i.valid_until" : ", NULL, NULL, NULL");
  if (inviters) to << ", m.state_changed_by";
  to << " FROM ";
  if ((shape & many_cells) != 0) {
    to << "(SELECT o.id, EXISTS (SELECT FROM roster_memberships x WHERE x.organization_id = o.id OFFSET $8::int8) AS "
          "large"
          " FROM unnest";
    write_organizations(shape, to);
    to << " o (id) OFFSET 0) r CROSS JOIN LATERAL (SELECT * FROM roster_memberships l WHERE NOT r.large"
          " AND l.organization_id = r.id AND (l.account_id IN (SELECT unnest";
    write_accounts(shape, to);
    to << ")) IS TRUE UNION ALL SELECT l.* FROM unnest";
    write_accounts(shape, to);
    to << " c (id) CROSS JOIN LATERAL (SELECT * FROM roster_memberships l"
          " WHERE l.organization_id = r.id AND l.account_id = c.id LIMIT 1) l WHERE r.large) m";
  } else {
    to << "roster_memberships m";
  }
  if (inviters)
    to << " LEFT JOIN LATERAL (SELECT * FROM roster_memberships l WHERE m.state = 1"
          " AND l.organization_id = m.organization_id AND l.account_id = m.state_changed_by AND l.state = 0 "
          "AND " ROSTER_IS_ENABLED("l.account_id") " LIMIT 1) i ON true";
  if ((shape & many_cells) != 0) return;
  to << " WHERE m.organization_id = ANY ";
  write_organizations(shape, to);
  to << " AND m.account_id = ANY ";
  write_accounts(shape, to);
}

/// Counts members by role and state, and whether they count as owners. The last parameters are the roles that own, and
/// the time of the command. Without such roles the catalogs define them. Only the accounts of owners are looked up,
/// because a large organization has few. An invitation that is over at that time does not count.
void read_counts(std::uint32_t shape, Text& to) noexcept {
  const std::string_view owner_roles = (shape & many_cells) != 0 ? "$9::text[]" : "$8::text[]";
  to << "SELECT NULL, NULL, NULL, count(*), m.organization_id, NULL, m.role_id, NULL, NULL, m.state,"
        " m.state = 0 AND m.valid_until = 0 AND CASE WHEN cardinality("
     << owner_roles << ") <> 0 THEN m.role_id = ANY (" << owner_roles
     << ") ELSE (m.organization_id, m.role_id) IN (SELECT r.organization_id, r.role_id FROM roster_roles r"
        " WHERE r.owns AND r.organization_id = ANY ";
  write_organizations(shape, to);
  to << ") END AND " ROSTER_IS_ENABLED("m.account_id")
     << ", EXISTS (SELECT FROM roster_owner_roles w WHERE w.role_id = m.role_id), NULL::boolean, NULL::boolean,"
        " NULL::uuid, NULL::uuid, NULL::int8"
     << (has_other_member(shape) ? ", NULL, NULL::int8, NULL::int8" : "")
     << ((shape & with_inviters) != 0 ? ", NULL" : "") << " FROM roster_memberships m WHERE m.organization_id = ANY ";
  write_organizations(shape, to);
  to << " AND m.state <= 1 AND "
     << ((shape & many_cells) != 0 ? ROSTER_IS_NOT_OVER("$10::int8") : ROSTER_IS_NOT_OVER("$9::int8"))
     << " GROUP BY 5, 7, 10, 11";
}

void read_cells(std::uint32_t shape, Text& to) noexcept {
  read_organizations(shape, to);
  to << " UNION ALL ";
  read_accounts(shape, to);
  to << " UNION ALL ";
  read_memberships(shape, to);
  if ((shape & with_counts) == 0) return;
  to << " UNION ALL ";
  read_counts(shape, to);
}

/// $1 the organization's id or slug, $2 the account's id or name, $3 the actor, $4 whether the query has an idempotency
/// key. Every column has a cost at each step of the join, so each shape has only the columns that it needs. A record
/// selected by id is looked up by that id, not by the result of an earlier step.
void alone(std::uint32_t shape, Text& to) noexcept {
  const bool slug = (shape & by_slug) != 0, email = (shape & by_email) != 0, username = (shape & by_username) != 0;
  const std::string_view in = slug ? "o.organization_id" : "$1::text",
                         who = email || username ? "c.account_id" : "$2::text";
  to << "SELECT o.organization_id, " << (slug ? "o.slug" : "NULL::text")
     << ", o.version, o.joinable, o.closed, o.parent_id, r.role_id, r.rank, r.assignable, r.manages, r.owns, "
        "r.takes_seat, "
        "c.account_id, "
     << (email      ? "c.email_key"
         : username ? "c.username_key"
                    : "NULL::text")
     << ", c.version, c.disabled, c.invited, c.verified, m.membership_id, m.version, m.role_id, m.state,"
        " m.valid_until, CASE WHEN $4::bool THEN m.idempotency_key END, m.previous_idempotency_key, "
        "coalesce(m.written_at, m.added_at), m.invitation_until";
  if ((shape & with_actor) != 0) to << ", a.role_id, a.version, a.valid_until";
  to << " FROM (SELECT 1) one LEFT JOIN roster_organizations o ON o.organization_id = "
     << (slug ? "(SELECT s.organization_id FROM roster_slugs s WHERE s.slug = $1::text)" : in)
     << " LEFT JOIN roster_roles r ON r.organization_id = " << in;
  if ((shape & with_actor) != 0)
    to << " LEFT JOIN roster_memberships a ON a.organization_id = " << in
       << " AND a.account_id = (SELECT d.account_id FROM roster_accounts d WHERE d.account_id = $3::text"
          " AND NOT d.disabled) AND a.state = 0";
  to << " LEFT JOIN roster_accounts c ON c.account_id = "
     << (email      ? "(SELECT e.account_id FROM roster_emails e WHERE e.email_key = $2::text)"
         : username ? "(SELECT u.account_id FROM roster_usernames u WHERE u.username_key = $2::text)"
                    : who)
     << " LEFT JOIN roster_memberships m ON m.organization_id = " << in << " AND m.account_id = " << who;
  if ((shape & with_actor) == 0) to << " WHERE $3::text IS NULL";
}

void groups(std::uint32_t, Text& to) noexcept {
  to << "SELECT g.group_name, g.accounts FROM roster_groups g WHERE g.group_name = ANY ($1::text[])";
}

}  // namespace

const Columns columns_of_cells = {.organization = {0, 4, 7, 10, 3, 5, 8, 6, 9, 11, 12, 13, 16, 17, 18, 19},
                                  .account = {1, 4, 5, 7, 10, 11, 12},
                                  .membership = {4, 5, 2, 7, 6, 9, 8, 14, 15, 16, 3, 20, 17, 18, 19},
                                  .count = {4, 6, 9, 10, 3, 2, 11}};
const Columns columns_of_alone = {.organization = {0, 1, 2, 3, 4, 5, 0, 6, 7, 8, 9, 10, 11, 27, 28, 29},
                                  .account = {12, 13, 13, 14, 15, 16, 17},
                                  .membership = {0, 12, 18, 19, 20, 21, 22, 23, 24, 25, 26},
                                  .count = {}};

Statement fetch_cells(std::uint32_t shape) noexcept {
  return {statement_number::cells, static_cast<std::uint16_t>(shape), read_cells};
}
Statement fetch_alone(std::uint32_t shape) noexcept {
  return {statement_number::alone, static_cast<std::uint16_t>(shape & (by_slug | by_email | by_username | with_actor)),
          alone};
}
Statement fetch_groups() noexcept {
  return {statement_number::groups, 0, groups};
}

}  // namespace postgres
}  // namespace roster::inline ROSTER_ABI
