-- SPDX-License-Identifier: GPL-3.0-or-later
-- How the replicas of an organisation's workers are locked: the secret that shares are derived from, days that a share may be
-- kept (0: for ever), most minutes until an idle client locks, and whether a password opens a replica whose PIN is forgotten.

ALTER TABLE organisation ADD COLUMN lock_secret BLOB;
ALTER TABLE organisation ADD COLUMN lease_days INTEGER NOT NULL DEFAULT 7;
ALTER TABLE organisation ADD COLUMN lock_minutes INTEGER NOT NULL DEFAULT 60;
ALTER TABLE organisation ADD COLUMN may_recover INTEGER NOT NULL DEFAULT 1;
UPDATE organisation SET lock_secret = randomblob (32);
