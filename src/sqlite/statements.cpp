#include "sqlite/statements.hpp"

namespace roster::inline ROSTER_ABI {
namespace sqlite {

namespace {

// CROSS JOIN fixes the order of tables as written: the bound rows outside, one look-up inside for each.
#define ROWS(n) "roster_rows(?" n ") AS "

#define MEMBER(m) m ".id, " m ".version, " m ".role, " m ".state, " m ".valid_until, " m ".invitation_until"
// The time ?3, or that of an earlier write whose clock was ahead.
#define LAST_WRITE "max(?3, coalesce(m.written_at, m.added_at))"
#define TRACE "m.previous_idempotency_key, coalesce(m.written_at, m.added_at)"
#define TAKE "roster_take(?6, r.c1, m.account, " MEMBER("m") ", CASE WHEN ?4 THEN m.idempotency_key END, " TRACE ")"
#define BETWEEN "m.organization = r.c0 AND m.account BETWEEN ?2 AND ?3"
// The number of an account by its id; nothing if it is disabled, or does not exist.
#define ENABLED(id) "(SELECT n FROM roster_accounts WHERE id = " id " AND disabled = 0)"
#define IS_DISABLED(n) "(SELECT disabled FROM roster_accounts WHERE n = " n ")"
#define KIND                                                                       \
  "CASE WHEN m.state = 1 THEN CASE WHEN m.invitation_until <> 0 THEN 3 ELSE 2 END" \
  " WHEN m.valid_until <> 0 OR " IS_DISABLED("m.account") " THEN 1 ELSE 0 END"
// An invitation that is over at the time ?2. The first two conditions are those of the partial index.
#define OVER "m.state = 1 AND m.invitation_until <> 0 AND m.invitation_until <= ?2"

// The version of a new organization or account.
#define FIRST_VERSION "(SELECT first_version FROM roster_schema)"
// Statement::salt(): a parameter behind all others.
#define SALT " + ?20"
// The end of an invitation, 0 in every other state.
#define ENDS "CASE WHEN m.state = 1 THEN max(m.invitation_until, 0) ELSE m.state * 0 END "

#define FLAGS "a.disabled + a.invited * 2 + a.verified * 4"
#define ORGANIZATION_FLAGS "o.joinable + o.closed * 2"

// Rarely needed tables are in subqueries. The tables of a join are always opened, which is a large part of the cost of
// one cell.
#define NAME(role) " CASE WHEN " role " IS NOT NULL THEN (SELECT id FROM roster_roles WHERE n = " role ") END"
#define GRANTS(role)                                                                                                   \
  " CASE WHEN o.has_roles = 1 THEN (SELECT c.rank * 16 + c.takes_seat * 8 + c.assignable * 4 + c.manages * 2 + c.owns" \
  " FROM roster_catalog c WHERE c.organization = o.n AND c.role = " role ") END"
#define WANTED "(SELECT n FROM roster_roles WHERE id = ?4)"
// A record found by its id needs no id in the result, because reading the text of the row would copy it.
#define CELL(organization, its_id, account, their_id) \
  "SELECT o.n, " its_id ", o.version, " ORGANIZATION_FLAGS ","                                                         \
  " a.n, " their_id ", a.version, " FLAGS ", " MEMBER("m") ", m.idempotency_key,"              \
  " " TRACE "," NAME("m.role") "," GRANTS("m.role") ","                                       \
  " w.version, w.valid_until, w.role," NAME("w.role") "," GRANTS("w.role") ","                                   \
  " CASE WHEN o.has_roles = 1 THEN " WANTED " END," GRANTS(WANTED)                                               \
  " FROM (SELECT 1)"                                                                                             \
  " LEFT JOIN roster_organizations o ON o." organization " = ?1"                                                 \
  " LEFT JOIN roster_accounts a ON a." account " = ?2"                                                           \
  " LEFT JOIN roster_memberships m ON m.organization = o.n AND m.account = a.n"                                  \
  " LEFT JOIN roster_memberships w ON w.organization = o.n AND w.state = 0"                                      \
  " AND w.account = " ENABLED("?3")

#define ORGANIZATION "o.n, o.id, o.version, o.parent, " ORGANIZATION_FLAGS ", o.has_roles, o.seats_max"
#define ACCOUNT(id) \
  "SELECT r.c1, a.n, " id ", a.version, " FLAGS " FROM " ROWS("1") "r CROSS JOIN roster_accounts a ON "

// The id of an account. Of an erased one it is the former one, or erased_account.
#define ERASED_ACCOUNT "'erased account' || char(160)"
#define ID_OF(a) "CASE WHEN unicode(" a ".id) = 1 THEN coalesce(" a ".former_id, " ERASED_ACCOUNT ") ELSE " a ".id END"
#define MEMBERSHIP_RECORD_OF(account) \
  " m.id, o.id, " account ", r.id, m.state, m.idempotency_key, m.added_at, m.version, m.written_at,"         \
  " m.valid_until, " ID_OF("b") ", m.invitation_until"                                                  \
  " FROM roster_memberships m JOIN roster_organizations o ON o.n = m.organization"                            \
  " JOIN roster_accounts a ON a.n = m.account JOIN roster_roles r ON r.n = m.role"                            \
  " LEFT JOIN roster_accounts b ON b.n = m.state_changed_by"
#define MEMBERSHIP_RECORD MEMBERSHIP_RECORD_OF("a.id")
/// ?4 is a state and ?5 a role; NULL: any. ?6 and ?7 enclose the stored keys of the request.
#define IN_SET                                                                                                   \
  "((m.state < 3 AND (?4 IS NULL OR m.state = ?4) AND (?5 IS NULL OR m.role = (SELECT n FROM roster_roles WHERE" \
  " id = ?5))) OR m.idempotency_key BETWEEN ?6 AND ?7)"
#define ORGANIZATION_RECORD                                                 \
  "SELECT o.id, o.slug, p.id, o.joinable, o.seats_max, o.version, o.closed" \
  " FROM roster_organizations o LEFT JOIN roster_organizations p ON p.n = o.parent WHERE "
#define ACCOUNT_RECORD \
  "SELECT id, email, email_key, username, disabled, invited, verified, version FROM roster_accounts WHERE "

constexpr std::array<const char*, sql_count> texts = {
    // ---- transactions
    "BEGIN",
    "BEGIN IMMEDIATE",
    "COMMIT",
    "ROLLBACK",
    "SAVEPOINT roster_unit",
    "RELEASE roster_unit",
    "ROLLBACK TO roster_unit",

    // ---- one cell
    CELL("id", "NULL", "id", "NULL"),
    CELL("id", "NULL", "email_key", "a.id"),
    CELL("id", "NULL", "username_key", "a.id"),
    CELL("slug", "o.id", "id", "NULL"),
    CELL("slug", "o.id", "email_key", "a.id"),
    CELL("slug", "o.id", "username_key", "a.id"),
    // The guards are inside the value of `organization`. If one does not hold, the value is NULL, which the column
    // refuses. For an INSERT with a SELECT, SQLite would store the row in a temporary table first.
    "INSERT INTO roster_memberships (organization, account, role, state, version, added_at, valid_until, id, idempotency_key)"
    " VALUES ((SELECT o.n FROM roster_organizations o WHERE o.n = ?1 AND o.id = ?2 AND o.counted = 0"
    " AND (?3 IS NULL OR o.version = ?3)"
    " AND EXISTS (SELECT 1 FROM roster_accounts a WHERE a.n = ?4 AND a.id = ?5 AND (?6 IS NULL OR a.version = ?6))"
    " AND (?7 IS NULL OR EXISTS (SELECT 1 FROM roster_memberships w WHERE w.organization = ?1"
    " AND w.account = " ENABLED("?8") " AND w.state = 0 AND w.version = ?7))),"
    " ?4, (SELECT n FROM roster_roles WHERE id = ?9), 0,"
    " (SELECT first_version FROM roster_organizations WHERE n = ?1)" SALT ", ?10, ?11, ?12, ?13)",

    // ---- facts
    "SELECT r.c1, " ORGANIZATION " FROM " ROWS("1") "r CROSS JOIN roster_organizations o ON o.id = r.c0",
    "SELECT r.c1, " ORGANIZATION " FROM " ROWS("1") "r CROSS JOIN roster_organizations o ON o.slug = r.c0",
    "SELECT r.c1, " ORGANIZATION " FROM " ROWS("1") "r CROSS JOIN roster_organizations o ON o.id = r.c0"
    " CROSS JOIN roster_organizations p ON p.n = o.parent WHERE p.id = r.c2",
    "SELECT r.c1, " ORGANIZATION " FROM " ROWS("1") "r CROSS JOIN roster_organizations o ON o.n = r.c0",
    ACCOUNT("NULL") "a.id = r.c0",
    ACCOUNT("a.id") "a.email_key = r.c0",
    ACCOUNT("a.id") "a.username_key = r.c0",
    "SELECT r.c1, c.role, i.id, c.rank, c.assignable, c.manages, c.owns, c.takes_seat, i.has_owned FROM " ROWS("1") "r"
    " CROSS JOIN roster_catalog c ON c.organization = r.c0 CROSS JOIN roster_roles i ON i.n = c.role",
    "SELECT r.c1, i.n FROM " ROWS("1") "r CROSS JOIN roster_roles i ON i.id = r.c0",
    "SELECT r.c1, i.id, i.has_owned FROM " ROWS("1") "r CROSS JOIN roster_roles i ON i.n = r.c0",
    "SELECT r.c1, w.version, w.role, w.valid_until FROM " ROWS("1") "r"
    " CROSS JOIN roster_memberships w ON w.organization = r.c0"
    " AND w.account = " ENABLED("?2") " WHERE w.state = 0",
    "SELECT r.c1, CASE WHEN ?5 IS NOT NULL AND EXISTS (SELECT 1 FROM roster_memberships m WHERE " BETWEEN " LIMIT 1 OFFSET ?5) THEN 1"
    " ELSE (SELECT " TAKE " FROM roster_memberships m WHERE " BETWEEN ") END FROM " ROWS("1") "r",
    "SELECT " TAKE " FROM " ROWS("1") "r CROSS JOIN " ROWS("2") "a"
    " CROSS JOIN roster_memberships m ON m.organization = r.c0 AND m.account = a.c0",
    "SELECT r.c2, w.role, w.version, w.valid_until, " ID_OF("b") " FROM " ROWS("1") "r"
    " CROSS JOIN roster_memberships i ON i.organization = r.c0 AND i.account = r.c1"
    " CROSS JOIN roster_accounts b ON b.n = i.state_changed_by"
    " LEFT JOIN roster_memberships w ON w.organization = r.c0 AND w.account = i.state_changed_by AND w.state = 0"
    " AND NOT b.disabled",
    "SELECT r.c1, t.kind, t.members, i.id, c.owns, c.takes_seat FROM " ROWS("1") "r"
    " CROSS JOIN roster_organizations o ON o.n = r.c0 CROSS JOIN roster_member_counts t ON t.organization = r.c0"
    " CROSS JOIN roster_roles i ON i.n = t.role"
    " LEFT JOIN roster_catalog c ON c.organization = r.c0 AND c.role = t.role WHERE o.counted = 1"
    " UNION ALL SELECT s.at, s.kind, s.members, i.id, c.owns, c.takes_seat FROM"
    " (SELECT r.c1 AS at, r.c0 AS organization, m.role AS role, " KIND " AS kind, count(*) AS members FROM " ROWS("1") "r"
    " CROSS JOIN roster_organizations o ON o.n = r.c0 CROSS JOIN roster_memberships m ON m.organization = r.c0"
    " WHERE o.counted = 0 AND m.state < 2 AND NOT (" OVER ") GROUP BY 1, 2, 3, 4) AS s"
    " CROSS JOIN roster_roles i ON i.n = s.role"
    " LEFT JOIN roster_catalog c ON c.organization = s.organization AND c.role = s.role"
    " UNION ALL SELECT r.c1, 3, -count(*), i.id, c.owns, c.takes_seat FROM " ROWS("1") "r"
    " CROSS JOIN roster_organizations o ON o.n = r.c0"
    " CROSS JOIN roster_memberships m ON m.organization = r.c0 AND " OVER
    " CROSS JOIN roster_roles i ON i.n = m.role"
    " LEFT JOIN roster_catalog c ON c.organization = r.c0 AND c.role = m.role WHERE o.counted = 1"
    " AND EXISTS (SELECT 1 FROM roster_member_counts t WHERE t.organization = r.c0 AND t.kind = 3 AND t.members <> 0) GROUP BY r.c1, m.role",
    "SELECT r.c1, a.id FROM " ROWS("1") "r CROSS JOIN roster_groups g ON g.name = r.c0"
    " LEFT JOIN roster_group_accounts l ON l.group_n = g.n LEFT JOIN roster_accounts a ON a.n = l.account"
    " ORDER BY r.c1, l.place",
    "SELECT m.account, a.id FROM roster_memberships m CROSS JOIN roster_accounts a ON a.n = m.account"
    " WHERE m.organization = (SELECT n FROM roster_organizations WHERE id = ?1) AND m.account > ?2 AND unicode(a.id) <> 1 AND " IN_SET
    " ORDER BY m.account LIMIT ?3",
    "SELECT m.organization, o.id FROM roster_memberships m CROSS JOIN roster_organizations o ON o.n = m.organization"
    " WHERE m.account = (SELECT n FROM roster_accounts WHERE id = ?1) AND m.organization > ?2 AND " IN_SET
    " AND (?8 IS NULL OR o.parent = (SELECT n FROM roster_organizations WHERE id = ?8) OR (?9 AND o.id = ?8))"
    " ORDER BY m.organization LIMIT ?3",

    // ---- commits
    "SELECT r.c1, o.n, o.version, o.counted, o.first_version FROM " ROWS("1") "r"
    " CROSS JOIN roster_organizations o ON o.id = r.c0",
    "SELECT r.c1, a.n, a.version, a.disabled FROM " ROWS("1") "r CROSS JOIN roster_accounts a ON a.id = r.c0",
    "SELECT count(*) FROM " ROWS("1") "r CROSS JOIN roster_memberships m"
    " ON m.organization = r.c0 AND m.account = r.c1 WHERE m.version = r.c2 AND (r.c3 = 0 OR m.state = 0)",
    "SELECT count(*) FROM " ROWS("1") "r CROSS JOIN roster_memberships i"
    " ON i.organization = r.c0 AND i.account = r.c1 CROSS JOIN roster_memberships w"
    " ON w.organization = r.c0 AND w.account = i.state_changed_by WHERE w.state = 0 AND w.version = r.c2"
    " AND NOT " IS_DISABLED("w.account"),
    "SELECT coalesce(max(n), 0), " FIRST_VERSION " FROM roster_accounts",
    "INSERT OR IGNORE INTO roster_roles (id) SELECT r.c0 FROM " ROWS("1") "r",
    "INSERT INTO roster_roles (id, has_owned) VALUES (?1, 1) ON CONFLICT DO UPDATE SET has_owned = 1"
    " WHERE has_owned = 0",
    "INSERT INTO roster_accounts (n, id, email_key, email, invited, version)"
    " SELECT r.c0, r.c1, r.c2, r.c3, r.c4, ?2 FROM " ROWS("1") "r",
    "INSERT INTO roster_memberships"
    " (organization, account, role, state, version, added_at, valid_until, id, idempotency_key, state_changed_by,"
    " invitation_until) SELECT r.c0, r.c1, r.c2, r.c3, r.c4, ?2, ?3, r.c5, r.c6, CASE r.c3 WHEN 1 THEN ?4 END,"
    " CASE r.c3 WHEN 1 THEN ?5 ELSE 0 END"
    " FROM " ROWS("1") "r",
    "SELECT r.c2, m.id, m.version, m.role, m.state, m.valid_until, m.invitation_until FROM " ROWS("1") "r"
    " CROSS JOIN roster_memberships m ON m.organization = r.c0 AND m.account = r.c1",
    // r.c6: true for a suspension, removal or return, which sets the actor, ?2, and the key before it. r.c9: true for an
    // invitation, which sets the inviter, ?4. r.c10: the new end of an invitation, or NULL.
    "UPDATE roster_memberships AS m SET id = r.c2, role = coalesce(r.c3, m.role), state = r.c4, version = m.version + 1" SALT ","
    " added_at = coalesce(r.c5, m.added_at), valid_until = coalesce(r.c7, m.valid_until), idempotency_key = r.c8,"
    " state_changed_by = CASE WHEN r.c4 = 0 THEN NULL WHEN r.c9 THEN ?4 WHEN r.c6 THEN ?2 ELSE m.state_changed_by END,"
    " written_at = " LAST_WRITE ", invitation_until = CASE r.c4 WHEN 1 THEN coalesce(r.c10, m.invitation_until)"
    " WHEN 3 THEN CASE m.state WHEN 1 THEN -" LAST_WRITE " ELSE 0 END ELSE 0 END,"
    " previous_idempotency_key = CASE WHEN r.c6 THEN m.idempotency_key ELSE m.previous_idempotency_key END"
    " FROM " ROWS("1") "r WHERE m.organization = r.c0 AND m.account = r.c1",
    "DELETE FROM roster_memberships WHERE (organization, account) IN (SELECT r.c0, r.c1 FROM " ROWS("1") "r)",
    "UPDATE roster_organizations SET first_version = max(first_version, ?2)"
    " WHERE n IN (SELECT r.c0 FROM " ROWS("1") "r)",
    "INSERT INTO roster_member_counts (organization, role, kind, members) SELECT m.organization, m.role, " KIND ", count(*)"
    " FROM " ROWS("1") "r CROSS JOIN roster_memberships m ON m.organization = r.c0 WHERE m.state < 2 GROUP BY 1, 2, 3",
    "UPDATE roster_organizations SET counted = 1 WHERE n IN (SELECT r.c0 FROM " ROWS("1") "r)",
    "INSERT INTO roster_member_counts (organization, role, kind, members) SELECT r.c0, r.c1, r.c2, r.c3 FROM " ROWS("1") "r"
    " WHERE true ON CONFLICT DO UPDATE SET members = members + excluded.members",
    // The ends are read from the membership, because a change set has only those that it writes. r.c6, r.c7: its numbers.
    "INSERT INTO roster_outbox (occurred_at, event, organization, account, role, membership, version, actor,"
    " idempotency_key, valid_until, invitation_until) SELECT ?2, r.c0, r.c1, r.c2, r.c3, r.c4, r.c5, ?3, ?4,"
    " m.valid_until, " ENDS "FROM " ROWS("1") "r"
    " LEFT JOIN roster_memberships m ON m.organization = r.c6 AND m.account = r.c7",

    // ---- set-up
    // The parameters of a comparison are those of the upsert behind it. An upsert without its last one writes no record
    // that exists, and then returns no row.
    "SELECT version, slug IS ?2 AND parent IS ?3 AND joinable = ?4 AND seats_max IS ?5 AND closed = ?6"
    " FROM roster_organizations WHERE id = ?1",
    "INSERT INTO roster_organizations (id, slug, parent, joinable, seats_max, closed, version, first_version)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, " FIRST_VERSION SALT ", " FIRST_VERSION ")"
    " ON CONFLICT (id) DO UPDATE SET slug = excluded.slug, parent = excluded.parent, joinable = excluded.joinable,"
    " seats_max = excluded.seats_max, closed = excluded.closed, version = version + 1" SALT " WHERE ?7 RETURNING version",
    "UPDATE roster_organizations SET slug = CASE WHEN ?2 THEN ?3 ELSE slug END,"
    " parent = CASE WHEN ?4 THEN ?5 ELSE parent END, joinable = coalesce(?6, joinable),"
    " seats_max = CASE WHEN ?7 THEN ?8 ELSE seats_max END, closed = coalesce(?9, closed), version = version + 1" SALT
    " WHERE id = ?1 RETURNING version",
    // Whether a membership keeps the organization ?1 closed.
    "SELECT EXISTS (SELECT 1 FROM roster_organizations o JOIN roster_memberships m ON m.organization = o.n"
    " WHERE o.id = ?1 AND o.closed AND m.state < 3)",
    "SELECT n, counted, version FROM roster_organizations WHERE id = ?1",
    // UNION ends the walk also in a database that already has a cycle.
    "WITH RECURSIVE above (n) AS (SELECT ?1 UNION SELECT o.parent FROM above JOIN roster_organizations o ON o.n = above.n)"
    " SELECT 1 FROM above JOIN roster_organizations o ON o.n = above.n WHERE o.id = ?2",
    // Whether a membership keeps the organization ?1, and whether another one is inside it.
    "SELECT EXISTS (SELECT 1 FROM roster_memberships WHERE organization = ?1 AND state < 3),"
    " EXISTS (SELECT 1 FROM roster_organizations WHERE parent = ?1)",
    "DELETE FROM roster_organizations WHERE n = ?1 RETURNING version, first_version",
    "DELETE FROM roster_memberships WHERE organization = ?1 RETURNING version",
    "DELETE FROM roster_member_counts WHERE organization = ?1",
    "DELETE FROM roster_catalog WHERE organization = ?1",
    "UPDATE roster_schema SET first_version = max(first_version, ?1)",
    "SELECT EXISTS (SELECT 1 FROM roster_memberships WHERE account = ?1 AND state < 3)",
    "UPDATE roster_accounts SET id = char(1) || n, former_id = CASE WHEN ?2 THEN id END, email_key = NULL, email = NULL,"
    " username_key = NULL, username = NULL, disabled = 1, invited = 0, verified = 0 WHERE n = ?1 RETURNING version",
    "UPDATE roster_accounts SET id = former_id, former_id = NULL, version = " FIRST_VERSION " - 1" SALT " WHERE former_id = ?1"
    " RETURNING n",
    "SELECT n FROM roster_accounts WHERE former_id = ?1",
    "UPDATE roster_organizations AS o SET first_version = max(o.first_version, m.version + 1)"
    " FROM roster_memberships m WHERE m.account = ?1 AND m.organization = o.n",
    "DELETE FROM roster_memberships WHERE account = ?1",
    "DELETE FROM roster_group_accounts WHERE account = ?1",
    "DELETE FROM roster_outbox WHERE organization IS NULL AND account = ?1",
    "UPDATE roster_outbox SET account = CASE account WHEN ?1 THEN " ERASED_ACCOUNT " ELSE account END,"
    " actor = CASE actor WHEN ?1 THEN " ERASED_ACCOUNT " ELSE actor END WHERE account = ?1 OR actor = ?1",
    "SELECT version, email_key IS ?2 AND email IS ?3 AND username_key IS ?4 AND username IS ?5 AND disabled = ?6"
    " AND invited = ?7 AND verified = ?8 FROM roster_accounts WHERE id = ?1",
    "INSERT INTO roster_accounts (id, email_key, email, username_key, username, disabled, invited, verified, version)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, " FIRST_VERSION SALT ")"
    " ON CONFLICT (id) DO UPDATE SET email_key = excluded.email_key, email = excluded.email,"
    " username_key = excluded.username_key, username = excluded.username, disabled = excluded.disabled,"
    " invited = excluded.invited, verified = excluded.verified, version = version + 1" SALT " WHERE ?9 RETURNING version",
    "UPDATE roster_accounts SET email_key = CASE WHEN ?2 THEN ?3 ELSE email_key END,"
    " email = CASE WHEN ?2 THEN ?4 ELSE email END, username_key = CASE WHEN ?5 THEN ?6 ELSE username_key END,"
    " username = CASE WHEN ?5 THEN ?7 ELSE username END, disabled = coalesce(?8, disabled),"
    " invited = coalesce(?9, invited), verified = coalesce(?10, CASE WHEN ?2 AND email_key IS NOT ?3 THEN 0 ELSE verified"
    " END), version = version + 1" SALT " WHERE id = ?1 RETURNING version",
    // A name that is about to change, so that another account may take it in the same transaction.
    "UPDATE roster_accounts SET email_key = NULL WHERE id = ?1 AND email_key IS NOT ?2",
    "UPDATE roster_accounts SET username_key = NULL WHERE id = ?1 AND username_key IS NOT ?2",
    "SELECT n, version, disabled FROM roster_accounts WHERE id = ?1",
    // The account ?1 is enabled (?2 is 1) or disabled (-1): its memberships that are active for ever change their kind.
    "INSERT INTO roster_member_counts (organization, role, kind, members)"
    " SELECT m.organization, m.role, k.kind, k.members FROM (SELECT 0 AS kind, ?2 AS members UNION ALL SELECT 1, -?2) k"
    " CROSS JOIN roster_memberships m ON m.account = ?1 CROSS JOIN roster_organizations o ON o.n = m.organization"
    " WHERE m.state = 0 AND m.valid_until = 0 AND o.counted = 1"
    " ON CONFLICT DO UPDATE SET members = members + excluded.members",
    "INSERT INTO roster_catalog (organization, role, rank, assignable, manages, owns, takes_seat)"
    " VALUES (?1, (SELECT n FROM roster_roles WHERE id = ?2), ?3, ?4, ?5, ?6, ?7)"
    " ON CONFLICT DO UPDATE SET rank = excluded.rank, assignable = excluded.assignable, manages = excluded.manages,"
    " owns = excluded.owns, takes_seat = excluded.takes_seat",
    "UPDATE roster_organizations SET version = version + 1" SALT ", has_roles = 1 WHERE n = ?1 RETURNING version",
    "SELECT c.role, c.owns FROM roster_roles r JOIN roster_catalog c ON c.organization = ?1 AND c.role = r.n"
    " WHERE r.id = ?2",
    "SELECT 1 FROM roster_memberships WHERE organization = ?1 AND role = ?2 LIMIT 1",
    // Whether an enabled owner has the role, and whether one has another role; then the same of all owners.
    "SELECT coalesce(max(m.role = ?2 AND NOT " IS_DISABLED("m.account") "), 0),"
    " coalesce(max(m.role <> ?2 AND NOT " IS_DISABLED("m.account") "), 0),"
    " coalesce(max(m.role = ?2), 0), coalesce(max(m.role <> ?2), 0) FROM roster_memberships m"
    " JOIN roster_catalog c ON c.organization = m.organization AND c.role = m.role"
    " WHERE m.organization = ?1 AND m.state = 0 AND m.valid_until = 0 AND c.owns = 1",
    // The version after the update below. A set-up operation has no time, no actor and no request. A tombstone has no event:
    // the next event of its membership names the role.
    "INSERT INTO roster_outbox (occurred_at, event, organization, account, role, membership, version, idempotency_key,"
    " valid_until, invitation_until)"
    " SELECT 0, ?4, o.id, a.id, r.id, m.id, m.version + 1" SALT ", zeroblob(16), m.valid_until, " ENDS "FROM roster_memberships m"
    " CROSS JOIN roster_organizations o ON o.n = m.organization CROSS JOIN roster_accounts a ON a.n = m.account"
    " CROSS JOIN roster_roles r ON r.n = ?3 WHERE m.organization = ?1 AND m.role = ?2 AND m.state < 3",
    "UPDATE roster_memberships SET role = ?3, version = version + 1" SALT " WHERE organization = ?1 AND role = ?2",
    "INSERT INTO roster_member_counts (organization, role, kind, members)"
    " SELECT organization, ?3, kind, members FROM roster_member_counts WHERE organization = ?1 AND role = ?2"
    " ON CONFLICT DO UPDATE SET members = members + excluded.members",
    "DELETE FROM roster_member_counts WHERE organization = ?1 AND role = ?2",
    "DELETE FROM roster_catalog WHERE organization = ?1 AND role = ?2",
    "UPDATE roster_roles SET has_owned = 0 WHERE id = ?1 AND has_owned = 1 RETURNING n",
    "INSERT INTO roster_groups (name) VALUES (?1) ON CONFLICT DO NOTHING",
    "DELETE FROM roster_group_accounts WHERE group_n = (SELECT n FROM roster_groups WHERE name = ?1)",
    "INSERT INTO roster_group_accounts (group_n, place, account)"
    " SELECT (SELECT n FROM roster_groups WHERE name = ?2), r.c0, r.c1 FROM " ROWS("1") "r",
    "INSERT INTO roster_memberships (organization, account, role, state, version, added_at, valid_until, id, idempotency_key,"
    " invitation_until, state_changed_by) VALUES (?1, ?2, (SELECT n FROM roster_roles WHERE id = ?3), ?4,"
    " (SELECT first_version FROM roster_organizations WHERE n = ?1)" SALT ", ?5, ?6, ?7, ?8, ?9, ?10)",

    // ---- look-ups
    "SELECT" MEMBERSHIP_RECORD " WHERE o.id = ?1 AND a.id = ?2",
    "SELECT" MEMBERSHIP_RECORD_OF("a.former_id") " WHERE o.id = ?1 AND a.former_id = ?2",
    "SELECT" MEMBERSHIP_RECORD " WHERE m.organization = (SELECT n FROM roster_organizations WHERE id = ?1)"
    " AND a.id > ?2 AND m.state < 3 ORDER BY a.id LIMIT ?3",
    "SELECT" MEMBERSHIP_RECORD " WHERE m.organization = (SELECT n FROM roster_organizations WHERE id = ?1)"
    " AND m.role = (SELECT n FROM roster_roles WHERE id = ?4) AND a.id > ?2 AND m.state < 3 ORDER BY a.id LIMIT ?3",
    "SELECT" MEMBERSHIP_RECORD " WHERE m.organization = (SELECT n FROM roster_organizations WHERE id = ?1)"
    " AND a.id > ?2 AND m.state = 1 ORDER BY a.id LIMIT ?3",
    "SELECT" MEMBERSHIP_RECORD " WHERE m.account = (SELECT n FROM roster_accounts WHERE id = ?1)"
    " AND o.id > ?2 AND m.state < 3 ORDER BY o.id LIMIT ?3",
    "SELECT count(*) FROM roster_memberships"
    " WHERE organization = (SELECT n FROM roster_organizations WHERE id = ?1) AND state < 3",
    "SELECT count(*) FROM roster_memberships"
    " WHERE account = (SELECT n FROM roster_accounts WHERE id = ?1) AND state < 3",
    "SELECT count(*) FROM roster_organizations",
    "SELECT count(*) FROM roster_accounts WHERE unicode(id) <> 1",
    "SELECT count(*) FROM roster_memberships WHERE state < 3",
    "SELECT r.id, c.rank, c.assignable, c.manages, c.owns, c.takes_seat FROM roster_catalog c"
    " JOIN roster_roles r ON r.n = c.role WHERE c.organization = (SELECT n FROM roster_organizations WHERE id = ?1)"
    " AND r.id > ?2 ORDER BY r.id LIMIT ?3",
    "SELECT id FROM roster_organizations WHERE parent = (SELECT n FROM roster_organizations WHERE id = ?1)"
    " AND id > ?2 ORDER BY id LIMIT ?3",
    ORGANIZATION_RECORD "o.id = ?1",
    ORGANIZATION_RECORD "o.slug = ?1",
    ORGANIZATION_RECORD "o.id = ?1 AND p.id = ?2",
    ACCOUNT_RECORD "id = ?1",
    ACCOUNT_RECORD "email_key = ?1",
    ACCOUNT_RECORD "username_key = ?1",
};

}  // namespace

const char* text_of(Sql which) noexcept {
  return texts[static_cast<std::size_t>(which)];
}

}  // namespace sqlite
}  // namespace roster::inline ROSTER_ABI
