/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslStmt: one prepared statement. Values are always bound; parameters have names (":id").
 *
 *   csl_auto_reset CslStmt *stmt = csl_db_prepare (db, SQL, error);
 *   if (stmt == NULL)
 *     return false;
 *   csl_stmt_bind_text (stmt, ":id", id);
 *   while (csl_stmt_step (stmt, &row_error))
 *     … csl_stmt_get_text (stmt, 0) …
 *
 * Binding cannot fail for the caller: a failure (no memory) is remembered and comes with the next step. The texts and
 * blobs bound must stay alive until the statement is reset: they are not copied.
 */
#pragma once

#include "core/value/csl-value.h"
#include "store/csl-store-error.h"

G_BEGIN_DECLS

typedef struct _CslStmt CslStmt;

void csl_stmt_bind_text (CslStmt *self, const char *name, const char *text);
void csl_stmt_bind_text_length (CslStmt *self,
                                const char *name,
                                const char *text,
                                gsize length);
void csl_stmt_bind_int (CslStmt *self, const char *name, gint64 number);
void csl_stmt_bind_null (CslStmt *self, const char *name);
void csl_stmt_bind_blob (CslStmt *self,
                         const char *name,
                         gconstpointer data,
                         gsize length);
/* Money binds its number; bind the currency as text of its own. */
void csl_stmt_bind_value (CslStmt *self, const char *name, const CslValue *value);
/* The same by position, from 1: for bulk work where looking names up would show. */
void csl_stmt_bind_text_at (CslStmt *self, int position, const char *text);
void csl_stmt_bind_int_at (CslStmt *self, int position, gint64 number);
void csl_stmt_bind_value_at (CslStmt *self, int position, const CslValue *value);

/* TRUE: a row is there. FALSE: the end, or an error (then @error is set). The statement is reset at the end. */
bool csl_stmt_step (CslStmt *self, GError **error);
/* Runs a statement that gives no rows, and resets it. */
bool csl_stmt_run (CslStmt *self, GError **error);
/* Back to the start; bindings are cleared. NULL-safe. */
void csl_stmt_reset (CslStmt *self);
/* Only for statements of csl_db_prepare_once(). */
void csl_stmt_free (CslStmt *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CslStmt, csl_stmt_free)

/* Columns from 0. Texts and blobs live until the next step or reset. */
const char *csl_stmt_get_text (CslStmt *self, int column); /* NULL for NULL */
gsize csl_stmt_get_size (CslStmt *self, int column);       /* bytes of a text or blob */
gconstpointer csl_stmt_get_blob (CslStmt *self, int column);
gint64 csl_stmt_get_int (CslStmt *self, int column);
bool csl_stmt_is_null (CslStmt *self, int column);
char *csl_stmt_dup_text (CslStmt *self, int column) G_GNUC_WARN_UNUSED_RESULT;
/* Copies a text of at most @size - 1 bytes into a field such as char id[40]; "" for NULL. */
void csl_stmt_copy_text (CslStmt *self, int column, char *buffer, gsize size);
int csl_stmt_get_n_columns (CslStmt *self);

static inline void
csl_stmt_reset_cleanup (CslStmt **stmt)
{
  csl_stmt_reset (*stmt);
}
/* Resets a borrowed statement at the end of the scope: a statement left open keeps a read transaction. */
#define csl_auto_reset __attribute__ ((cleanup (csl_stmt_reset_cleanup)))

G_END_DECLS
