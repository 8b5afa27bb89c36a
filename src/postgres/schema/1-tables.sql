-- The tables of roster::postgres. Every unique key contains the key by which its table may be distributed, there are no
-- foreign keys or triggers, and nothing here is known by the name of a constraint: docs/reference/postgresql.md says
-- why. The one sequence, roster_outbox.seq, is for readers: the store does not use it.
-- Times are microseconds since 1970: to_timestamp(added_at / 1e6). States: 0 active, 1 invited, 2 suspended, 3 removed.

-- readable_from: the oldest version that may still read and write the tables.
CREATE TABLE IF NOT EXISTS roster_schema (
  part text NOT NULL,
  version integer NOT NULL,
  readable_from integer NOT NULL,
  PRIMARY KEY (part)
);

CREATE TABLE IF NOT EXISTS roster_organizations (
  organization_id text COLLATE "C" NOT NULL,
  slug text COLLATE "C",
  parent_id text COLLATE "C",
  joinable boolean NOT NULL,
  seats_max bigint NOT NULL,
  version bigint NOT NULL,
  lock_count bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (organization_id)
) /* by organization_id */;

CREATE TABLE IF NOT EXISTS roster_slugs (
  slug text COLLATE "C" NOT NULL,
  organization_id text COLLATE "C" NOT NULL,
  PRIMARY KEY (slug)
) /* by slug */;

CREATE TABLE IF NOT EXISTS roster_roles (
  organization_id text COLLATE "C" NOT NULL,
  role_id text COLLATE "C" NOT NULL,
  rank integer NOT NULL,
  assignable boolean NOT NULL,
  manages boolean NOT NULL,
  owns boolean NOT NULL,
  PRIMARY KEY (organization_id, role_id)
) /* by organization_id */;

CREATE TABLE IF NOT EXISTS roster_accounts (
  account_id text COLLATE "C" NOT NULL,
  email text COLLATE "C",
  email_key text COLLATE "C",
  username text COLLATE "C",
  username_key text COLLATE "C",
  disabled boolean NOT NULL DEFAULT false,
  invited boolean NOT NULL DEFAULT false,
  verified boolean NOT NULL DEFAULT false,
  version bigint NOT NULL DEFAULT 1,
  PRIMARY KEY (account_id)
) /* by account_id */;

CREATE TABLE IF NOT EXISTS roster_emails (
  email_key text COLLATE "C" NOT NULL,
  account_id text COLLATE "C" NOT NULL,
  PRIMARY KEY (email_key)
) /* by email_key */;

CREATE TABLE IF NOT EXISTS roster_usernames (
  username_key text COLLATE "C" NOT NULL,
  account_id text COLLATE "C" NOT NULL,
  PRIMARY KEY (username_key)
) /* by username_key */;

CREATE TABLE IF NOT EXISTS roster_groups (
  group_name text COLLATE "C" NOT NULL,
  accounts text[] NOT NULL,
  PRIMARY KEY (group_name)
) /* by group_name */;

-- valid_until: 0 is for ever. written_at: the time of the last write; NULL: that was the one at added_at. state_changed_by,
-- previous_idempotency_key: of a membership that was suspended or removed, or came back from there, and of an invitation,
-- who did that, and under which request it had been written before. Who brought an active one back is not kept.
-- Only the primary key begins with organization_id, and the index by role is for one question alone: while the tables are
-- young a planner takes any index that would do for as good as another, and reads a whole organization for each member.
CREATE TABLE IF NOT EXISTS roster_memberships (
  organization_id text COLLATE "C" NOT NULL,
  account_id text COLLATE "C" NOT NULL,
  membership_id uuid NOT NULL,
  version bigint NOT NULL,
  added_at bigint NOT NULL,
  valid_until bigint NOT NULL DEFAULT 0,
  written_at bigint,
  idempotency_key uuid,
  previous_idempotency_key uuid,
  state smallint NOT NULL CHECK (state BETWEEN 0 AND 3),
  role_id text COLLATE "C" NOT NULL,
  state_changed_by text COLLATE "C",
  PRIMARY KEY (organization_id, account_id),
  UNIQUE (membership_id, organization_id)
) /* by organization_id */;
CREATE INDEX IF NOT EXISTS roster_memberships_by_account ON roster_memberships (account_id, organization_id);
CREATE INDEX IF NOT EXISTS roster_memberships_by_role ON roster_memberships (role_id, organization_id)
  WHERE state = 0 AND valid_until = 0;

-- What happened, written in the unit that made it happen. An event is one write of one record, so the record and its
-- version name it. Events of accounts have an empty organization_id. `seq` is drawn while the commit holds the written
-- row, so it ascends in the order of the commits of a membership; how to read with it: docs/reference/postgresql.md.
-- `occurred_at` is the time of the command, and no order.
CREATE TABLE IF NOT EXISTS roster_outbox (
  organization_id text COLLATE "C" NOT NULL,
  record text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  event text NOT NULL,
  account_id text COLLATE "C" NOT NULL,
  role_id text COLLATE "C",
  previous_role_id text COLLATE "C",
  actor_id text COLLATE "C",
  idempotency_key uuid,
  occurred_at bigint NOT NULL,
  seq bigint GENERATED ALWAYS AS IDENTITY,
  PRIMARY KEY (organization_id, record, version)
) /* by organization_id */;
CREATE INDEX IF NOT EXISTS roster_outbox_by_seq ON roster_outbox (seq);

INSERT INTO roster_schema (part, version, readable_from) VALUES ('roster', 1, 1) ON CONFLICT (part) DO NOTHING;
