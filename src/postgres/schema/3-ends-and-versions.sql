-- Step 3: the organizations inside another one. It only expands.

CREATE INDEX IF NOT EXISTS roster_organizations_by_parent ON roster_organizations (parent_id, organization_id)
  WHERE parent_id IS NOT NULL;

UPDATE roster_schema SET version = 3 WHERE part = 'roster' AND version < 3;
