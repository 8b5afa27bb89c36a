-- The version of a new organization or account: above every version of one that was erased.
ALTER TABLE roster_schema ADD COLUMN first_version INTEGER NOT NULL DEFAULT 1;

-- The organizations inside another one.
CREATE INDEX roster_organizations_by_parent ON roster_organizations (parent, id) WHERE parent IS NOT NULL;
