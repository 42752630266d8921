/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-sim-world.c: people, clock and randomness of a simulated world. */
#include "sim/whole/csl-sim-world.h"

#include "server/csd-test-agency.h"
#include "sim/simvfs/csl-sim-vfs.h"
#include "sim/whole/csl-sim-model.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define MEMORY "/dev/shm"
#define PREFIX "csl-sim-"

const CslSimPerson csl_sim_people[CSL_SIM_PEOPLE] = {
  { "amina", "caseworker", 0 },
  { "maria", "caseworker", 0 },
  { "manager", "manager", 0 },
  { "zoe", "caseworker", 1 },
};
const char *const csl_sim_codes[CSL_SIM_ORGANISATIONS] = { "riverside", "hilltop" };

char *csl_sim_checking;
void (*csl_sim_fail_func) (const char *message);

static gint64
wall_ms (gpointer data)
{
  CslSimWorld *self = data;

  return self->now_ms + self->server_skew_ms;
}

static gint64
mono_ms (gpointer data)
{
  return ((CslSimWorld *) data)->now_ms;
}

void
csl_sim_world_fill_random (gpointer world, guint8 *buffer, gsize length)
{
  csd_test_fill_random (&((CslSimWorld *) world)->random, buffer, length);
}

guint
csl_sim_world_pick (CslSimWorld *self, guint n)
{
  guint32 bits;

  csl_sim_world_fill_random (self, (guint8 *) &bits, sizeof bits);
  return (guint) ((guint64) bits * n >> 32);
}

bool
csl_sim_world_chance (CslSimWorld *self, guint per_mille)
{
  return per_mille > 0 && csl_sim_world_pick (self, 1000) < per_mille;
}

void
csl_sim_world_reseed (CslSimWorld *self, guint64 seed)
{
  self->random = (seed + 1) * 0x9e3779b97f4a7c15u ^ 88172645463325252u;
  csl_sim_disk_reseed (self->disk, seed + 7);
}

char *
csl_sim_world_make_token (CslSimWorld *self, guint organisation)
{
  return g_strdup_printf ("zqtk%c%" G_GUINT64_FORMAT "x%ux", "ab"[organisation],
                          self -> seed, self -> tokens++);
}

bool
csl_sim_world_has_typed (CslSimWorld *self, const char *user, const char *word)
{
  return g_strcmp0 (g_hash_table_lookup (self->words, word), user) == 0;
}

bool
csl_sim_world_is_erased (CslSimWorld *self, const char *word)
{
  const char *client = word != NULL ? g_hash_table_lookup (self->about, word) : NULL;

  return client != NULL && g_hash_table_contains (self->erased, client);
}

void
csl_sim_world_count (CslSimWorld *self, CslSimCount count)
{
  self->tally.counts[count]++;
}

void
csl_sim_world_say (CslSimWorld *self, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_checksum_update (self->digest, (const guchar *) text, -1);
  if (self->trace)
    g_print ("%s\n", text);
}

void
csl_sim_fail (CslSimWorld *self, const char *who, const char *format, ...)
{
  g_autofree char *what = NULL;
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  what = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  text = g_strdup_printf ("%s [seed %" G_GUINT64_FORMAT ", %s]", what, self->seed, who);
  if (csl_sim_fail_func != NULL)
    csl_sim_fail_func (text);
  g_error ("%s", text);
}

void
csl_sim_check_begin (const char *name)
{
  if (csl_sim_checking != NULL)
    g_strlcpy (csl_sim_checking, name, 16);
}

void
csl_sim_check_end (void)
{
  csl_sim_check_begin ("");
}

static char *
make_folder (void)
{
  g_autofree char *memory =
    g_strdup_printf (MEMORY "/" PREFIX "%d-XXXXXX", (int) getpid ());
  g_autoptr (GError) error = NULL;
  char *folder;

  /* Only names are kept here; the files are in memory anyway. */
  if (g_mkdtemp (memory) != NULL)
    return g_steal_pointer (&memory);
  folder = g_dir_make_tmp (PREFIX "XXXXXX", &error);
  g_assert_no_error (error);
  return folder;
}

static CslSimWorld *
world_new (const CslSchema *schema, guint64 seed)
{
  CslSimWorld *self = g_new0 (CslSimWorld, 1);

  csl_sim_vfs_install ();
  csl_sim_vfs_reseed (seed);
  self->seed = seed;
  self->now_ms = G_GINT64_CONSTANT (1795000000000);
  self->env = (CslEnv){ wall_ms, mono_ms, csl_sim_world_fill_random, self };
  self->schema = schema;
  self->folder = make_folder ();
  self->late = g_ptr_array_new_with_free_func (csl_sim_message_free);
  self->words = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->about = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->erased = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->deleted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->answers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->deleters = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                          (GDestroyNotify) g_ptr_array_unref);
  self->typed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->lost = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->lost_words = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->digest = g_checksum_new (G_CHECKSUM_SHA256);
  for (guint i = 0; i < CSL_SIM_ORGANISATIONS; i++)
    self->organisations[i].model = csl_sim_model_new ();
  csd_server_config_init (&self->config);
  self->config.password_cost = (CsdPasswordCost){ 1, 8192 };
  /* Pages end by size, so that one seed is one history. */
  self->config.page_ms = G_MAXINT32;
  return self;
}

static char *
make_server_folder (CslSimWorld *self)
{
  char *folder = g_build_filename (self->folder, "server", NULL);

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  return folder;
}

static void
add_organisation (CslSimWorld *self, guint position)
{
  CslSimOrganisation *organisation = &self->organisations[position];
  const CsdTestPlace place = { self->server, self->schema, &self->env, organisation->id };
  g_autoptr (GError) error = NULL;

  g_assert_true (csd_server_add_organisation (self->server, csl_sim_codes[position],
                                              csl_sim_codes[position], organisation->id,
                                              &error));
  g_assert_no_error (error);
  csd_test_add_centre (&place, "Centre", "C", organisation->centre);
}

static void
add_person (CslSimWorld *self, guint position)
{
  const CslSimPerson *person = &csl_sim_people[position];
  const CslSimOrganisation *organisation = &self->organisations[person->organisation];
  const CsdTestPlace place = { self->server, self->schema, &self->env, organisation->id };

  csd_test_add_person (&place, person->username, person->role, organisation->centre,
                       self->users[position]);
}

CslSimWorld *
csl_sim_world_new_template (const CslSchema *schema)
{
  CslSimWorld *self = world_new (schema, 0);
  g_autofree char *folder = make_server_folder (self);
  g_autoptr (GError) error = NULL;

  self->disk = csl_sim_disk_new (folder, 0);
  csl_sim_world_reseed (self, 0);
  g_assert_true (csd_server_create (folder, &self->env, &error));
  g_assert_no_error (error);
  csl_sim_server_open (self);
  for (guint i = 0; i < CSL_SIM_ORGANISATIONS; i++)
    add_organisation (self, i);
  for (guint i = 0; i < CSL_SIM_PEOPLE; i++)
    add_person (self, i);
  return self;
}

void
csl_sim_world_add_elsewhere (CslSimWorld *self)
{
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < CSL_SIM_ORGANISATIONS; i++) {
    CslSimOrganisation *organisation = &self->organisations[i];
    const CsdTestPlace place = { self->server, self->schema, &self->env,
                                 organisation->id };

    csd_test_add_centre (&place, "Elsewhere", "E", organisation->elsewhere);
  }
  g_assert_true (csd_server_add_membership (self->server, self->organisations[0].id,
                                            self->users[CSL_SIM_TWO_CENTRES], "manager",
                                            self->organisations[0].elsewhere, &error));
  g_assert_no_error (error);
}

void
csl_sim_world_copy_plain_files (const char *from, const char *to)
{
  g_autoptr (GDir) dir = g_dir_open (from, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *source = g_build_filename (from, name, NULL);
    g_autofree char *target = g_build_filename (to, name, NULL);
    g_autofree char *content = NULL;
    gsize length;

    if (!g_str_equal (name, "secrets") && !g_str_has_suffix (name, ".epoch") &&
        !g_str_has_suffix (name, ".ledger"))
      continue;
    g_assert_true (g_file_get_contents (source, &content, &length, NULL));
    g_assert_true (g_file_set_contents_full (target, content, (gssize) length,
                                             G_FILE_SET_CONTENTS_NONE, 0600, NULL));
  }
}

static void
copy_words (CslSimWorld *self, const CslSimWorld *template)
{
  GHashTableIter iter;
  gpointer word, user, client;

  g_hash_table_iter_init (&iter, template->words);
  while (g_hash_table_iter_next (&iter, &word, &user))
    g_hash_table_insert (self->words, g_strdup (word), user);
  g_hash_table_iter_init (&iter, template->about);
  while (g_hash_table_iter_next (&iter, &word, &client))
    g_hash_table_insert (self->about, g_strdup (word), g_strdup (client));
}

CslSimWorld *
csl_sim_world_new (const CslSimWorld *template, guint64 seed, gint64 page_bytes)
{
  CslSimWorld *self = world_new (template->schema, seed);
  g_autofree char *folder = make_server_folder (self);
  g_autofree char *source = g_build_filename (template->folder, "server", NULL);

  self->now_ms = template->now_ms;
  self->config.page_bytes = page_bytes;
  csl_sim_world_copy_plain_files (source, folder);
  self->disk = csl_sim_disk_copy (template->disk, folder, seed);
  csl_sim_world_reseed (self, seed);
  memcpy (self->users, template->users, sizeof self->users);
  for (guint i = 0; i < CSL_SIM_ORGANISATIONS; i++) {
    const CslSimOrganisation *from = &template->organisations[i];
    CslSimOrganisation *to = &self->organisations[i];

    memcpy (to->id, from->id, sizeof to->id);
    memcpy (to->centre, from->centre, sizeof to->centre);
    memcpy (to->elsewhere, from->elsewhere, sizeof to->elsewhere);
  }
  copy_words (self, template);
  csl_sim_server_open (self);
  return self;
}

static void
remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);

    if (g_file_test (path, G_FILE_TEST_IS_DIR))
      remove_folder (path);
    else
      g_unlink (path);
  }
  g_rmdir (folder);
}

void
csl_sim_world_sweep (gint64 process)
{
  g_autofree char *prefix = g_strdup_printf (PREFIX "%" G_GINT64_FORMAT "-", process);
  g_autoptr (GDir) dir = g_dir_open (MEMORY, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (MEMORY, name, NULL);

    if (g_str_has_prefix (name, prefix))
      remove_folder (path);
  }
}

void
csl_sim_world_close (CslSimWorld *self)
{
  csl_sim_server_close (self);
}

void
csl_sim_world_free (CslSimWorld *self)
{
  csl_sim_server_close (self);
  for (guint i = 0; i < CSL_SIM_ORGANISATIONS; i++)
    csl_sim_model_free (self->organisations[i].model);
  g_ptr_array_unref (self->late);
  g_hash_table_unref (self->words);
  g_hash_table_unref (self->about);
  g_hash_table_unref (self->erased);
  g_hash_table_unref (self->deleted);
  g_hash_table_unref (self->answers);
  g_hash_table_unref (self->deleters);
  g_hash_table_unref (self->typed);
  g_hash_table_unref (self->lost);
  g_hash_table_unref (self->lost_words);
  g_clear_pointer (&self->backup, csl_sim_disk_free);
  csl_sim_disk_free (self->disk);
  g_checksum_free (self->digest);
  remove_folder (self->folder);
  g_free (self->folder);
  g_free (self);
}
