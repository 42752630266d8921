/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Connections and statements: every binder, opening what is not right, transactions, keys, migrations. */
#include "store-support.h"
#include "store/csl-stmt-set.h"
#include "store/csl-store-sql.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct
{
  char *folder, *path;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = test_folder_new ();
  fixture->path = g_build_filename (fixture->folder, "test.db", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_free (fixture->path);
  test_folder_remove (fixture->folder);
}

static CslDb *
create (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  CslDb *db = csl_db_open (fixture->path, test_key, CSL_DB_CREATE, &error);

  g_assert_no_error (error);
  return db;
}

/* -- Binders: each of them must put its value into the column it was named for -------------- */

static const CslValue int_value = { CSL_VALUE_INT, "", 77, NULL };
static const CslValue bool_value = { CSL_VALUE_BOOL, "", 1, NULL };
static const CslValue money_value = { CSL_VALUE_MONEY, "GBP", 12550, NULL };
static const CslValue null_value = CSL_VALUE_INIT;
static CslValue text_value = { CSL_VALUE_TEXT, "", 0, (char *) "words" };
static CslValue json_value = { CSL_VALUE_JSON, "", 0, (char *) "[\"a\"]" };

static void
bind_text (CslStmt *stmt)
{
  csl_stmt_bind_text (stmt, ":b", "plain");
}
static void
bind_text_length (CslStmt *stmt)
{
  csl_stmt_bind_text_length (stmt, ":b", "plainer", 5);
}
static void
bind_null_text (CslStmt *stmt)
{
  csl_stmt_bind_text (stmt, ":b", NULL);
}
static void
bind_int (CslStmt *stmt)
{
  csl_stmt_bind_int (stmt, ":b", G_MININT64);
}
static void
bind_null (CslStmt *stmt)
{
  csl_stmt_bind_null (stmt, ":b");
}
static void
bind_blob (CslStmt *stmt)
{
  csl_stmt_bind_blob (stmt, ":b", "a\0b", 3);
}
static void
bind_value_int (CslStmt *stmt)
{
  csl_stmt_bind_value (stmt, ":b", &int_value);
}
static void
bind_value_bool (CslStmt *stmt)
{
  csl_stmt_bind_value (stmt, ":b", &bool_value);
}
static void
bind_value_money (CslStmt *stmt)
{
  csl_stmt_bind_value (stmt, ":b", &money_value);
}
static void
bind_value_null (CslStmt *stmt)
{
  csl_stmt_bind_value (stmt, ":b", &null_value);
}
static void
bind_value_text (CslStmt *stmt)
{
  csl_stmt_bind_value (stmt, ":b", &text_value);
}
static void
bind_value_json (CslStmt *stmt)
{
  csl_stmt_bind_value (stmt, ":b", &json_value);
}
static void
bind_at_text (CslStmt *stmt)
{
  csl_stmt_bind_text_at (stmt, 2, "by place");
}
static void
bind_at_int (CslStmt *stmt)
{
  csl_stmt_bind_int_at (stmt, 2, 5);
}
static void
bind_at_value (CslStmt *stmt)
{
  csl_stmt_bind_value_at (stmt, 2, &text_value);
}

static const struct
{
  void (*bind) (CslStmt *stmt);
  const char *expected; /* quote() of the column */
} binders[] = {
  { bind_text, "'plain'" },       { bind_text_length, "'plain'" },
  { bind_null_text, "NULL" },     { bind_int, "-9223372036854775808" },
  { bind_null, "NULL" },          { bind_blob, "X'610062'" },
  { bind_value_int, "77" },       { bind_value_bool, "1" },
  { bind_value_money, "12550" },  { bind_value_null, "NULL" },
  { bind_value_text, "'words'" }, { bind_value_json, "'[\"a\"]'" },
  { bind_at_text, "'by place'" }, { bind_at_int, "5" },
  { bind_at_value, "'words'" },
};

static void
test_binders (Fixture *fixture, gconstpointer data)
{
  static const char insert_sql[] = "INSERT INTO \"t\" VALUES (:a, :b, :c)";
  static const char select_sql[] =
    "SELECT \"a\", quote (\"b\"), \"c\" FROM \"t\" ORDER BY rowid DESC LIMIT 1";
  g_autoptr (CslDb) db = create (fixture);
  g_autoptr (GError) error = NULL;

  test_assert (csl_db_execute (db, "CREATE TABLE \"t\" (\"a\", \"b\", \"c\")", &error),
               error);
  for (guint i = 0; i < G_N_ELEMENTS (binders); i++) {
    csl_auto_reset CslStmt *insert = csl_db_prepare (db, insert_sql, &error);
    csl_auto_reset CslStmt *select = csl_db_prepare (db, select_sql, &error);

    csl_stmt_bind_int (insert, ":a", i);
    csl_stmt_bind_int (insert, ":c", 1000 + i);
    binders[i].bind (insert);
    test_assert (csl_stmt_run (insert, &error), error);
    test_assert (csl_stmt_step (select, &error), error);
    g_assert_cmpint (csl_stmt_get_int (select, 0), ==, i);
    g_assert_cmpstr (csl_stmt_get_text (select, 1), ==, binders[i].expected);
    g_assert_cmpint (csl_stmt_get_int (select, 2), ==, 1000 + i);
  }
}

static void
test_getters (Fixture *fixture, gconstpointer data)
{
  static const char sql[] = "SELECT 'abc', NULL, 9223372036854775807, x'0102'";
  g_autoptr (CslDb) db = create (fixture);
  csl_auto_reset CslStmt *stmt = csl_db_prepare (db, sql, NULL);
  g_autofree char *copy = NULL;
  char buffer[3];

  g_assert_true (csl_stmt_step (stmt, NULL));
  g_assert_cmpint (csl_stmt_get_n_columns (stmt), ==, 4);
  copy = csl_stmt_dup_text (stmt, 0);
  g_assert_cmpstr (copy, ==, "abc");
  g_assert_cmpuint (csl_stmt_get_size (stmt, 0), ==, 3);
  csl_stmt_copy_text (stmt, 0, buffer, sizeof buffer);
  g_assert_cmpstr (buffer, ==, "ab");
  g_assert_true (csl_stmt_is_null (stmt, 1));
  g_assert_null (csl_stmt_get_text (stmt, 1));
  csl_stmt_copy_text (stmt, 1, buffer, sizeof buffer);
  g_assert_cmpstr (buffer, ==, "");
  g_assert_cmpint (csl_stmt_get_int (stmt, 2), ==, G_MAXINT64);
  g_assert_cmpmem (csl_stmt_get_blob (stmt, 3), csl_stmt_get_size (stmt, 3), "\1\2", 2);
}

/* -- Opening -------------------------------------------------------------------------------- */

static void
assert_open_fails (const char *path,
                   const guint8 *key,
                   CslDbFlags flags,
                   CslStoreError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (csl_db_open (path, key, flags, &error));
  g_assert_error (error, CSL_STORE_ERROR, (int) code);
}

static void
test_open_errors (Fixture *fixture, gconstpointer data)
{
  guint8 other[CSL_DB_KEY_SIZE] = "another key, also of 32 bytes";
  g_autofree char *nowhere = g_build_filename (fixture->folder, "no", "test.db", NULL);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  gsize before_length, after_length;

  assert_open_fails (fixture->path, test_key, 0, CSL_STORE_ERROR_MISSING);
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
  assert_open_fails (nowhere, test_key, CSL_DB_CREATE, CSL_STORE_ERROR_MISSING);

  csl_db_free (create (fixture));
  g_assert_true (g_file_get_contents (fixture->path, &before, &before_length, NULL));
  assert_open_fails (fixture->path, test_key, CSL_DB_CREATE, CSL_STORE_ERROR_EXISTS);
  assert_open_fails (fixture->path, other, 0, CSL_STORE_ERROR_WRONG_KEY);
  assert_open_fails (fixture->path, NULL, 0, CSL_STORE_ERROR_WRONG_KEY);
  assert_open_fails (fixture->path, other, CSL_DB_READ_ONLY, CSL_STORE_ERROR_WRONG_KEY);
  g_assert_true (g_file_get_contents (fixture->path, &after, &after_length, NULL));
  g_assert_cmpmem (before, before_length, after, after_length);

  g_assert_true (g_file_set_contents (fixture->path, "", 0, NULL));
  assert_open_fails (fixture->path, test_key, 0, CSL_STORE_ERROR_DAMAGED);
}

/* A database of several pages, as bytes: the connection is closed. */
static char *
read_filled (Fixture *fixture, gsize *length)
{
  g_autoptr (CslDb) db = create (fixture);
  g_autoptr (GError) error = NULL;
  char *content = NULL;

  test_assert (
    csl_db_execute (db,
                    "CREATE TABLE \"t\" (\"a\"); WITH RECURSIVE n (i) AS (SELECT 1 "
                    "UNION ALL SELECT i + 1 FROM n WHERE i < 500) "
                    "INSERT INTO \"t\" SELECT printf ('%0200d', i) FROM n",
                    &error),
    error);
  test_assert (csl_db_truncate_wal (db, &error), error);
  g_clear_pointer (&db, csl_db_free);
  g_assert_true (g_file_get_contents (fixture->path, &content, length, NULL));
  return content;
}

static void
test_damage (Fixture *fixture, gconstpointer data)
{
  static const char sum_sql[] = "SELECT sum (length (\"a\")) FROM \"t\"";
  g_autoptr (CslDb) db = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;
  g_autofree char *content = read_filled (fixture, &length);
  CslStmt *stmt;

  content[length / 2] ^= 0x10;
  g_assert_true (g_file_set_contents (fixture->path, content, (gssize) length, NULL));

  db = csl_db_open (fixture->path, test_key, 0, &error);
  g_assert_no_error (error);
  stmt = csl_db_prepare (db, sum_sql, &error);
  g_assert_false (csl_stmt_step (stmt, &error));
  g_assert_error (error, CSL_STORE_ERROR, CSL_STORE_ERROR_DAMAGED);
  g_clear_error (&error);
  /* The connection does not go on as if nothing had been. */
  g_assert_false (csl_db_begin (db, &error));
  g_assert_error (error, CSL_STORE_ERROR, CSL_STORE_ERROR_DAMAGED);
}

/* The mark of the write-ahead log is in bytes that are not encrypted: lost, it is put back, but into a whole file only. */
static void
test_lost_mark (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CslDb) db = NULL;
  g_autoptr (GError) error = NULL;
  gsize length, after_length;
  g_autofree char *content = read_filled (fixture, &length);
  g_autofree char *after = NULL;

  g_assert_cmpint (content[18], ==, 2);
  content[18] = content[19] = 1;
  g_assert_true (g_file_set_contents (fixture->path, content, (gssize) length, NULL));
  db = csl_db_open (fixture->path, test_key, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpint (csl_db_query_int (db, "SELECT count (*) FROM \"t\"", -1), ==, 500);
  g_clear_pointer (&db, csl_db_free);
  g_assert_true (g_file_get_contents (fixture->path, &after, &after_length, NULL));
  g_assert_cmpint (after[18], ==, 2);

  content[length / 2] ^= 0x10;
  g_assert_true (g_file_set_contents (fixture->path, content, (gssize) length, NULL));
  assert_open_fails (fixture->path, test_key, 0, CSL_STORE_ERROR_DAMAGED);
  g_clear_pointer (&after, g_free);
  g_assert_true (g_file_get_contents (fixture->path, &after, &after_length, NULL));
  g_assert_cmpmem (content, length, after, after_length);
}

static void
try_read_only (const char *folder, const char *path)
{
  g_autofree char *fresh = g_build_filename (folder, "fresh.db", NULL);

  g_assert_no_errno (setgid (65534));
  g_assert_no_errno (setuid (65534));
  assert_open_fails (path, test_key, 0, CSL_STORE_ERROR_READ_ONLY);
  assert_open_fails (fresh, test_key, CSL_DB_CREATE, CSL_STORE_ERROR_READ_ONLY);
}

/* In /tmp itself: somebody else must be able to reach it. */
static void
test_read_only (Fixture *fixture, gconstpointer data)
{
  char *folder = g_mkdtemp (g_strdup ("/tmp/csl-store-XXXXXX"));
  g_autofree char *path = g_build_filename (folder, "test.db", NULL);
  g_autoptr (GError) error = NULL;
  int status;
  pid_t child;

  csl_db_free (csl_db_open (path, test_key, CSL_DB_CREATE, &error));
  g_assert_no_error (error);
  g_assert_no_errno (g_chmod (path, 0444));
  g_assert_no_errno (g_chmod (folder, 0555));
  if (getuid () != 0) {
    assert_open_fails (path, test_key, 0, CSL_STORE_ERROR_READ_ONLY);
  } else {
    /* root may write everywhere: try as somebody else */
    child = fork ();
    if (child == 0) {
      try_read_only (folder, path);
      _exit (0);
    }
    g_assert_cmpint (waitpid (child, &status, 0), ==, child);
    g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 0);
  }
  g_assert_no_errno (g_chmod (folder, 0755));
  test_folder_remove (folder);
}

static void
test_settings (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *sql;
    gint64 value;
  } settings[] = {
    { "PRAGMA synchronous", 2 },    { "PRAGMA secure_delete", 1 },
    { "PRAGMA trusted_schema", 0 }, { "PRAGMA cell_size_check", 1 },
    { "PRAGMA temp_store", 2 },     { "PRAGMA foreign_keys", 0 },
  };
  static const char mode_sql[] = "PRAGMA journal_mode";
  g_autoptr (CslDb) db = create (fixture);
  g_autoptr (GError) error = NULL;
  csl_auto_reset CslStmt *mode = csl_db_prepare (db, mode_sql, NULL);
  GStatBuf info;

  for (guint i = 0; i < G_N_ELEMENTS (settings); i++)
    g_assert_cmpint (csl_db_query_int (db, settings[i].sql, -1), ==, settings[i].value);
  g_assert_true (csl_stmt_step (mode, NULL));
  g_assert_cmpstr (csl_stmt_get_text (mode, 0), ==, "wal");
  g_assert_false (csl_db_execute (db, "ATTACH '' AS \"other\"", &error));
  g_assert_error (error, CSL_STORE_ERROR, CSL_STORE_ERROR_INVALID);
  g_assert_cmpint (g_stat (fixture->path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
}

/* -- Transactions --------------------------------------------------------------------------- */

static void
test_transactions (Fixture *fixture, gconstpointer data)
{
  static const char count_sql[] = "SELECT count (*) FROM \"t\"";
  g_autoptr (CslDb) db = create (fixture);
  g_autoptr (GError) error = NULL;

  test_assert (csl_db_execute (db, "CREATE TABLE \"t\" (\"a\")", &error), error);
  test_assert (csl_db_begin (db, &error), error);
  test_assert (csl_db_execute (db, "INSERT INTO \"t\" VALUES (1)", &error), error);
  test_assert (csl_db_savepoint (db, &error), error);
  test_assert (csl_db_execute (db, "INSERT INTO \"t\" VALUES (2)", &error), error);
  test_assert (csl_db_savepoint (db, &error), error);
  test_assert (csl_db_execute (db, "INSERT INTO \"t\" VALUES (3)", &error), error);
  csl_db_rollback_savepoint (db);
  g_assert_cmpint (csl_db_query_int (db, count_sql, -1), ==, 2);
  test_assert (csl_db_release (db, &error), error);
  test_assert (csl_db_commit (db, &error), error);
  g_assert_cmpint (csl_db_query_int (db, count_sql, -1), ==, 2);
  test_assert (csl_db_begin (db, &error), error);
  test_assert (csl_db_execute (db, "DELETE FROM \"t\"", &error), error);
  g_assert_cmpint (csl_db_get_changes (db), ==, 2);
  csl_db_rollback (db);
  g_assert_false (csl_db_is_in_transaction (db));
  g_assert_cmpint (csl_db_query_int (db, count_sql, -1), ==, 2);
}

static void
test_full (Fixture *fixture, gconstpointer data)
{
  static const char count_sql[] = "SELECT count (*) FROM \"t\"";
  g_autoptr (CslDb) db = create (fixture);
  g_autoptr (GError) error = NULL;
  bool ok = true;

  test_assert (csl_db_execute (db,
                               "CREATE TABLE \"t\" (\"a\"); PRAGMA max_page_count = 20",
                               &error),
               error);
  test_assert (csl_db_begin (db, &error), error);
  for (guint i = 0; ok && i < 100; i++)
    ok = csl_db_execute (db, "INSERT INTO \"t\" VALUES (randomblob (4000))", &error);
  g_assert_false (ok);
  g_assert_error (error, CSL_STORE_ERROR, CSL_STORE_ERROR_FULL);
  g_clear_error (&error);
  csl_db_rollback (db);
  g_assert_cmpint (csl_db_query_int (db, count_sql, -1), ==, 0);
  /* Room again: the connection still works. */
  test_assert (csl_db_execute (db, "PRAGMA max_page_count = 1000", &error), error);
  test_assert (csl_db_execute (db, "INSERT INTO \"t\" VALUES (1)", &error), error);
}

static void
test_encrypted (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CslDb) db = create (fixture);
  g_autoptr (GError) error = NULL;

  test_assert (csl_db_execute (db, "CREATE TABLE \"t\" (\"a\")", &error), error);
  test_assert (csl_db_execute (db, "INSERT INTO \"t\" VALUES ('canary-in-a-coal-mine')",
                               &error),
               error);
  g_assert_false (test_database_contains (fixture->path, "canary-in-a-coal-mine"));
  g_assert_false (test_database_contains (fixture->path, "CREATE TABLE"));
  test_assert (csl_db_truncate_wal (db, &error), error);
  g_assert_false (test_database_contains (fixture->path, "canary-in-a-coal-mine"));
  g_assert_false (test_database_contains (fixture->path, "SQLite format"));
}

static void
test_back_up (Fixture *fixture, gconstpointer data)
{
  static const char sql[] = "SELECT \"a\" FROM \"t\"";
  g_autofree char *path = g_build_filename (fixture->folder, "copy.db", NULL);
  g_autoptr (CslDb) db = create (fixture);
  g_autoptr (CslDb) copy = NULL;
  g_autoptr (GError) error = NULL;

  test_assert (csl_db_execute (
                 db, "CREATE TABLE \"t\" (\"a\"); INSERT INTO \"t\" VALUES (42)", &error),
               error);
  test_assert (csl_db_back_up (db, path, &error), error);
  g_assert_false (csl_db_back_up (db, path, &error));
  g_assert_error (error, CSL_STORE_ERROR, CSL_STORE_ERROR_EXISTS);
  g_clear_error (&error);
  copy = csl_db_open (path, test_key, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpint (csl_db_query_int (copy, sql, -1), ==, 42);
  test_assert (csl_db_check (copy, &error), error);
  assert_open_fails (path, NULL, 0, CSL_STORE_ERROR_WRONG_KEY);
}

static void
test_second_connection (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CslDb) writer = create (fixture);
  g_autoptr (CslDb) reader = NULL;
  g_autoptr (GError) error = NULL;
  gint64 version;

  test_assert (csl_db_execute (writer, "CREATE TABLE \"t\" (\"a\")", &error), error);
  reader = csl_db_open (fixture->path, test_key, CSL_DB_READ_ONLY, &error);
  g_assert_no_error (error);
  version = csl_db_get_data_version (reader);
  g_assert_false (csl_db_execute (reader, "INSERT INTO \"t\" VALUES (1)", &error));
  g_assert_error (error, CSL_STORE_ERROR, CSL_STORE_ERROR_READ_ONLY);
  g_clear_error (&error);
  test_assert (csl_db_execute (writer, "INSERT INTO \"t\" VALUES (1)", &error), error);
  g_assert_cmpint (csl_db_get_data_version (reader), !=, version);
}

static void
test_migrate (Fixture *fixture, gconstpointer data)
{
  static const char folder[] = "/org/caseload/Caseload/store/sql";
  GResource *resource = csl_store_sql_get_resource ();
  g_auto (GStrv) names = g_resource_enumerate_children (resource, folder, 0, NULL);
  g_autoptr (CslDb) db = create (fixture);
  g_autoptr (GError) error = NULL;
  gint64 newest = csl_db_newest_version (resource, folder);

  g_assert_cmpint (newest, ==, g_strv_length (names));
  g_assert_cmpint (csl_db_get_version (db), ==, 0);
  test_assert (csl_db_migrate (db, resource, folder, &error), error);
  g_assert_cmpint (csl_db_get_version (db), ==, newest);
  test_assert (csl_db_migrate (db, resource, folder, &error), error);
  test_assert (csl_db_execute (db, "PRAGMA user_version = 999", &error), error);
  g_assert_false (csl_db_migrate (db, resource, folder, &error));
  g_assert_error (error, CSL_STORE_ERROR, CSL_STORE_ERROR_NEWER);
}

/* -- Generated statements ------------------------------------------------------------------ */

static void
write_statement (GString *sql, gconstpointer owner, guint id)
{
  g_string_append_printf (sql, id == 0 ? "SELECT %u" : "no SQL %u",
                          *(const guint *) owner);
}

/* Each is written on its first use, and again only when that failed. */
static void
test_stmt_set (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CslDb) db = create (fixture);
  guint number = 7;
  g_autoptr (CslStmtSet) set = csl_stmt_set_new (db, 2, write_statement, &number);
  g_autoptr (GError) error = NULL;
  CslStmt *stmt = csl_stmt_set_get (set, 0, &error);

  g_assert_no_error (error);
  number = 8;
  g_assert_true (csl_stmt_set_get (set, 0, NULL) == stmt);
  g_assert_true (csl_stmt_step (stmt, NULL));
  g_assert_cmpint (csl_stmt_get_int (stmt, 0), ==, 7);
  csl_stmt_reset (stmt);
  g_assert_null (csl_stmt_set_get (set, 1, &error));
  g_assert_nonnull (error);
}

#define ADD(name, function)                                                              \
  g_test_add ("/store/db/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("binders", test_binders);
  ADD ("getters", test_getters);
  ADD ("open-errors", test_open_errors);
  ADD ("damage", test_damage);
  ADD ("lost-mark", test_lost_mark);
  ADD ("read-only", test_read_only);
  ADD ("settings", test_settings);
  ADD ("transactions", test_transactions);
  ADD ("full", test_full);
  ADD ("encrypted", test_encrypted);
  ADD ("back-up", test_back_up);
  ADD ("migrate", test_migrate);
  ADD ("second-connection", test_second_connection);
  ADD ("stmt-set", test_stmt_set);
  return g_test_run ();
}
