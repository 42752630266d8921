/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The copy of a replica from before a migration: whatever that does wrong, the unsent work is still somewhere. */
#include "config.h"

#include "store/csl-replica-private.h"
#include "store/csl-store-sql.h"

#include <errno.h>
#include <glib/gstdio.h>

static char *
dup_copy_path (CslReplica *self, gint64 version)
{
  return g_strdup_printf ("%s.before-%" G_GINT64_FORMAT, csl_db_get_path (self->db),
                          version);
}

/* Its own name until it is whole: half a copy would be kept instead of a whole one. */
static char *
dup_part_path (const char *copy)
{
  return g_strconcat (copy, ".part", NULL);
}

void
csl_replica_find_copies (CslReplica *self)
{
  gint64 newest =
    csl_db_newest_version (csl_store_sql_get_resource (), CSL_REPLICA_SQL_FOLDER);

  for (gint64 i = 1; i <= newest; i++) {
    g_autofree char *copy = dup_copy_path (self, i);
    g_autofree char *part = dup_part_path (copy);

    if (g_file_test (copy, G_FILE_TEST_EXISTS) || g_file_test (part, G_FILE_TEST_EXISTS))
      self->has_copies = true;
  }
}

/* A database file and what belongs to it. FALSE: it is still there. */
static bool
remove_file (const char *path)
{
  g_autofree char *wal = g_strconcat (path, "-wal", NULL);
  g_autofree char *shm = g_strconcat (path, "-shm", NULL);
  bool removed = g_unlink (path) == 0 || errno == ENOENT;

  g_unlink (wal);
  g_unlink (shm);
  return removed;
}

void
csl_replica_forget_copies (CslReplica *self)
{
  gint64 newest =
    csl_db_newest_version (csl_store_sql_get_resource (), CSL_REPLICA_SQL_FOLDER);

  if (!self->has_copies)
    return;
  self->has_copies = false;
  for (gint64 i = 1; i <= newest; i++) {
    g_autofree char *copy = dup_copy_path (self, i);
    g_autofree char *part = dup_part_path (copy);

    if (!remove_file (copy) || !remove_file (part))
      self->has_copies = true;
  }
}

bool
csl_replica_copy_before (CslReplica *self, gint64 version, GError **error)
{
  g_autofree char *copy = dup_copy_path (self, version);
  g_autofree char *part = dup_part_path (copy);

  if (g_file_test (copy, G_FILE_TEST_EXISTS))
    return true;
  remove_file (part);
  if (!csl_db_back_up (self->db, part, error))
    return false;
  if (g_rename (part, copy) == 0)
    return true;
  g_set_error (error, CSL_STORE_ERROR, CSL_STORE_ERROR_IO, "%s", g_strerror (errno));
  return false;
}
