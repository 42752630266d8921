/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-replica-offer.c: what others wrote and a restored server has lost, as restore operations: perhaps only this replica still
 * has it (I1, docs/protocol.md part 13).
 */
#include "config.h"

#include "core/base/csl-error.h"
#include "core/base/csl-id.h"
#include "core/base/csl-time.h"
#include "core/outbox/csl-outbox.h"
#include "store/csl-replica-private.h"

#include <string.h>

/* Is the record just as an own operation that waits makes it? Then that one brings it back by itself. */
static bool
is_explained (CslReplica *self,
              const CslRecord *record,
              bool *ret_explained,
              GError **error)
{
  static const char sql[] =
    "SELECT 1 FROM \"_outbox\" WHERE \"id\" = :id AND \"laid\" = 1 "
    "AND \"act\" IN (0, 3) AND \"seq\" = :rev LIMIT 1";
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);
  g_autoptr (GError) local = NULL;

  G_STATIC_ASSERT (CSL_ACT_CREATE == 0 && CSL_ACT_RESTORE == 3);
  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":id", record->id);
  csl_stmt_bind_int (stmt, ":rev", record->rev);
  *ret_explained = csl_stmt_step (stmt, &local);
  return csl_error_pass (&local, error);
}

/* Number, author and time too: the server that gave them does not know them any more. */
static void
put_server_fields (CslOp *op, const CslRecord *record)
{
  for (guint i = 0; i < record->type->n_fields; i++)
    if ((record->type->fields[i].flags & CSL_FIELD_SERVER) != 0 &&
        !csl_value_is_null (&record->values[i]))
      csl_op_put (op, i, &record->values[i], NULL);
}

static CslOp *
restore_operation (CslReplica *self, const CslRecord *record, gint64 head, gint64 now_ms)
{
  CslOp *op = csl_op_from_change (NULL, record);
  CslId id = csl_id_new (self->env), group = csl_id_new (self->env);

  op->act = CSL_ACT_RESTORE;
  put_server_fields (op, record);
  /* Whatever the restored server has was there at its head: only later edits of others are in the way. */
  op->base = head;
  op->n = 1;
  op->group_position = op->group_size = 1;
  op->schema = csl_schema_get_version (self->schema);
  op->mono = csl_env_mono_ms (self->env);
  g_free (op->wall);
  op->wall = csl_instant_format (now_ms, NULL);
  op->rest_set = g_strdup (record->rest);
  g_strlcpy (op->op, id.text, sizeof op->op);
  g_strlcpy (op->group, group.text, sizeof op->group);
  g_strlcpy (op->by, self->identity.user, sizeof op->by);
  return op;
}

static bool
insert_offer (CslReplica *self,
              const CslRecord *record,
              const char *bucket,
              gint64 head,
              GError **error)
{
  gint64 now_ms = csl_env_wall_ms (self->env);
  g_autoptr (CslOp) op = restore_operation (self, record, head, now_ms);
  g_autofree char *title = csl_record_dup_title (record);
  g_autofree char *text = csl_op_print (op);
  const CslRecordType *known = csl_schema_lookup_type (self->schema, op->type->name);

  /* What this program has no table for is not shown. */
  return csl_replica_insert_line (self,
                                  &(CslNewLine){ .op = op->op,
                                                 .group = op->group,
                                                 .type = op->type->name,
                                                 .id = op->id,
                                                 .bucket = bucket,
                                                 .act = op->act,
                                                 .title = title,
                                                 .text = text,
                                                 .saved_ms = now_ms,
                                                 .laid = known != NULL,
                                                 .offer = true },
                                  error);
}

/* The version above @head leaves the sums: the server does not have it. Its content stays, in the operations. */
static bool
offer_record (CslReplica *self,
              const CslRecord *record,
              gint64 bucket_number,
              gint64 head,
              GError **error)
{
  CslBucket *bucket = csl_replica_get_bucket_by_number (self, bucket_number);
  bool explained = false, changed = false;

  if (!is_explained (self, record, &explained, error) ||
      (!explained &&
       !insert_offer (self, record, bucket != NULL ? bucket->name : "", head, error)) ||
      !csl_replica_keep_shadow (self, record->type, record->id, error))
    return false;
  return csl_replica_remove_version (self, record->type->name, record->id, NULL,
                                     G_MAXINT64, &changed, error);
}

static bool
offer_type (CslReplica *self, const CslRecordType *type, gint64 head, GError **error)
{
  g_autoptr (GPtrArray) records =
    g_ptr_array_new_with_free_func ((GDestroyNotify) csl_record_free);
  g_autoptr (GArray) buckets = g_array_new (FALSE, FALSE, sizeof (gint64));
  csl_auto_reset CslStmt *stmt =
    csl_record_table_scan (csl_replica_get_table (self, type), CSL_SCAN_NEWER, error);
  g_autoptr (GError) local = NULL;

  if (stmt == NULL)
    return false;
  csl_stmt_bind_int_at (stmt, 1, head);
  while (csl_stmt_step (stmt, &local)) {
    CslRowInfo info;

    g_ptr_array_add (records, csl_record_table_read (type, stmt, 0, &info));
    g_array_append_val (buckets, info.bucket);
  }
  if (!csl_error_pass (&local, error))
    return false;
  for (guint i = 0; i < records->len; i++)
    if (!offer_record (self, g_ptr_array_index (records, i),
                       g_array_index (buckets, gint64, i), head, error))
      return false;
  return true;
}

typedef struct
{
  char *type, *doc; /* (owned) */
  char id[40];
  gint64 rev, bucket;
} Unknown;

static void
unknown_clear (gpointer data)
{
  g_free (((Unknown *) data)->type);
  g_free (((Unknown *) data)->doc);
}

static GArray *
list_unknown (CslReplica *self, gint64 head, GError **error)
{
  static const char sql[] = "SELECT \"type\", \"id\", \"rev\", \"bucket\", \"doc\" FROM "
                            "\"_unknown\" WHERE \"rev\" > :head ORDER BY \"id\"";
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);
  g_autoptr (GArray) all = g_array_new (FALSE, TRUE, sizeof (Unknown));
  g_autoptr (GError) local = NULL;

  g_array_set_clear_func (all, unknown_clear);
  if (stmt == NULL)
    return NULL;
  csl_stmt_bind_int (stmt, ":head", head);
  while (csl_stmt_step (stmt, &local)) {
    Unknown unknown = { .type = csl_stmt_dup_text (stmt, 0),
                        .rev = csl_stmt_get_int (stmt, 2),
                        .bucket = csl_stmt_get_int (stmt, 3),
                        .doc = csl_stmt_dup_text (stmt, 4) };

    csl_stmt_copy_text (stmt, 1, unknown.id, sizeof unknown.id);
    g_array_append_val (all, unknown);
  }
  return csl_error_pass (&local, error) ? g_steal_pointer (&all) : NULL;
}

/* Records of a newer program: the server gets them as they came. What this one knows, but cannot read, it cannot offer either. */
static bool
offer_unknown (CslReplica *self, gint64 head, GError **error)
{
  g_autoptr (GArray) all = list_unknown (self, head, error);

  for (guint i = 0; all != NULL && i < all->len; i++) {
    const Unknown *unknown = &g_array_index (all, Unknown, i);
    const CslBucket *bucket = csl_replica_get_bucket_by_number (self, unknown->bucket);
    CslRecordType type;
    g_autoptr (CslRecord) record =
      csl_replica_unknown_record (&type, unknown->type, unknown->id, unknown->doc);
    bool changed = false;

    record->rev = unknown->rev;
    if ((csl_schema_lookup_type (self->schema, unknown->type) == NULL &&
         !insert_offer (self, record, bucket != NULL ? bucket->name : "", head, error)) ||
        !csl_replica_remove_unknown (self, unknown->type, unknown->id, NULL, G_MAXINT64,
                                     &changed, error))
      return false;
  }
  return all != NULL;
}

bool
csl_replica_offer_lost (CslReplica *self, gint64 head, GError **error)
{
  for (guint i = 0; i < self->n_types; i++) {
    const CslRecordType *type = csl_schema_get_type (self->schema, i);

    if (!type->local && !offer_type (self, type, head, error))
      return false;
  }
  return offer_unknown (self, head, error);
}
