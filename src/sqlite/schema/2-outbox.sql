-- What happened, written in the same transaction. A reader takes rows in order of `seq` and deletes what it has passed
-- on; AUTOINCREMENT, so that no number is given twice.
CREATE TABLE roster_outbox (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  occurred_at INTEGER NOT NULL,
  event TEXT NOT NULL,
  organization TEXT,                         -- NULL: the event is about the account alone
  account TEXT NOT NULL,
  role TEXT,
  membership BLOB,
  actor TEXT,
  idempotency_key BLOB NOT NULL
);
