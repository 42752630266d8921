/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-sqlite-ledger.c: what a commit takes away, written beside the database (docs/adr/0012-ledger.md).
 *
 *   epoch <epoch> <parent> <head>              a history begins
 *   access <seq> <user> <bucket> <was> <now> <why>   somebody's access to a file was less, or came back
 *   changed <seq> <id>                         a record that access depends on was changed
 *   erased <seq> <type> <id> <bucket>          a record was erased by law
 *   done <seq>                                 all lines of that commit are there
 *   renewed <head> <gap> <damaged>             an administrator knows what was missing; all that is known stands before it
 *
 * L1  A line is written after its commit: nothing is in the file that did not happen.
 * L2  _head.ledger names the newest commit with lines. When the file ends before it, a process died between the two, and
 *     the lines are made again from the database when it is opened.
 * L3  The answer goes out after the line is on the disk. What a dying disk takes with it was answered to nobody.
 */
#define G_LOG_DOMAIN "caseload-server"
#include "config.h"

#include "core/base/csl-error.h"
#include "server/store/sqlite/csd-sqlite-private.h"
#include "server/store/sqlite/csd-sqlite-renewed.h"

#include <string.h>

static guint
access_key_hash (gconstpointer data)
{
  const CsdAccessKey *key = data;

  return (guint) (key->who * 31 + key->bucket);
}

static gboolean
access_key_equal (gconstpointer a, gconstpointer b)
{
  return memcmp (a, b, sizeof (CsdAccessKey)) == 0;
}

void
csd_sqlite_ledger_init (CsdSqlite *self)
{
  self->touched = g_hash_table_new_full (access_key_hash, access_key_equal, g_free, NULL);
  self->news = g_ptr_array_new_with_free_func (g_free);
  self->lines = g_ptr_array_new_with_free_func (g_free);
}

void
csd_sqlite_ledger_clear (CsdSqlite *self)
{
  g_clear_pointer (&self->touched, g_hash_table_unref);
  g_clear_pointer (&self->news, g_ptr_array_unref);
  g_clear_pointer (&self->lines, g_ptr_array_unref);
  g_clear_pointer (&self->ledger, csd_ledger_free);
}

void
csd_sqlite_ledger_forget (CsdSqlite *self)
{
  g_hash_table_remove_all (self->touched);
  g_ptr_array_set_size (self->news, 0);
}

void
csd_sqlite_ledger_touch (CsdSqlite *self, gint64 who, gint64 bucket)
{
  const CsdAccessKey key = { who, bucket };

  if (!g_hash_table_contains (self->touched, &key))
    g_hash_table_add (self->touched, g_memdup2 (&key, sizeof key));
}

static void G_GNUC_PRINTF (2, 3) add_line (GPtrArray *lines, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_ptr_array_add (lines, g_strdup_vprintf (format, args));
  va_end (args);
}

/* A first grant is no news: whoever has lost a file may not have it by what an old backup says, and nobody has lost it. */
static bool
add_access (CsdSqlite *self, const CsdAccessKey *key, gint64 seq, GError **error)
{
  csl_auto_reset CslStmt *stmt = csl_db_prepare (
    self->db,
    "SELECT e.mask, coalesce (b.mask, 0), w.id, k.name, coalesce (e.why, '-') FROM _who "
    "w JOIN _bucket k"
    " LEFT JOIN _access e ON e.who = w.who AND e.bucket = k.bucket AND e.to_seq = ?3"
    " LEFT JOIN _access b ON b.who = w.who AND b.bucket = k.bucket AND b.from_seq = ?3"
    " WHERE w.who = ?1 AND k.bucket = ?2 AND (e.who IS NOT NULL OR (b.who IS NOT NULL"
    " AND EXISTS (SELECT 1 FROM _access WHERE who = ?1 AND bucket = ?2 AND from_seq < "
    "?3)))",
    error);
  GError *step_error = NULL;

  if (stmt == NULL)
    return false;
  csl_stmt_bind_int_at (stmt, 1, key->who);
  csl_stmt_bind_int_at (stmt, 2, key->bucket);
  csl_stmt_bind_int_at (stmt, 3, seq);
  if (csl_stmt_step (stmt, &step_error))
    add_line (self->lines,
              "access %" G_GINT64_FORMAT " %s %s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT
              " %s",
              seq, csl_stmt_get_text (stmt, 2), csl_stmt_get_text (stmt, 3),
              csl_stmt_get_int (stmt, 0), csl_stmt_get_int (stmt, 1),
              csl_stmt_get_text (stmt, 4));
  return csl_error_pass (&step_error, error);
}

bool
csd_sqlite_ledger_prepare (CsdSqlite *self, GError **error)
{
  GHashTableIter iter;
  gpointer key = NULL;

  g_ptr_array_set_size (self->lines, 0);
  g_hash_table_iter_init (&iter, self->touched);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    if (!add_access (self, key, self->seq, error))
      return false;
  for (guint i = 0; i < self->news->len; i++)
    g_ptr_array_add (self->lines, g_strdup (g_ptr_array_index (self->news, i)));
  if (self->lines->len == 0)
    return true;
  add_line (self->lines, "done %" G_GINT64_FORMAT, self->seq);
  return csd_sqlite_run_with_seq (self, "UPDATE _head SET ledger = :seq", self->seq,
                                  error);
}

/* The commit has happened: when this fails, the next opening repairs it. */
void
csd_sqlite_ledger_write (CsdSqlite *self)
{
  g_autoptr (GError) error = NULL;

  if (!csd_ledger_append (self->ledger, self->lines, &error))
    g_warning ("What was taken away is not in the ledger: %s", error->message);
  g_ptr_array_set_size (self->lines, 0);
}

bool
csd_sqlite_ledger_begin (CsdSqlite *self,
                         const char *epoch,
                         const char *parent,
                         gint64 head,
                         GError **error)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);

  add_line (lines, "epoch %s %s %" G_GINT64_FORMAT, epoch, parent, MAX (head, 1));
  return csd_ledger_append (self->ledger, lines, error);
}

static bool
list_access (CsdSqlite *self, gint64 seq, GError **error)
{
  GError *step_error = NULL;
  csl_auto_reset CslStmt *stmt = csl_db_prepare (
    self->db,
    "SELECT who, bucket, to_seq AS s FROM _access WHERE to_seq >= ?1"
    " UNION SELECT b.who, b.bucket, b.from_seq FROM _access b WHERE b.from_seq >= ?1"
    " AND EXISTS (SELECT 1 FROM _access e WHERE e.who = b.who AND e.bucket = b.bucket"
    " AND e.from_seq < b.from_seq) ORDER BY s",
    error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_int_at (stmt, 1, seq);
  while (csl_stmt_step (stmt, &step_error)) {
    const CsdAccessKey key = { csl_stmt_get_int (stmt, 0), csl_stmt_get_int (stmt, 1) };

    if (!add_access (self, &key, csl_stmt_get_int (stmt, 2), error))
      return false;
  }
  return csl_error_pass (&step_error, error);
}

/* Two columns: the number of a commit, and the rest of the line. */
static bool
list_news (CsdSqlite *self, const char *kind, const char *sql, gint64 seq, GError **error)
{
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);
  GError *step_error = NULL;

  if (stmt == NULL)
    return false;
  csl_stmt_bind_int_at (stmt, 1, seq);
  while (csl_stmt_step (stmt, &step_error))
    add_line (self->lines, "%s %" G_GINT64_FORMAT " %s", kind, csl_stmt_get_int (stmt, 0),
              csl_stmt_get_text (stmt, 1));
  return csl_error_pass (&step_error, error);
}

bool
csd_sqlite_ledger_repair (CsdSqlite *self, gint64 seq, GError **error)
{
  bool good;

  g_ptr_array_set_size (self->lines, 0);
  good =
    list_access (self, seq, error) &&
    list_news (self, "changed",
               "SELECT seq, id FROM _rec WHERE seq >= ?1 AND seq > created AND type IN"
               " ('case_assignment', 'membership', 'team_member', 'user') ORDER BY seq",
               seq, error) &&
    list_news (self, "erased",
               "SELECT r.seq, r.type || ' ' || r.id || ' ' || b.name FROM _rec r"
               " JOIN _bucket b ON b.bucket = r.bucket WHERE r.state = 2 AND r.seq >= ?1"
               " ORDER BY r.seq",
               seq, error);
  if (!good)
    return false;
  add_line (self->lines, "done %" G_GINT64_FORMAT, MAX (self->in_ledger, self->head));
  good = csd_ledger_append (self->ledger, self->lines, error);
  g_ptr_array_set_size (self->lines, 0);
  return good;
}

static void
sqlite_note_changed (CsdStorage *base, const char *id)
{
  CsdSqlite *self = (CsdSqlite *) base;

  add_line (self->news, "changed %" G_GINT64_FORMAT " %s", self->seq, id);
}

static bool
renew (CsdSqlite *self, const char *at, GError **error)
{
  CsdRenewal renewal = { .head = self->head,
                         .gap = self->gap,
                         .damaged = csd_ledger_get_n_damaged (self->ledger) };

  g_strlcpy (renewal.at, at, sizeof renewal.at);
  return csd_sqlite_ledger_repair (self, 0, error) &&
         csd_sqlite_renewed_note (self->db, self->ledger, &renewal, error) &&
         csl_db_execute (self->db, "UPDATE _head SET ledger_gap = 0", error);
}

static bool
sqlite_renew_ledger (CsdStorage *base, const char *at, GError **error)
{
  CsdSqlite *self = (CsdSqlite *) base;

  /* Nobody commits meanwhile. */
  if (!csl_db_begin (self->db, error))
    return false;
  if (!renew (self, at, error) || !csl_db_commit (self->db, error)) {
    csl_db_rollback (self->db);
    return false;
  }
  self->gap = 0;
  self->rebuilt = false;
  return true;
}

static bool
sqlite_list_renewals (CsdStorage *base,
                      CsdRenewalFunc func,
                      gpointer data,
                      GError **error)
{
  return csd_sqlite_renewed_list (((CsdSqlite *) base)->db, func, data, error);
}

void
csd_sqlite_init_ledger (CsdStorage *base)
{
  base->note_changed = sqlite_note_changed;
  base->renew_ledger = sqlite_renew_ledger;
  base->list_renewals = sqlite_list_renewals;
}
