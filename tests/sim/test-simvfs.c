/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The simulated disk against what is known of SQLite: with synchronous=FULL no power cut loses what was promised; with
 * NORMAL and a WAL it does; with OFF it damages files as well. A simulator that finds faults where there are none, or
 * none where they are, proves nothing about anything else. */
#include "sim/simvfs/csl-sim-cuts.h"
#include "sim/simvfs/csl-sim-disk.h"
#include "sim/simvfs/csl-sim-vfs.h"
#include "store/csl-db.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#define SEEDS    150
#define MOST_OPS 120

static const guint8 key[CSL_DB_KEY_SIZE] = { 7, 1, 4 };

static guint most_cuts = 5000;

typedef struct
{
  const char *journal, *synchronous;
} Mode;

typedef struct
{
  guint lost, damaged, cuts;
} Findings;

static sqlite3 *
open_raw (const char *path, const Mode *mode)
{
  g_autofree char *pragmas =
    g_strdup_printf ("PRAGMA journal_mode = %s; PRAGMA synchronous = %s", mode->journal,
                     mode->synchronous);
  guint8 raw[4 + CSL_DB_KEY_SIZE] = "raw:";
  sqlite3 *db = NULL;

  for (guint i = 0; i < sizeof key; i++)
    raw[4 + i] = key[i];
  if (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) !=
        SQLITE_OK ||
      sqlite3_exec (db, "PRAGMA cipher = 'aegis'", NULL, NULL, NULL) != SQLITE_OK ||
      sqlite3_key (db, raw, sizeof raw) != SQLITE_OK ||
      sqlite3_exec (db, pragmas, NULL, NULL, NULL) != SQLITE_OK) {
    sqlite3_close (db);
    return NULL;
  }
  return db;
}

static gint64
ask (sqlite3 *db, const char *sql)
{
  sqlite3_stmt *stmt = NULL;
  gint64 number = -1;

  if (sqlite3_prepare_v2 (db, sql, -1, &stmt, NULL) == SQLITE_OK &&
      sqlite3_step (stmt) == SQLITE_ROW)
    number = sqlite3_column_int64 (stmt, 0);
  sqlite3_finalize (stmt);
  return number;
}

/* Writes until the program dies. Returns the number of rows that were promised. */
static gint64
write_until_dead (sqlite3 *db)
{
  gint64 promised = 0;

  while (sqlite3_exec (db,
                       "INSERT INTO t (filler) VALUES (hex (zeroblob (300)));"
                       "UPDATE t SET filler = filler || 'x' WHERE id % 7 = 3",
                       NULL, NULL, NULL) == SQLITE_OK) {
    promised = sqlite3_last_insert_rowid (db);
    if (promised % 16 == 0)
      sqlite3_wal_checkpoint_v2 (db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
  }
  return promised;
}

static void
judge (const char *path, const Mode *mode, gint64 promised, Findings *findings)
{
  sqlite3 *db = open_raw (path, mode);
  gint64 rows = db != NULL ? ask (db, "SELECT count (*) FROM t") : -1;
  gint64 whole =
    db != NULL ? ask (db, "SELECT quick_check = 'ok' FROM pragma_quick_check") : -1;

  if (rows < 0 || whole != 1)
    findings->damaged++;
  else if (rows < promised)
    findings->lost++;
  findings->cuts++;
  sqlite3_close (db);
}

static void
cut_once (const char *folder, const Mode *mode, guint64 seed, Findings *findings)
{
  g_autoptr (CslSimDisk) disk = csl_sim_disk_new (folder, seed);
  g_autofree char *path = g_build_filename (folder, "t.db", NULL);
  sqlite3 *db;
  gint64 promised;

  csl_sim_vfs_reseed (seed);
  db = open_raw (path, mode);
  g_assert_nonnull (db);
  g_assert_cmpint (sqlite3_exec (db,
                                 "CREATE TABLE t (id INTEGER PRIMARY KEY, filler TEXT)",
                                 NULL, NULL, NULL),
                   ==, SQLITE_OK);
  /* What was made just now is not the question. */
  sqlite3_close (db);
  csl_sim_disk_sync_folder (disk);
  db = open_raw (path, mode);
  csl_sim_disk_kill_at (disk, 1 + seed * 7919 % MOST_OPS);
  promised = write_until_dead (db);
  g_assert_true (csl_sim_disk_is_dead (disk));
  sqlite3_close (db);
  csl_sim_disk_revive (disk, true);
  judge (path, mode, promised, findings);
}

static void
cut_often (const Mode *mode, Findings *findings)
{
  for (guint64 seed = 1; seed <= SEEDS; seed++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *folder = g_dir_make_tmp ("csl-simvfs-XXXXXX", &error);
    g_autofree char *path = NULL;

    g_assert_no_error (error);
    cut_once (folder, mode, seed, findings);
    path = g_build_filename (folder, "t.db", NULL);
    g_unlink (path);
    g_clear_pointer (&path, g_free);
    path = g_build_filename (folder, "t.db-wal", NULL);
    g_unlink (path);
    g_rmdir (folder);
  }
  g_test_message ("%s, synchronous=%s: %u cuts, %u lost, %u damaged", mode->journal,
                  mode->synchronous, findings->cuts, findings->lost, findings->damaged);
}

static void
test_silent (gconstpointer data)
{
  Findings findings = { 0 };

  cut_often (data, &findings);
  g_assert_cmpuint (findings.lost, ==, 0);
  g_assert_cmpuint (findings.damaged, ==, 0);
}

static void
test_loses (gconstpointer data)
{
  Findings findings = { 0 };

  cut_often (data, &findings);
  g_assert_cmpuint (findings.lost, >, SEEDS / 4);
  g_assert_cmpuint (findings.damaged, ==, 0);
}

static void
test_damages (gconstpointer data)
{
  Findings findings = { 0 };

  cut_often (data, &findings);
  g_assert_cmpuint (findings.lost, >, 0);
  g_assert_cmpuint (findings.damaged, >, 0);
}

/* Faults that come back as errors, on a file of the product's own settings. */
static void
test_errors (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("csl-simvfs-XXXXXX", &error);
  g_autofree char *path = g_build_filename (folder, "p.db", NULL);
  g_autoptr (CslSimDisk) disk = csl_sim_disk_new (folder, 1);
  g_autoptr (CslDb) db = csl_db_open (path, key, CSL_DB_CREATE, &error);

  g_assert_no_error (error);
  g_assert_true (csl_db_execute (db, "CREATE TABLE t (a)", &error));
  csl_sim_disk_get_faults (disk)->full = true;
  g_assert_false (
    csl_db_execute (db, "INSERT INTO t VALUES (hex (zeroblob (90000)))", &error));
  g_assert_error (error, CSL_STORE_ERROR, CSL_STORE_ERROR_FULL);
  g_clear_error (&error);
  csl_sim_disk_get_faults (disk)->full = false;
  g_assert_true (csl_db_execute (db, "INSERT INTO t VALUES (1)", &error));
  csl_sim_disk_get_faults (disk)->sync_error = 10000;
  g_assert_false (csl_db_execute (db, "INSERT INTO t VALUES (2)", &error));
  g_assert_error (error, CSL_STORE_ERROR, CSL_STORE_ERROR_IO);
  g_clear_error (&error);
  /* For good: nobody knows what is on the disk. */
  csl_sim_disk_get_faults (disk)->sync_error = 0;
  g_assert_false (csl_db_execute (db, "INSERT INTO t VALUES (3)", &error));
  g_assert_error (error, CSL_STORE_ERROR, CSL_STORE_ERROR_IO);
  g_clear_pointer (&db, csl_db_free);
  g_unlink (path);
  g_rmdir (folder);
}

static void
execute (CslDb *db, const char *sql)
{
  g_autoptr (GError) error = NULL;

  csl_db_execute (db, sql, &error);
  g_assert_no_error (error);
}

static CslDb *
open_again (const char *path, CslSimDisk *disk, bool power)
{
  g_autoptr (GError) error = NULL;
  CslDb *db;

  csl_sim_disk_revive (disk, power);
  db = csl_db_open (path, key, 0, &error);
  g_assert_no_error (error);
  return db;
}

/* A sync fails, the program is started again, promises something, and then the power is cut. */
static void
promise_behind_gap (const char *folder, const char *path, guint64 seed)
{
  g_autoptr (CslSimDisk) disk = csl_sim_disk_new (folder, seed);
  g_autoptr (CslDb) db = csl_db_open (path, key, CSL_DB_CREATE, NULL);

  execute (db, "CREATE TABLE t (a)");
  g_clear_pointer (&db, csl_db_free);
  csl_sim_disk_sync_folder (disk);
  db = open_again (path, disk, false);
  execute (db, "INSERT INTO t VALUES (1)");
  csl_sim_disk_get_faults (disk)->sync_error = 10000;
  g_assert_false (csl_db_execute (db, "INSERT INTO t VALUES (2)", NULL));
  csl_sim_disk_get_faults (disk)->sync_error = 0;
  csl_sim_disk_kill (disk);
  g_clear_pointer (&db, csl_db_free);
  db = open_again (path, disk, false);
  execute (db, "INSERT INTO t VALUES (3)");
  csl_sim_disk_kill (disk);
  g_clear_pointer (&db, csl_db_free);
  db = open_again (path, disk, true);
  g_assert_cmpint (csl_db_query_int (db, "SELECT count (*) FROM t WHERE a IN (1, 3)", 0),
                   ==, 2);
}

static void
test_i2_promised_behind_gap (void)
{
  for (guint64 seed = 1; seed <= 20; seed++) {
    g_autofree char *folder = g_dir_make_tmp ("csl-simvfs-XXXXXX", NULL);
    g_autofree char *path = g_build_filename (folder, "g.db", NULL);
    g_autofree char *log = g_strconcat (path, "-wal", NULL);

    promise_behind_gap (folder, path, seed);
    g_unlink (log);
    g_unlink (path);
    g_rmdir (folder);
  }
}

/* One bit of an encrypted file: it is refused, or it was nobody's; never is something else read. */
static void
test_flipped (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("csl-simvfs-XXXXXX", &error);
  g_autofree char *path = g_build_filename (folder, "f.db", NULL);
  g_autoptr (CslSimDisk) disk = csl_sim_disk_new (folder, 1);
  g_autoptr (CslDb) made = csl_db_open (path, key, CSL_DB_CREATE, &error);
  guint refused = 0;

  g_assert_true (csl_db_execute (made,
                                 "CREATE TABLE t (a);"
                                 "INSERT INTO t VALUES (hex (zeroblob (20000)))",
                                 &error));
  g_clear_pointer (&made, csl_db_free);
  for (guint i = 0; i < 200; i++) {
    g_autoptr (GError) refusal = NULL;
    g_autoptr (CslDb) db = NULL;
    gint64 offset = i * 211 % csl_sim_disk_get_size (disk, "f.db");

    g_assert_true (csl_sim_disk_flip (disk, "f.db", offset, i % 8));
    db = csl_db_open (path, key, 0, &refusal);
    if (db == NULL || !csl_db_check (db, &refusal))
      refused++;
    else
      g_assert_cmpint (csl_db_query_int (db, "SELECT a = hex (zeroblob (20000)) FROM t",
                                         -1),
                       ==, 1);
    g_clear_pointer (&db, csl_db_free);
    g_assert_true (csl_sim_disk_flip (disk, "f.db", offset, i % 8));
  }
  g_test_message ("%u of 200 bits refused", refused);
  g_assert_cmpuint (refused, >, 150);
  g_unlink (path);
  g_rmdir (folder);
}

/* The product's own file: nothing promised is lost. */
static void
test_cuts (void)
{
  CslSimCuts cuts;

  csl_sim_cuts_run (most_cuts, 1, &cuts);
  g_test_message ("%u cuts among %u promised edits: %u lost, %u by half, %u times not "
                  "whole; %u more were there",
                  cuts.cuts, cuts.edits, cuts.lost, cuts.half, cuts.damaged,
                  cuts.survived);
  g_assert_cmpuint (cuts.cuts, ==, most_cuts);
  g_assert_cmpuint (cuts.edits, >, most_cuts);
  g_assert_cmpuint (cuts.survived, >, 0);
  g_assert_cmpuint (cuts.lost, ==, 0);
  g_assert_cmpuint (cuts.half, ==, 0);
  g_assert_cmpuint (cuts.damaged, ==, 0);
}

/* --cuts N: so many, instead of some thousands. */
static void
read_cuts (int *argc, char **argv)
{
  if (*argc != 3 || strcmp (argv[1], "--cuts") != 0)
    return;
  most_cuts = (guint) g_ascii_strtoull (argv[2], NULL, 10);
  *argc = 1;
}

int
main (int argc, char **argv)
{
  static const Mode wal_full = { "WAL", "FULL" };
  /* FULL does not sync the folder after the journal was removed; SQLite says so itself. */
  static const Mode delete_extra = { "DELETE", "EXTRA" };
  static const Mode wal_normal = { "WAL", "NORMAL" };
  static const Mode wal_off = { "WAL", "OFF" };
  static const Mode delete_off = { "DELETE", "OFF" };

  read_cuts (&argc, argv);
  g_test_init (&argc, &argv, NULL);
  csl_sim_vfs_install ();
  g_test_add_data_func ("/sim/vfs/wal-full-silent", &wal_full, test_silent);
  g_test_add_data_func ("/sim/vfs/delete-extra-silent", &delete_extra, test_silent);
  g_test_add_data_func ("/sim/vfs/wal-normal-loses", &wal_normal, test_loses);
  g_test_add_data_func ("/sim/vfs/wal-off-damages", &wal_off, test_damages);
  g_test_add_data_func ("/sim/vfs/delete-off-damages", &delete_off, test_damages);
  g_test_add_func ("/sim/vfs/cuts", test_cuts);
  g_test_add_func ("/sim/vfs/errors", test_errors);
  g_test_add_func ("/sim/vfs/i2-promised-behind-gap", test_i2_promised_behind_gap);
  g_test_add_func ("/sim/vfs/flipped-bits", test_flipped);
  return g_test_run ();
}
