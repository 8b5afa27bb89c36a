-- Organizations, accounts, roles, groups and memberships. Every record has a number of its own, `n`, by which the
-- others refer to it; what hosts know it by is `id`. The view roster_members shows memberships by id.

-- One row: the number of steps made, the oldest version that may still read and write the tables, and settings of the
-- whole database. A step that an older version cannot work with raises readable_from.
CREATE TABLE roster_schema (
  version INTEGER NOT NULL,
  readable_from INTEGER NOT NULL,
  case_insensitive_usernames INTEGER NOT NULL
);
INSERT INTO roster_schema VALUES (0, 1, 0);

CREATE TABLE roster_organizations (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  slug TEXT UNIQUE,
  parent INTEGER,
  joinable INTEGER NOT NULL DEFAULT 1,
  seats_max INTEGER,                         -- NULL: no limit
  version INTEGER NOT NULL DEFAULT 1,
  has_roles INTEGER NOT NULL DEFAULT 0,      -- it has a catalog of its own: roster_catalog
  counted INTEGER NOT NULL DEFAULT 0,        -- roster_counts is kept up to date for it
  first_version INTEGER NOT NULL DEFAULT 1   -- of a new membership: above every version of one that was erased
);

CREATE TABLE roster_accounts (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  email_key TEXT UNIQUE,                     -- what is compared; computed by roster, never by the database
  email TEXT,                                -- as it was written
  username_key TEXT UNIQUE,
  username TEXT,
  disabled INTEGER NOT NULL DEFAULT 0,
  invited INTEGER NOT NULL DEFAULT 0,
  verified INTEGER NOT NULL DEFAULT 0,
  version INTEGER NOT NULL DEFAULT 1
);

CREATE TABLE roster_roles (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE
);

-- What a role grants in an organization that has a catalog of its own.
CREATE TABLE roster_catalog (
  organization INTEGER NOT NULL,
  role INTEGER NOT NULL,
  rank INTEGER NOT NULL,
  assignable INTEGER NOT NULL,
  manages INTEGER NOT NULL,
  owns INTEGER NOT NULL,
  PRIMARY KEY (organization, role)
) WITHOUT ROWID;

CREATE TABLE roster_memberships (
  organization INTEGER NOT NULL,
  account INTEGER NOT NULL,
  role INTEGER NOT NULL,
  state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 3),  -- active, invited, suspended, removed
  version INTEGER NOT NULL,
  added_at INTEGER NOT NULL,                 -- times are microseconds since 1970-01-01T00:00:00Z
  valid_until INTEGER NOT NULL,              -- 0: for ever
  id BLOB NOT NULL CHECK (length(id) = 16),
  idempotency_key BLOB NOT NULL CHECK (length(idempotency_key) = 16),  -- what last wrote it
  written_at INTEGER,                        -- the time of the last write; NULL: that was the one at added_at
  -- Of one that was suspended or removed, or came back from there, and of an invitation: who did that, and what had
  -- written it before. Who brought an active one back is not kept.
  state_changed_by INTEGER,
  previous_idempotency_key BLOB,
  PRIMARY KEY (organization, account)
) WITHOUT ROWID;
CREATE INDEX roster_memberships_by_account ON roster_memberships (account);

-- How many memberships an organization has, by role and kind: 0 active for ever, 1 active for a time, 2 invited.
CREATE TABLE roster_counts (
  organization INTEGER NOT NULL,
  role INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  members INTEGER NOT NULL,
  PRIMARY KEY (organization, role, kind)
) WITHOUT ROWID;

CREATE TABLE roster_groups (
  n INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
);
CREATE TABLE roster_group_accounts (
  group_n INTEGER NOT NULL,
  place INTEGER NOT NULL,
  account INTEGER NOT NULL,
  PRIMARY KEY (group_n, place)
) WITHOUT ROWID;

CREATE VIEW roster_members AS
SELECT o.id AS organization, a.id AS account, r.id AS role,
       CASE m.state WHEN 0 THEN 'active' WHEN 1 THEN 'invited' WHEN 2 THEN 'suspended' ELSE 'removed' END AS state,
       m.added_at, m.valid_until, hex(m.id) AS membership, hex(m.idempotency_key) AS idempotency_key
FROM roster_memberships m
JOIN roster_organizations o ON o.n = m.organization
JOIN roster_accounts a ON a.n = m.account
JOIN roster_roles r ON r.n = m.role;

-- What happened, written in the same transaction. A reader takes rows in order of `seq`, and the last `seq` is its
-- cursor: SQLite has one writer at a time, so a lower number is never committed later. AUTOINCREMENT, so that no number
-- is given twice. `occurred_at` is the time of the command, and no order.
CREATE TABLE roster_outbox (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  occurred_at INTEGER NOT NULL,
  event TEXT NOT NULL,
  organization TEXT,                         -- NULL: the event is about the account alone
  account TEXT NOT NULL,
  role TEXT,
  membership BLOB,
  version INTEGER NOT NULL,                  -- of the membership, or the account, after the write
  actor TEXT,
  idempotency_key BLOB NOT NULL
);
