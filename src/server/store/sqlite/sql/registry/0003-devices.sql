-- SPDX-License-Identifier: GPL-3.0-or-later
-- What is known of a computer, lost computers, and work recovered from them.

-- 0 enrolled, 1 suspended, 2 wipe pending, 3 wiped
ALTER TABLE device ADD COLUMN status INTEGER NOT NULL DEFAULT 0;
UPDATE device SET status = 1 WHERE revoked <> 0;
ALTER TABLE device DROP COLUMN revoked;
-- Rises with every change of the status: an order with a lower one is void.
ALTER TABLE device ADD COLUMN counter INTEGER NOT NULL DEFAULT 0;
ALTER TABLE device ADD COLUMN platform TEXT NOT NULL DEFAULT '';
ALTER TABLE device ADD COLUMN app TEXT NOT NULL DEFAULT '';
ALTER TABLE device ADD COLUMN ordered_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE device ADD COLUMN wiped_ms INTEGER NOT NULL DEFAULT 0;
CREATE INDEX session_device ON session (device, account);

-- The private half is here only as long as the administrator leaves it, and then under a passphrase.
CREATE TABLE recovery_key (
  organisation TEXT PRIMARY KEY REFERENCES organisation (id),
  public_key BLOB NOT NULL,
  wrapped BLOB,
  made_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Sealed work of a lost computer; complete when every part is there and the sum fits.
CREATE TABLE sealed (
  id TEXT PRIMARY KEY,
  organisation TEXT NOT NULL,
  account TEXT NOT NULL,
  device TEXT NOT NULL,
  hash TEXT NOT NULL,
  size INTEGER NOT NULL,
  entries INTEGER NOT NULL,
  begun_ms INTEGER NOT NULL,
  complete_ms INTEGER NOT NULL,
  imported_ms INTEGER NOT NULL,
  UNIQUE (device, account, hash),
  FOREIGN KEY (device, account) REFERENCES device (id, account)
) STRICT, WITHOUT ROWID;

CREATE TABLE sealed_part (
  sealed TEXT NOT NULL REFERENCES sealed (id),
  part INTEGER NOT NULL,
  data BLOB NOT NULL,
  PRIMARY KEY (sealed, part)
) STRICT;
