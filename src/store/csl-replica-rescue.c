/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-replica-rescue.c: the outbox of a damaged file, read from both ends up to what cannot be read. The indexes are left
 * aside: they may be what is damaged. */
#include "config.h"

#include "store/csl-replica-rescue.h"

#include "core/base/csl-time.h"
#include "store/csl-replica-drafts.h"
#include "store/csl-replica-private.h"
#include "store/csl-stmt.h"

#include <glib/gstdio.h>

#define SUFFIX ".rescue"

/* What a database and its log consist of. */
static const char *const parts[] = { "", "-wal", "-shm" };

/* -- a passing copy -- */

static void
remove_copy (const char *copy)
{
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++) {
    g_autofree char *path = g_strconcat (copy, parts[i], NULL);

    (void) g_unlink (path);
  }
}

/* Without the shared memory beside the log, which is made anew. */
static bool
copy_files (const char *path, const char *copy, GError **error)
{
  for (guint i = 0; i < 2; i++) {
    g_autofree char *from_path = g_strconcat (path, parts[i], NULL);
    g_autofree char *to_path = g_strconcat (copy, parts[i], NULL);
    g_autoptr (GFile) from = g_file_new_for_path (from_path);
    g_autoptr (GFile) to = g_file_new_for_path (to_path);

    if ((i == 0 || g_file_query_exists (from, NULL)) &&
        !g_file_copy (from, to, G_FILE_COPY_OVERWRITE, NULL, NULL, NULL, error))
      return false;
  }
  return true;
}

/* -- reading -- */

static char *
dup_meta (CslDb *db, const char *name, GError **error)
{
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (db, "SELECT \"value\" FROM \"_meta\" WHERE \"name\" = :name", error);
  GError *local = NULL;
  char *text = NULL;

  if (stmt == NULL)
    return NULL;
  csl_stmt_bind_text (stmt, ":name", name);
  if (csl_stmt_step (stmt, &local))
    text = csl_stmt_dup_text (stmt, 0);
  if (local != NULL)
    g_propagate_error (error, local);
  else if (text == NULL)
    g_set_error (error, CSL_STORE_ERROR, CSL_STORE_ERROR_DAMAGED, "%s is missing", name);
  return text;
}

static bool
read_head (CslDb *db, const CslEnv *env, CslWorkCopy *copy, GError **error)
{
  copy->organisation = dup_meta (db, "organisation", error);
  if (copy->organisation != NULL)
    copy->user = dup_meta (db, "user", error);
  if (copy->user != NULL)
    copy->device = dup_meta (db, "device", error);
  if (copy->device != NULL)
    copy->inc = dup_meta (db, "inc", error);
  if (copy->inc == NULL)
    return false;
  /* Not known before the first answer of the server. */
  copy->epoch = dup_meta (db, "epoch", NULL);
  copy->at = csl_instant_format (csl_env_wall_ms (env), NULL);
  return true;
}

/* Appends lines up to the end, to the entry @last, or to what cannot be read. TRUE: not to that. @last: the last one read. */
static bool
read_lines (CslDb *db, const char *sql, GPtrArray *lines, gint64 *last)
{
  csl_auto_reset CslStmt *stmt = csl_db_prepare (db, sql, NULL);
  const gint64 known = *last;
  g_autoptr (GError) error = NULL;

  while (stmt != NULL && csl_stmt_step (stmt, &error)) {
    if (csl_stmt_get_int (stmt, 0) == known)
      return true;
    g_ptr_array_add (lines, csl_stmt_dup_text (stmt, 1));
    *last = csl_stmt_get_int (stmt, 0);
  }
  return stmt != NULL && error == NULL;
}

#define LINES                                                                            \
  "SELECT \"entry\", \"line\" FROM \"_outbox\" NOT INDEXED WHERE \"state\" IN "          \
  "('queued', 'sent', 'held', 'rejected') ORDER BY \"entry\""

/* What comes after the hole, backwards. The first connection is of no use any more. */
static void
read_behind (const char *path, const guint8 *key, GPtrArray *lines, gint64 last)
{
  g_autoptr (CslDb) db = csl_db_open (path, key, CSL_DB_READ_ONLY, NULL);
  g_autoptr (GPtrArray) behind = g_ptr_array_new_with_free_func (g_free);

  if (db == NULL)
    return;
  (void) read_lines (db, LINES " DESC", behind, &last);
  while (behind->len > 0)
    g_ptr_array_add (lines, g_ptr_array_steal_index (behind, behind->len - 1));
}

static bool
read_copy (const char *copy_path,
           const guint8 *key,
           const CslEnv *env,
           CslWorkCopy *copy,
           bool *ret_complete,
           GError **error)
{
  g_autoptr (CslDb) db = csl_db_open (copy_path, key, CSL_DB_READ_ONLY, error);
  gint64 last = -1;

  if (db == NULL || !read_head (db, env, copy, error))
    return false;
  copy->lines = g_ptr_array_new_with_free_func (g_free);
  *ret_complete = read_lines (db, LINES, copy->lines, &last);
  g_clear_pointer (&db, csl_db_free);
  if (!*ret_complete)
    read_behind (copy_path, key, copy->lines, last);
  return true;
}

/* With a connection of their own: the one before may be of no use any more. */
static bool
read_drafts (const char *path,
             const guint8 *key,
             const CslSchema *schema,
             CslWorkCopy *copy)
{
  const CslRecordType *type = csl_schema_lookup_type (schema, CSL_DRAFT_TYPE);
  g_autoptr (CslDb) db = csl_db_open (path, key, CSL_DB_READ_ONLY, NULL);
  g_autoptr (CslRecordTable) table = NULL;

  copy->drafts = g_ptr_array_new_with_free_func (g_free);
  if (type == NULL || db == NULL)
    return type == NULL;
  table = csl_record_table_new (db, type);
  return csl_drafts_list (table, copy->drafts, NULL);
}

bool
csl_replica_rescue (const char *path,
                    const guint8 *key,
                    const CslSchema *schema,
                    const CslEnv *env,
                    CslWorkCopy *ret_copy,
                    bool *ret_complete,
                    GError **error)
{
  g_autofree char *copy = g_strconcat (path, SUFFIX, NULL);
  bool done;

  g_return_val_if_fail (key != NULL, false);
  *ret_copy = (CslWorkCopy){ 0 };
  done = copy_files (path, copy, error) &&
         read_copy (copy, key, env, ret_copy, ret_complete, error);
  if (done && !read_drafts (copy, key, schema, ret_copy))
    *ret_complete = false;
  remove_copy (copy);
  if (!done)
    csl_work_copy_clear (ret_copy);
  return done;
}

char *
csl_replica_rescue_setting (const char *path, const guint8 *key, const char *name)
{
  g_autofree char *copy = g_strconcat (path, SUFFIX, NULL);
  g_autofree char *full = csl_replica_setting_name (name);
  char *text = NULL;

  g_return_val_if_fail (key != NULL, NULL);
  if (copy_files (path, copy, NULL)) {
    g_autoptr (CslDb) db = csl_db_open (copy, key, CSL_DB_READ_ONLY, NULL);

    text = db != NULL ? dup_meta (db, full, NULL) : NULL;
  }
  remove_copy (copy);
  return text;
}
