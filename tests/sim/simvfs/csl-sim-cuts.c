/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-sim-cuts.c: an edit is a transaction: a new row, an older one changed, the oldest one gone. What its commit returned
 * for is promised. After each cut the file must be whole, hold every promised edit, and none by half. */
#include "sim/simvfs/csl-sim-cuts.h"

#include "sim/simvfs/csl-sim-disk.h"
#include "sim/simvfs/csl-sim-vfs.h"
#include "store/csl-db.h"

#include <glib/gstdio.h>

#define CUTS_PER_FILE 100
#define MOST_OPS      150
#define KEPT          60   /* rows */
#define LONGEST       3000 /* bytes of a row */
#define NAME          "cuts.db"

typedef struct
{
  char *folder, *path; /* (owned) */
  CslSimDisk *disk;    /* (owned) */
  GRand *rand;         /* (owned) */
  gint64 promised;     /* id of the newest row that is safe */
  CslSimCuts *cuts;    /* (unowned) */
} File;

static const guint8 key[CSL_DB_KEY_SIZE] = { 3, 1, 4, 1, 5 };

static bool
run (CslDb *db, const char *sql, gint64 id, gint64 other)
{
  csl_auto_reset CslStmt *stmt = csl_db_prepare (db, sql, NULL);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_int_at (stmt, 1, id);
  csl_stmt_bind_int_at (stmt, 2, other);
  return csl_stmt_run (stmt, NULL);
}

/* Each edit writes its number into the one row of "mark" too: that is how half an edit shows. */
static bool
edit (File *self, CslDb *db, gint64 id)
{
  gint64 length = g_rand_int_range (self->rand, 1, LONGEST);

  return csl_db_begin (db, NULL) &&
         run (db, "INSERT INTO edit (id, text) VALUES (?1, hex (zeroblob (?2 / 2)))", id,
              length) &&
         run (db, "UPDATE edit SET text = text || 'x' WHERE id = ?1 - ?2", id,
              g_rand_int_range (self->rand, 1, KEPT)) &&
         run (db, "DELETE FROM edit WHERE id <= ?1 - ?2", id, KEPT) &&
         run (db, "UPDATE mark SET id = ?1 WHERE ?2 = 0", id, 0) &&
         csl_db_commit (db, NULL);
}

static void
edit_until_dead (File *self, CslDb *db)
{
  csl_sim_disk_kill_at (self->disk, (guint64) g_rand_int_range (self->rand, 1, MOST_OPS));
  while (edit (self, db, self->promised + 1)) {
    self->promised++;
    self->cuts->edits++;
    if (g_rand_int_range (self->rand, 0, 12) == 0)
      csl_db_execute (db, "PRAGMA wal_checkpoint", NULL);
  }
  g_assert_true (csl_sim_disk_is_dead (self->disk));
}

static void
judge (File *self, CslDb *db)
{
  gint64 newest = csl_db_query_int (db, "SELECT max (id) FROM edit", -1);
  gint64 rows = csl_db_query_int (db, "SELECT count (*) FROM edit", -1);
  gint64 mark = csl_db_query_int (db, "SELECT id FROM mark", -1);
  g_autoptr (GError) error = NULL;

  self->cuts->cuts++;
  if (!csl_db_check (db, &error))
    self->cuts->damaged++;
  if (newest < self->promised)
    self->cuts->lost += (guint) (self->promised - newest);
  if (mark != newest || rows != MIN (newest, KEPT) || newest > self->promised + 1)
    self->cuts->half++;
  if (newest == self->promised + 1)
    self->cuts->survived++;
  self->promised = newest;
}

static void
make_file (File *self, guint64 seed)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CslDb) db = NULL;

  self->folder = g_dir_make_tmp ("csl-cuts-XXXXXX", &error);
  g_assert_no_error (error);
  self->path = g_build_filename (self->folder, NAME, NULL);
  self->disk = csl_sim_disk_new (self->folder, seed);
  csl_sim_vfs_reseed (seed);
  db = csl_db_open (self->path, key, CSL_DB_CREATE, &error);
  g_assert_no_error (error);
  g_assert_true (csl_db_execute (db,
                                 "CREATE TABLE edit (id INTEGER PRIMARY KEY, text TEXT);"
                                 "CREATE TABLE mark (id INTEGER);"
                                 "INSERT INTO mark VALUES (0);"
                                 "INSERT INTO edit VALUES (1, 'first');"
                                 "UPDATE mark SET id = 1",
                                 &error));
  self->promised = 1;
}

static void
remove_file (File *self)
{
  csl_sim_disk_remove (self->disk, NAME);
  csl_sim_disk_remove (self->disk, NAME "-wal");
  g_clear_pointer (&self->disk, csl_sim_disk_free);
  g_assert_cmpint (g_rmdir (self->folder), ==, 0);
  g_free (self->path);
  g_free (self->folder);
}

/* A file is opened once per cut, and after it. */
static void
cut (File *self)
{
  g_autoptr (CslDb) db = csl_db_open (self->path, key, 0, NULL);
  g_autoptr (CslDb) after = NULL;

  if (db == NULL) {
    self->cuts->damaged++;
    return;
  }
  edit_until_dead (self, db);
  g_clear_pointer (&db, csl_db_free);
  csl_sim_disk_revive (self->disk, true);
  after = csl_db_open (self->path, key, 0, NULL);
  if (after != NULL)
    judge (self, after);
  else
    self->cuts->damaged++;
}

void
csl_sim_cuts_run (guint n, guint64 seed, CslSimCuts *ret_cuts)
{
  File self = { .rand = g_rand_new_with_seed ((guint32) seed), .cuts = ret_cuts };

  *ret_cuts = (CslSimCuts){ 0 };
  for (guint i = 0; i < n; i++) {
    if (i % CUTS_PER_FILE == 0)
      make_file (&self, seed + i);
    cut (&self);
    if (i % CUTS_PER_FILE == CUTS_PER_FILE - 1 || i == n - 1)
      remove_file (&self);
  }
  g_rand_free (self.rand);
}
