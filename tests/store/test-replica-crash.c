/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Killed in the middle: a child saves notes as fast as it can and says each time that it was told "saved"; it is killed at
 * a random moment. What it was told is there, the file is whole, and nothing is there by halves. Disk full, too. */
#include "store-fixture.h"
#include "store/csl-reader.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* What the child does until it is killed. */
typedef bool (*Work) (Fixture *fixture, GError **error);

static bool
save_two (Fixture *fixture, GError **error)
{
  g_autoptr (CslRecord) first = fixture_note (fixture, "First of two.");
  g_autoptr (CslRecord) second = fixture_note (fixture, "Second of two.");
  CslReplicaChange changes[] = { { NULL, first }, { NULL, second } };

  return csl_replica_commit (fixture->replica, changes, 2, NULL, error);
}

/* A text that is changed over and over, with the index behind it now and then. */
static bool
change_and_index (Fixture *fixture, GError **error)
{
  static guint count;
  g_autoptr (CslReader) reader =
    csl_reader_open (fixture->path, test_key, fixture->schema, error);
  gint64 row = 1 + count % 8;
  g_autoptr (GPtrArray) rows =
    csl_reader_get_rows (reader, fixture->note, &row, 1, error);
  g_autofree char *text = g_strdup_printf ("word%u of many", count);
  g_autoptr (CslRecord) after = csl_record_copy (rows->pdata[0]);
  CslReplicaChange change = { rows->pdata[0], after };
  bool more;

  count++;
  csl_record_set_text (after, "content", text);
  if (!csl_replica_commit (fixture->replica, &change, 1, NULL, error))
    return false;
  return count % 3 != 0 || csl_replica_index_slice (fixture->replica, 800, &more, error);
}

/* In the child: never returns. One byte down the pipe per piece of work that came back. */
static void
work_for_ever (Fixture *fixture, Work work, int report)
{
  g_autoptr (GError) error = NULL;

  fixture->replica = csl_replica_open (fixture->path, test_key, fixture->schema,
                                       &fixture->env.env, &error);
  if (fixture->replica == NULL)
    _exit (2);
  for (;;) {
    if (!work (fixture, &error))
      _exit (3);
    if (write (report, "x", 1) != 1)
      _exit (4);
  }
}

static guint
kill_after (Fixture *fixture, Work work, guint ms)
{
  int ends[2], status;
  guint saved = 0;
  pid_t child;
  char c;

  g_assert_no_errno (pipe (ends));
  /* Ids must differ from run to run. */
  fixture->env.now_ms += 1000000;
  child = fork ();
  if (child == 0)
    work_for_ever (fixture, work, ends[1]);
  close (ends[1]);
  g_assert_cmpint (read (ends[0], &c, 1), ==, 1);
  saved++;
  g_usleep (ms * 1000);
  g_assert_no_errno (kill (child, SIGKILL));
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFSIGNALED (status));
  while (read (ends[0], &c, 1) == 1)
    saved++;
  close (ends[0]);
  return saved;
}

static void
test_kill (Fixture *fixture, gconstpointer data)
{
  guint promised = 0;

  g_clear_pointer (&fixture->replica, csl_replica_free);
  for (guint i = 0; i < 8; i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (CslDb) db = NULL;
    gint64 notes, lines;

    promised += kill_after (fixture, save_two, (guint) g_test_rand_int_range (0, 60));
    db = csl_db_open (fixture->path, test_key, 0, &error);
    g_assert_no_error (error);
    test_assert (csl_db_check (db, &error), error);
    notes = csl_db_query_int (db, "SELECT count (*) FROM \"note\"", -1);
    lines = csl_db_query_int (db, "SELECT count (*) FROM \"_outbox\"", -1);
    /* Each act is there with both its notes and both its lines; at most the one in flight more than promised. */
    g_assert_cmpint (notes, ==, lines);
    g_assert_cmpint (notes % 2, ==, 0);
    g_assert_cmpint (notes / 2, >=, promised);
    g_assert_cmpint (notes / 2, <=, promised + i + 1);
  }
  fixture->replica =
    csl_replica_open (fixture->path, test_key, fixture->schema, &fixture->env.env, NULL);
  g_assert_nonnull (fixture->replica);
  fixture_check (fixture);
}

/* Whenever the end comes, between a change and its slice or in the middle of either: the index follows in the end. */
static void
test_kill_index (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < 4; i++)
    g_assert_true (save_two (fixture, NULL));
  fixture_index (fixture);
  for (guint i = 0; i < 6; i++) {
    g_clear_pointer (&fixture->replica, csl_replica_free);
    kill_after (fixture, change_and_index, (guint) g_test_rand_int_range (0, 60));
    fixture->replica = csl_replica_open (fixture->path, test_key, fixture->schema,
                                         &fixture->env.env, NULL);
    g_assert_nonnull (fixture->replica);
    fixture_check_rows (fixture);
    if (i % 2 == 0)
      fixture_check (fixture);
  }
  fixture_check (fixture);
}

#define ADD(name, function)                                                              \
  g_test_add ("/store/crash/" name, Fixture, NULL, fixture_set_up, function,             \
              fixture_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("kill", test_kill);
  ADD ("kill-index", test_kill_index);
  return g_test_run ();
}
