-- SPDX-License-Identifier: GPL-3.0-or-later
-- One computer may serve several people, each with a copy of their own: what one copy has says nothing of the other.
CREATE TABLE _device_note (
  device TEXT NOT NULL,
  who TEXT NOT NULL,
  acked INTEGER NOT NULL,
  unsent INTEGER NOT NULL,
  last_seen TEXT NOT NULL,
  PRIMARY KEY (device, who)
) STRICT, WITHOUT ROWID;
INSERT INTO _device_note (device, who, acked, unsent, last_seen)
  SELECT device, who, acked, unsent, last_seen FROM _device_state;
DROP TABLE _device_state;
