/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prepared statements over sqlite3_stmt. Every binder goes through bound(), so that none can count positions
 * differently from the others. */
#include "config.h"

#include "store/csl-stmt.h"

#include "core/base/csl-error.h"
#include "store/csl-db-private.h"

#include <string.h>

struct _CslStmt
{
  CslDb *db;          /* (unowned) */
  sqlite3_stmt *stmt; /* (owned) */
  int bind_code;      /* first failure of a binder since the last reset */
};

CslStmt *
csl_stmt_new (CslDb *db, const char *sql, bool persistent, GError **error)
{
  g_autoptr (CslStmt) self = NULL;
  const char *rest = NULL;
  int code;

  if (!csl_db_is_usable (db, error))
    return NULL;
  self = g_new0 (CslStmt, 1);
  self->db = db;
  code = sqlite3_prepare_v3 (csl_db_get_handle (db), sql, -1,
                             persistent ? SQLITE_PREPARE_PERSISTENT : 0, &self->stmt,
                             &rest);
  if (code != SQLITE_OK) {
    csl_db_fail (db, code, error);
    return NULL;
  }
  g_assert (self->stmt != NULL);
  return g_steal_pointer (&self);
}

void
csl_stmt_free (CslStmt *self)
{
  if (self == NULL)
    return;
  sqlite3_finalize (self->stmt);
  g_free (self);
}

/* Position of a named parameter; a name the statement does not have is a mistake in the program. */
static int
position_of (CslStmt *self, const char *name)
{
  int position = sqlite3_bind_parameter_index (self->stmt, name);

  if (position == 0)
    g_error ("No parameter %s in: %s", name, sqlite3_sql (self->stmt));
  return position;
}

static void
bound (CslStmt *self, int code)
{
  g_return_if_fail (code != SQLITE_RANGE && code != SQLITE_MISUSE);
  if (code != SQLITE_OK && self->bind_code == SQLITE_OK)
    self->bind_code = code;
}

/**
 * csl_stmt_bind_text:
 * @name: parameter with its colon
 * @text: (nullable): UTF-8; must live until the statement is reset
 */
void
csl_stmt_bind_text (CslStmt *self, const char *name, const char *text)
{
  csl_stmt_bind_text_at (self, position_of (self, name), text);
}

void
csl_stmt_bind_text_length (CslStmt *self,
                           const char *name,
                           const char *text,
                           gsize length)
{
  bound (self, sqlite3_bind_text64 (self->stmt, position_of (self, name), text, length,
                                    SQLITE_STATIC, SQLITE_UTF8));
}

void
csl_stmt_bind_int (CslStmt *self, const char *name, gint64 number)
{
  csl_stmt_bind_int_at (self, position_of (self, name), number);
}

void
csl_stmt_bind_null (CslStmt *self, const char *name)
{
  bound (self, sqlite3_bind_null (self->stmt, position_of (self, name)));
}

void
csl_stmt_bind_blob (CslStmt *self, const char *name, gconstpointer data, gsize length)
{
  bound (self, sqlite3_bind_blob64 (self->stmt, position_of (self, name), data, length,
                                    SQLITE_STATIC));
}

void
csl_stmt_bind_value (CslStmt *self, const char *name, const CslValue *value)
{
  csl_stmt_bind_value_at (self, position_of (self, name), value);
}

void
csl_stmt_bind_text_at (CslStmt *self, int position, const char *text)
{
  if (text == NULL)
    bound (self, sqlite3_bind_null (self->stmt, position));
  else
    bound (self, sqlite3_bind_text (self->stmt, position, text, -1, SQLITE_STATIC));
}

void
csl_stmt_bind_int_at (CslStmt *self, int position, gint64 number)
{
  bound (self, sqlite3_bind_int64 (self->stmt, position, number));
}

void
csl_stmt_bind_value_at (CslStmt *self, int position, const CslValue *value)
{
  switch (value->type) {
  case CSL_VALUE_NULL:
    bound (self, sqlite3_bind_null (self->stmt, position));
    break;
  case CSL_VALUE_BOOL:
  case CSL_VALUE_INT:
  case CSL_VALUE_MONEY:
    csl_stmt_bind_int_at (self, position, value->number);
    break;
  case CSL_VALUE_TEXT:
  case CSL_VALUE_JSON:
    csl_stmt_bind_text_at (self, position, value->text);
    break;
  }
}

/**
 * csl_stmt_step:
 *
 * Returns: %TRUE when a row is there; %FALSE at the end, or on an error with @error set
 *   (CSL_STORE_ERROR_FULL, _BUSY, _INVALID, _READ_ONLY, _IO, _DAMAGED). The statement is then reset.
 */
bool
csl_stmt_step (CslStmt *self, GError **error)
{
  int code = self->bind_code;

  if (!csl_db_is_usable (self->db, error))
    return false;
  if (code == SQLITE_OK)
    code = sqlite3_step (self->stmt);
  if (code == SQLITE_ROW)
    return true;
  if (code != SQLITE_DONE)
    csl_db_fail (self->db, code, error);
  csl_stmt_reset (self);
  return false;
}

bool
csl_stmt_run (CslStmt *self, GError **error)
{
  g_autoptr (GError) local = NULL;

  while (csl_stmt_step (self, &local))
    continue;
  return csl_error_pass (&local, error);
}

void
csl_stmt_reset (CslStmt *self)
{
  if (self == NULL)
    return;
  sqlite3_reset (self->stmt);
  sqlite3_clear_bindings (self->stmt);
  self->bind_code = SQLITE_OK;
}

const char *
csl_stmt_get_text (CslStmt *self, int column)
{
  return (const char *) sqlite3_column_text (self->stmt, column);
}

gsize
csl_stmt_get_size (CslStmt *self, int column)
{
  return (gsize) sqlite3_column_bytes (self->stmt, column);
}

gconstpointer
csl_stmt_get_blob (CslStmt *self, int column)
{
  return sqlite3_column_blob (self->stmt, column);
}

gint64
csl_stmt_get_int (CslStmt *self, int column)
{
  return sqlite3_column_int64 (self->stmt, column);
}

bool
csl_stmt_is_null (CslStmt *self, int column)
{
  return sqlite3_column_type (self->stmt, column) == SQLITE_NULL;
}

char *
csl_stmt_dup_text (CslStmt *self, int column)
{
  return g_strdup (csl_stmt_get_text (self, column));
}

void
csl_stmt_copy_text (CslStmt *self, int column, char *buffer, gsize size)
{
  const char *text = csl_stmt_get_text (self, column);

  g_strlcpy (buffer, text != NULL ? text : "", size);
}

int
csl_stmt_get_n_columns (CslStmt *self)
{
  return sqlite3_column_count (self->stmt);
}
