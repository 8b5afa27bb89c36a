-- The organizations inside another one.

CREATE INDEX roster_organizations_by_parent ON roster_organizations (parent, id) WHERE parent IS NOT NULL;
