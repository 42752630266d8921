/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is deleted or overwritten leaves the pages, also where rows moved while the trees were balanced (I12). */
#include "store-support.h"

#define WORD  "bramblewick"
#define ROWS  300
#define STEPS 6000

static char *
make_text (GRand *random, const char *word)
{
  GString *text = g_string_new (NULL);
  gint32 times = g_rand_int_range (random, 0, 60);

  for (gint32 i = 0; i < times; i++)
    g_string_append_printf (text, "%s ", word);
  return g_string_free (text, FALSE);
}

static void
run (CslDb *db, const char *sql, gint64 id, const char *words)
{
  g_autoptr (GError) error = NULL;
  csl_auto_reset CslStmt *stmt = csl_db_prepare (db, sql, &error);

  g_assert_no_error (error);
  csl_stmt_bind_int (stmt, ":id", id);
  if (words != NULL)
    csl_stmt_bind_text (stmt, ":words", words);
  test_assert (csl_stmt_run (stmt, &error), error);
}

/* Rows come, grow, shrink and go, in no order, so that pages are split and joined in every way. Every third holds the word
 * that must leave. */
static void
churn (CslDb *db, GRand *random)
{
  static const char put[] =
    "INSERT INTO \"t\" VALUES (:id, :words) ON CONFLICT DO UPDATE SET \"words\" = :words";
  static const char drop[] = "DELETE FROM \"t\" WHERE \"id\" = :id";

  for (guint i = 0; i < STEPS; i++) {
    gint64 id = g_rand_int_range (random, 0, ROWS);
    g_autofree char *text = make_text (random, id % 3 == 0 ? WORD : "plain");

    if (g_rand_int_range (random, 0, 3) > 0)
      run (db, put, id, text);
    else
      run (db, drop, id, NULL);
  }
}

static void
check_erased (guint32 seed)
{
  static const char hide[] = "UPDATE \"t\" SET \"words\" = 'plain' WHERE \"id\" = :id";
  static const char drop[] = "DELETE FROM \"t\" WHERE \"id\" = :id";
  char *folder = test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "test.db", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  g_autoptr (CslDb) db = csl_db_open (path, test_key, CSL_DB_CREATE, &error);

  g_assert_no_error (error);
  test_assert (csl_db_execute (db,
                               "CREATE TABLE \"t\" (\"id\" INTEGER PRIMARY KEY, "
                               "\"words\" TEXT); CREATE INDEX \"i\" ON \"t\" (\"words\")",
                               &error),
               error);
  test_assert (csl_db_begin (db, &error), error);
  churn (db, random);
  test_assert (csl_db_commit (db, &error), error);
  g_assert_true (test_pages_contain (path, WORD));
  test_assert (csl_db_begin (db, &error), error);
  for (gint64 id = 0; id < ROWS; id += 3)
    run (db, g_rand_boolean (random) ? hide : drop, id, NULL);
  test_assert (csl_db_commit (db, &error), error);
  test_assert (csl_db_truncate_wal (db, &error), error);
  g_assert_false (test_pages_contain (path, WORD));
  g_assert_true (test_pages_contain (path, "plain"));
  g_clear_pointer (&db, csl_db_free);
  test_folder_remove (folder);
}

static void
test_no_page_keeps_words (void)
{
  for (guint32 seed = 1; seed <= 5; seed++)
    check_erased (seed);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/erased/I12-no-page-keeps-words", test_no_page_keeps_words);
  return g_test_run ();
}
