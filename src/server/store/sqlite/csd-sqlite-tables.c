/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-sqlite-tables.c: the tables of the file, fixed and generated, brought to what this program wants. */
#include "config.h"

#include "server/store/sqlite/csd-sqlite-private.h"

GResource *csd_server_sql_get_resource (void);

#define MIGRATIONS "/org/caseload/Caseload/server/sql/organisation"

static bool
is_marked (CsdSqlite *self, const char *fingerprint)
{
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (self->db, "SELECT 1 FROM _tables WHERE fingerprint = :fingerprint",
                    NULL);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":fingerprint", fingerprint);
  return csl_stmt_step (stmt, NULL);
}

static bool
mark (CsdSqlite *self, const char *fingerprint, GError **error)
{
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (self->db,
                    "INSERT INTO _tables (one, fingerprint) VALUES (1, :fingerprint)"
                    " ON CONFLICT (one) DO UPDATE SET fingerprint = excluded.fingerprint",
                    error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":fingerprint", fingerprint);
  return csl_stmt_run (stmt, error);
}

/* The generated tables, in one transaction with the mark that they are as this program wants them. */
static bool
upgrade_tables (CsdSqlite *self, GError **error)
{
  const char *wanted = csl_ddl_get_fingerprint (self->schema, CSL_SIDE_SERVER);

  if (is_marked (self, wanted))
    return true;
  if (!csl_db_begin (self->db, error))
    return false;
  if (csl_ddl_upgrade (self->db, self->schema, CSL_SIDE_SERVER, NULL, error) &&
      mark (self, wanted, error))
    return csl_db_commit (self->db, error);
  csl_db_rollback (self->db);
  return false;
}

bool
csd_sqlite_tables_open (CsdSqlite *self, GError **error)
{
  guint n = csl_schema_get_n_types (self->schema);

  /* Fewer checkpoints: each one waits for the disk. Room for all that one push changes: what does not fit is written
   * before its time, and again. */
  if (!csl_db_execute (self->db,
                       "PRAGMA wal_autocheckpoint = 8000;"
                       "PRAGMA cache_size = -32768",
                       error))
    return false;
  if (!csl_db_migrate (self->db, csd_server_sql_get_resource (), MIGRATIONS, error) ||
      !upgrade_tables (self, error))
    return false;
  self->tables = g_new0 (CslRecordTable *, n);
  for (guint i = 0; i < n; i++) {
    const CslRecordType *type = csl_schema_get_type (self->schema, i);

    if (!type->local)
      self->tables[i] = csl_record_table_new (self->db, type);
  }
  return true;
}

void
csd_sqlite_tables_clear (CsdSqlite *self)
{
  if (self->tables != NULL)
    for (guint i = 0; i < csl_schema_get_n_types (self->schema); i++)
      g_clear_pointer (&self->tables[i], csl_record_table_free);
  g_clear_pointer (&self->tables, g_free);
}
