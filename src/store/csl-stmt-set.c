/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-stmt-set.c: generated statements, made on first use. */
#include "config.h"

#include "store/csl-stmt-set.h"

struct _CslStmtSet
{
  CslDb *db; /* (unowned) */
  CslStmtWriter writer;
  gconstpointer owner; /* (unowned) */
  guint n;
  CslStmt **stmts; /* (owned) of (owned) (nullable) */
};

CslStmtSet *
csl_stmt_set_new (CslDb *db, guint n, CslStmtWriter writer, gconstpointer owner)
{
  CslStmtSet *self = g_new0 (CslStmtSet, 1);

  self->db = db;
  self->writer = writer;
  self->owner = owner;
  self->n = n;
  self->stmts = g_new0 (CslStmt *, n);
  return self;
}

void
csl_stmt_set_free (CslStmtSet *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < self->n; i++)
    csl_stmt_free (self->stmts[i]);
  g_free (self->stmts);
  g_free (self);
}

CslStmt *
csl_stmt_set_get (CslStmtSet *self, guint id, GError **error)
{
  g_assert (id < self->n);
  if (self->stmts[id] == NULL) {
    g_autoptr (GString) sql = g_string_new (NULL);

    self->writer (sql, self->owner, id);
    self->stmts[id] = csl_db_prepare_once (self->db, sql->str, error);
  }
  return self->stmts[id];
}
