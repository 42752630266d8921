/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-sim-world.c: the server, the clock and the randomness of a simulated world. */
#include "sim/csl-sim-world.h"

#include "core/base/csl-id.h"
#include "core/base/csl-time.h"
#include "server/jobs/csd-jobs.h"
#include "store/csl-db.h"

#include <glib/gstdio.h>
#include <string.h>

const char *const csl_sim_usernames[CSL_SIM_USERS] = { "amina", "maria", "manager" };
static const char *const roles[CSL_SIM_USERS] = { "caseworker", "caseworker", "manager" };

static gint64
wall_ms (gpointer data)
{
  return ((CslSimWorld *) data)->now_ms;
}

static void
fill_random (gpointer data, guint8 *buffer, gsize length)
{
  CslSimWorld *self = data;

  for (gsize i = 0; i < length; i++) {
    self->random ^= self->random << 13;
    self->random ^= self->random >> 7;
    self->random ^= self->random << 17;
    buffer[i] = (guint8) (self->random >> 32);
  }
}

guint
csl_sim_world_pick (CslSimWorld *self, guint n)
{
  guint32 bits;

  fill_random (self, (guint8 *) &bits, sizeof bits);
  return (guint) ((guint64) bits * n >> 32);
}

bool
csl_sim_world_chance (CslSimWorld *self, guint per_mille)
{
  return csl_sim_world_pick (self, 1000) < per_mille;
}

char *
csl_sim_world_make_token (CslSimWorld *self)
{
  return g_strdup_printf ("tk%" G_GUINT64_FORMAT "x%ux", self->seed, self->tokens++);
}

void
csl_sim_world_roll_faults (CslSimWorld *self)
{
  guint worst = csl_sim_world_pick (self, 4) * 80;

  self->faults = (CslSimFaults){
    .drop = csl_sim_world_pick (self, worst + 1),
    .repeat = csl_sim_world_pick (self, worst + 1),
    .late = csl_sim_world_pick (self, worst + 1),
    .lose_reply = csl_sim_world_pick (self, worst + 1),
    .cut = csl_sim_world_pick (self, worst + 1),
    .garbage = csl_sim_world_pick (self, worst / 4 + 1),
    .busy = csl_sim_world_pick (self, worst / 2 + 1),
  };
}

static void
open_server (CslSimWorld *self)
{
  g_autoptr (GError) error = NULL;

  self->server =
    csd_server_open (self->folder, self->schema, &self->env, &self->config, &error);
  g_assert_no_error (error);
}

void
csl_sim_world_restart (CslSimWorld *self)
{
  csd_server_free (self->server);
  open_server (self);
}

GBytes *
csl_sim_read_file (const char *path)
{
  char *content;
  gsize length;

  g_assert_true (g_file_get_contents (path, &content, &length, NULL));
  return g_bytes_new_take (content, length);
}

void
csl_sim_write_database (const char *path, GBytes *content)
{
  g_autofree char *wal = g_strconcat (path, "-wal", NULL);
  g_autofree char *shm = g_strconcat (path, "-shm", NULL);
  gsize length;
  const char *data = g_bytes_get_data (content, &length);

  g_unlink (wal);
  g_unlink (shm);
  g_unlink (path); /* a shorter one would leave the end of a longer one behind */
  g_assert_true (g_file_set_contents_full (path, data, (gssize) length,
                                           G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

static char *
dup_data_path (CslSimWorld *self)
{
  g_autofree char *name = g_strdup_printf ("org-%s.db", self->organisation);

  return g_build_filename (self->folder, name, NULL);
}

void
csl_sim_world_back_up (CslSimWorld *self)
{
  g_autofree char *path = dup_data_path (self);

  csd_server_free (self->server);
  g_clear_pointer (&self->backup, g_bytes_unref);
  self->backup = csl_sim_read_file (path);
  open_server (self);
}

void
csl_sim_world_forget (CslSimWorld *self)
{
  g_autoptr (GError) error = NULL;

  if (!csd_jobs_forget (self->server, 0, &error))
    g_error ("%s", error->message);
  self->forgotten++;
}

void
csl_sim_world_restore (CslSimWorld *self)
{
  g_autofree char *path = dup_data_path (self);

  if (self->backup == NULL)
    return;
  csd_server_free (self->server);
  csl_sim_write_database (path, self->backup);
  g_clear_pointer (&self->backup, g_bytes_unref);
  /* What was on its way to the lost disk is lost with it. */
  g_ptr_array_set_size (self->late, 0);
  self->restored++;
  open_server (self);
}

static char *
make_folder (void)
{
  g_autofree char *memory = g_strdup ("/dev/shm/csl-sim-XXXXXX");
  g_autoptr (GError) error = NULL;
  char *folder;

  /* In memory when that is possible: the disk is not what is tested here. */
  if (g_mkdtemp (memory) != NULL)
    return g_steal_pointer (&memory);
  folder = g_dir_make_tmp ("csl-sim-XXXXXX", &error);
  g_assert_no_error (error);
  return folder;
}

static CslSimWorld *
world_new (const CslSchema *schema, guint64 seed)
{
  CslSimWorld *self = g_new0 (CslSimWorld, 1);

  self->seed = seed;
  self->random = seed * 0x9e3779b97f4a7c15u + 88172645463325252u;
  self->now_ms = G_GINT64_CONSTANT (1795000000000);
  self->env = (CslEnv){ wall_ms, wall_ms, fill_random, self };
  self->schema = schema;
  self->folder = make_folder ();
  self->late = g_ptr_array_new_with_free_func (csl_sim_message_free);
  self->deleted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  csd_server_config_init (&self->config);
  self->config.password_cost = (CsdPasswordCost){ 1, 8192 };
  return self;
}

static void
add_centre (CslSimWorld *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CslRecord) record = NULL;
  g_autofree char *now = csl_instant_format (self->now_ms, NULL);
  CsdImport import = { .created_at = now, .created_by = self->organisation };
  CslId id = csl_id_new (&self->env);

  g_strlcpy (self->centre, id.text, sizeof self->centre);
  record = csl_record_new (csl_schema_lookup_type (self->schema, "centre"), id.text);
  csl_record_set_text (record, "name", "Centre");
  csl_record_set_text (record, "code", "C");
  csl_record_set_text (record, "organisation", self->organisation);
  import.record = record;
  g_assert_true (
    csd_server_import (self->server, self->organisation, &import, 1, &error));
  g_assert_no_error (error);
}

static void
add_person (CslSimWorld *self, guint position)
{
  g_autoptr (GError) error = NULL;
  const CsdNewAccount account = { .username = csl_sim_usernames[position],
                                  .first_name = csl_sim_usernames[position],
                                  .password = CSL_SIM_PASSWORD,
                                  .role = roles[position],
                                  .centre = self->centre };

  g_assert_true (csd_server_add_account (self->server, self->organisation, &account,
                                         self->users[position], &error));
  g_assert_no_error (error);
}

CslSimWorld *
csl_sim_world_new_template (const CslSchema *schema)
{
  CslSimWorld *self = world_new (schema, 0);
  g_autoptr (GError) error = NULL;

  g_assert_true (csd_server_create (self->folder, &self->env, &error));
  g_assert_no_error (error);
  open_server (self);
  g_assert_true (csd_server_add_organisation (self->server, "riverside",
                                              "Riverside Advice", self->organisation,
                                              &error));
  g_assert_no_error (error);
  add_centre (self);
  for (guint i = 0; i < CSL_SIM_USERS; i++)
    add_person (self, i);
  /* Closed, so that its files are whole. */
  g_clear_pointer (&self->server, csd_server_free);
  return self;
}

static void
copy_files (const char *from, const char *to)
{
  g_autoptr (GDir) dir = g_dir_open (from, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *source = g_build_filename (from, name, NULL);
    g_autofree char *target = g_build_filename (to, name, NULL);
    g_autofree char *content = NULL;
    gsize length;

    g_assert_true (g_file_get_contents (source, &content, &length, NULL));
    g_assert_true (g_file_set_contents_full (target, content, (gssize) length,
                                             G_FILE_SET_CONTENTS_NONE, 0600, NULL));
  }
}

CslSimWorld *
csl_sim_world_new (const CslSchema *schema, const CslSimWorld *template, guint64 seed)
{
  CslSimWorld *self = world_new (schema, seed);

  copy_files (template->folder, self->folder);
  memcpy (self->organisation, template->organisation, sizeof self->organisation);
  memcpy (self->centre, template->centre, sizeof self->centre);
  memcpy (self->users, template->users, sizeof self->users);
  /* Pages end by size, so that one seed is one history. */
  self->config.page_ms = G_MAXINT32;
  open_server (self);
  return self;
}

static void
remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);

    g_unlink (path);
  }
  g_rmdir (folder);
}

void
csl_sim_world_free (CslSimWorld *self)
{
  g_clear_pointer (&self->server, csd_server_free);
  g_ptr_array_unref (self->late);
  g_hash_table_unref (self->deleted);
  g_clear_pointer (&self->backup, g_bytes_unref);
  remove_folder (self->folder);
  g_free (self->folder);
  g_free (self);
}

static CslDb *
open_data (CslSimWorld *self)
{
  g_autofree char *path = dup_data_path (self);
  g_autoptr (GError) error = NULL;
  CslDb *db = csl_db_open (path, NULL, CSL_DB_READ_ONLY, &error);

  g_assert_no_error (error);
  return db;
}

char *
csl_sim_world_dump (CslSimWorld *self)
{
  g_autoptr (CslDb) db = open_data (self);
  GString *text = g_string_new (NULL);
  CslStmt *stmt = csl_db_prepare (
    db,
    "SELECT doc FROM _rec UNION ALL SELECT fields FROM _hist UNION ALL SELECT line FROM "
    "_escrow",
    NULL);

  while (csl_stmt_step (stmt, NULL))
    if (!csl_stmt_is_null (stmt, 0))
      g_string_append (g_string_append (text, csl_stmt_get_text (stmt, 0)), "\n");
  csl_stmt_reset (stmt);
  return g_string_free (text, FALSE);
}

gint64
csl_sim_world_get_head (CslSimWorld *self)
{
  g_autoptr (CslDb) db = open_data (self);

  return csl_db_query_int (db, "SELECT head FROM _head", 0);
}

void
csl_sim_world_count (CslSimWorld *self, CslSimTally *tally)
{
  g_autoptr (CslDb) db = open_data (self);

  tally->operations += csl_db_query_int (db, "SELECT count (*) FROM _op", 0);
  tally->refused += csl_db_query_int (db, "SELECT count (*) FROM _op WHERE state > 0", 0);
  tally->conflicts += csl_db_query_int (db, "SELECT count (*) FROM sync_conflict", 0);
  tally->escrowed += csl_db_query_int (db, "SELECT count (*) FROM _escrow", 0);
  tally->ended_access +=
    csl_db_query_int (db, "SELECT count (*) FROM _access WHERE to_seq IS NOT NULL", 0);
  tally->exchanges += self->exchanges;
  tally->faults += self->faulted;
  tally->restored += self->restored;
  tally->rewound += self->rewound;
  tally->forgotten += self->forgotten;
}
