-- Step 2: the end of an invitation, and roles that take no seat. It only expands: a version that knows schema 1 alone goes
-- on beside a newer one, and ignores these columns. So a host sets them once every process has the newer version.

-- invitation_until: of an invitation; 0 is for ever, or until valid_until. Of the tombstone of an invitation, it is the
-- time of its removal, negative. It stays 0 for the invitations of before: a version that knows schema 1 alone moves their
-- valid_until and not this.
ALTER TABLE roster_memberships ADD COLUMN IF NOT EXISTS invitation_until bigint NOT NULL DEFAULT 0;

ALTER TABLE roster_roles ADD COLUMN IF NOT EXISTS takes_seat boolean NOT NULL DEFAULT true;

UPDATE roster_schema SET version = 2 WHERE part = 'roster' AND version < 2;
