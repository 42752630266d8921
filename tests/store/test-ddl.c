/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Generated tables: golden files, hostile names, additive upgrades, rows of every kind there and back. */
#include "store-support.h"
#include "store/csl-ddl.h"
#include "store/csl-record-table.h"

#include <glib/gstdio.h>
#include <string.h>

/* CSL_UPDATE_GOLDEN=1 writes the expected files anew; review the difference before committing it. */
static void
assert_golden (const char *name, const char *text)
{
  g_autofree char *path =
    g_test_build_filename (G_TEST_DIST, "store", "data", name, NULL);
  g_autofree char *expected = NULL;

  if (g_getenv ("CSL_UPDATE_GOLDEN") != NULL)
    g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_assert_true (g_file_get_contents (path, &expected, NULL, NULL));
  g_assert_cmpstr (text, ==, expected);
}

static CslSchema *
load_folder (const char *name)
{
  g_autofree char *path =
    g_test_build_filename (G_TEST_DIST, "store", "data", name, NULL);
  g_autoptr (CslProblems) problems = csl_problems_new ();
  CslSchema *schema = csl_schema_new_from_folder (path, problems);
  g_autofree char *text = csl_problems_dup_text (problems);

  g_assert_cmpstr (text, ==, "");
  g_assert_nonnull (schema);
  return schema;
}

static void
test_golden (void)
{
  g_autoptr (CslSchema) schema = load_folder ("schema-1");
  const CslRecordType *type = csl_schema_lookup_type (schema, "case");
  g_autofree char *replica = csl_ddl_create (type, CSL_SIDE_REPLICA);
  g_autofree char *server = csl_ddl_create (type, CSL_SIDE_SERVER);

  assert_golden ("case-replica.ddl", replica);
  assert_golden ("case-server.ddl", server);
}

static void
test_names (void)
{
  static const char *const good[] = { "case", "a", "first_name", "order", "x9" };
  static const char *const bad[] = {
    "",
    "9a",
    "Case",
    "a b",
    "a\"b",
    "a'; DROP TABLE \"note\"; --",
    "a;b",
    "a-b",
    "id",
    "_row",
    "ä",
    "sqlite_master",
    "a.b",
    "a\nb",
    "a\\b",
    "a`b",
    "[a]",
    "\"",
    "note\"; ATTACH 'x' AS y; --",
  };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    g_assert_true (csl_ddl_is_name (good[i]));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (csl_ddl_is_name (bad[i]));
}

static void
test_hostile_name (void)
{
  if (g_test_subprocess ()) {
    g_autoptr (GString) sql = g_string_new (NULL);

    csl_ddl_append_name (sql, "note\" (x); DROP TABLE \"case");
    return;
  }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_failed ();
  g_test_trap_assert_stderr ("*Not a name for the database*");
}

typedef struct
{
  char *folder;
  CslDb *db;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;

  fixture->folder = test_folder_new ();
  path = g_build_filename (fixture->folder, "test.db", NULL);
  fixture->db = csl_db_open (path, test_key, CSL_DB_CREATE, &error);
  g_assert_no_error (error);
  test_assert (
    csl_db_execute (fixture->db,
                    "CREATE TABLE \"_search\" (\"type\" TEXT PRIMARY KEY, \"row\" "
                    "INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
                    "CREATE TABLE \"_stale\" (\"type\" TEXT, \"order\" INTEGER, "
                    "\"texts\" TEXT, PRIMARY KEY (\"type\", \"order\")) STRICT, "
                    "WITHOUT ROWID",
                    &error),
    error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  csl_db_free (fixture->db);
  test_folder_remove (fixture->folder);
}

static void
upgrade (Fixture *fixture, const CslSchema *schema, CslSide side, bool expect_change)
{
  g_autoptr (GError) error = NULL;
  bool changed = false;

  test_assert (csl_db_begin (fixture->db, &error), error);
  test_assert (csl_ddl_upgrade (fixture->db, schema, side, &changed, &error), error);
  test_assert (csl_db_commit (fixture->db, &error), error);
  g_assert_cmpint (changed, ==, expect_change);
}

static void
test_builtin (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CslSchema) schema = csl_schema_new_builtin ();
  CslSide side = (CslSide) GPOINTER_TO_INT (data);
  g_autoptr (GError) error = NULL;

  upgrade (fixture, schema, side, true);
  upgrade (fixture, schema, side, false);
  test_assert (csl_db_check (fixture->db, &error), error);
}

/* A value of the kind's own making: parsed from text where that works, so that it is canonical. */
static void
fill (CslRecord *record)
{
  for (guint i = 0; i < record->type->n_fields; i++) {
    const CslField *field = &record->type->fields[i];
    CslValue *value = &record->values[i];

    switch (field->kind->value_type) {
    case CSL_VALUE_NULL:
      break;
    case CSL_VALUE_BOOL:
      csl_value_set_bool (value, true);
      break;
    case CSL_VALUE_INT:
      csl_value_set_int (value, MAX (field->min, 1));
      break;
    case CSL_VALUE_MONEY:
      csl_value_set_money (value, 12550, "GBP");
      break;
    case CSL_VALUE_TEXT:
      csl_value_take_text (value, g_strdup_printf ("%s '%u' \"x\" ; --", field->name, i));
      break;
    case CSL_VALUE_JSON:
      csl_value_take_json (value, g_strdup ("[\"a\",\"b\"]"));
      break;
    }
  }
  record->rev = 77;
  record->rest = g_strdup ("{\"later\":[1,2]}");
}

static void
assert_equal (const CslRecord *a, const CslRecord *b)
{
  g_assert_cmpstr (a->id, ==, b->id);
  g_assert_cmpint (a->rev, ==, b->rev);
  g_assert_cmpstr (a->rest, ==, b->rest);
  for (guint i = 0; i < a->type->n_fields; i++)
    g_assert_true (csl_value_equal (&a->values[i], &b->values[i]));
}

static void
round_trip (CslDb *db, const CslRecordType *type)
{
  static const char id[] = "01976b1e-2222-7abc-8def-000000000001";
  g_autoptr (CslRecordTable) table = csl_record_table_new (db, type);
  g_autoptr (CslRecord) record = csl_record_new (type, id);
  g_autoptr (CslRecord) full = NULL;
  g_autoptr (CslRecord) empty = NULL;
  g_autoptr (GError) error = NULL;
  CslRowInfo info = { .bucket = 3, .hash = G_GUINT64_CONSTANT (0xfedcba9876543210) };
  CslRowInfo found = { 0 };
  gint64 rev = 0;

  fill (record);
  test_assert (csl_record_table_insert (table, record, &info, &error), error);
  g_assert_cmpint (info.row, ==, 1);
  full = csl_record_table_get (table, id, &found, &error);
  assert_equal (record, full);
  g_assert_cmpmem (&info, sizeof info, &found, sizeof found);
  csl_record_reset (record, id);
  g_clear_pointer (&record->rest, g_free);
  record->rev = 78;
  test_assert (csl_record_table_update (table, record, &info, &error), error);
  empty = csl_record_table_get_by_row (table, info.row, NULL, &error);
  assert_equal (record, empty);
  test_assert (csl_record_table_find (table, id, &found, &rev, &error), error);
  g_assert_cmpint (rev, ==, 78);
  g_assert_false (csl_record_table_insert (table, record, &found, &error));
  g_assert_error (error, CSL_STORE_ERROR, CSL_STORE_ERROR_INVALID);
  g_clear_error (&error);
  test_assert (csl_record_table_delete (table, info.row, &error), error);
  g_assert_false (csl_record_table_find (table, id, &found, &rev, &error));
  g_assert_no_error (error);
  /* A number is never used twice, not even that of the newest row. */
  test_assert (csl_record_table_insert (table, record, &found, &error), error);
  g_assert_cmpint (found.row, ==, info.row + 1);
}

static void
test_round_trip (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CslSchema) schema = csl_schema_new_builtin ();

  upgrade (fixture, schema, CSL_SIDE_REPLICA, true);
  for (guint i = 0; i < csl_schema_get_n_types (schema); i++)
    round_trip (fixture->db, csl_schema_get_type (schema, i));
}

/* Newer ids come later in the order; those of one millisecond find places of their own. */
static void
test_order (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CslSchema) schema = load_folder ("schema-1");
  const CslRecordType *type = csl_schema_lookup_type (schema, "case");
  g_autoptr (CslRecordTable) table = NULL;
  g_autoptr (GError) error = NULL;
  gint64 previous = 0;

  upgrade (fixture, schema, CSL_SIDE_REPLICA, true);
  table = csl_record_table_new (fixture->db, type);
  for (guint i = 0; i < 300; i++) {
    /* 100 records in each millisecond, alike but for their last digits */
    g_autofree char *id =
      g_strdup_printf ("01976b1e-%04x-7abc-8def-0000000000%02x", i / 100, i % 100);
    g_autoptr (CslRecord) record = csl_record_new (type, id);
    CslRowInfo info = { 0 };

    test_assert (csl_record_table_insert (table, record, &info, &error), error);
    g_assert_cmpint (info.order, >, previous);
    previous = info.order;
  }
}

/* The second version of the schema has one more text field, money, an index and another search field; the replica got a
 * record with these members while it only knew the first. */
static void
test_upgrade (Fixture *fixture, gconstpointer data)
{
  static const char id[] = "01976b1e-2222-7abc-8def-000000000001";
  g_autoptr (CslSchema) old_schema = load_folder ("schema-1");
  g_autoptr (CslSchema) new_schema = load_folder ("schema-2");
  const CslRecordType *old_type = csl_schema_lookup_type (old_schema, "case");
  const CslRecordType *new_type = csl_schema_lookup_type (new_schema, "case");
  g_autoptr (CslRecordTable) old_table = NULL;
  g_autoptr (CslRecordTable) new_table = NULL;
  g_autoptr (CslRecord) record = csl_record_new (old_type, id);
  g_autoptr (CslRecord) upgraded = NULL;
  g_autoptr (GError) error = NULL;
  CslRowInfo info = { .hash = 5 };

  upgrade (fixture, old_schema, CSL_SIDE_REPLICA, true);
  old_table = csl_record_table_new (fixture->db, old_type);
  csl_record_set_text (record, "title", "Rent arrears");
  record->rest = g_strdup ("{\"later\":1,\"rent\":{\"amount\":51000,\"currency\":\"GBP\"}"
                           ",\"summary\":\"Two months\"}");
  test_assert (csl_record_table_insert (old_table, record, &info, &error), error);
  g_clear_pointer (&old_table, csl_record_table_free);

  test_assert (csl_db_execute (fixture->db,
                               "INSERT INTO \"_search\" VALUES ('case', 1);"
                               "INSERT INTO \"_stale\" VALUES ('case', 1, '[\"Old\"]')",
                               &error),
               error);

  upgrade (fixture, new_schema, CSL_SIDE_REPLICA, true);
  /* Its index is a new one, and empty. */
  g_assert_cmpint (csl_db_query_int (fixture->db, "SELECT count (*) FROM \"_search\"",
                                     -1),
                   ==, 0);
  g_assert_cmpint (csl_db_query_int (fixture->db, "SELECT count (*) FROM \"_stale\"", -1),
                   ==, 0);
  new_table = csl_record_table_new (fixture->db, new_type);
  upgraded = csl_record_table_get (new_table, id, &info, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (csl_record_get_text (upgraded, "title"), ==, "Rent arrears");
  g_assert_cmpstr (csl_record_get_text (upgraded, "summary"), ==, "Two months");
  g_assert_cmpint (csl_record_get (upgraded, "rent")->number, ==, 51000);
  g_assert_cmpstr (csl_record_get (upgraded, "rent")->currency, ==, "GBP");
  g_assert_cmpstr (upgraded->rest, ==, "{\"later\":1}");
  g_assert_cmpuint (info.hash, ==, 5);
  upgrade (fixture, new_schema, CSL_SIDE_REPLICA, false);
}

/* A server that an older version made has indexes nobody uses there. */
static void
test_unused_index (Fixture *fixture, gconstpointer data)
{
  static const char sql[] =
    "SELECT count (*) FROM sqlite_schema WHERE name = '_ix_case._bucket'";
  g_autoptr (CslSchema) schema = load_folder ("schema-1");
  g_autoptr (GError) error = NULL;

  upgrade (fixture, schema, CSL_SIDE_SERVER, true);
  test_assert (
    csl_db_execute (fixture->db,
                    "CREATE INDEX \"_ix_case._bucket\" ON \"case\" (\"_bucket\");"
                    "CREATE INDEX \"of_somebody\" ON \"case\" (\"title\")",
                    &error),
    error);
  upgrade (fixture, schema, CSL_SIDE_SERVER, true);
  g_assert_cmpint (csl_db_query_int (fixture->db, sql, -1), ==, 0);
  upgrade (fixture, schema, CSL_SIDE_SERVER, false);
}

#define ADD(name, data, function)                                                        \
  g_test_add ("/store/ddl/" name, Fixture, data, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/ddl/golden", test_golden);
  g_test_add_func ("/store/ddl/names", test_names);
  g_test_add_func ("/store/ddl/hostile-name", test_hostile_name);
  ADD ("builtin-replica", GINT_TO_POINTER (CSL_SIDE_REPLICA), test_builtin);
  ADD ("builtin-server", GINT_TO_POINTER (CSL_SIDE_SERVER), test_builtin);
  ADD ("round-trip", NULL, test_round_trip);
  ADD ("order", NULL, test_order);
  ADD ("upgrade", NULL, test_upgrade);
  ADD ("unused-index", NULL, test_unused_index);
  return g_test_run ();
}
