/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The full-text index of one record type.
 *
 * Within a transaction the index gathers changes in memory as long as they come in the order of its own numbers, and
 * writes them at the end word by word; a number out of order makes it write what it has. So everything here that
 * handles several rows goes by _order, and writes them one by one: a statement that writes many would begin with
 * writing, too.
 */
#include "config.h"

#include "store/csl-search-table.h"

#include "core/base/csl-error.h"
#include "store/csl-stmt-set.h"

typedef enum {
  STMT_KEEP,
  STMT_GET_KEPT,
  STMT_GET_PRESENT,
  STMT_LIST_KEPT,
  STMT_FORGET,
  STMT_ADD,
  STMT_TAKE_OUT,
  STMT_MEASURE,
  STMT_FILL,
  N_STMTS,
} StmtId;

struct _CslSearchTable
{
  CslDb *db;                 /* (unowned) */
  const CslRecordType *type; /* (unowned) */
  char *name;                /* (owned): of the index */
  GArray *fields;            /* (owned) of guint */
  CslStmtSet *stmts;         /* (owned) */
};

static guint
field_at (const CslSearchTable *self, guint i)
{
  return g_array_index (self->fields, guint, i);
}

/* -- Statements ------------------------------------------------------------------------ */

static void
append_column (GString *sql, const CslSearchTable *self, guint i)
{
  csl_ddl_append_name (sql, self->type->fields[field_at (self, i)].name);
}

static void
append_columns (GString *sql, const CslSearchTable *self)
{
  for (guint i = 0; i < self->fields->len; i++) {
    g_string_append (sql, ", ");
    append_column (sql, self, i);
  }
}

static void
append_kept_columns (GString *sql, const CslSearchTable *self)
{
  for (guint i = 0; i < self->fields->len; i++)
    g_string_append_printf (sql, ", \"texts\" ->> %u", i);
}

/* ?1: row, ?2: type, from ?3: the texts to come */
static void
append_keep (GString *sql, const CslSearchTable *self)
{
  g_string_append (sql, "INSERT OR IGNORE INTO \"_stale\" (\"type\", \"order\", "
                        "\"texts\") SELECT ?2, \"_order\", json_array (");
  append_column (sql, self, 0);
  for (guint i = 1; i < self->fields->len; i++) {
    g_string_append (sql, ", ");
    append_column (sql, self, i);
  }
  g_string_append (sql, ") FROM ");
  csl_ddl_append_name (sql, self->type->name);
  g_string_append (sql, " WHERE \"_row\" = ?1 AND (");
  for (guint i = 0; i < self->fields->len; i++) {
    if (i > 0)
      g_string_append (sql, " OR ");
    append_column (sql, self, i);
    g_string_append_printf (sql, " IS NOT ?%u", i + 3);
  }
  g_string_append_c (sql, ')');
}

/* Columns: order, the kept texts, row (NULL: there is none), its texts. */
static void
append_list_kept (GString *sql, const CslSearchTable *self)
{
  g_string_append (sql, "SELECT \"order\"");
  append_kept_columns (sql, self);
  g_string_append (sql, ", \"_row\"");
  append_columns (sql, self);
  g_string_append (sql, " FROM \"_stale\" LEFT JOIN ");
  csl_ddl_append_name (sql, self->type->name);
  g_string_append (sql,
                   " ON \"_order\" = \"order\" WHERE \"type\" = ? ORDER BY \"order\" "
                   "LIMIT ?");
}

/* ?1: order, from ?2: the texts */
static void
append_change (GString *sql, const CslSearchTable *self, bool take_out)
{
  g_string_append (sql, "INSERT INTO ");
  csl_ddl_append_name (sql, self->name);
  g_string_append (sql, " (\"rowid\"");
  append_columns (sql, self);
  if (take_out) {
    g_string_append (sql, ", ");
    csl_ddl_append_name (sql, self->name);
  }
  g_string_append (sql, ") VALUES (?");
  for (guint i = 0; i < self->fields->len; i++)
    g_string_append (sql, ", ?");
  g_string_append (sql, take_out ? ", 'delete')" : ")");
}

static void
append_fill (GString *sql, const CslSearchTable *self)
{
  g_string_append (sql, "INSERT INTO ");
  csl_ddl_append_name (sql, self->name);
  g_string_append (sql, " (\"rowid\"");
  append_columns (sql, self);
  g_string_append (sql, ") SELECT \"_order\"");
  append_columns (sql, self);
  g_string_append (sql, " FROM ");
  csl_ddl_append_name (sql, self->type->name);
  g_string_append (sql, " WHERE \"_row\" > ? AND \"_row\" <= ? ORDER BY \"_order\"");
}

static void
append_statement (GString *sql, gconstpointer owner, guint id)
{
  const CslSearchTable *self = owner;

  switch ((StmtId) id) {
  case STMT_KEEP:
    append_keep (sql, self);
    break;
  case STMT_GET_KEPT:
    g_string_append (sql, "SELECT \"order\"");
    append_kept_columns (sql, self);
    g_string_append (sql, " FROM \"_stale\" WHERE \"type\" = ? AND \"order\" = ?");
    break;
  case STMT_GET_PRESENT:
    g_string_append (sql, "SELECT \"_order\"");
    append_columns (sql, self);
    g_string_append (sql, " FROM ");
    csl_ddl_append_name (sql, self->type->name);
    g_string_append (sql, " WHERE \"_row\" = ?");
    break;
  case STMT_LIST_KEPT:
    append_list_kept (sql, self);
    break;
  case STMT_FORGET:
    g_string_append (sql, "DELETE FROM \"_stale\" WHERE \"type\" = ? AND \"order\" "
                          "BETWEEN ? AND ?");
    break;
  case STMT_ADD:
    append_change (sql, self, false);
    break;
  case STMT_TAKE_OUT:
    append_change (sql, self, true);
    break;
  case STMT_MEASURE:
    g_string_append (sql, "SELECT max (\"_row\"), count (*) FROM (SELECT \"_row\" FROM ");
    csl_ddl_append_name (sql, self->type->name);
    g_string_append (sql, " WHERE \"_row\" > ? ORDER BY \"_row\" LIMIT ?)");
    break;
  case STMT_FILL:
    append_fill (sql, self);
    break;
  case N_STMTS:
    break;
  }
}

CslSearchTable *
csl_search_table_new (CslDb *db, const CslRecordType *type)
{
  CslSearchTable *self = g_new0 (CslSearchTable, 1);

  self->db = db;
  self->type = type;
  self->name = csl_ddl_dup_search_name (type);
  self->fields = csl_ddl_list_search_fields (type);
  self->stmts = csl_stmt_set_new (db, N_STMTS, append_statement, self);
  return self;
}

void
csl_search_table_free (CslSearchTable *self)
{
  if (self == NULL)
    return;
  csl_stmt_set_free (self->stmts);
  g_array_unref (self->fields);
  g_free (self->name);
  g_free (self);
}

/* -- One row --------------------------------------------------------------------------- */

bool
csl_search_table_add (CslSearchTable *self,
                      const CslRecord *record,
                      gint64 order,
                      GError **error)
{
  CslStmt *stmt = csl_stmt_set_get (self->stmts, STMT_ADD, error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_int_at (stmt, 1, order);
  for (guint i = 0; i < self->fields->len; i++)
    csl_stmt_bind_value_at (stmt, (int) i + 2, &record->values[field_at (self, i)]);
  return csl_stmt_run (stmt, error);
}

bool
csl_search_table_keep (CslSearchTable *self,
                       const CslRecord *record,
                       gint64 row,
                       bool *ret_kept,
                       GError **error)
{
  CslStmt *stmt = csl_stmt_set_get (self->stmts, STMT_KEEP, error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_int_at (stmt, 1, row);
  csl_stmt_bind_text_at (stmt, 2, self->type->name);
  for (guint i = 0; i < self->fields->len; i++)
    csl_stmt_bind_value_at (stmt, (int) i + 3, &record->values[field_at (self, i)]);
  if (!csl_stmt_run (stmt, error))
    return false;
  if (csl_db_get_changes (self->db) > 0)
    *ret_kept = true;
  return true;
}

/* Adds or takes out the texts that @from has from @column on. */
static bool
change_index (CslSearchTable *self,
              StmtId id,
              gint64 order,
              CslStmt *from,
              int column,
              GError **error)
{
  CslStmt *stmt = csl_stmt_set_get (self->stmts, id, error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_int_at (stmt, 1, order);
  for (int i = 0; i < (int) self->fields->len; i++)
    csl_stmt_bind_text_at (stmt, i + 2, csl_stmt_get_text (from, column + i));
  return csl_stmt_run (stmt, error);
}

/* No longer kept: the rows from @first to @last. */
static bool
forget (CslSearchTable *self, gint64 first, gint64 last, GError **error)
{
  CslStmt *stmt = csl_stmt_set_get (self->stmts, STMT_FORGET, error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text_at (stmt, 1, self->type->name);
  csl_stmt_bind_int_at (stmt, 2, first);
  csl_stmt_bind_int_at (stmt, 3, last);
  return csl_stmt_run (stmt, error);
}

bool
csl_search_table_remove (CslSearchTable *self, gint64 row, gint64 order, GError **error)
{
  csl_auto_reset CslStmt *kept = csl_stmt_set_get (self->stmts, STMT_GET_KEPT, error);
  csl_auto_reset CslStmt *present =
    kept != NULL ? csl_stmt_set_get (self->stmts, STMT_GET_PRESENT, error) : NULL;
  g_autoptr (GError) local = NULL;

  if (present == NULL)
    return false;
  csl_stmt_bind_text_at (kept, 1, self->type->name);
  csl_stmt_bind_int_at (kept, 2, order);
  if (csl_stmt_step (kept, &local)) {
    if (!change_index (self, STMT_TAKE_OUT, order, kept, 1, error))
      return false;
    csl_stmt_reset (kept);
    return forget (self, order, order, error);
  }
  if (local == NULL) {
    csl_stmt_bind_int_at (present, 1, row);
    if (csl_stmt_step (present, &local))
      return change_index (self, STMT_TAKE_OUT, order, present, 1, error);
  }
  return csl_error_pass (&local, error);
}

/* -- Slices ---------------------------------------------------------------------------- */

static bool
measure (CslSearchTable *self,
         gint64 mark,
         guint max_rows,
         gint64 *ret_mark,
         guint *ret_n,
         GError **error)
{
  csl_auto_reset CslStmt *stmt = csl_stmt_set_get (self->stmts, STMT_MEASURE, error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_int_at (stmt, 1, mark);
  csl_stmt_bind_int_at (stmt, 2, max_rows);
  if (!csl_stmt_step (stmt, error))
    return false;
  *ret_mark = csl_stmt_get_int (stmt, 0);
  *ret_n = (guint) csl_stmt_get_int (stmt, 1);
  return true;
}

bool
csl_search_table_fill (CslSearchTable *self,
                       gint64 mark,
                       guint max_rows,
                       gint64 *ret_mark,
                       guint *ret_n,
                       GError **error)
{
  CslStmt *fill;

  if (!measure (self, mark, max_rows, ret_mark, ret_n, error))
    return false;
  if (*ret_n == 0)
    return true;
  fill = csl_stmt_set_get (self->stmts, STMT_FILL, error);
  if (fill == NULL)
    return false;
  csl_stmt_bind_int_at (fill, 1, mark);
  csl_stmt_bind_int_at (fill, 2, *ret_mark);
  return csl_stmt_run (fill, error);
}

/* Changed, and changed back. */
static bool
is_same (const CslSearchTable *self, CslStmt *list, int kept, int present)
{
  for (int i = 0; i < (int) self->fields->len; i++)
    if (g_strcmp0 (csl_stmt_get_text (list, kept + i),
                   csl_stmt_get_text (list, present + i)) != 0)
      return false;
  return true;
}

static bool
renew_row (CslSearchTable *self, CslStmt *list, GError **error)
{
  gint64 order = csl_stmt_get_int (list, 0);
  int row = 1 + (int) self->fields->len;
  bool gone = csl_stmt_is_null (list, row);

  if (!gone && is_same (self, list, 1, row + 1))
    return true;
  return change_index (self, STMT_TAKE_OUT, order, list, 1, error) &&
         (gone || change_index (self, STMT_ADD, order, list, row + 1, error));
}

bool
csl_search_table_renew (CslSearchTable *self,
                        guint max_rows,
                        guint *ret_n,
                        GError **error)
{
  csl_auto_reset CslStmt *list = csl_stmt_set_get (self->stmts, STMT_LIST_KEPT, error);
  g_autoptr (GError) local = NULL;
  gint64 last = 0;

  *ret_n = 0;
  if (list == NULL)
    return false;
  csl_stmt_bind_text_at (list, 1, self->type->name);
  csl_stmt_bind_int_at (list, 2, max_rows);
  while (csl_stmt_step (list, &local)) {
    last = csl_stmt_get_int (list, 0);
    (*ret_n)++;
    if (!renew_row (self, list, error))
      return false;
  }
  if (!csl_error_pass (&local, error))
    return false;
  return *ret_n == 0 || forget (self, G_MININT64, last, error);
}
