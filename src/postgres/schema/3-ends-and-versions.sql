-- Step 3: the organizations inside another one. It only expands.

CREATE INDEX IF NOT EXISTS roster_organizations_by_parent ON roster_organizations (parent_id, organization_id)
  WHERE parent_id IS NOT NULL;

-- The memberships that an account has invited, suspended or removed: an erase of the account removes its id from them.
CREATE INDEX IF NOT EXISTS roster_memberships_by_changer ON roster_memberships (state_changed_by, organization_id)
  WHERE state_changed_by IS NOT NULL;

UPDATE roster_schema SET version = 3 WHERE part = 'roster' AND version < 3;
