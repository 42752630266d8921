/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of a generated table. Statements are made once per table and connection, on first use; values are bound by
 * position without copies. */
#include "config.h"

#include "store/csl-record-table.h"

#include "store/csl-stmt-set.h"

#include <string.h>

/* Columns before the fields: _row, id, _rev, _hash, _bucket, _order. */
#define N_FIXED 6
/* One place in the order is 2^14 ms, about 16 seconds: the full-text index stores the distances between places, and small
 * distances make it half as large. */
#define ORDER_SHIFT 14
/* How far to look for a free place at first; eight times as far when there is none. */
#define ORDER_SPAN 64

typedef enum {
  STMT_FIND,
  STMT_GET,
  STMT_GET_BY_ROW,
  STMT_INSERT,
  STMT_UPDATE,
  STMT_DELETE,
  STMT_LAST_ROW,
  STMT_LAST_ORDER,
  STMT_SCAN, /* the first of CslRecordScan */
  N_STMTS = STMT_SCAN + CSL_SCAN_NEWER + 1,
} StmtId;

struct _CslRecordTable
{
  CslDb *db;                 /* (unowned) */
  const CslRecordType *type; /* (unowned) */
  gint64 last_row;           /* highest number used; -1 until it was looked up */
  CslStmtSet *stmts;         /* (owned) */
};

const CslRecordType *
csl_record_table_get_type (const CslRecordTable *self)
{
  return self->type;
}

/* -- Statements ------------------------------------------------------------------------ */

static void
append_column (GString *sql, const char *alias, const char *name)
{
  if (alias != NULL) {
    csl_ddl_append_name (sql, alias);
    g_string_append_c (sql, '.');
  }
  csl_ddl_append_name (sql, name);
}

void
csl_record_table_append_columns (GString *sql,
                                 const CslRecordType *type,
                                 const char *alias)
{
  static const char *const fixed[N_FIXED] = { "_row",  "id",      "_rev",
                                              "_hash", "_bucket", "_order" };

  for (guint i = 0; i < N_FIXED; i++) {
    if (i > 0)
      g_string_append (sql, ", ");
    append_column (sql, alias, fixed[i]);
  }
  for (guint i = 0; i < type->n_fields; i++) {
    g_string_append (sql, ", ");
    append_column (sql, alias, type->fields[i].name);
    if (type->fields[i].kind->value_type == CSL_VALUE_MONEY) {
      g_autofree char *currency = csl_ddl_dup_currency_name (&type->fields[i]);

      g_string_append (sql, ", ");
      append_column (sql, alias, currency);
    }
  }
  g_string_append (sql, ", ");
  append_column (sql, alias, "_rest");
}

static guint
count_columns (const CslRecordType *type)
{
  guint n = N_FIXED + type->n_fields + 1;

  for (guint i = 0; i < type->n_fields; i++)
    if (type->fields[i].kind->value_type == CSL_VALUE_MONEY)
      n++;
  return n;
}

static void
append_placeholders (GString *sql, guint n)
{
  for (guint i = 0; i < n; i++)
    g_string_append (sql, i == 0 ? "?" : ", ?");
}

static void
append_select (GString *sql, const CslRecordType *type, const char *condition)
{
  g_string_append (sql, "SELECT ");
  csl_record_table_append_columns (sql, type, NULL);
  g_string_append (sql, " FROM ");
  csl_ddl_append_name (sql, type->name);
  g_string_append (sql, condition);
}

static void
append_assignment (GString *sql, const char *name, guint position)
{
  g_string_append (sql, ", ");
  csl_ddl_append_name (sql, name);
  g_string_append_printf (sql, " = ?%u", position);
}

/* Row number, id and order never change, so they are left out; the parameters keep their positions. */
static void
append_update (GString *sql, const CslRecordType *type)
{
  guint position = N_FIXED + 1;

  g_string_append (sql, "UPDATE ");
  csl_ddl_append_name (sql, type->name);
  g_string_append (sql, " SET \"_rev\" = ?3, \"_hash\" = ?4, \"_bucket\" = ?5");
  for (guint i = 0; i < type->n_fields; i++) {
    append_assignment (sql, type->fields[i].name, position++);
    if (type->fields[i].kind->value_type == CSL_VALUE_MONEY) {
      g_autofree char *currency = csl_ddl_dup_currency_name (&type->fields[i]);

      append_assignment (sql, currency, position++);
    }
  }
  append_assignment (sql, "_rest", position);
  g_string_append (sql, " WHERE \"_row\" = ?1");
}

static const char *const scans[] = {
  [CSL_SCAN_BUCKET] = " WHERE \"_bucket\" = ?1 AND \"_rev\" > 0",
  [CSL_SCAN_AFTER] = " WHERE \"_row\" > ?1 ORDER BY \"_row\" LIMIT ?2",
  [CSL_SCAN_NEWER] = " WHERE \"_rev\" > ?1 ORDER BY \"_row\"",
};

static void
append_statement (GString *sql, gconstpointer owner, guint id)
{
  const CslRecordTable *self = owner;
  guint n = count_columns (self->type);

  switch ((StmtId) id) {
  case STMT_FIND:
    g_string_append (
      sql, "SELECT \"_row\", \"_rev\", \"_hash\", \"_bucket\", \"_order\" FROM ");
    csl_ddl_append_name (sql, self->type->name);
    g_string_append (sql, " WHERE \"id\" = ?");
    break;
  case STMT_GET:
    append_select (sql, self->type, " WHERE \"id\" = ?");
    break;
  case STMT_GET_BY_ROW:
    append_select (sql, self->type, " WHERE \"_row\" = ?");
    break;
  case STMT_INSERT:
    g_string_append (sql, "INSERT INTO ");
    csl_ddl_append_name (sql, self->type->name);
    g_string_append (sql, " (");
    csl_record_table_append_columns (sql, self->type, NULL);
    g_string_append (sql, ") VALUES (");
    append_placeholders (sql, n);
    g_string_append_c (sql, ')');
    break;
  case STMT_UPDATE:
    append_update (sql, self->type);
    break;
  case STMT_DELETE:
    g_string_append (sql, "DELETE FROM ");
    csl_ddl_append_name (sql, self->type->name);
    g_string_append (sql, " WHERE \"_row\" = ?");
    break;
  case STMT_LAST_ROW:
    g_string_append (sql, "SELECT max (\"_row\") FROM ");
    csl_ddl_append_name (sql, self->type->name);
    break;
  case STMT_LAST_ORDER:
    g_string_append (sql, "SELECT max (\"_order\") FROM ");
    csl_ddl_append_name (sql, self->type->name);
    g_string_append (sql, " WHERE \"_order\" BETWEEN ?1 AND ?2");
    break;
  case STMT_SCAN:
  case N_STMTS:
  default:
    append_select (sql, self->type, scans[id - STMT_SCAN]);
    break;
  }
}

CslRecordTable *
csl_record_table_new (CslDb *db, const CslRecordType *type)
{
  CslRecordTable *self = g_new0 (CslRecordTable, 1);

  self->db = db;
  self->type = type;
  self->last_row = -1;
  self->stmts = csl_stmt_set_new (db, N_STMTS, append_statement, self);
  return self;
}

void
csl_record_table_free (CslRecordTable *self)
{
  if (self == NULL)
    return;
  csl_stmt_set_free (self->stmts);
  g_free (self);
}

/* -- Row numbers and order ------------------------------------------------------------- */

static bool
load_last_row (CslRecordTable *self, GError **error)
{
  csl_auto_reset CslStmt *stmt = NULL;

  if (self->last_row >= 0)
    return true;
  stmt = csl_stmt_set_get (self->stmts, STMT_LAST_ROW, error);
  if (stmt == NULL || !csl_stmt_step (stmt, error))
    return false;
  self->last_row = csl_stmt_get_int (stmt, 0);
  return true;
}

gint64
csl_record_table_get_last_row (CslRecordTable *self)
{
  return load_last_row (self, NULL) ? self->last_row : 0;
}

bool
csl_record_table_reserve_rows (CslRecordTable *self, gint64 at_least, GError **error)
{
  /* Most tables are empty: what says nothing costs no statement. */
  if (at_least <= 0)
    return true;
  if (!load_last_row (self, error))
    return false;
  self->last_row = MAX (self->last_row, at_least);
  return true;
}

/* The time in a UUIDv7: newer records have higher numbers. */
static gint64
order_of_id (const char *id)
{
  guint64 ms = 0;
  guint n = 0;

  for (const char *p = id; *p != '\0' && n < 12; p++) {
    int digit = g_ascii_xdigit_value (*p);

    if (digit < 0)
      continue;
    ms = ms << 4 | (guint64) digit;
    n++;
  }
  return (gint64) (ms >> ORDER_SHIFT);
}

/* The highest place in use from @from to @to; -1: none. */
static gint64
find_last_order (CslRecordTable *self, gint64 from, gint64 to)
{
  csl_auto_reset CslStmt *stmt = csl_stmt_set_get (self->stmts, STMT_LAST_ORDER, NULL);

  if (stmt == NULL)
    return -1;
  csl_stmt_bind_int_at (stmt, 1, from);
  csl_stmt_bind_int_at (stmt, 2, to);
  if (!csl_stmt_step (stmt, NULL) || csl_stmt_is_null (stmt, 0))
    return -1;
  return csl_stmt_get_int (stmt, 0);
}

/* Records of the same moment take the places behind each other: who came later stands later. FALSE: @order is free. */
static bool
move_behind (CslRecordTable *self, gint64 *order)
{
  gint64 last = find_last_order (self, *order, *order);

  if (last < 0)
    return false;
  for (gint64 span = ORDER_SPAN; last >= 0; span *= 8) {
    last = find_last_order (self, *order, *order + span);
    if (last < *order + span)
      break;
  }
  *order = last + 1;
  return last >= 0;
}

/* -- Reading --------------------------------------------------------------------------- */

static void
read_value (CslValue *value, const CslField *field, CslStmt *stmt, int column)
{
  if (csl_stmt_is_null (stmt, column))
    return;
  switch (field->kind->value_type) {
  case CSL_VALUE_NULL:
    break;
  case CSL_VALUE_BOOL:
    csl_value_set_bool (value, csl_stmt_get_int (stmt, column) != 0);
    break;
  case CSL_VALUE_INT:
    csl_value_set_int (value, csl_stmt_get_int (stmt, column));
    break;
  case CSL_VALUE_TEXT:
    csl_value_take_text (value, csl_stmt_dup_text (stmt, column));
    break;
  case CSL_VALUE_MONEY: {
    const char *currency = csl_stmt_get_text (stmt, column + 1);

    csl_value_set_money (value, csl_stmt_get_int (stmt, column),
                         currency != NULL ? currency : "");
    break;
  }
  case CSL_VALUE_JSON:
    csl_value_take_json (value, csl_stmt_dup_text (stmt, column));
    break;
  }
}

CslStmt *
csl_record_table_scan (CslRecordTable *self, CslRecordScan scan, GError **error)
{
  return csl_stmt_set_get (self->stmts, STMT_SCAN + scan, error);
}

CslRecord *
csl_record_table_read (const CslRecordType *type,
                       CslStmt *stmt,
                       int first,
                       CslRowInfo *ret_info)
{
  const char *id = csl_stmt_get_text (stmt, first + 1);
  CslRecord *record = csl_record_new (type, id);
  int column = first + N_FIXED;

  record->rev = csl_stmt_get_int (stmt, first + 2);
  for (guint i = 0; i < type->n_fields; i++) {
    read_value (&record->values[i], &type->fields[i], stmt, column);
    column += type->fields[i].kind->value_type == CSL_VALUE_MONEY ? 2 : 1;
  }
  record->rest = csl_stmt_dup_text (stmt, column);
  if (ret_info != NULL)
    *ret_info = (CslRowInfo){
      .row = csl_stmt_get_int (stmt, first),
      .hash = (guint64) csl_stmt_get_int (stmt, first + 3),
      .bucket = csl_stmt_get_int (stmt, first + 4),
      .order = csl_stmt_get_int (stmt, first + 5),
    };
  return record;
}

bool
csl_record_table_find (CslRecordTable *self,
                       const char *id,
                       CslRowInfo *ret_info,
                       gint64 *ret_rev,
                       GError **error)
{
  csl_auto_reset CslStmt *stmt = csl_stmt_set_get (self->stmts, STMT_FIND, error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text_at (stmt, 1, id);
  if (!csl_stmt_step (stmt, error))
    return false;
  *ret_info = (CslRowInfo){
    .row = csl_stmt_get_int (stmt, 0),
    .hash = (guint64) csl_stmt_get_int (stmt, 2),
    .bucket = csl_stmt_get_int (stmt, 3),
    .order = csl_stmt_get_int (stmt, 4),
  };
  *ret_rev = csl_stmt_get_int (stmt, 1);
  return true;
}

CslRecord *
csl_record_table_get (CslRecordTable *self,
                      const char *id,
                      CslRowInfo *ret_info,
                      GError **error)
{
  csl_auto_reset CslStmt *stmt = csl_stmt_set_get (self->stmts, STMT_GET, error);

  if (stmt == NULL)
    return NULL;
  csl_stmt_bind_text_at (stmt, 1, id);
  return csl_stmt_step (stmt, error)
           ? csl_record_table_read (self->type, stmt, 0, ret_info)
           : NULL;
}

CslRecord *
csl_record_table_get_by_row (CslRecordTable *self,
                             gint64 row,
                             CslRowInfo *ret_info,
                             GError **error)
{
  csl_auto_reset CslStmt *stmt = csl_stmt_set_get (self->stmts, STMT_GET_BY_ROW, error);

  if (stmt == NULL)
    return NULL;
  csl_stmt_bind_int_at (stmt, 1, row);
  return csl_stmt_step (stmt, error)
           ? csl_record_table_read (self->type, stmt, 0, ret_info)
           : NULL;
}

/* -- Writing --------------------------------------------------------------------------- */

static void
bind_record (CslStmt *stmt, const CslRecord *record, const CslRowInfo *info)
{
  int position = N_FIXED + 1;

  csl_stmt_bind_int_at (stmt, 1, info->row);
  csl_stmt_bind_text_at (stmt, 2, record->id);
  csl_stmt_bind_int_at (stmt, 3, record->rev);
  csl_stmt_bind_int_at (stmt, 4, (gint64) info->hash);
  csl_stmt_bind_int_at (stmt, 5, info->bucket);
  csl_stmt_bind_int_at (stmt, 6, info->order);
  for (guint i = 0; i < record->type->n_fields; i++) {
    const CslValue *value = &record->values[i];

    csl_stmt_bind_value_at (stmt, position++, value);
    if (record->type->fields[i].kind->value_type == CSL_VALUE_MONEY)
      csl_stmt_bind_text_at (stmt, position++,
                             value->type == CSL_VALUE_MONEY ? value->currency : NULL);
  }
  csl_stmt_bind_text_at (stmt, position, record->rest);
}

/**
 * csl_record_table_insert:
 * @info: bucket and hash are read; row and order are filled in
 *
 * Returns: %FALSE with CSL_STORE_ERROR_INVALID when the id is there already or a check refuses the content, or as usual
 */
bool
csl_record_table_insert (CslRecordTable *self,
                         const CslRecord *record,
                         CslRowInfo *info,
                         GError **error)
{
  CslStmt *stmt = csl_stmt_set_get (self->stmts, STMT_INSERT, error);
  g_autoptr (GError) local = NULL;

  g_assert (record->type == self->type);
  if (stmt == NULL || !load_last_row (self, error))
    return false;
  info->row = self->last_row + 1;
  info->order = order_of_id (record->id);
  bind_record (stmt, record, info);
  if (!csl_stmt_run (stmt, &local)) {
    if (!g_error_matches (local, CSL_STORE_ERROR, CSL_STORE_ERROR_INVALID) ||
        !move_behind (self, &info->order)) {
      g_propagate_error (error, g_steal_pointer (&local));
      return false;
    }
    bind_record (stmt, record, info);
    if (!csl_stmt_run (stmt, error))
      return false;
  }
  self->last_row = info->row;
  return true;
}

bool
csl_record_table_update (CslRecordTable *self,
                         const CslRecord *record,
                         const CslRowInfo *info,
                         GError **error)
{
  CslStmt *stmt = csl_stmt_set_get (self->stmts, STMT_UPDATE, error);

  g_assert (record->type == self->type && info->row > 0);
  if (stmt == NULL)
    return false;
  bind_record (stmt, record, info);
  return csl_stmt_run (stmt, error);
}

bool
csl_record_table_delete (CslRecordTable *self, gint64 row, GError **error)
{
  CslStmt *stmt = csl_stmt_set_get (self->stmts, STMT_DELETE, error);

  /* Its number must not come back, even if it was the highest. */
  if (stmt == NULL || !load_last_row (self, error))
    return false;
  csl_stmt_bind_int_at (stmt, 1, row);
  return csl_stmt_run (stmt, error);
}
