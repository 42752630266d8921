/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Work in slices for idle times: filling the full-text indexes, and taking changed texts into them. */
#include "config.h"

#include "core/base/csl-error.h"
#include "store/csl-replica-private.h"

/* A changed text is looked up word by word: it costs as much as so many rows that are only added. */
#define RENEW_COST 400

/* -- Full-text ------------------------------------------------------------------------- */

static bool
is_filled (CslReplica *self, guint i)
{
  return self->searches[i] == NULL ||
         self->indexed[i] >= csl_record_table_get_last_row (self->tables[i]);
}

bool
csl_replica_needs_index (CslReplica *self)
{
  for (guint i = 0; i < self->n_types; i++)
    if (!is_filled (self, i))
      return true;
  return self->has_stale;
}

/* Most types have no changed text, and need none of their statements. */
static bool
has_stale_type (CslReplica *self, guint i, bool *ret_has, GError **error)
{
  static const char sql[] = "SELECT 1 FROM \"_stale\" WHERE \"type\" = :type LIMIT 1";
  g_autoptr (GError) local = NULL;
  csl_auto_reset CslStmt *stmt = NULL;

  *ret_has = false;
  if (self->searches[i] == NULL)
    return true;
  stmt = csl_db_prepare (self->db, sql, error);
  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":type", csl_schema_get_type (self->schema, i)->name);
  *ret_has = csl_stmt_step (stmt, &local);
  return csl_error_pass (&local, error);
}

static bool
renew_types (CslReplica *self, guint max_rows, guint *ret_n, GError **error)
{
  *ret_n = 0;
  for (guint i = 0; i < self->n_types && *ret_n < max_rows; i++) {
    guint n = 0;
    bool stale;

    if (!has_stale_type (self, i, &stale, error) ||
        (stale &&
         !csl_search_table_renew (self->searches[i], max_rows - *ret_n, &n, error)))
      return false;
    *ret_n += n;
  }
  if (*ret_n < max_rows)
    self->has_stale = false;
  return true;
}

static bool
fill_type (CslReplica *self, guint i, guint max_rows, guint *ret_n, GError **error)
{
  gint64 mark = 0;

  if (!csl_search_table_fill (self->searches[i], self->indexed[i], max_rows, &mark, ret_n,
                              error))
    return false;
  /* None: rows above were deleted, and nothing is missing. */
  self->indexed[i] = *ret_n > 0 ? mark : csl_record_table_get_last_row (self->tables[i]);
  self->indexed_dirty[i] = true;
  return true;
}

static bool
fill_types (CslReplica *self, guint max_rows, GError **error)
{
  guint left = max_rows;

  for (guint i = 0; i < self->n_types && left > 0; i++) {
    guint n = 0;

    if (!is_filled (self, i) && !fill_type (self, i, left, &n, error))
      return false;
    left -= MIN (left, n);
  }
  return true;
}

/* Changed texts first: there are few, and somebody may be looking for them. */
static bool
index_types (CslReplica *self, guint max_rows, GError **error)
{
  guint n = 0;

  if (self->has_stale && !renew_types (self, MAX (1, max_rows / RENEW_COST), &n, error))
    return false;
  return n * RENEW_COST >= max_rows ||
         fill_types (self, max_rows - n * RENEW_COST, error);
}

bool
csl_replica_index_slice (CslReplica *self, guint max_rows, bool *ret_more, GError **error)
{
  if (csl_replica_needs_index (self)) {
    /* The marks are part of it: what a power cut takes is indexed again. */
    if (!csl_db_begin_relaxed (self->db, error) ||
        !csl_replica_end (self, index_types (self, max_rows, error), error))
      return false;
  }
  *ret_more = csl_replica_needs_index (self);
  return true;
}
