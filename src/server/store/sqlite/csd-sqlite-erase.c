/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-sqlite-erase.c: records that are erased by law: of each only its id, its type and the number of the commit stay.
 *
 *   _rec     state 2, without content          _hist     nothing
 *   _gone    "erase", for those who have it    _op       every answer says "erased"
 *   ledger   erased <seq> <type> <id> <bucket> _escrow   nothing of it, and nothing for its file
 *
 * What _op keeps of work that waited for a decision: that there was some, whose, from which computer, about which record,
 * and since which commit it is refused.
 */
#include "config.h"

#include "core/base/csl-error.h"
#include "core/base/csl-mut.h"
#include "server/store/sqlite/csd-sqlite-private.h"

/* The files of a client: its own, and those of its cases, also of deleted ones. */
#define FILES                                                                            \
  "WITH file (name) AS (SELECT 'p:' || ?1 UNION SELECT 'c:' || id FROM _rec"             \
  " WHERE type = 'case' AND doc ->> '$.client' = ?1),"                                   \
  " place (bucket) AS (SELECT b.bucket FROM _bucket b, file f WHERE b.name = f.name"     \
  " OR substr (b.name, 1, length (f.name) + 1) = f.name || ':')"

static bool
sqlite_list_client_records (CsdStorage *base,
                            const char *client,
                            CsdRowFunc func,
                            gpointer data,
                            GError **error)
{
  CsdSqlite *self = (CsdSqlite *) base;
  csl_auto_reset CslStmt *stmt = csl_db_prepare (
    self->db,
    FILES "SELECT type, id, seq, hash FROM _rec WHERE state < 2 AND bucket IN place"
          " UNION SELECT type, id, seq, hash FROM _rec WHERE type = 'stranded_answer' "
          "AND state < 2"
          " AND doc ->> '$.bundle' IN (SELECT doc ->> '$.bundle' FROM _rec"
          " WHERE type = 'stranded_work' AND bucket IN place) ORDER BY type, id",
    error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text_at (stmt, 1, client);
  return csd_sqlite_feed_list_names (self, stmt, func, data, error);
}

static bool
forget_history (CsdSqlite *self, gint64 record, GError **error)
{
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (self->db, "DELETE FROM _hist WHERE rec = :rec", error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_int (stmt, ":rec", record);
  return csl_stmt_run (stmt, error);
}

/* FALSE without @error: it was erased before. */
static bool
load_or_invent (CsdSqlite *self,
                const CslRecordType *type,
                const char *id,
                const char *bucket,
                CsdStored *stored,
                GError **error)
{
  GError *load_error = NULL;

  if (self->base.load (&self->base, id, stored, &load_error))
    return !stored->erased;
  if (!csl_error_pass (&load_error, error))
    return false;
  stored->type = type;
  g_strlcpy (stored->id, id, sizeof stored->id);
  g_strlcpy (stored->bucket, bucket, sizeof stored->bucket);
  return true;
}

bool
csd_sqlite_erase_record (CsdSqlite *self,
                         const CslRecordType *type,
                         const char *id,
                         const char *bucket,
                         GError **error)
{
  g_auto (CsdStored) stored = { 0 };
  GError *load_error = NULL;

  if (!load_or_invent (self, type, id, bucket, &stored, &load_error)) {
    if (load_error != NULL)
      g_propagate_error (error, load_error);
    return load_error == NULL;
  }
  stored.deleted = stored.erased = true;
  g_clear_pointer (&stored.frev, g_free);
  g_ptr_array_add (self->news,
                   g_strdup_printf ("erased %" G_GINT64_FORMAT " %s %s %s", self->seq,
                                    stored.type->name, id, stored.bucket));
  return self->base.store (&self->base, &stored, NULL, error) &&
         forget_history (self, stored.key, error);
}

/* Work that waits for a decision about what is erased, or is to go into its files. */
#define KEPT                                                                             \
  "record IN (SELECT id FROM _rec WHERE state = 2 AND seq = :seq)"                       \
  " OR EXISTS (SELECT 1 FROM _rec e WHERE e.state = 2 AND e.seq = :seq"                  \
  " AND e.type IN ('client', 'case') AND instr (_escrow.bucket, e.id) > 0)"

/* Who wrote something about it that is, or was, on their computer, and who once had the file: everybody with the file. */
#define WRITERS                                                                          \
  "SELECT who, line ->> '$.k' AS type, record AS id, substr (bucket, 1, 38) AS file"     \
  " FROM _escrow WHERE " KEPT                                                            \
  " UNION SELECT o.who, r.type, r.id, substr (k.name, 1, 38) FROM _rec r"                \
  " JOIN _bucket k ON k.bucket = r.bucket JOIN _op o ON o.record = r.id"                 \
  " WHERE r.state = 2 AND r.seq = :seq"                                                  \
  " UNION SELECT w.id, r.type, r.id, k.name FROM _rec r JOIN _bucket k"                  \
  " ON k.name = CASE r.type WHEN 'client' THEN 'p:' ELSE 'c:' END || r.id"               \
  " JOIN _access a ON a.bucket = k.bucket JOIN _who w ON w.who = a.who"                  \
  " WHERE r.state = 2 AND r.seq = :seq AND r.type IN ('client', 'case')"

/* They are told in the file itself, as long as they have it; else in their own bucket. So are those who wrote in a record that
 * was deleted before: it leaves no file now, and what was acknowledged is on their computers still. And so is everybody who
 * wrote in it: a computer that has not heard of a new file yet gets that file as it is now, without what has left it. */
static bool
tell_former (CsdSqlite *self, GError **error)
{
  csl_auto_reset CslStmt *stmt = csl_db_prepare (
    self->db,
    "INSERT INTO _gone (seq, n, bucket, type, id, why) SELECT :seq, :n + row_number ()"
    " OVER (ORDER BY b.bucket, g.id), b.bucket, g.type, g.id, 'erase' FROM (" WRITERS
    ") g JOIN _bucket b ON b.name = 'u:' || g.who WHERE NOT EXISTS (SELECT 1 FROM _who w"
    " JOIN _access a ON a.who = w.who AND a.to_seq IS NULL JOIN _bucket f"
    " ON f.bucket = a.bucket WHERE w.id = g.who AND f.name = g.file)"
    " OR NOT EXISTS (SELECT 1 FROM _gone t WHERE t.seq = :seq AND t.id = g.id)"
    " OR EXISTS (SELECT 1 FROM _op o WHERE o.record = g.id AND o.who = g.who)",
    error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_int (stmt, ":seq", self->seq);
  csl_stmt_bind_int (stmt, ":n", self->n);
  if (!csl_stmt_run (stmt, error))
    return false;
  self->n += csl_db_get_changes (self->db);
  return true;
}

bool
csd_sqlite_erase_rest (CsdSqlite *self, GError **error)
{
  self->purge_due = true;
  return (CSL_MUT (49) || tell_former (self, error)) &&
         csd_sqlite_run_with_seq (
           self,
           "UPDATE _op SET state = 1, answer = json_object ('op', op, 'n', n, 'r',"
           " 'rejected', 'code', 'erased', 'msg', 'This record was erased by law.')"
           " WHERE record IN (SELECT id FROM _rec WHERE state = 2 AND seq = :seq)"
           " OR op IN (SELECT op FROM _escrow WHERE " KEPT ")",
           self->seq, error) &&
         csd_sqlite_run_with_seq (self, "DELETE FROM _escrow WHERE " KEPT, self->seq,
                                  error);
}

static bool
sqlite_erase (CsdStorage *base, const GPtrArray *ids, GError **error)
{
  CsdSqlite *self = (CsdSqlite *) base;

  g_return_val_if_fail (self->seq > 0, false);
  for (guint i = 0; i < ids->len; i++)
    if (!csd_sqlite_erase_record (self, NULL, g_ptr_array_index (ids, i), "", error))
      return false;
  return csd_sqlite_erase_rest (self, error);
}

static bool
sqlite_is_erased (CsdStorage *base, const char *id, GError **error)
{
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (((CsdSqlite *) base)->db,
                    "SELECT 1 FROM _rec WHERE id = :id AND state = 2", error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":id", id);
  return csl_stmt_step (stmt, error);
}

static bool
sqlite_list_erased (CsdStorage *base, CsdErasedFunc func, gpointer data, GError **error)
{
  GError *step_error = NULL;
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (((CsdSqlite *) base)->db,
                    "SELECT id, seq FROM _rec WHERE state = 2 AND type = 'client'"
                    " ORDER BY seq, id",
                    error);

  if (stmt == NULL)
    return false;
  while (csl_stmt_step (stmt, &step_error))
    func (csl_stmt_get_text (stmt, 0), csl_stmt_get_int (stmt, 1), data);
  return csl_error_pass (&step_error, error);
}

static bool
sqlite_empty_log (CsdStorage *base, GError **error)
{
  CsdSqlite *self = (CsdSqlite *) base;

  if (!csl_db_truncate_wal (self->db, error))
    return false;
  self->purge_due = false;
  return true;
}

void
csd_sqlite_erase_committed (CsdSqlite *self)
{
  /* Somebody who reads just now only delays it. */
  if (self->purge_due && !sqlite_empty_log (&self->base, NULL))
    g_debug ("What was erased is in the log still");
}

void
csd_sqlite_erase_opened (CsdSqlite *self)
{
  static const char sql[] = "SELECT 1 FROM _rec WHERE state = 2 LIMIT 1";

  /* A process may have died between the commit and this. */
  self->purge_due |= csl_db_query_int (self->db, sql, 0) != 0;
  csd_sqlite_erase_committed (self);
}

void
csd_sqlite_init_erase (CsdStorage *base)
{
  base->list_client_records = sqlite_list_client_records;
  base->erase = sqlite_erase;
  base->is_erased = sqlite_is_erased;
  base->list_erased = sqlite_list_erased;
  base->empty_log = sqlite_empty_log;
}
