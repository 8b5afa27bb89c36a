-- What happened, written in the same transaction. A reader takes rows in order of `seq`, and the last `seq` is its
-- cursor: SQLite has one writer at a time, so a lower number is never committed later. AUTOINCREMENT, so that no number
-- is given twice. `occurred_at` is the time of the command, and no order.
CREATE TABLE roster_outbox (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  occurred_at INTEGER NOT NULL,
  event TEXT NOT NULL,
  organization TEXT,                         -- NULL: the event is about the account alone
  account TEXT NOT NULL,
  role TEXT,
  membership BLOB,
  version INTEGER NOT NULL,                  -- of the membership, or the account, after the write
  actor TEXT,
  idempotency_key BLOB NOT NULL
);
