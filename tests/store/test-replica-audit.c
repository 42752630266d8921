/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the audit notices: rows, versions kept aside, and pages that cannot be read. */
#include "store-fixture.h"

#define N_NOTES 400

static void
fill (Fixture *fixture, guint n)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < 80; i++)
    g_string_append_printf (text, "%sword%u", i > 0 ? " " : "", i);
  model_grant (fixture->model, TEST_NOTES);
  for (guint i = 0; i < n; i++) {
    g_autoptr (CslRecord) note = fixture_note (fixture, text->str);

    model_put (fixture->model, note, TEST_NOTES);
  }
  fixture_pull (fixture);
}

/* Once round, in small slices. Returns the number of buckets that are not as they were sent. */
static guint
audit (Fixture *fixture)
{
  g_autoptr (GPtrArray) bad = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < 400; i++) {
    g_autoptr (GError) error = NULL;

    test_assert (csl_replica_audit_slice (fixture->replica, 3, bad, &error), error);
  }
  return bad->len;
}

static char *
dup_id (Fixture *fixture, guint row)
{
  g_autoptr (CslDb) db = csl_db_open (fixture->path, test_key, CSL_DB_READ_ONLY, NULL);
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (db, "SELECT \"id\" FROM \"note\" WHERE \"_row\" = :row", NULL);

  csl_stmt_bind_int (stmt, ":row", row);
  g_assert_true (csl_stmt_step (stmt, NULL));
  return csl_stmt_dup_text (stmt, 0);
}

/* Some notes have an edit of their own over them: what the server sent is in their shadows. */
static void
edit_some (Fixture *fixture)
{
  for (guint row = 5; row < 15; row++) {
    g_autofree char *id = dup_id (fixture, row);
    g_autoptr (CslRecord) shown = fixture_get (fixture, fixture->note, id);
    g_autoptr (CslRecord) after = csl_record_copy (shown);

    csl_record_set_text (after, "title", "Mine");
    fixture_save (fixture, shown, after);
  }
}

static void
test_shadows (Fixture *fixture, gconstpointer data)
{
  fill (fixture, 30);
  edit_some (fixture);
  g_assert_cmpuint (audit (fixture), ==, 0);
  fixture_damage (fixture, "UPDATE \"_shadow\" SET \"doc\" = replace (\"doc\", 'word7 ', "
                           "'forged ') WHERE \"id\" = (SELECT max (\"id\") FROM "
                           "\"_shadow\")");
  g_assert_cmpuint (audit (fixture), ==, 1);
  g_assert_cmpuint (fixture_repair (fixture), ==, 1);
  g_assert_cmpuint (audit (fixture), ==, 0);
  fixture_check (fixture);
  g_assert_cmpuint (fixture_count (fixture).queued, ==, 10);
  fixture_push (fixture);
  fixture_pull (fixture);
  fixture_check (fixture);
}

/* The same when it is the hash that changed. */
static void
test_hashes (Fixture *fixture, gconstpointer data)
{
  fill (fixture, 30);
  edit_some (fixture);
  fixture_damage (fixture, "UPDATE \"_shadow\" SET \"hash\" = \"hash\" + 1");
  fixture_damage (fixture, "UPDATE \"note\" SET \"_hash\" = \"_hash\" + 1");
  g_assert_cmpuint (audit (fixture), ==, 1);
  g_assert_cmpuint (fixture_repair (fixture), ==, 0);
  g_assert_cmpuint (audit (fixture), ==, 0);
  fixture_check (fixture);
}

/* I8: a sum that is wrong where nothing changes is told by no pull. */
static void
test_sums (Fixture *fixture, gconstpointer data)
{
  static const char *const wrong[] = {
    "UPDATE \"_bucket\" SET \"sum\" = \"sum\" + 1 WHERE \"name\" = '" TEST_NOTES "'",
    "UPDATE \"_bucket\" SET \"count\" = \"count\" - 1 WHERE \"name\" = '" TEST_NOTES "'",
  };

  fill (fixture, 30);
  edit_some (fixture);
  g_assert_cmpuint (audit (fixture), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    fixture_damage (fixture, wrong[i]);
    fixture_reopen (fixture);
    g_assert_cmpuint (audit (fixture), ==, 1);
    g_assert_cmpuint (fixture_repair (fixture), ==, 0);
    g_assert_cmpuint (audit (fixture), ==, 0);
    fixture_check (fixture);
  }
}

/* A record of a type that a newer program knows. */
static void
test_unknown (Fixture *fixture, gconstpointer data)
{
  fill (fixture, 5);
  fixture_damage (fixture,
                  "INSERT INTO \"_unknown\" VALUES ('robot', "
                  "'01976b1e-0000-7abc-8def-0000000000e1', (SELECT \"bucket\" FROM "
                  "\"_bucket\" WHERE \"name\" = '" TEST_NOTES
                  "'), 3, 1, '{\"wheels\":4}')");
  g_assert_cmpuint (audit (fixture), ==, 1);
}

/* With one bit of one page changed; 0 is the first. */
static void
audit_damaged (Fixture *fixture, const char *content, gsize length, gsize page)
{
  g_autofree char *broken = g_memdup2 (content, length);
  g_autofree char *after = NULL;
  g_autoptr (GPtrArray) bad = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) again = NULL;
  gsize after_length;

  broken[page * 4096 + 100] ^= 0x10;
  g_assert_true (g_file_set_contents (fixture->path, broken, (gssize) length, NULL));
  fixture->replica = csl_replica_open (fixture->path, test_key, fixture->schema,
                                       &fixture->env.env, &error);
  for (guint i = 0; i < length / 4096 && error == NULL; i++)
    csl_replica_audit_slice (fixture->replica, 50, bad, &error);
  g_assert_error (error, CSL_STORE_ERROR, CSL_STORE_ERROR_DAMAGED);
  if (fixture->replica != NULL) {
    /* It is closed for good, … */
    g_assert_false (csl_replica_put_setting (fixture->replica, "name", "text", &again));
    g_assert_error (again, CSL_STORE_ERROR, CSL_STORE_ERROR_DAMAGED);
    g_clear_pointer (&fixture->replica, csl_replica_free);
  }
  /* … and the file stays as it is. */
  g_assert_true (g_file_get_contents (fixture->path, &after, &after_length, NULL));
  g_assert_cmpmem (after, after_length, broken, length);
}

/* Whatever is on it, a page that was damaged is met: when opening, or in one round. */
static void
test_pages (Fixture *fixture, gconstpointer data)
{
  g_autofree char *content = NULL;
  gsize length;

  fill (fixture, N_NOTES);
  fixture_index (fixture);
  g_clear_pointer (&fixture->replica, csl_replica_free);
  g_assert_true (g_file_get_contents (fixture->path, &content, &length, NULL));
  for (guint i = 0; i < 20; i++) {
    gsize page = (gsize) g_test_rand_int_range (1, (gint32) (length / 4096));

    g_test_message ("page %u", (guint) page);
    audit_damaged (fixture, content, length, page);
  }
}

#define ADD(name, function)                                                              \
  g_test_add ("/store/audit/" name, Fixture, NULL, fixture_set_up, function,             \
              fixture_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("shadows", test_shadows);
  ADD ("hashes", test_hashes);
  ADD ("sums", test_sums);
  ADD ("unknown", test_unknown);
  ADD ("pages", test_pages);
  return g_test_run ();
}
