/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The statements of one generated table: each is written and prepared when it is first used, and kept. */
#pragma once

#include "store/csl-db.h"

G_BEGIN_DECLS

/* Appends the SQL of statement @id, of the table that @owner describes. */
typedef void (*CslStmtWriter) (GString *sql, gconstpointer owner, guint id);

typedef struct _CslStmtSet CslStmtSet;

/* Statements 0 … @n - 1. @db and @owner must outlive it. */
CslStmtSet *csl_stmt_set_new (CslDb *db,
                              guint n,
                              CslStmtWriter writer,
                              gconstpointer owner) G_GNUC_WARN_UNUSED_RESULT;
void csl_stmt_set_free (CslStmtSet *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CslStmtSet, csl_stmt_set_free)
/* Borrowed; reset it when done (csl_auto_reset). One use at a time. NULL as csl_db_prepare_once(). */
CslStmt *csl_stmt_set_get (CslStmtSet *self, guint id, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
