/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Unsent work that comes as a file: judged like a push, in its author's name, and with one effect however it comes. */
#include "server/csd-work.h"
#include "store/csl-db.h"

#include <string.h>

/* The same lines as a push of @client would carry, numbered in the file. */
static void
make_copy (Client *client, CslWorkCopy *ret_copy, const char *line, ...)
{
  g_auto (CslWorkCopy) copy = { 0 };
  g_autoptr (GString) text = NULL;
  g_autoptr (GError) error = NULL;
  va_list args;

  copy = (CslWorkCopy){ .organisation = g_strdup (client->fixture->organisation),
                        .user = g_strdup (client->user),
                        .device = g_strdup (client->device),
                        .inc = g_strdup (client->inc),
                        .at = g_strdup ("2026-11-20T15:04:00.000Z"),
                        .lines = g_ptr_array_new_with_free_func (g_free) };
  va_start (args, line);
  for (const char *next = line; next != NULL; next = va_arg (args, const char *))
    g_ptr_array_add (copy.lines, g_strdup (next));
  va_end (args);
  text = csl_work_copy_print (&copy, &error);
  g_assert_no_error (error);
  g_assert_true (csl_work_copy_parse (ret_copy, text->str, text->len, &error));
  g_assert_no_error (error);
}

typedef struct
{
  guint n_answers, n_dup;
  CslVerdict verdicts[8];
  char *code; /* (owned) (nullable): of the last refusal */
} Taken;

static void
taken_clear (Taken *taken)
{
  g_free (taken->code);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Taken, taken_clear)

static void
taken_in_cb (const CslAnswer *answer, const char *line, gpointer data)
{
  Taken *taken = data;

  g_assert_nonnull (strstr (line, answer->op));
  taken->verdicts[taken->n_answers++] = answer->verdict;
  taken->n_dup += answer->dup ? 1 : 0;
  if (answer->code != NULL) {
    g_free (taken->code);
    taken->code = g_strdup (answer->code);
  }
}

static void
take_in (Fixture *fixture, const CslWorkCopy *copy, Taken *ret_taken)
{
  g_autoptr (GError) error = NULL;
  bool done = csd_server_take_in (fixture->server, copy, taken_in_cb, ret_taken, &error);

  g_assert_no_error (error);
  g_assert_true (done);
}

/* I22: in the row of a replica's numbers each number is one operation's. */
static void
assert_numbers (Fixture *fixture)
{
  g_autofree char *path =
    csd_server_dup_organisation_path (fixture->server, fixture->organisation);
  g_autoptr (GError) error = NULL;
  g_autoptr (CslDb) db = csl_db_open (path, NULL, 0, &error);

  g_assert_no_error (error);
  g_assert_cmpint (csl_db_query_int (db,
                                     "SELECT count (*) - count (DISTINCT device || ' ' "
                                     "|| inc || ' ' || n) FROM _op",
                                     -1),
                   ==, 0);
}

static void
test_once (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = client_new (fixture, "amina");
  g_autoptr (Client) reader = client_new (fixture, "manager");
  char person[40], file[40];
  g_autofree char *one = NULL, *two = NULL;
  g_auto (CslWorkCopy) copy = { 0 };
  g_auto (Taken) taken = { 0 };
  g_auto (Taken) again = { 0 };
  g_auto (GStrv) answers = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (Reply) reply = NULL;
  gint64 head;

  client_make_case (client, person, file);
  one = client_op (client, "update", "client", person, 1, "{\"gender\":\"f\"}", "{}");
  two = client_op (client, "update", "client", person, 1, "{\"title\":\"Dr\"}", "{}");
  make_copy (client, &copy, one, two, NULL);
  take_in (fixture, &copy, &taken);
  g_assert_cmpuint (taken.n_answers, ==, 2);
  g_assert_cmpuint (taken.n_dup, ==, 0);
  g_assert_cmpint (taken.verdicts[0], ==, CSL_VERDICT_OK);
  lines = client_pull (reader, 0, 0, NULL);
  g_assert_true (any_contains (lines, "\"title\":\"Dr\""));
  head = get_head (fixture);
  take_in (fixture, &copy, &again);
  g_assert_cmpuint (again.n_dup, ==, 2);
  g_assert_cmpint (get_head (fixture), ==, head);
  /* The laptop was found again and sends what it still has; its numbers go on where they were. */
  answers = client_push (client, one, two, NULL);
  assert_json (answers[0], "r", "ok");
  assert_json (answers[0], "dup", "true");
  assert_json (answers[1], "dup", "true");
  reply = client_ask_history (reader, "client", person);
  g_assert_nonnull (strstr (reply->body->str, fixture->amina));
  assert_verified (fixture);
}

/* Sent first, taken in afterwards. */
static void
test_after_push (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = client_new (fixture, "amina");
  char person[40], file[40];
  g_autofree char *one = NULL, *two = NULL;
  g_auto (CslWorkCopy) copy = { 0 };
  g_auto (Taken) taken = { 0 };
  g_auto (GStrv) answers = NULL;
  g_auto (GStrv) rest = NULL;

  client_make_case (client, person, file);
  one = client_op (client, "update", "client", person, 1, "{\"gender\":\"f\"}", "{}");
  two = client_op (client, "update", "client", person, 1, "{\"title\":\"Dr\"}", "{}");
  make_copy (client, &copy, one, two, NULL);
  answers = client_push (client, one, NULL);
  take_in (fixture, &copy, &taken);
  g_assert_cmpuint (taken.n_dup, ==, 1);
  rest = client_push (client, two, NULL);
  assert_json (rest[0], "dup", "true");
  assert_verified (fixture);
}

/* What a person wrote on a laptop: it waits, is refused, or is held by that. */
typedef struct
{
  char person[40], nameless[40];
  char *one, *bad, *depends, *two; /* (owned) */
} Waiting;

static void
waiting_clear (Waiting *waiting)
{
  g_free (waiting->one);
  g_free (waiting->bad);
  g_free (waiting->depends);
  g_free (waiting->two);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Waiting, waiting_clear)

/* Numbers 3 to 6 of the replica. */
static void
write_work (Client *client, Waiting *ret_waiting)
{
  Waiting *w = ret_waiting;
  char file[40];

  client_make_case (client, w->person, file);
  new_id (client->fixture, w->nameless);
  w->one = client_op (client, "update", "client", w->person, 1, "{\"gender\":\"f\"}",
                      "{\"gender\":null}");
  w->bad = client_op (client, "create", "client", w->nameless, 0,
                      "{\"first_name\":\"Jo\"}", NULL);
  w->depends =
    client_op (client, "update", "client", w->nameless, 0, "{\"title\":\"Dr\"}", "{}");
  w->two = client_op (client, "update", "client", w->person, 1, "{\"gender\":\"x\"}",
                      "{\"gender\":\"f\"}");
}

/* I22: two copies of one replica, one older than the other, then the laptop itself, then both copies again. */
static void
test_numbers (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = client_new (fixture, "amina");
  g_auto (Waiting) work = { 0 };
  g_auto (CslWorkCopy) older = { 0 };
  g_auto (CslWorkCopy) newer = { 0 };
  g_auto (GStrv) answers = NULL;
  g_auto (GStrv) lines = NULL;
  g_autofree char *held = NULL;

  write_work (client, &work);
  make_copy (client, &older, work.one, NULL);
  make_copy (client, &newer, work.bad, work.depends, work.two, NULL);
  for (guint i = 0; i < 2; i++) {
    g_auto (Taken) first = { 0 };
    g_auto (Taken) second = { 0 };

    take_in (fixture, &older, &first);
    take_in (fixture, &newer, &second);
    g_assert_cmpint (first.verdicts[0], ==, CSL_VERDICT_OK);
    g_assert_cmpint (second.verdicts[0], ==, CSL_VERDICT_REJECTED);
    g_assert_cmpint (second.verdicts[1], ==, CSL_VERDICT_HELD);
    /* What was taken in before from the same replica is seen by it: no difference. */
    g_assert_cmpint (second.verdicts[2], ==, CSL_VERDICT_OK);
    g_assert_cmpuint (first.n_dup + second.n_dup, ==, i == 0 ? 0 : 3);
    assert_numbers (fixture);
    if (i == 1)
      break;
    answers = client_push (client, work.one, work.bad, work.depends, work.two, NULL);
    RESULT (answers, 0, "ok");
    RESULT (answers, 1, "rejected");
    RESULT (answers, 2, "held");
    assert_json (answers[2], "by", "4");
    RESULT (answers, 3, "ok");
    assert_numbers (fixture);
  }
  /* The numbers are the replica's still, also of what goes on waiting. */
  held = client_send (client, g_strdup (work.depends));
  assert_json (held, "r", "held");
  client_expect (client,
                 client_op (client, "update", "client", work.person, 1,
                            "{\"gender\":\"f\"}", "{\"gender\":\"x\"}"),
                 "ok");
  lines = client_pull (client, 0, 0, NULL);
  g_assert_nonnull (find_line (lines, "t", "put", "id", work.person, NULL));
  g_assert_null (find_line (lines, "t", "put", "k", "sync_conflict", NULL));
  g_assert_true (any_contains (lines, "\"gender\":\"f\""));
  assert_numbers (fixture);
  assert_verified (fixture);
}

/* Sent and held first, and held still when it is taken in; then the laptop tries once more. */
static void
test_held_before (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = client_new (fixture, "amina");
  g_auto (Waiting) work = { 0 };
  g_auto (CslWorkCopy) copy = { 0 };
  g_auto (Taken) taken = { 0 };
  g_auto (GStrv) answers = NULL;
  g_autofree char *again = NULL;
  g_autofree char *set = dup_person_set (fixture);

  write_work (client, &work);
  answers = client_push (client, work.one, work.bad, work.depends, NULL);
  RESULT (answers, 2, "held");
  make_copy (client, &copy, work.depends, work.two, NULL);
  take_in (fixture, &copy, &taken);
  g_assert_cmpint (taken.verdicts[0], ==, CSL_VERDICT_HELD);
  again = client_send (client, g_strdup (work.depends));
  assert_json (again, "r", "held");
  assert_json (again, "by", "4");
  client_expect (client, g_strdup (work.two), "ok");
  client_expect (client,
                 client_op (client, "create", "client", work.nameless, 0, set, NULL),
                 "ok");
  client_expect (client, g_strdup (work.depends), "ok");
  assert_numbers (fixture);
  assert_verified (fixture);
}

/* Others have gone on meanwhile: the same rules as for a push. */
static void
test_rules (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) amina = client_new (fixture, "amina");
  g_autoptr (Client) manager = client_new (fixture, "manager");
  char person[40], file[40], nameless[40];
  gint64 base;
  g_autofree char *theirs = NULL, *mine = NULL, *bad = NULL, *depends = NULL;
  g_auto (CslWorkCopy) copy = { 0 };
  g_auto (Taken) taken = { 0 };
  g_auto (GStrv) answers = NULL;
  g_auto (GStrv) lines = NULL;

  client_make_case (amina, person, file);
  base = get_head (fixture);
  theirs = client_op (manager, "update", "client", person, base,
                      "{\"phone_primary\":\"0111\"}", "{}");
  answers = client_push (manager, theirs, NULL);
  mine = client_op (amina, "update", "client", person, base,
                    "{\"phone_primary\":\"0222\"}", "{}");
  new_id (fixture, nameless);
  bad =
    client_op (amina, "create", "client", nameless, 0, "{\"first_name\":\"Jo\"}", NULL);
  depends =
    client_op (amina, "update", "client", nameless, 0, "{\"title\":\"Dr\"}", "{}");
  make_copy (amina, &copy, mine, bad, depends, NULL);
  take_in (fixture, &copy, &taken);
  g_assert_cmpint (taken.verdicts[0], ==, CSL_VERDICT_CONFLICT);
  g_assert_cmpint (taken.verdicts[1], ==, CSL_VERDICT_REJECTED);
  g_assert_cmpint (taken.verdicts[2], ==, CSL_VERDICT_HELD);
  g_assert_nonnull (taken.code);
  lines = client_pull (manager, base, 0, NULL);
  g_assert_nonnull (find_line (lines, "t", "put", "k", "sync_conflict", NULL));
  assert_verified (fixture);
}

/* Bases of a history that was lost are not numbers of this one. */
static void
test_other_epoch (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = client_new (fixture, "amina");
  char person[40], file[40];
  g_autofree char *one = NULL;
  g_auto (CslWorkCopy) copy = { 0 };
  g_auto (Taken) taken = { 0 };
  g_auto (Taken) again = { 0 };

  client_make_case (client, person, file);
  one = client_op (client, "update", "client", person, 5000, "{\"gender\":\"f\"}",
                   "{\"gender\":null}");
  make_copy (client, &copy, one, NULL);
  g_free (copy.epoch);
  copy.epoch = g_strdup ("7d1e0000-0000-4abc-8def-000000000005");
  take_in (fixture, &copy, &taken);
  g_assert_cmpint (taken.verdicts[0], ==, CSL_VERDICT_OK);
  take_in (fixture, &copy, &again);
  g_assert_cmpuint (again.n_dup, ==, 1);
}

static void
test_others (Fixture *fixture, gconstpointer data)
{
  static const char other[] = "01976b1e-0000-7abc-8def-0000000000ff";
  g_autoptr (Client) client = client_new (fixture, "amina");
  char person[40], file[40];
  g_autofree char *one = NULL;
  g_auto (CslWorkCopy) copy = { 0 };
  char **const whose[] = { &copy.user, &copy.organisation };
  gint64 head;

  client_make_case (client, person, file);
  one = client_op (client, "update", "client", person, 1, "{\"gender\":\"f\"}", "{}");
  make_copy (client, &copy, one, NULL);
  head = get_head (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (whose); i++) {
    char *before = *whose[i];
    g_auto (Taken) taken = { 0 };
    g_autoptr (GError) error = NULL;

    *whose[i] = (char *) other;
    g_assert_false (
      csd_server_take_in (fixture->server, &copy, taken_in_cb, &taken, &error));
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
    *whose[i] = before;
  }
  g_assert_cmpint (get_head (fixture), ==, head);
}

#define ADD(name, function)                                                              \
  g_test_add ("/server/take-in/" name, Fixture, NULL, fixture_set_up, function,          \
              fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("once", test_once);
  ADD ("after-push", test_after_push);
  ADD ("I22-numbers", test_numbers);
  ADD ("I22-held-before", test_held_before);
  ADD ("rules", test_rules);
  ADD ("other-epoch", test_other_epoch);
  ADD ("others", test_others);
  return g_test_run ();
}
