/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Killed in the middle: a child saves notes as fast as it can and says each time that it was told "saved"; it is killed at
 * a random moment. What it was told is there, the file is whole, and nothing is there by halves. Disk full, too. */
#include "store-fixture.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* In the child: never returns. One byte down the pipe per save that came back. */
static void
save_for_ever (Fixture *fixture, int report)
{
  g_autoptr (GError) error = NULL;

  fixture->replica = csl_replica_open (fixture->path, test_key, fixture->schema,
                                       &fixture->env.env, &error);
  if (fixture->replica == NULL)
    _exit (2);
  for (;;) {
    g_autoptr (CslRecord) first = fixture_note (fixture, "First of two.");
    g_autoptr (CslRecord) second = fixture_note (fixture, "Second of two.");
    CslReplicaChange changes[] = { { NULL, first }, { NULL, second } };

    if (!csl_replica_commit (fixture->replica, changes, 2, NULL, &error))
      _exit (3);
    if (write (report, "x", 1) != 1)
      _exit (4);
  }
}

static guint
kill_after (Fixture *fixture, guint ms)
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
    save_for_ever (fixture, ends[1]);
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

    promised += kill_after (fixture, (guint) g_test_rand_int_range (0, 60));
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

#define ADD(name, function)                                                              \
  g_test_add ("/store/crash/" name, Fixture, NULL, fixture_set_up, function,             \
              fixture_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("kill", test_kill);
  return g_test_run ();
}
