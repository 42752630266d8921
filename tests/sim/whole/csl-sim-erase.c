/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-sim-erase.c: somebody is erased by law while devices are away, and while their own unsent words are on them. From the
 * moment the server says that it is done, no byte of its files holds a word about them, also after an older backup was put
 * back. */
#include "server/csd-erase.h"
#include "sim/whole/csl-sim-check.h"

#include <string.h>

#define LEAST_LEFT 2
#define DIES       250 /* of a thousand: while it does it */

/* NULL: too few are left. */
static char *
pick_person (CslSimWorld *world, guint organisation)
{
  static const char sql[] =
    "SELECT id FROM _rec WHERE type = 'client' AND state = 0 ORDER BY id";
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (csl_sim_server_observe (world, organisation), sql, NULL);
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);

  while (csl_stmt_step (stmt, NULL))
    g_ptr_array_add (ids, csl_stmt_dup_text (stmt, 0));
  if (ids->len <= LEAST_LEFT)
    return NULL;
  return g_ptr_array_steal_index (ids, csl_sim_world_pick (world, ids->len));
}

static bool
is_gone (CslSimWorld *world, guint organisation, const char *id)
{
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (csl_sim_server_observe (world, organisation),
                    "SELECT 1 FROM _rec WHERE id = ?1 AND state = 2", NULL);

  csl_stmt_bind_text_at (stmt, 1, id);
  return csl_stmt_step (stmt, NULL);
}

void
csl_sim_server_erase (CslSimWorld *self, guint organisation)
{
  g_autofree char *id = pick_person (self, organisation);
  g_autoptr (GError) error = NULL;
  gint64 seq = 0;
  bool done;

  if (id == NULL)
    return;
  if (csl_sim_world_chance (self, DIES))
    csl_sim_disk_kill_at (self->disk, 1 + csl_sim_world_pick (self, 60));
  done = csd_server_erase (self->server, self->organisations[organisation].id, id, &seq,
                           &error);
  if (!done && !csl_sim_disk_is_dead (self->disk))
    csl_sim_fail (self, "server", "I15: nobody can be erased: %s", error->message);
  csl_sim_server_recover (self);
  csl_sim_disk_kill_at (self->disk, 0);
  if (done && !is_gone (self, organisation, id))
    csl_sim_fail (self, "server", "I15: %s was erased and is there", id);
  if (!is_gone (self, organisation, id))
    return;
  csl_sim_world_count (self, CSL_SIM_PERSON_ERASED);
  g_hash_table_add (self->erased, g_steal_pointer (&id));
  if (done)
    csl_sim_check_erased (self, organisation);
}

/* -- what is left -- */

static void
check_part (CslSimWorld *world, guint organisation, const char *part)
{
  g_autofree char *name =
    g_strdup_printf ("org-%s.db%s", world->organisations[organisation].id, part);
  g_autoptr (GBytes) bytes = csl_sim_disk_dup_bytes (world->disk, name);
  g_autoptr (GHashTable) words =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  GHashTableIter iter;
  gpointer word;

  if (bytes == NULL)
    return;
  csl_sim_check_collect_bytes (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
                               name, words);
  g_hash_table_iter_init (&iter, words);
  while (g_hash_table_iter_next (&iter, &word, NULL))
    if (csl_sim_world_is_erased (world, word))
      csl_sim_fail (world, "server", "I15: the word %s of somebody erased is in %s",
                    (char *) word, name);
}

void
csl_sim_check_erased (CslSimWorld *world, guint organisation)
{
  if (g_hash_table_size (world->erased) == 0)
    return;
  csl_sim_world_count (world, CSL_SIM_CHECKED_ERASED);
  check_part (world, organisation, "");
  check_part (world, organisation, "-wal");
  check_part (world, organisation, "-journal");
}
