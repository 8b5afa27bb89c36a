// The statements of a commit, in this order, in one transaction. A failed check divides by zero, which aborts the
// transaction. Nothing else does so within a statement in every engine of this protocol.
//
// This is correct at READ COMMITTED for these reasons. A commit that only adds reads versions and writes new rows. Its
// reads may be as old as the check. A concurrent commit that depends on the absence of those rows must write them
// itself, and a unique key then rejects one of the two. A commit that changes existing rows, or checks a bound, first
// writes the row of every organization that it depends on. It holds these locks to the end. So of two such commits in
// one organization, the second begins its check after the first has committed. A commit that adds also locks the
// entries of its roles in the organizations' own catalogs, for which an erase of such an entry waits: put_roles.cpp.
//
// Every commit locks the records of its organizations and accounts (FOR KEY SHARE). Only an erase of such a record
// waits for that: erase.cpp.
#include "postgres/invitation_end.hpp"
#include "postgres/statements.hpp"

namespace roster::inline ROSTER_ABI {
namespace postgres {

namespace {

/// $1 organizations, in order. A write instead of a lock works at every isolation level and on every shard.
void lock_organizations(std::uint32_t, Text& to) noexcept {
  to << "UPDATE roster_organizations SET lock_count = lock_count + 1 WHERE organization_id = ANY ($1::text[])";
}

/// $1 organizations, $2 roles. A key lock, so that only an erase of an entry waits for it.
void lock_roles(std::uint32_t, Text& to) noexcept {
  to << "SELECT 1 FROM unnest($1::text[], $2::text[]) g (o, r)"
        " JOIN roster_roles r ON r.organization_id = g.o AND r.role_id = g.r FOR KEY SHARE OF r";
}

/// $1, $2 organizations and versions, NULL for any version; $3, $4 the same of accounts; $5 to $8 memberships:
/// organization, account, version, whether it must be active and of an enabled account; $9 to $11 invitations:
/// organization, account, the version of the inviter's membership.
void check(std::uint32_t shape, Text& to) noexcept {
  to << "SELECT 1 / (CASE WHEN"
        " (SELECT count(*) FROM (SELECT FROM unnest($1::text[], $2::int8[]) g (id, v)"
        " JOIN roster_organizations o ON o.organization_id = g.id AND (g.v IS NULL OR o.version = g.v)"
        " FOR KEY SHARE OF o) l) = cardinality($1::text[])"
        " AND (SELECT count(*) FROM (SELECT FROM unnest($3::text[], $4::int8[]) g (id, v)"
        " JOIN roster_accounts c ON c.account_id = g.id AND (g.v IS NULL OR c.version = g.v)"
        " FOR KEY SHARE OF c) l) = cardinality($3::text[])";
  if ((shape & checks_memberships) != 0)
    to << " AND (SELECT count(*) FROM unnest($5::text[], $6::text[], $7::int8[], $8::bool[]) g (o, a, v, active)"
          " JOIN roster_memberships m ON m.organization_id = g.o AND m.account_id = g.a AND m.version = g.v"
          " AND (NOT g.active OR (m.state = 0 AND " ROSTER_IS_ENABLED("m.account_id") "))) = cardinality($5::text[])";
  if ((shape & checks_inviters) != 0)
    to << " AND (SELECT count(*) FROM unnest($9::text[], $10::text[], $11::int8[]) g (o, a, v)"
          " JOIN roster_memberships m ON m.organization_id = g.o AND m.account_id = g.a"
          " JOIN roster_memberships i ON i.organization_id = m.organization_id AND i.account_id = m.state_changed_by"
          " AND i.state = 0 AND i.version = g.v AND " ROSTER_IS_ENABLED("i.account_id") ") = cardinality($9::text[])";
  to << " THEN 1 ELSE 0 END)";
}

/// $1 ids, $2 addresses, $3 keys of addresses, $4 `invited`.
void accounts(std::uint32_t, Text& to) noexcept {
  to << "INSERT INTO roster_accounts (account_id, email, email_key, invited, version)"
        " SELECT n.*, " ROSTER_NEW_VERSIONS " FROM unnest($1::text[], $2::text[], $3::text[], $4::bool[]) n";
}

/// $1 keys, in order, $2 ids of accounts.
void emails(std::uint32_t, Text& to) noexcept {
  to << "INSERT INTO roster_emails (email_key, account_id) SELECT * FROM unnest($1::text[], $2::text[])";
}

/// $1 to $6 columns, in order of the primary key; $6 is the stored key. $7 is the time, $8 the inviter, $9 the expiry,
/// $10 the stored end of an invitation.
void added(std::uint32_t, Text& to) noexcept {
  to << "INSERT INTO roster_memberships (organization_id, account_id, membership_id, version, role_id, state,"
        " idempotency_key, added_at, valid_until, invitation_until, state_changed_by)"
        " SELECT n.o, n.a, n.id, " ROSTER_NEW_VERSIONS
        ", n.r, n.s, n.k, $7::int8, $9::int8, CASE n.s WHEN 1 THEN $10::int8 ELSE 0 END,"
        " CASE WHEN n.s <> 0 THEN (SELECT c.account_id FROM roster_accounts c WHERE c.account_id = $8::text) END"
        " FROM unnest($1::text[], $2::text[], $3::uuid[], $4::text[], $5::int2[], $6::uuid[]) n (o, a, id, r, s, k)";
}

/// Adds one membership and checks its guards, without tables of one row. $1 to $7 as above, each one value; $8 the
/// expiry; $9, $10 the versions of the organization and the account. If a membership is checked, its organization,
/// account, version, and whether it must be active and of an enabled account. Then, for an invitation, its inviter and
/// its stored end. A subquery has a cost even if it is not run, so unused ones are omitted.
void added_alone(std::uint32_t shape, Text& to) noexcept {
  const bool checks = (shape & checks_memberships) != 0, waits = (shape & adds_waiting) != 0;
  to << "INSERT INTO roster_memberships (organization_id, account_id, membership_id, version, role_id, state,"
        " idempotency_key, added_at, valid_until"
     << (waits ? ", state_changed_by, invitation_until" : "")
     << ") VALUES ($1::text, $2::text, $3::uuid, " ROSTER_NEW_VERSION
        " / (CASE WHEN EXISTS (SELECT FROM roster_organizations o WHERE o.organization_id = $1::text"
        " AND o.version = coalesce($9::int8, o.version) FOR KEY SHARE)"
        " AND EXISTS (SELECT FROM roster_accounts c WHERE c.account_id = $2::text"
        " AND c.version = coalesce($10::int8, c.version) FOR KEY SHARE)"
        // An entry of a catalog that is erased meanwhile is seen, and cannot be locked.
        " AND (NOT EXISTS (SELECT FROM roster_roles r WHERE r.organization_id = $1::text AND r.role_id = $4::text)"
        " OR EXISTS (SELECT FROM roster_roles r WHERE r.organization_id = $1::text AND r.role_id = $4::text"
        " FOR KEY SHARE))";
  if (checks)
    to << " AND EXISTS (SELECT FROM roster_memberships m WHERE m.organization_id = $11::text"
          " AND m.account_id = $12::text AND m.version = $13::int8 AND (NOT $14::bool OR (m.state = 0 "
          "AND " ROSTER_IS_ENABLED("$12::text") ")))";
  to << " THEN 1 ELSE 0 END), $4::text, $5::int2, $6::uuid, $7::int8, $8::int8";
  if (waits)
    to << ", (SELECT c.account_id FROM roster_accounts c WHERE c.account_id = "
       << (checks ? "$15::text), $16::int8" : "$11::text), $12::int8");
  to << ")";
}

constexpr std::string_view changed_rows =
    "WITH n AS (SELECT * FROM unnest($1::text[], $2::text[], $3::uuid[], $4::int8[]";
constexpr std::string_view is_that_row =
    " m.organization_id = n.o AND m.account_id = n.a AND m.membership_id = n.id AND m.version = n.v RETURNING 1)"
    " SELECT 1 / (CASE WHEN (SELECT count(*) FROM w) = cardinality($1::text[]) THEN 1 ELSE 0 END)";

/// $1 to $12 columns: organization, account, id, version, role, state, new id or NULL, sets_expiry, returns(),
/// invites(), the stored key, sets_invitation_end. $13 is the time, $14 the actor, $15 the expiry, $16 the end of an
/// invitation, $17 the inviter.
#define NEW_EXPIRY "CASE WHEN n.d THEN $15::int8 ELSE m.valid_until END"
// The end of the invitation, before it is stored as invitation_end.hpp describes.
#define NEW_END "CASE WHEN n.e THEN $16::int8 ELSE " ROSTER_INVITATION_END " END"
void changed(std::uint32_t, Text& to) noexcept {
  to << changed_rows
     << ", $5::text[], $6::int2[], $7::uuid[], $8::bool[], $9::bool[], $10::bool[], $11::uuid[], $12::bool[])"
        " n (o, a, id, v, r, s, b, d, m, i, k, e)),"
        " w AS (UPDATE roster_memberships m SET role_id = n.r, state = n.s, version = " ROSTER_NEXT_VERSIONS("m")
        ","
        " membership_id = coalesce(n.b, m.membership_id),"
        " added_at = CASE WHEN n.b IS NULL THEN m.added_at ELSE $13::int8 END,"
        " valid_until = " NEW_EXPIRY
        ","
        " invitation_until = CASE WHEN n.s = 3 AND m.state = 1 THEN -greatest($13::int8, coalesce(m.written_at,"
        " m.added_at)) WHEN n.s <> 1 THEN 0 ELSE CASE " NEW_END " WHEN " NEW_EXPIRY " THEN 0 WHEN 0 THEN " ROSTER_NO_END
        " ELSE " NEW_END
        " END END,"
        " idempotency_key = n.k,"
        " previous_idempotency_key = CASE WHEN n.m OR (n.s >= 2 AND n.s <> m.state)"
        " THEN coalesce(m.idempotency_key, '00000000-0000-0000-0000-000000000000') ELSE m.previous_idempotency_key END,"
        " state_changed_by = CASE WHEN n.s = 0 THEN NULL WHEN n.i OR n.m OR (n.s >= 2 AND n.s <> m.state) THEN"
        " (SELECT c.account_id FROM roster_accounts c WHERE c.account_id = CASE WHEN n.i THEN $17::text ELSE $14::text "
        "END)"
        " ELSE m.state_changed_by END,"
        " written_at = greatest($13::int8, coalesce(m.written_at, m.added_at))"
        " FROM n WHERE"
     << is_that_row;
}

void erased(std::uint32_t, Text& to) noexcept {
  to << changed_rows << ") n (o, a, id, v)), w AS (DELETE FROM roster_memberships m USING n WHERE" << is_that_row;
}

/// Runs after all writes. $1 organizations, $2 their limits; $3 states that occupy a seat; $4 organizations that need
/// an owner, $5 roles that own. $6 is the time: an invitation that is over then occupies no seat. $7 roles that take no
/// seat.
void bounds(std::uint32_t shape, Text& to) noexcept {
  const bool by_catalog = (shape & bounds_by_catalog) != 0;
  to << "SELECT 1 / (CASE WHEN NOT EXISTS (SELECT FROM unnest($1::text[], $2::int8[]) g (o, l) WHERE"
        " (SELECT count(*) FROM (SELECT FROM roster_memberships m WHERE m.organization_id = g.o"
        " AND m.state = ANY ($3::int2[]) AND " ROSTER_IS_NOT_OVER("$6::int8");
  if (by_catalog)
    to << " AND m.role_id <> ALL (ARRAY(SELECT r.role_id::text FROM roster_roles r WHERE r.organization_id = g.o"
          " AND NOT r.takes_seat))";
  else if ((shape & bounds_free_roles) != 0)
    to << " AND m.role_id <> ALL ($7::text[])";
  to << " LIMIT g.l + 1) s) > g.l)"
        " AND NOT EXISTS (SELECT FROM unnest($4::text[]) g (o) WHERE NOT EXISTS ("
        "SELECT FROM roster_memberships m WHERE m.organization_id = g.o AND m.state = 0 AND m.valid_until = 0"
        " AND m.role_id = ANY (";
  if (by_catalog)
    to << "ARRAY(SELECT r.role_id::text FROM roster_roles r WHERE r.organization_id = g.o AND r.owns)";
  else
    to << "$5::text[]";
  to << ") AND " ROSTER_IS_ENABLED("m.account_id") ")) AND $5::text[] IS NOT NULL THEN 1 ELSE 0 END)";
}

/// $1 to $8 columns; $9 the actor, $10 the idempotency key, $11 the time. $8: whether the row of the membership exists.
/// Its version and its ends are read, because a change set has neither. $3 is the version of an erased one. An event
/// without an organization is about an account that the commit has created.
void events(std::uint32_t, Text& to) noexcept {
  to << "INSERT INTO roster_outbox (organization_id, record, version, event, account_id, role_id, previous_role_id,"
        " actor_id, idempotency_key, occurred_at, valid_until, invitation_until)"
        " SELECT n.o, n.w, CASE WHEN n.o = '' THEN (SELECT c.version FROM roster_accounts c WHERE c.account_id = n.a)"
        " ELSE coalesce(m.version, n.v) END, n.e, n.a, n.r, n.p, $9::text, $10::uuid, $11::int8,"
        " CASE WHEN m.state < 3 THEN m.valid_until END, CASE WHEN m.state < 3 THEN " ROSTER_INVITATION_END
        " END FROM unnest($1::text[], $2::text[], $3::int8[], $4::text[], $5::text[], $6::text[], $7::text[],"
        " $8::bool[]) n (o, w, v, e, a, r, p, s) LEFT JOIN roster_memberships m"
        " ON n.s AND m.organization_id = n.o AND m.account_id = n.a";
}

/// A role is recorded once, so that hardly a commit writes a row here or waits for another one.
void owner_roles(std::uint32_t, Text& to) noexcept {
  to << "INSERT INTO roster_owner_roles (role_id) SELECT DISTINCT r FROM unnest($1::text[]) n (r)"
        " WHERE NOT EXISTS (SELECT FROM roster_owner_roles w WHERE w.role_id = n.r) ORDER BY r ON CONFLICT DO NOTHING";
}

}  // namespace

Statement commit_turn() noexcept {
  return {statement_number::turn, 0, lock_organizations};
}
Statement commit_roles() noexcept {
  return {statement_number::roles, 0, lock_roles};
}
Statement commit_check(std::uint32_t shape) noexcept {
  return {statement_number::check, static_cast<std::uint16_t>(shape), check};
}
Statement commit_accounts() noexcept {
  return {statement_number::accounts, 0, accounts};
}
Statement commit_emails() noexcept {
  return {statement_number::emails, 0, emails};
}
Statement commit_added() noexcept {
  return {statement_number::added, 0, added};
}
Statement commit_added_alone(std::uint32_t shape) noexcept {
  return {statement_number::added_alone, static_cast<std::uint16_t>(shape), added_alone};
}
Statement commit_changed() noexcept {
  return {statement_number::changed, 0, changed};
}
Statement commit_erased() noexcept {
  return {statement_number::erased, 0, erased};
}
Statement commit_bounds(std::uint32_t shape) noexcept {
  return {statement_number::bounds, static_cast<std::uint16_t>(shape), bounds};
}
Statement commit_events() noexcept {
  return {statement_number::events, 0, events};
}
Statement record_owner_roles() noexcept {
  return {statement_number::owner_roles, 0, owner_roles};
}

}  // namespace postgres
}  // namespace roster::inline ROSTER_ABI
