/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Laying waiting operations over the server's versions (R3, I9).
 *
 *   row = lay (server's version, operations in order of writing that are still laid)
 *
 * An operation is laid from the moment it is written until one of
 *   - it was acknowledged and the server's version has a rev of at least its seq (it contains it now),
 *   - the answer was escrow or redirect, or a conflict that took nothing of it, or its author gave it up,
 *   - the bucket of its record was dropped.
 * Of a conflict that took some of it, the fields that were not taken are laid as the answer gives them (I10).
 *
 * The server's version of such a record is in _shadow; with the last operation it goes back into the row.
 */
#include "config.h"

#include "core/base/csl-error.h"
#include "core/base/csl-json-scan.h"
#include "core/outbox/csl-outbox.h"
#include "core/wire/csl-wire-record.h"
#include "store/csl-replica-private.h"

#include <string.h>

bool
csl_replica_load_laid (CslReplica *self, GError **error)
{
  static const char sql[] = "SELECT DISTINCT \"id\" FROM \"_outbox\" WHERE \"laid\" = 1";
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);
  g_autoptr (GError) local = NULL;

  g_clear_pointer (&self->laid, g_hash_table_unref);
  self->laid = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (stmt == NULL)
    return false;
  while (csl_stmt_step (stmt, &local))
    g_hash_table_add (self->laid, csl_stmt_dup_text (stmt, 0));
  return csl_error_pass (&local, error);
}

bool
csl_replica_is_laid (CslReplica *self, const char *id)
{
  return g_hash_table_contains (self->laid, id);
}

static bool
insert_shadow (CslReplica *self,
               const CslRecord *record,
               const CslRowInfo *info,
               GError **error)
{
  static const char sql[] = "INSERT OR IGNORE INTO \"_shadow\" (\"type\", \"id\", "
                            "\"bucket\", \"rev\", \"hash\", \"doc\") "
                            "VALUES (:type, :id, :bucket, :rev, :hash, :doc)";
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);
  g_autoptr (GString) doc = g_string_new (NULL);

  if (stmt == NULL)
    return false;
  csl_wire_record_write (record, doc);
  csl_stmt_bind_text (stmt, ":type", record->type->name);
  csl_stmt_bind_text (stmt, ":id", record->id);
  csl_stmt_bind_int (stmt, ":bucket", info->bucket);
  csl_stmt_bind_int (stmt, ":rev", record->rev);
  csl_stmt_bind_int (stmt, ":hash", (gint64) info->hash);
  csl_stmt_bind_text (stmt, ":doc", doc->str);
  return csl_stmt_run (stmt, error);
}

bool
csl_replica_keep_shadow (CslReplica *self,
                         const CslRecordType *type,
                         const char *id,
                         GError **error)
{
  g_autoptr (CslRecord) record = NULL;
  g_autoptr (GError) local = NULL;
  CslRowInfo info;

  if (csl_replica_is_laid (self, id))
    return true;
  record = csl_record_table_get (csl_replica_get_table (self, type), id, &info, &local);
  if (!csl_error_pass (&local, error))
    return false;
  g_hash_table_add (self->laid, g_strdup (id));
  return record == NULL || record->rev == 0 || insert_shadow (self, record, &info, error);
}

/* What the server fills in when it takes an operation, as far as it can be known here. */
static void
fill_provisional (CslRecord *record, const CslOp *op)
{
  static const char *const names[] = { "created_at", "created_by", "updated_at",
                                       "updated_by" };
  bool creates = op->act == CSL_ACT_CREATE || op->act == CSL_ACT_RESTORE;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    const CslField *field = csl_record_type_lookup_field (record->type, names[i]);

    if (field == NULL || (i < 2 && !creates))
      continue;
    if (i < 2 && !csl_value_is_null (&record->values[field->index]))
      continue;
    csl_value_set_text (&record->values[field->index], i % 2 == 0 ? op->wall : op->by);
  }
}

typedef struct
{
  CslRecord *record; /* (owned) (nullable) */
  gint64 bucket;     /* 0: not on the server */
  guint64 hash;
} Shadow;

static bool
load_shadow (CslReplica *self,
             const CslRecordType *type,
             const char *id,
             Shadow *ret_shadow,
             GError **error)
{
  static const char sql[] =
    "SELECT \"bucket\", \"rev\", \"hash\", \"doc\" FROM \"_shadow\" "
    "WHERE \"id\" = :id AND \"type\" = :type";
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);
  g_autoptr (CslRecord) record = NULL;
  g_autoptr (GError) local = NULL;
  g_auto (CslJson) json = { 0 };
  const char *doc;

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":id", id);
  csl_stmt_bind_text (stmt, ":type", type->name);
  if (!csl_stmt_step (stmt, &local)) {
    if (local == NULL)
      return true;
    g_propagate_error (error, g_steal_pointer (&local));
    return false;
  }
  record = csl_record_new (type, id);
  record->rev = csl_stmt_get_int (stmt, 1);
  doc = csl_stmt_get_text (stmt, 3);
  csl_json_init (&json);
  if (!csl_json_scan (&json, doc, strlen (doc), &csl_json_limits_line, error) ||
      !csl_wire_record_read (record, &json, 0, error))
    return false;
  ret_shadow->bucket = csl_stmt_get_int (stmt, 0);
  ret_shadow->hash = (guint64) csl_stmt_get_int (stmt, 2);
  ret_shadow->record = g_steal_pointer (&record);
  return true;
}

bool
csl_replica_get_server_version (CslReplica *self,
                                const CslRecordType *type,
                                const char *id,
                                CslRecord **ret_record,
                                GError **error)
{
  g_autoptr (CslRecord) record = NULL;
  g_autoptr (GError) local = NULL;
  Shadow shadow = { 0 };
  CslRowInfo info;

  if (csl_replica_is_laid (self, id)) {
    if (!load_shadow (self, type, id, &shadow, error))
      return false;
    *ret_record = shadow.record;
    return true;
  }
  record = csl_record_table_get (csl_replica_get_table (self, type), id, &info, &local);
  if (!csl_error_pass (&local, error))
    return false;
  *ret_record = record != NULL && record->rev > 0 ? g_steal_pointer (&record) : NULL;
  return true;
}

bool
csl_replica_let_go (CslReplica *self, const char *id, gint64 rev, GError **error)
{
  static const char sql[] =
    "UPDATE \"_outbox\" SET \"laid\" = 0 WHERE \"id\" = :id AND \"laid\" = 1 "
    "AND \"state\" IN ('acked', 'conflict') AND " CSL_REPLICA_ANSWERED_REV " <= :rev";
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":id", id);
  csl_stmt_bind_int (stmt, ":rev", rev);
  return csl_stmt_run (stmt, error);
}

/* What of the operation was not taken, as an operation: its line with the values of the answer. */
static char *
dup_untaken_line (const char *line, const char *answer_text, GError **error)
{
  g_auto (CslJson) json = { 0 };
  g_auto (CslAnswer) answer = { 0 };
  const CslJsonToken *set, *was;

  csl_json_init (&json);
  if (!csl_answer_parse (&answer, answer_text, strlen (answer_text), error) ||
      !csl_json_scan (&json, line, strlen (line), &csl_json_limits_line, error))
    return NULL;
  set = csl_json_token (&json, csl_json_member (&json, 0, "set"));
  was = csl_json_token (&json, csl_json_member (&json, 0, "was"));
  if (answer.d == NULL || set->start < 1 || was->start <= set->end) {
    g_set_error_literal (error, CSL_STORE_ERROR, CSL_STORE_ERROR_DAMAGED,
                         "An answer does not fit its operation");
    return NULL;
  }
  return g_strdup_printf ("%.*s%s%.*s{}%s", (int) set->start, line, answer.d,
                          (int) (was->start - set->end), line + set->end,
                          line + was->end);
}

static bool
take_back (CslReplica *self,
           CslRecord **record,
           const char *line,
           const char *answer,
           GError **error)
{
  g_autofree char *untaken = dup_untaken_line (line, answer, error);
  g_autoptr (CslOp) op = NULL;

  if (untaken == NULL)
    return false;
  op = csl_op_parse (self->schema, untaken, strlen (untaken), NULL, error);
  if (op != NULL)
    *record = csl_op_apply (*record, op);
  return op != NULL;
}

/* Lays the operations over @record (taken) and gives the result, NULL when there is none. *ret_n: how many there were. */
static bool
apply_operations (CslReplica *self,
                  const char *id,
                  CslRecord **record,
                  guint *ret_n,
                  char **ret_bucket,
                  GError **error)
{
  static const char sql[] =
    "SELECT \"line\", \"bucket\", "
    "CASE WHEN \"state\" = 'conflict' THEN \"answer\" END FROM \"_outbox\" "
    "WHERE \"id\" = :id AND \"laid\" = 1 ORDER BY \"entry\"";
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);
  g_autoptr (GError) local = NULL;

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":id", id);
  *ret_n = 0;
  while (csl_stmt_step (stmt, &local)) {
    g_autoptr (CslOp) op = csl_op_parse (self->schema, csl_stmt_get_text (stmt, 0),
                                         csl_stmt_get_size (stmt, 0), NULL, error);

    if (op == NULL)
      return false;
    *record = csl_op_apply (*record, op);
    if (!csl_stmt_is_null (stmt, 2) &&
        !take_back (self, record, csl_stmt_get_text (stmt, 0),
                    csl_stmt_get_text (stmt, 2), error))
      return false;
    if (*record != NULL)
      fill_provisional (*record, op);
    g_free (*ret_bucket);
    *ret_bucket = csl_stmt_dup_text (stmt, 1);
    (*ret_n)++;
  }
  return csl_error_pass (&local, error);
}

static bool
delete_shadow (CslReplica *self,
               const CslRecordType *type,
               const char *id,
               GError **error)
{
  static const char sql[] =
    "DELETE FROM \"_shadow\" WHERE \"id\" = :id AND \"type\" = :type";
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":id", id);
  csl_stmt_bind_text (stmt, ":type", type->name);
  return csl_stmt_run (stmt, error);
}

bool
csl_replica_lay (CslReplica *self,
                 const CslRecordType *type,
                 const char *id,
                 GError **error)
{
  Shadow shadow = { 0 };
  g_autofree char *bucket_name = NULL;
  CslBucket *bucket = NULL;
  gint64 rev;
  guint n;
  bool ok;

  /* Without operations the row itself is the server's version. */
  if (!csl_replica_is_laid (self, id))
    return true;
  if (!load_shadow (self, type, id, &shadow, error))
    return false;
  rev = shadow.record != NULL ? shadow.record->rev : 0;
  ok = csl_replica_let_go (self, id, rev, error) &&
       apply_operations (self, id, &shadow.record, &n, &bucket_name, error);
  if (ok && n == 0) {
    g_hash_table_remove (self->laid, id);
    ok = delete_shadow (self, type, id, error);
  }
  if (ok && shadow.record == NULL)
    ok = csl_replica_remove_row (self, type, id, error);
  else if (ok) {
    shadow.record->rev = rev;
    if (shadow.bucket == 0) {
      bucket = csl_replica_ensure_bucket (self, bucket_name, error);
      ok = bucket != NULL;
    }
    ok = ok && csl_replica_write_row (self, shadow.record,
                                      bucket != NULL ? bucket->bucket : shadow.bucket,
                                      shadow.hash, error);
  }
  csl_record_free (shadow.record);
  return ok;
}

bool
csl_replica_lay_returned (CslReplica *self, CslStmt *stmt, guint *ret_n, GError **error)
{
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) local = NULL;

  while (csl_stmt_step (stmt, &local)) {
    g_ptr_array_add (records, csl_stmt_dup_text (stmt, 0));
    g_ptr_array_add (records, csl_stmt_dup_text (stmt, 1));
  }
  csl_stmt_reset (stmt);
  if (!csl_error_pass (&local, error))
    return false;
  for (guint i = 0; i + 1 < records->len; i += 2) {
    const CslRecordType *type =
      csl_schema_lookup_type (self->schema, records->pdata[i + 1]);

    if (type != NULL && !csl_replica_lay (self, type, records->pdata[i], error))
      return false;
  }
  *ret_n += records->len / 2;
  return true;
}
