/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Records of local types, and the history seen last. */
#include "config.h"

#include "store/csl-replica-local.h"

#include "store/csl-replica-private.h"

bool
csl_replica_put_local (CslReplica *self, const CslRecord *record, GError **error)
{
  g_return_val_if_fail (record->type->local, false);
  if (!csl_replica_begin (self, error))
    return false;
  return csl_replica_end (self, csl_replica_write_row (self, record, 0, 0, error), error);
}

bool
csl_replica_delete_local (CslReplica *self,
                          const char *type_name,
                          const char *id,
                          GError **error)
{
  const CslRecordType *type = csl_schema_lookup_type (self->schema, type_name);

  g_return_val_if_fail (type != NULL && type->local, false);
  if (!csl_replica_begin (self, error))
    return false;
  return csl_replica_end (self, csl_replica_remove_row (self, type, id, error), error);
}

static bool
write_history (CslReplica *self,
               const CslRecordType *type,
               const char *id,
               const char *text,
               GError **error)
{
  static const char sql[] =
    "INSERT OR REPLACE INTO \"_history\" (\"type\", \"id\", \"bucket\", "
    "\"text\") VALUES (:type, :id, :bucket, :text)";
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);
  g_autoptr (GError) local = NULL;
  CslRowInfo info;
  gint64 rev;

  if (stmt == NULL)
    return false;
  /* Without a row there is no bucket it could leave with: not kept. */
  if (!csl_record_table_find (csl_replica_get_table (self, type), id, &info, &rev,
                              &local)) {
    if (local == NULL)
      return true;
    g_propagate_error (error, g_steal_pointer (&local));
    return false;
  }
  csl_stmt_bind_text (stmt, ":type", type->name);
  csl_stmt_bind_text (stmt, ":id", id);
  csl_stmt_bind_int (stmt, ":bucket", info.bucket);
  csl_stmt_bind_text (stmt, ":text", text);
  return csl_stmt_run (stmt, error);
}

bool
csl_replica_put_history (CslReplica *self,
                         const char *type_name,
                         const char *id,
                         const char *text,
                         GError **error)
{
  const CslRecordType *type = csl_schema_lookup_type (self->schema, type_name);

  g_return_val_if_fail (type != NULL, false);
  if (!csl_replica_begin (self, error))
    return false;
  return csl_replica_end (self, write_history (self, type, id, text, error), error);
}
