-- Step 3 only expands: versions that know schema 1 or 2 alone go on beside a newer one.

-- invitation_until, of an invitation: 0 is the expiry of its membership, valid_until. A version that knows schema 1 alone
-- moves valid_until, and the end moves along. Any other end has a value of its own: 9223372036854775807 is no end beside an
-- expiry. A version of schema 2 stored the end in every case.
UPDATE roster_memberships SET invitation_until = 0 WHERE state = 1 AND invitation_until = valid_until
  AND invitation_until <> 0;

-- Of an event: the ends of the membership after it. 0: none. NULL: no membership is left, the event is about the account
-- alone, or an earlier version wrote it.
ALTER TABLE roster_outbox ADD COLUMN IF NOT EXISTS valid_until bigint;
ALTER TABLE roster_outbox ADD COLUMN IF NOT EXISTS invitation_until bigint;

-- A closed organization takes no members. A version that does not know the column does not refuse them.
ALTER TABLE roster_organizations ADD COLUMN IF NOT EXISTS closed boolean NOT NULL DEFAULT false;

-- The organizations inside another one.
CREATE INDEX IF NOT EXISTS roster_organizations_by_parent ON roster_organizations (parent_id, organization_id)
  WHERE parent_id IS NOT NULL;

-- The memberships that an account has invited, suspended or removed: an erase of the account removes its id from them.
CREATE INDEX IF NOT EXISTS roster_memberships_by_changer ON roster_memberships (state_changed_by, organization_id)
  WHERE state_changed_by IS NOT NULL;

-- A version is drawn for each write of a record, so none comes again: not after a rollback, and not for a record that was
-- deleted and put again. It is above the versions of earlier steps, which were below 2^62.
CREATE SEQUENCE IF NOT EXISTS roster_versions AS bigint START WITH 4611686018427387904;

-- The roles that have owned, under any catalog. So no later catalog takes the guard on the last owner away.
CREATE TABLE IF NOT EXISTS roster_owner_roles (
  role_id text COLLATE "C" NOT NULL,
  PRIMARY KEY (role_id)
) /* by role_id */;
INSERT INTO roster_owner_roles (role_id) SELECT DISTINCT role_id FROM roster_roles WHERE owns ON CONFLICT DO NOTHING;

UPDATE roster_schema SET version = 3 WHERE part = 'roster' AND version < 3;
