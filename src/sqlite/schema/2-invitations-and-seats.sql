-- The end of an invitation, roles that take no seat, and counts of the owners whose account is enabled.

-- Of an invitation; 0: for ever. Of the tombstone of an invitation, the time of its removal, negative. Before this step an
-- invitation ended with the membership that it offers.
ALTER TABLE roster_memberships ADD COLUMN invitation_until INTEGER NOT NULL DEFAULT 0;
UPDATE roster_memberships SET invitation_until = valid_until WHERE state = 1;
CREATE INDEX roster_ending_invitations ON roster_memberships (organization, invitation_until)
  WHERE state = 1 AND invitation_until <> 0;

ALTER TABLE roster_catalog ADD COLUMN takes_seat INTEGER NOT NULL DEFAULT 1;

-- How many memberships an organization has, by role and kind: 0 active for ever, of an enabled account; 1 other active
-- ones; 2 invited for ever; 3 invited with an end. An earlier version would count otherwise. It is refused, and a process
-- that runs it meanwhile fails at the missing table.
DROP TABLE roster_counts;
CREATE TABLE roster_member_counts (
  organization INTEGER NOT NULL,
  role INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  members INTEGER NOT NULL,
  PRIMARY KEY (organization, role, kind)
) WITHOUT ROWID;
UPDATE roster_organizations SET counted = 0;
UPDATE roster_schema SET readable_from = 2;
