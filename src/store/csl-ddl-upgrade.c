/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Brings the generated tables to the definitions of this program: nothing of a record is taken away. */
#include "config.h"

#include "core/base/csl-error.h"
#include "core/base/csl-mut.h"
#include "core/wire/csl-wire-record.h"
#include "store/csl-ddl-private.h"
#include "store/csl-record-table.h"

#include <string.h>

typedef struct
{
  CslDb *db; /* (unowned) */
  CslSide side;
  bool changed;
} Upgrade;

static const char columns_sql[] = "SELECT \"name\" FROM pragma_table_info (:table)";
static const char indexes_sql[] = "SELECT \"name\" FROM pragma_index_list (:table)";

/* Names in the order the database gives them; NULL on an error. */
static GPtrArray *
list_names (CslDb *db, const char *sql, const char *table, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) local = NULL;
  csl_auto_reset CslStmt *stmt = csl_db_prepare (db, sql, error);

  if (stmt == NULL)
    return NULL;
  csl_stmt_bind_text (stmt, ":table", table);
  while (csl_stmt_step (stmt, &local))
    g_ptr_array_add (names, csl_stmt_dup_text (stmt, 0));
  if (local == NULL)
    return g_steal_pointer (&names);
  g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}

static bool
has_name (const GPtrArray *names, const char *name)
{
  return g_ptr_array_find_with_equal_func ((GPtrArray *) names, name, g_str_equal, NULL);
}

static bool
run (Upgrade *self, GString *sql, GError **error)
{
  if (sql->len == 0)
    return true;
  self->changed = true;
  return csl_db_execute (self->db, sql->str, error);
}

static void
append_alter (GString *sql, const CslRecordType *type)
{
  g_string_append (sql, "ALTER TABLE ");
  csl_ddl_append_name (sql, type->name);
  g_string_append (sql, " ADD COLUMN ");
}

/* *ret_added: whether fields were added that may have been waiting in _rest. */
static bool
add_columns (Upgrade *self,
             const CslRecordType *type,
             const GPtrArray *names,
             bool *ret_added,
             GError **error)
{
  g_autoptr (GString) sql = g_string_new (NULL);

  for (guint i = 0; i < type->n_fields; i++) {
    const CslField *field = &type->fields[i];
    g_autofree char *currency = csl_ddl_dup_currency_name (field);

    if (!has_name (names, field->name)) {
      append_alter (sql, type);
      csl_ddl_append_column (sql, field, self->side, true);
      g_string_append (sql, ";\n");
    }
    if (field->kind->value_type == CSL_VALUE_MONEY && !has_name (names, currency)) {
      append_alter (sql, type);
      csl_ddl_append_name (sql, currency);
      g_string_append (sql, " TEXT;\n");
    }
  }
  *ret_added = sql->len > 0;
  return run (self, sql, error);
}

static bool
is_wanted (const GPtrArray *wanted, const char *name)
{
  for (guint i = 0; i < wanted->len; i++)
    if (strcmp (((const CslDdlIndex *) g_ptr_array_index (wanted, i))->name, name) == 0)
      return true;
  return false;
}

static bool
renew_indexes (Upgrade *self, const CslRecordType *type, GError **error)
{
  g_autoptr (GPtrArray) names = list_names (self->db, indexes_sql, type->name, error);
  g_autoptr (GPtrArray) wanted = csl_ddl_list_indexes (type, self->side);
  g_autoptr (GString) sql = g_string_new (NULL);

  if (names == NULL)
    return false;
  for (guint i = 0; i < wanted->len; i++) {
    const CslDdlIndex *index = g_ptr_array_index (wanted, i);

    if (!has_name (names, index->name))
      csl_ddl_append_index (sql, type, index);
  }
  for (guint i = 0; i < names->len; i++) {
    const char *name = g_ptr_array_index (names, i);

    if (!g_str_has_prefix (name, "_ix_") || is_wanted (wanted, name))
      continue;
    g_string_append (sql, "DROP INDEX ");
    csl_ddl_append_name (sql, name);
    g_string_append (sql, ";\n");
  }
  return run (self, sql, error);
}

static bool
is_search_table_current (const CslRecordType *type, const GPtrArray *names)
{
  g_autoptr (GArray) fields = csl_ddl_list_search_fields (type);

  if (names->len != fields->len)
    return false;
  for (guint i = 0; i < fields->len; i++) {
    const CslField *field = &type->fields[g_array_index (fields, guint, i)];

    if (strcmp (g_ptr_array_index (names, i), field->name) != 0)
      return false;
  }
  return true;
}

/* @sql: a static text */
static bool
run_for_type (Upgrade *self, const char *sql, const CslRecordType *type, GError **error)
{
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":type", type->name);
  return csl_stmt_run (stmt, error);
}

/* Other search fields than before: the index is made anew, and filled in slices later. */
static bool
renew_search_table (Upgrade *self, const CslRecordType *type, GError **error)
{
  g_autofree char *table = csl_ddl_dup_search_name (type);
  g_autoptr (GPtrArray) names = list_names (self->db, columns_sql, table, error);
  g_autoptr (GString) sql = g_string_new (NULL);

  if (names == NULL)
    return false;
  if (is_search_table_current (type, names))
    return true;
  if (names->len > 0) {
    g_string_append (sql, "DROP TABLE ");
    csl_ddl_append_name (sql, table);
    g_string_append (sql, ";\n");
  }
  csl_ddl_append_search_table (sql, type);
  return run (self, sql, error) &&
         run_for_type (self, "DELETE FROM \"_search\" WHERE \"type\" = :type", type,
                       error) &&
         run_for_type (self, "DELETE FROM \"_stale\" WHERE \"type\" = :type", type,
                       error);
}

/* Members that waited in _rest for a version that knows them. What they say does not change, so the hash stays. */
static bool
take_from_rest (CslRecord *record)
{
  g_autoptr (CslRecord) parsed = csl_record_new (record->type, record->id);
  g_auto (CslJson) json = { 0 };
  bool taken = false;

  csl_json_init (&json);
  if (!csl_json_scan (&json, record->rest, strlen (record->rest), &csl_json_limits_line,
                      NULL) ||
      !csl_wire_record_read (parsed, &json, 0, NULL))
    return false;
  for (guint i = 0; i < record->type->n_fields; i++) {
    if (csl_value_is_null (&parsed->values[i]))
      continue;
    csl_value_move (&record->values[i], &parsed->values[i]);
    taken = true;
  }
  if (taken) {
    g_free (record->rest);
    record->rest = g_steal_pointer (&parsed->rest);
  }
  return taken;
}

static CslStmt *
prepare_rest_rows (CslDb *db, const CslRecordType *type, GError **error)
{
  g_autoptr (GString) sql = g_string_new ("SELECT \"_row\" FROM ");

  csl_ddl_append_name (sql, type->name);
  g_string_append (
    sql, " WHERE \"_rest\" IS NOT NULL AND \"_row\" > :row ORDER BY \"_row\" LIMIT 1");
  return csl_db_prepare_once (db, sql->str, error);
}

static bool
distribute_rest (Upgrade *self, const CslRecordType *type, GError **error)
{
  g_autoptr (CslRecordTable) table = csl_record_table_new (self->db, type);
  g_autoptr (CslStmt) rows = prepare_rest_rows (self->db, type, error);
  g_autoptr (GError) local = NULL;
  gint64 row = 0;

  if (rows == NULL)
    return false;
  for (;;) {
    g_autoptr (CslRecord) record = NULL;
    CslRowInfo info;

    csl_stmt_bind_int (rows, ":row", row);
    if (!csl_stmt_step (rows, &local))
      break;
    row = csl_stmt_get_int (rows, 0);
    csl_stmt_reset (rows);
    record = csl_record_table_get_by_row (table, row, &info, &local);
    if (record == NULL || (take_from_rest (record) &&
                           !csl_record_table_update (table, record, &info, &local)))
      break;
  }
  return csl_error_pass (&local, error);
}

static bool
upgrade_type (Upgrade *self, const CslRecordType *type, GError **error)
{
  g_autoptr (GPtrArray) names = list_names (self->db, columns_sql, type->name, error);
  bool added = false;

  if (names == NULL)
    return false;
  if (names->len == 0) {
    g_autofree char *sql = csl_ddl_create (type, self->side);

    self->changed = true;
    return csl_db_execute (self->db, sql, error);
  }
  return add_columns (self, type, names, &added, error) &&
         renew_indexes (self, type, error) &&
         (self->side != CSL_SIDE_REPLICA || renew_search_table (self, type, error)) &&
         (!added || CSL_MUT (55) || distribute_rest (self, type, error));
}

/**
 * csl_ddl_upgrade:
 * @ret_changed: (nullable): whether anything had to be made
 *
 * The caller has a transaction open. Local types have no table on the server's side.
 */
bool
csl_ddl_upgrade (CslDb *db,
                 const CslSchema *schema,
                 CslSide side,
                 bool *ret_changed,
                 GError **error)
{
  Upgrade self = { .db = db, .side = side };

  for (guint i = 0; i < csl_schema_get_n_types (schema); i++) {
    const CslRecordType *type = csl_schema_get_type (schema, i);

    if (side == CSL_SIDE_SERVER && type->local)
      continue;
    if (!upgrade_type (&self, type, error)) {
      g_prefix_error (error, "%s: ", type->name);
      return false;
    }
  }
  if (ret_changed != NULL)
    *ret_changed = self.changed;
  return true;
}
