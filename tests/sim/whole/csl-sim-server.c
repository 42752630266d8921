/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-sim-server.c: the server's program and its disk: starting, dying, backups. */
#include "server/csd-server-private.h"
#include "server/store/sqlite/csd-sqlite-private.h"
#include "sim/whole/csl-sim-check.h"
#include "sim/whole/csl-sim-model.h"
#include "sim/whole/csl-sim-world.h"

#define MOST_STARTS 50

static char *
dup_folder (CslSimWorld *self)
{
  return g_build_filename (self->folder, "server", NULL);
}

static char *
dup_data_name (CslSimWorld *self, guint organisation)
{
  return g_strdup_printf ("org-%s.db", self->organisations[organisation].id);
}

/* Through the server's own connection: loading the schema for another one costs as much as twenty steps. Between two requests
 * nothing may be open in it, so what it reads is what is committed. */
CslDb *
csl_sim_server_observe (CslSimWorld *self, guint organisation)
{
  g_autoptr (GError) error = NULL;
  CsdOrganisation *mine =
    csd_server_get_organisation (self->server, self->organisations[organisation].id,
                                 &error);
  CslDb *db;

  if (mine == NULL)
    csl_sim_fail (self, "server", "recovery: %s", error->message);
  db = ((CsdSqlite *) mine->storage)->db;
  if (csl_db_is_in_transaction (db))
    csl_sim_fail (self, "server", "once: a transaction is still open");
  return db;
}

void
csl_sim_server_close (CslSimWorld *self)
{
  g_clear_pointer (&self->server, csd_server_free);
}

/* FALSE: it died while it started. */
static bool
try_open (CslSimWorld *self)
{
  g_autofree char *folder = dup_folder (self);
  g_autoptr (GError) error = NULL;
  bool good;

  self->server =
    csd_server_open (folder, self->schema, &self->env, &self->config, &error);
  good = self->server != NULL;
  for (guint i = 0; good && i < CSL_SIM_ORGANISATIONS; i++)
    good = *self->organisations[i].id == '\0' ||
           csd_server_get_organisation (self->server, self->organisations[i].id,
                                        &error) != NULL;
  if (good)
    return true;
  if (!csl_sim_disk_is_dead (self->disk))
    csl_sim_fail (self, "server", "recovery: the server does not start: %s",
                  error->message);
  g_clear_pointer (&self->server, csd_server_free);
  return false;
}

static void
look (CslSimWorld *self)
{
  for (guint i = 0; i < CSL_SIM_ORGANISATIONS; i++) {
    g_autofree char *wrong = NULL;

    if (*self->organisations[i].id == '\0')
      continue;
    wrong = csl_sim_model_observe (self->organisations[i].model,
                                   csl_sim_server_observe (self, i));
    if (wrong != NULL)
      csl_sim_fail (self, "server", "%s", wrong);
  }
}

static void
add_disk_tally (CslSimWorld *self)
{
  CslSimDiskTally *disk = csl_sim_disk_get_tally (self->disk);
  guint64 *counts = self->tally.counts;

  counts[CSL_SIM_SERVER_KILLED] += disk->kills;
  counts[CSL_SIM_SERVER_POWER_CUT] += disk->power_cuts;
  counts[CSL_SIM_SERVER_DISK_FULL] += disk->full;
  counts[CSL_SIM_SERVER_WRITE_ERROR] += disk->write_errors;
  counts[CSL_SIM_SERVER_SYNC_ERROR] += disk->sync_errors;
  counts[CSL_SIM_WRITE_KEPT] += disk->kept;
  counts[CSL_SIM_WRITE_LOST] += disk->lost;
  counts[CSL_SIM_WRITE_TORN] += disk->torn;
  *disk = (CslSimDiskTally){ 0 };
}

void
csl_sim_server_open (CslSimWorld *self)
{
  for (guint i = 0; !try_open (self); i++) {
    csl_sim_disk_revive (self->disk, i % 2 == 0);
    if (i == MOST_STARTS)
      csl_sim_fail (self, "server", "recovery: the server never starts");
  }
  look (self);
}

/* Every promise was made before: the file must be whole. */
static void
check_files (CslSimWorld *self)
{
  csl_sim_world_count (self, CSL_SIM_CHECKED_FILE);
  for (guint i = 0; i < CSL_SIM_ORGANISATIONS; i++) {
    g_autoptr (GError) error = NULL;

    if (!csl_db_check (csl_sim_server_observe (self, i), &error))
      csl_sim_fail (self, "server", "recovery: quick_check says %s", error->message);
  }
}

void
csl_sim_server_crash (CslSimWorld *self, bool power)
{
  csl_sim_disk_kill (self->disk);
  csl_sim_server_close (self);
  csl_sim_disk_revive (self->disk, power);
  /* Sometimes it dies again while it starts. */
  if (csl_sim_world_chance (self, 200))
    csl_sim_disk_kill_at (self->disk, 1 + csl_sim_world_pick (self, 10));
  csl_sim_server_open (self);
  csl_sim_disk_kill_at (self->disk, 0);
  check_files (self);
  csl_sim_world_say (self, "  server: came back, head %" G_GINT64_FORMAT,
                     csl_sim_server_get_head (self, 0));
}

/* A program that goes on after its disk has failed opens its files again by itself, with the next turn. */
static void
heal (CslSimWorld *self)
{
  csl_sim_world_count (self, CSL_SIM_SERVER_HEALED);
  for (guint i = 0; i < CSL_SIM_ORGANISATIONS; i++) {
    CsdOrganisation *organisation = NULL;

    if (*self->organisations[i].id == '\0')
      continue;
    organisation =
      csd_server_get_organisation (self->server, self->organisations[i].id, NULL);
    csd_organisation_lock (organisation);
    if (organisation->storage->has_failed (organisation->storage))
      csl_sim_fail (self, "server", "recovery: a disk is well, and its file is not used");
    csd_organisation_unlock (organisation);
  }
}

bool
csl_sim_server_recover (CslSimWorld *self)
{
  const CslSimDiskTally *tally = csl_sim_disk_get_tally (self->disk);
  bool failed = tally->read_errors + tally->write_errors + tally->sync_errors > 0;
  bool dead = csl_sim_disk_is_dead (self->disk);
  CslSimDiskFaults faults = *csl_sim_disk_get_faults (self->disk);

  *csl_sim_disk_get_faults (self->disk) = (CslSimDiskFaults){ 0 };
  if (dead || (failed && self->seed % 2 != 0)) {
    csl_sim_server_crash (self, dead && csl_sim_world_chance (self, 500));
  } else {
    if (failed)
      heal (self);
    look (self);
  }
  add_disk_tally (self);
  *csl_sim_disk_get_faults (self->disk) = faults;
  return dead;
}

/* -- backups -- */

static void
back_up_silently (CslSimWorld *self, const char *folder)
{
  csl_sim_server_close (self);
  self->backup = csl_sim_disk_copy (self->disk, folder, 0);
  csl_sim_server_open (self);
}

void
csl_sim_server_back_up (CslSimWorld *self, bool tell)
{
  g_autofree char *name = g_strdup_printf ("backup-%u", self->n_backups++);
  g_autofree char *folder = g_build_filename (self->folder, name, NULL);
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&self->backup, csl_sim_disk_free);
  csl_sim_world_count (self, CSL_SIM_SERVER_BACKED_UP);
  if (!tell) {
    g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
    back_up_silently (self, folder);
    return;
  }
  self->backup = csl_sim_disk_new (folder, 0);
  if (!csd_server_back_up (self->server, folder, &error))
    csl_sim_fail (self, "server", "a backup failed: %s", error->message);
  look (self);
}

/* What is lost with the disk, as far as it says who saw what. */
static void
remember_history (CslSimWorld *self, guint organisation)
{
  static const char sql[] =
    "SELECT r.id || ' ' || json_extract (f.value, '$.f') || ' ' ||"
    " json_extract (f.value, '$.now'), json_extract (f.value, '$.was')"
    " FROM _hist h JOIN _rec r ON r.key = h.rec, json_each (h.fields) f"
    " WHERE json_type (f.value, '$.now') = 'text' AND json_type (f.value, '$.was') = "
    "'text'";
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (csl_sim_server_observe (self, organisation), sql, NULL);

  while (csl_stmt_step (stmt, NULL))
    g_hash_table_insert (self->lost, csl_stmt_dup_text (stmt, 0),
                         csl_stmt_dup_text (stmt, 1));
}

/* And what its records said: who still sees the file was free to read it, and may quote it. */
static void
remember_words (CslSimWorld *self, guint organisation)
{
  static const char sql[] =
    "SELECT b.name, r.doc FROM _rec r JOIN _bucket b ON b.bucket = r.bucket"
    " UNION ALL SELECT b.name, h.fields FROM _hist h JOIN _rec r ON r.key = h.rec"
    " JOIN _bucket b ON b.bucket = r.bucket";
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (csl_sim_server_observe (self, organisation), sql, NULL);

  while (csl_stmt_step (stmt, NULL)) {
    g_autoptr (GHashTable) words =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
    GHashTableIter iter;
    gpointer word;

    csl_sim_check_collect_words (csl_stmt_get_text (stmt, 1), "", words);
    g_hash_table_iter_init (&iter, words);
    while (g_hash_table_iter_next (&iter, &word, NULL))
      g_hash_table_add (self->lost_words,
                        g_strdup_printf ("%s %s", csl_stmt_get_text (stmt, 0),
                                         (char *) word));
  }
}

/* Who has lost which file, as "user bucket". */
static GPtrArray *
list_revoked (CslSimWorld *self, guint organisation)
{
  static const char sql[] =
    "SELECT w.id || ' ' || b.name FROM _access a JOIN _who w ON w.who = a.who"
    " JOIN _bucket b ON b.bucket = a.bucket GROUP BY a.who, a.bucket"
    " HAVING max (a.to_seq IS NULL) = 0";
  GPtrArray *revoked = g_ptr_array_new_with_free_func (g_free);
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (csl_sim_server_observe (self, organisation), sql, NULL);

  while (csl_stmt_step (stmt, NULL))
    g_ptr_array_add (revoked, csl_stmt_dup_text (stmt, 0));
  return revoked;
}

/* Nobody gets back by an old backup what they had lost (R-41, docs/adr/0012-ledger.md). */
static void
check_revoked (CslSimWorld *self, guint organisation, GPtrArray *revoked)
{
  static const char sql[] =
    "SELECT 1 FROM _access a JOIN _who w ON w.who = a.who JOIN _bucket b"
    " ON b.bucket = a.bucket WHERE a.to_seq IS NULL AND w.id || ' ' || b.name = ?1";
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (csl_sim_server_observe (self, organisation), sql, NULL);

  for (guint i = 0; i < revoked->len; i++) {
    csl_sim_world_count (self, CSL_SIM_CHECKED_REVOKED);
    csl_stmt_bind_text_at (stmt, 1, revoked->pdata[i]);
    if (csl_stmt_step (stmt, NULL))
      csl_sim_fail (self, "server", "R-41: a restored server gives back %s",
                    (char *) revoked->pdata[i]);
    csl_stmt_reset (stmt);
  }
}

void
csl_sim_server_restore (CslSimWorld *self)
{
  GPtrArray *revoked[CSL_SIM_ORGANISATIONS]; /* (owned) */

  if (self->backup == NULL)
    return;
  for (guint i = 0; i < CSL_SIM_ORGANISATIONS; i++) {
    remember_history (self, i);
    remember_words (self, i);
    revoked[i] = list_revoked (self, i);
  }
  csl_sim_server_close (self);
  for (guint i = 0; i < CSL_SIM_ORGANISATIONS; i++) {
    g_autofree char *name = dup_data_name (self, i);

    csl_sim_disk_put_database (self->disk, name, self->backup, name);
  }
  if (csl_sim_world_chance (self, 500))
    g_clear_pointer (&self->backup, csl_sim_disk_free);
  /* What was on its way to the lost disk is lost with it. */
  g_ptr_array_set_size (self->late, 0);
  g_hash_table_remove_all (self->answers);
  csl_sim_world_count (self, CSL_SIM_SERVER_RESTORED);
  csl_sim_server_open (self);
  for (guint i = 0; i < CSL_SIM_ORGANISATIONS; i++)
    check_revoked (self, i, revoked[i]);
  for (guint i = 0; i < CSL_SIM_ORGANISATIONS; i++)
    csl_sim_check_erased (self, i);
  for (guint i = 0; i < CSL_SIM_ORGANISATIONS; i++)
    g_ptr_array_unref (revoked[i]);
}

/* -- looking -- */

gint64
csl_sim_server_get_head (CslSimWorld *self, guint organisation)
{
  return csl_sim_model_get_head (self->organisations[organisation].model);
}

char *
csl_sim_server_dump (CslSimWorld *self, guint organisation)
{
  static const char sql[] =
    "SELECT doc FROM _rec UNION ALL SELECT fields FROM _hist UNION ALL"
    " SELECT line FROM _escrow";
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (csl_sim_server_observe (self, organisation), sql, NULL);
  GString *text = g_string_new (NULL);

  while (csl_stmt_step (stmt, NULL))
    if (!csl_stmt_is_null (stmt, 0))
      g_string_append (g_string_append (text, csl_stmt_get_text (stmt, 0)), "\n");
  return g_string_free (text, FALSE);
}
