/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The generated tables of the server: made again when the definitions are others, and only then looked at. */
#include "server/csd-fixture.h"
#include "store/csl-ddl.h"

static CslDb *
open_data (Fixture *fixture)
{
  g_autofree char *path =
    g_strdup_printf ("%s/org-%s.db", fixture->folder, fixture->organisation);
  g_autoptr (GError) error = NULL;
  CslDb *db = csl_db_open (path, NULL, 0, &error);

  g_assert_no_error (error);
  return db;
}

static void
run_behind_back (Fixture *fixture, const char *sql)
{
  g_autoptr (CslDb) db = open_data (fixture);
  g_autoptr (GError) error = NULL;

  csl_db_execute (db, sql, &error);
  g_assert_no_error (error);
}

/* An index of the cases; the name is the generator's. */
static char *
dup_index_name (Fixture *fixture)
{
  static const char sql[] = "SELECT name FROM sqlite_schema WHERE type = 'index'"
                            " AND tbl_name = 'case' AND sql IS NOT NULL ORDER BY name";
  g_autoptr (CslDb) db = open_data (fixture);
  csl_auto_reset CslStmt *stmt = csl_db_prepare (db, sql, NULL);

  g_assert_true (csl_stmt_step (stmt, NULL));
  return csl_stmt_dup_text (stmt, 0);
}

static bool
has_index (Fixture *fixture, const char *name)
{
  static const char sql[] = "SELECT 1 FROM sqlite_schema WHERE name = :name";
  g_autoptr (CslDb) db = open_data (fixture);
  csl_auto_reset CslStmt *stmt = csl_db_prepare (db, sql, NULL);

  csl_stmt_bind_text (stmt, ":name", name);
  return csl_stmt_step (stmt, NULL);
}

static char *
dup_mark (Fixture *fixture)
{
  static const char sql[] = "SELECT fingerprint FROM _tables";
  g_autoptr (CslDb) db = open_data (fixture);
  csl_auto_reset CslStmt *stmt = csl_db_prepare (db, sql, NULL);

  return csl_stmt_step (stmt, NULL) ? csl_stmt_dup_text (stmt, 0) : NULL;
}

static void
open_again (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  fixture_restart (fixture);
  g_assert_nonnull (
    csd_server_get_organisation (fixture->server, fixture->organisation, &error));
  g_assert_no_error (error);
}

static void
drop_index (Fixture *fixture, const char *name)
{
  g_autoptr (GString) sql = g_string_new ("DROP INDEX ");

  csl_ddl_append_name (sql, name);
  run_behind_back (fixture, sql->str);
  g_assert_false (has_index (fixture, name));
}

/* What the mark says is believed: nobody looks at each table on every start. */
static void
test_marked (Fixture *fixture, gconstpointer data)
{
  const char *wanted = csl_ddl_get_fingerprint (fixture->schema, CSL_SIDE_SERVER);
  g_autofree char *name = dup_index_name (fixture);
  g_autofree char *found = dup_mark (fixture);

  g_assert_cmpstr (found, ==, wanted);
  drop_index (fixture, name);
  open_again (fixture);
  g_assert_false (has_index (fixture, name));
}

/* Tables of other definitions, and files of a program that made no mark. */
static void
test_other_mark (Fixture *fixture, gconstpointer data)
{
  const char *sql = data;
  const char *wanted = csl_ddl_get_fingerprint (fixture->schema, CSL_SIDE_SERVER);
  g_autofree char *name = dup_index_name (fixture);
  g_autofree char *found = NULL;

  drop_index (fixture, name);
  run_behind_back (fixture, sql);
  open_again (fixture);
  found = dup_mark (fixture);
  g_assert_cmpstr (found, ==, wanted);
  g_assert_true (has_index (fixture, name));
  assert_verified (fixture);
}

/* The mark comes with the tables or not at all. */
static void
test_together (Fixture *fixture, gconstpointer data)
{
  g_autofree char *name = dup_index_name (fixture);
  g_autofree char *found = NULL;
  g_autoptr (GError) error = NULL;

  drop_index (fixture, name);
  run_behind_back (fixture, "DELETE FROM _tables;"
                            "CREATE TRIGGER stop BEFORE INSERT ON _tables"
                            " BEGIN SELECT raise (ABORT, 'stopped'); END");
  fixture_restart (fixture);
  g_assert_null (
    csd_server_get_organisation (fixture->server, fixture->organisation, &error));
  g_assert_nonnull (error);
  found = dup_mark (fixture);
  g_assert_null (found);
  g_assert_false (has_index (fixture, name));
  run_behind_back (fixture, "DROP TRIGGER stop");
  open_again (fixture);
  g_assert_true (has_index (fixture, name));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, data, function)                                                        \
  g_test_add ("/server/tables/" name, Fixture, data, fixture_set_up, function,           \
              fixture_tear_down)
  ADD ("marked", NULL, test_marked);
  ADD ("other-mark", "UPDATE _tables SET fingerprint = 'other'", test_other_mark);
  ADD ("no-mark", "DELETE FROM _tables", test_other_mark);
  ADD ("together", NULL, test_together);
  return g_test_run ();
}
