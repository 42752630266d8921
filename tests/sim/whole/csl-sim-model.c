/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-sim-model.c: sums of buckets by commit. */
#include "sim/whole/csl-sim-model.h"

#include <string.h>

typedef struct
{
  gint64 head, count, sum;
} Version;

struct _CslSimModel
{
  char epoch[40];
  gint64 head;
  GHashTable *buckets; /* (owned) name → GArray of Version */
  GHashTable *heads;   /* (owned) set of gint64 */
  GHashTable *ended;   /* (owned) set of ids of records that were deleted or erased */
};

CslSimModel *
csl_sim_model_new (void)
{
  CslSimModel *self = g_new0 (CslSimModel, 1);

  self->head = -1;
  self->buckets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                         (GDestroyNotify) g_array_unref);
  self->heads = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->ended = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

void
csl_sim_model_free (CslSimModel *self)
{
  g_hash_table_unref (self->buckets);
  g_hash_table_unref (self->heads);
  g_hash_table_unref (self->ended);
  g_free (self);
}

static void
forget (CslSimModel *self, const char *epoch)
{
  g_strlcpy (self->epoch, epoch, sizeof self->epoch);
  self->head = -1;
  g_hash_table_remove_all (self->buckets);
  g_hash_table_remove_all (self->heads);
  g_hash_table_remove_all (self->ended);
}

static void
add_version (CslSimModel *self, const char *name, const Version *version)
{
  GArray *versions = g_hash_table_lookup (self->buckets, name);

  if (versions == NULL) {
    versions = g_array_new (FALSE, FALSE, sizeof (Version));
    g_hash_table_insert (self->buckets, g_strdup (name), versions);
  }
  g_array_append_val (versions, *version);
}

static void
read_buckets (CslSimModel *self, CslDb *db, gint64 head)
{
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (db, "SELECT name, count, sum FROM _bucket WHERE seq > ?1", NULL);

  csl_stmt_bind_int_at (stmt, 1, self->head);
  while (csl_stmt_step (stmt, NULL)) {
    Version version = { head, csl_stmt_get_int (stmt, 1), csl_stmt_get_int (stmt, 2) };

    add_version (self, csl_stmt_get_text (stmt, 0), &version);
  }
}

/* I15: what ended does not come back, unless somebody asked for it. */
static char *
read_ended (CslSimModel *self, CslDb *db)
{
  csl_auto_reset CslStmt *back = csl_db_prepare (
    db,
    "SELECT r.id FROM _rec r WHERE r.state = 0 AND r.seq > ?1 AND NOT EXISTS"
    " (SELECT 1 FROM _hist h WHERE h.rec = r.key AND h.act = 'restore')",
    NULL);
  csl_auto_reset CslStmt *gone =
    csl_db_prepare (db, "SELECT id FROM _rec WHERE state <> 0 AND seq > ?1", NULL);

  csl_stmt_bind_int_at (back, 1, self->head);
  while (csl_stmt_step (back, NULL))
    if (g_hash_table_contains (self->ended, csl_stmt_get_text (back, 0)))
      return g_strdup_printf ("I15: %s is there again", csl_stmt_get_text (back, 0));
  csl_stmt_bind_int_at (gone, 1, self->head);
  while (csl_stmt_step (gone, NULL))
    g_hash_table_add (self->ended, csl_stmt_dup_text (gone, 0));
  return NULL;
}

char *
csl_sim_model_observe (CslSimModel *self, CslDb *db)
{
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (db, "SELECT epoch, head FROM _head", NULL);
  gint64 head;
  char *wrong;

  if (stmt == NULL || !csl_stmt_step (stmt, NULL))
    return g_strdup ("recovery: the server's file cannot be read");
  head = csl_stmt_get_int (stmt, 1);
  if (strcmp (self->epoch, csl_stmt_get_text (stmt, 0)) != 0)
    forget (self, csl_stmt_get_text (stmt, 0));
  if (head == self->head)
    return NULL;
  if (head < self->head)
    return g_strdup_printf ("I1: the server went from commit %" G_GINT64_FORMAT
                            " back to %" G_GINT64_FORMAT " in one epoch",
                            self->head, head);
  read_buckets (self, db, head);
  wrong = read_ended (self, db);
  self->head = head;
  g_hash_table_add (self->heads, g_memdup2 (&head, sizeof head));
  return wrong;
}

gint64
csl_sim_model_get_head (const CslSimModel *self)
{
  return self->head;
}

const char *
csl_sim_model_get_epoch (const CslSimModel *self)
{
  return self->epoch;
}

bool
csl_sim_model_knows (const CslSimModel *self, gint64 seq)
{
  return g_hash_table_contains (self->heads, &seq);
}

void
csl_sim_model_lookup (const CslSimModel *self,
                      const char *bucket,
                      gint64 seq,
                      gint64 *ret_count,
                      gint64 *ret_sum)
{
  const GArray *versions = g_hash_table_lookup (self->buckets, bucket);

  *ret_count = *ret_sum = 0;
  for (guint i = 0; versions != NULL && i < versions->len; i++) {
    const Version *version = &g_array_index (versions, Version, i);

    if (version->head > seq)
      break;
    *ret_count = version->count;
    *ret_sum = version->sum;
  }
}
