/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Upgrades with work in the outbox: replicas of every version there was (tests/data/db) are opened by the program of today. Nothing that was
 * typed is lost, whatever moment the program is killed in, and what waits is delivered. */
#include "old-replica.h"
#include "sim/simvfs/csl-sim-disk.h"
#include "sim/simvfs/csl-sim-vfs.h"

#include <glib/gstdio.h>
#include <string.h>

static void
copy_file (const char *from, const char *to)
{
  g_autoptr (GFile) source = g_file_new_for_path (from);
  g_autoptr (GFile) target = g_file_new_for_path (to);
  g_autoptr (GError) error = NULL;

  g_file_copy (source, target, G_FILE_COPY_OVERWRITE, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
}

static char *
data_path (guint version)
{
  g_autofree char *name = g_strdup_printf ("replica-%u.db", version);

  return g_build_filename (g_getenv ("CSL_TEST_SOURCE_ROOT"), "tests", "data", "db", name,
                           NULL);
}

/* The fixture's own replica makes way for one of the past. */
static void
use_old (Fixture *fixture, guint version)
{
  g_autofree char *path = data_path (version);

  g_clear_pointer (&fixture->replica, csl_replica_free);
  copy_file (path, fixture->path);
}

/* The server that this replica was with: it knows the numbers that were answered. */
static void
meet_server (Fixture *fixture)
{
  const CslReplicaIdentity *identity = csl_replica_get_identity (fixture->replica);

  fixture->model->head = 1000;
  g_strlcpy (fixture->model->inc, identity->inc, sizeof fixture->model->inc);
  fixture->model->last_n =
    fixture_query_int (fixture,
                       "SELECT max (\"n\") FROM \"_outbox\" WHERE \"answered\" = 1");
}

static bool
is_delivered (Fixture *fixture, const char *content)
{
  GHashTableIter iter;
  gpointer row;

  g_hash_table_iter_init (&iter, fixture->model->rows);
  while (g_hash_table_iter_next (&iter, NULL, &row)) {
    const CslRecord *record = ((ModelRow *) row)->record;

    if (record != NULL && strcmp (record->type->name, "note") == 0 &&
        g_strcmp0 (csl_record_get_text (record, "content"), content) == 0)
      return true;
  }
  return false;
}

static void
test_open (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  use_old (fixture, GPOINTER_TO_UINT (data));
  old_replica_check (fixture);
  meet_server (fixture);
  g_assert_cmpuint (fixture_push (fixture), >=, 2);
  g_assert_true (is_delivered (fixture, "Sent, and no answer came."));
  g_assert_true (is_delivered (fixture, "Typed on the bus."));
  g_assert_cmpint (
    fixture_query_int (fixture,
                       "SELECT count (*) FROM \"_outbox\" WHERE \"state\" = 'queued'"),
    ==, 0);
  fixture_check_rows (fixture);
}

/* A fixture for every version there was. */
static void
test_all_there (void)
{
  for (guint version = 1; version <= OLD_REPLICA_NEWEST; version++) {
    g_autofree char *path = data_path (version);

    g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  }
}

/* Killed, and sometimes without current, at the @n-th write on. FALSE: it got through. */
static bool
kill_once (Fixture *fixture, CslSimDisk *pristine, const char *folder, guint n)
{
  g_autoptr (CslSimDisk) disk = csl_sim_disk_copy (pristine, folder, n);
  g_autofree char *path = g_steal_pointer (&fixture->path);
  CslReplica *replica;
  bool killed;

  csl_sim_vfs_reseed (n);
  fixture->path = g_build_filename (folder, "replica.db", NULL);
  csl_sim_disk_kill_at (disk, n);
  replica =
    csl_replica_open (fixture->path, test_key, fixture->schema, &fixture->env.env, NULL);
  g_assert_true (csl_sim_disk_is_dead (disk) || replica != NULL);
  csl_replica_free (replica);
  killed = csl_sim_disk_is_dead (disk);
  csl_sim_disk_kill_at (disk, 0);
  if (killed)
    csl_sim_disk_revive (disk, n % 2 == 0);
  old_replica_check (fixture);
  g_clear_pointer (&fixture->replica, csl_replica_free);
  g_free (fixture->path);
  fixture->path = g_steal_pointer (&path);
  return killed;
}

/* Puts a replica of the past on a simulated disk, all of it safe. */
static void
put_on_disk (CslSimDisk *disk, guint version)
{
  g_autofree char *path = data_path (version);
  g_autofree char *content = NULL;
  CslSimNode *node = csl_sim_disk_open (disk, "replica.db", true);
  gsize length = 0;

  g_assert_true (g_file_get_contents (path, &content, &length, NULL));
  csl_sim_node_write (node, 0, content, length);
  csl_sim_node_sync (node, false);
  csl_sim_node_unref (node);
  csl_sim_disk_sync_folder (disk);
}

static void
test_killed (Fixture *fixture, gconstpointer data)
{
  char *folder = test_folder_new ();
  g_autoptr (CslSimDisk) disk = csl_sim_disk_new (folder, 1);
  bool killed = true;
  guint n;

  /* From here on there are only simulated disks: the last test of this program. */
  g_clear_pointer (&fixture->replica, csl_replica_free);
  csl_sim_vfs_install ();
  put_on_disk (disk, 1);
  for (n = 1; killed; n++) {
    char *scratch = test_folder_new ();

    killed = kill_once (fixture, disk, scratch, n);
    test_folder_remove (scratch);
  }
  g_test_message ("killed at each of %u operations of the disk", n - 2);
  g_assert_cmpuint (n, >, 20);
  test_folder_remove (folder);
}

/* The program was killed while it made the copy of before: the half is no copy. */
static void
test_half_a_copy (Fixture *fixture, gconstpointer data)
{
  g_autofree char *copy = g_strconcat (fixture->path, ".before-2", NULL);
  g_autofree char *part = g_strconcat (copy, ".part", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (CslDb) db = NULL;

  use_old (fixture, 1);
  g_assert_true (g_file_set_contents (part, "half of", -1, NULL));
  old_replica_check (fixture);
  g_assert_false (g_file_test (part, G_FILE_TEST_EXISTS));
  db = csl_db_open (copy, test_key, CSL_DB_READ_ONLY, &error);
  g_assert_no_error (error);
  g_assert_cmpint (csl_db_get_version (db), ==, 1);
}

/* The definitions of data/, and what a later version might add: a field of notes, and a type. */
static CslSchema *
newer_schema_new (const char *folder)
{
  const char *source = g_getenv ("CSL_TEST_SOURCE_ROOT");
  const char *script =
    "cp -r \"$1\"/data/types \"$1\"/data/enums \"$1\"/data/roles \"$1\"/data/workflows "
    "\"$2\" && "
    "cd \"$2\"/types/casework && "
    "sed -i '0,/\"fields\": \\[/s//&{\"name\": \"mood\", \"kind\": \"text\", \"label\": "
    "\"Mood\"},/' note.json && "
    "sed 's/\"note_category\"/\"robot\"/' note_category.json > robot.json";
  const char *arguments[] = { "/bin/sh", "-c", script, "sh", source, folder, NULL };
  g_autoptr (CslProblems) problems = csl_problems_new ();
  g_autoptr (GError) error = NULL;
  CslSchema *schema;
  int status = 0;

  g_assert_true (g_spawn_sync (NULL, (char **) arguments, NULL, G_SPAWN_DEFAULT, NULL,
                               NULL, NULL, NULL, &status, &error));
  g_assert_cmpint (status, ==, 0);
  schema = csl_schema_new_from_folder (folder, problems);
  g_assert_cmpuint (csl_problems_get_size (problems), ==, 0);
  return schema;
}

/* A colleague's newer program writes what this one does not know. */
static CslRecord *
put_from_newer (Fixture *fixture)
{
  CslRecord *note =
    csl_record_new (csl_schema_lookup_type (fixture->server_schema, "note"),
                    "01976b1e-0000-7abc-8def-0000000000b1");
  g_autoptr (CslRecord) robot =
    csl_record_new (csl_schema_lookup_type (fixture->server_schema, "robot"),
                    "01976b1e-0000-7abc-8def-0000000000b2");

  csl_record_set_text (note, "client", TEST_CLIENT);
  csl_record_set_text (note, "case", TEST_CASE);
  csl_record_set_text (note, "content", "From a newer program.");
  csl_record_set_text (note, "mood", "hopeful");
  csl_record_set_text (robot, "name", "Known later");
  model_grant (fixture->model, TEST_NOTES);
  model_put (fixture->model, note, TEST_NOTES);
  model_put (fixture->model, robot, TEST_NOTES);
  return note;
}

/* An older client stores what it does not know, changes another field, sends it: all is kept, here and on the server, and comes into use
 * with the next version. */
static void
test_round_trip (void)
{
  g_autofree char *folder = g_dir_make_tmp ("csl-newer-XXXXXX", NULL);
  g_autoptr (CslSchema) newer = newer_schema_new (folder);
  g_autoptr (CslSchema) today = csl_schema_new_builtin ();
  Fixture fixture = { 0 };

  fixture_set_up_with (&fixture, today, newer);
  g_autoptr (CslRecord) note = put_from_newer (&fixture);
  fixture_pull (&fixture);
  g_autoptr (CslRecord) before = fixture_get (&fixture, fixture.note, note->id);
  g_autoptr (CslRecord) after = csl_record_copy (before);
  g_assert_cmpstr (before->rest, ==, "{\"mood\":\"hopeful\"}");
  csl_record_set_text (after, "content", "Changed on an older one.");
  fixture_save (&fixture, before, after);
  g_assert_cmpuint (fixture_push (&fixture), ==, 1);
  fixture_pull (&fixture);

  const CslRecord *kept = model_lookup (fixture.model, note->id)->record;
  g_assert_cmpstr (csl_record_get_text (kept, "content"), ==, "Changed on an older one.");
  g_assert_cmpstr (csl_record_get_text (kept, "mood"), ==, "hopeful");
  fixture_check_rows (&fixture);

  csl_schema_unref (fixture.schema);
  fixture.schema = csl_schema_ref (newer);
  fixture_reopen (&fixture);
  g_autoptr (CslRecord) shown =
    fixture_get (&fixture, csl_schema_lookup_type (newer, "note"), note->id);
  g_assert_cmpstr (csl_record_get_text (shown, "mood"), ==, "hopeful");
  g_assert_cmpstr (csl_record_get_text (shown, "content"), ==,
                   "Changed on an older one.");
  g_assert_cmpint (fixture_query_int (&fixture, "SELECT count (*) FROM \"robot\""), ==,
                   1);
  fixture_tear_down (&fixture, NULL);
}

/* A newer database is not for this program: it says so and leaves every byte alone. */
static void
test_newer (Fixture *fixture, gconstpointer data)
{
  g_autofree char *before = NULL, *after = NULL;
  g_autoptr (GError) error = NULL;
  gsize before_length = 0, after_length = 0;

  use_old (fixture, OLD_REPLICA_NEWEST);
  fixture_damage (fixture, "PRAGMA user_version = 999");
  g_assert_true (g_file_get_contents (fixture->path, &before, &before_length, NULL));
  g_assert_null (csl_replica_open (fixture->path, test_key, fixture->schema,
                                   &fixture->env.env, &error));
  g_assert_error (error, CSL_STORE_ERROR, CSL_STORE_ERROR_NEWER);
  g_assert_true (g_file_get_contents (fixture->path, &after, &after_length, NULL));
  g_assert_cmpmem (before, before_length, after, after_length);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/upgrade/a-replica-of-each-version", test_all_there);
  for (guint version = 1; version <= OLD_REPLICA_NEWEST; version++) {
    g_autofree char *name = g_strdup_printf ("/store/upgrade/version-%u", version);

    g_test_add (name, Fixture, GUINT_TO_POINTER (version), fixture_set_up, test_open,
                fixture_tear_down);
  }
  g_test_add_func ("/store/upgrade/round-trip-through-an-older-client", test_round_trip);
  g_test_add ("/store/upgrade/half-a-copy", Fixture, NULL, fixture_set_up,
              test_half_a_copy, fixture_tear_down);
  g_test_add ("/store/upgrade/newer", Fixture, NULL, fixture_set_up, test_newer,
              fixture_tear_down);
  g_test_add ("/store/upgrade/killed-at-each-write", Fixture, NULL, fixture_set_up,
              test_killed, fixture_tear_down);
  return g_test_run ();
}
