-- Step 3 only expands: a version that knows schema 2 goes on beside a newer one.

-- Of an event: the ends of the membership after it. 0: none. NULL: no membership is left, the event is about the account
-- alone, or an earlier version wrote it.
ALTER TABLE roster_outbox ADD COLUMN valid_until INTEGER;
ALTER TABLE roster_outbox ADD COLUMN invitation_until INTEGER;

-- A closed organization takes no members. A version that does not know the column does not refuse them.
ALTER TABLE roster_organizations ADD COLUMN closed INTEGER NOT NULL DEFAULT 0;

-- The version of a new organization or account: above every version of one that was erased.
ALTER TABLE roster_schema ADD COLUMN first_version INTEGER NOT NULL DEFAULT 1;

-- The row of an erased account stays, because others refer to its number. Its id is then a control character and that
-- number, which no id of an account is. former_id is what it was, if its mentions are kept.
ALTER TABLE roster_accounts ADD COLUMN former_id TEXT;
CREATE UNIQUE INDEX roster_former_accounts ON roster_accounts (former_id) WHERE former_id IS NOT NULL;

DROP VIEW roster_members;
CREATE VIEW roster_members AS
SELECT o.id AS organization, coalesce(a.former_id, a.id) AS account, r.id AS role,
       CASE m.state WHEN 0 THEN 'active' WHEN 1 THEN 'invited' WHEN 2 THEN 'suspended' ELSE 'removed' END AS state,
       m.added_at, m.valid_until, hex(m.id) AS membership, hex(m.idempotency_key) AS idempotency_key
FROM roster_memberships m
JOIN roster_organizations o ON o.n = m.organization
JOIN roster_accounts a ON a.n = m.account
JOIN roster_roles r ON r.n = m.role;

-- The organizations inside another one.
CREATE INDEX roster_organizations_by_parent ON roster_organizations (parent, id) WHERE parent IS NOT NULL;

-- The role has owned, under any catalog. So no later catalog takes the guard on the last owner away.
ALTER TABLE roster_roles ADD COLUMN has_owned INTEGER NOT NULL DEFAULT 0;
UPDATE roster_roles SET has_owned = 1 WHERE n IN (SELECT role FROM roster_catalog WHERE owns = 1);
