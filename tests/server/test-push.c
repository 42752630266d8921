/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Conversations of a push: numbers, repetition, groups, what is held, input that is none. */
#include "server/csd-work.h"

#include <string.h>

static void
test_create (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = client_new (fixture, "amina");
  char person[40], file[40];
  gint64 head = get_head (fixture);
  g_auto (GStrv) lines = NULL;
  const char *put = NULL;

  client_make_case (client, person, file);
  g_assert_cmpint (get_head (fixture), ==, head + 1);
  lines = client_pull (client, head, 0, NULL);
  put = find_line (lines, "t", "put", "k", "case", NULL);
  g_assert_nonnull (put);
  g_assert_nonnull (strstr (put, "\"case_reference\":\"CL-0001\""));
  g_assert_nonnull (strstr (put, fixture->amina));
  assert_verified (fixture);
}

/* Sent before: nothing happens, and that is said. */
static void
expect_known (Client *client, const char *op)
{
  gint64 head = get_head (client->fixture);
  g_autofree char *answer = client_send (client, g_strdup (op));

  assert_json (answer, "r", "ok");
  assert_json (answer, "dup", "true");
  g_assert_cmpint (get_head (client->fixture), ==, head);
}

/* I3: the same bytes again, and nothing happens twice. */
static void
test_repeated (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = client_new (fixture, "amina");
  char id[40];
  g_autofree char *set = dup_person_set (fixture);
  g_autofree char *op = NULL;

  new_id (fixture, id);
  op = client_op (client, "create", "client", id, 0, set, NULL);
  client_expect (client, g_strdup (op), "ok");
  expect_known (client, op);
  assert_verified (fixture);
}

/* An update of a new client of @client's, sent once; and the same with other words in it. */
static char *
send_and_vary (Client *client, const char *word, const char *other)
{
  char person[40], file[40];
  g_autofree char *op = NULL;
  g_autoptr (GString) varied = NULL;

  client_make_case (client, person, file);
  op = client_op (client, "update", "client", person, 100, "{\"gender\":\"f\"}", "{}");
  varied = g_string_new (op);
  g_assert_cmpuint (g_string_replace (varied, word, other, 1), ==, 1);
  client_expect (client, g_steal_pointer (&op), "ok");
  return g_string_free (g_steal_pointer (&varied), FALSE);
}

static void
test_op_reuse (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = client_new (fixture, "amina");
  g_autofree char *answer =
    client_send (client, send_and_vary (client, "\"f\"", "\"m\""));

  assert_json (answer, "r", "rejected");
  assert_json (answer, "code", "op_reuse");
}

/* A replica of a restored server lowers the base of what it may have sent before. */
static void
test_other_base (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = client_new (fixture, "amina");
  g_autofree char *lowered = send_and_vary (client, "\"base\":100,", "\"base\":7,");

  expect_known (client, lowered);
}

static void
test_numbers (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    gint64 n;
    const char *said;
  } wrong[] = { { 3, "gap" }, { 0, "device_rewound" } };
  g_autoptr (Client) client = client_new (fixture, "amina");
  char person[40], file[40];

  client_make_case (client, person, file);
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autofree char *answer = NULL;

    client->n = wrong[i].n;
    answer = client_send (client, client_op (client, "update", "client", person, 1,
                                             "{\"gender\":\"f\"}", "{}"));
    assert_json (answer, "t", wrong[i].said);
    assert_json (answer, "last_n", "2");
  }
}

/* I22: a copied database sends under a new incarnation what was sent before, and what was not. */
static void
test_new_incarnation (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = client_new (fixture, "amina");
  char person[40], file[40];
  g_autofree char *one = NULL;
  g_autofree char *two = NULL;
  g_autoptr (GString) again = NULL;
  g_auto (GStrv) second = NULL;

  client_make_case (client, person, file);
  one = client_op (client, "update", "client", person, 1, "{\"gender\":\"f\"}", "{}");
  client_expect (client, g_strdup (one), "ok");
  new_id (fixture, client->inc);
  client->n = 1;
  again = g_string_new (one);
  g_string_replace (again, "\"n\":3", "\"n\":1", 1);
  two = client_op (client, "update", "client", person, 1, "{\"title\":\"Dr\"}", "{}");
  second = client_push (client, again->str, two, NULL);
  RESULT (second, 0, "ok");
  assert_json (second[0], "dup", "true");
  assert_json (second[0], "n", "1");
  RESULT (second, 1, "ok");
}

/* I6: what depends on a refused create waits; everything else goes on. */
static void
test_held (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = client_new (fixture, "amina");
  char bad[40], file[40], good[40];
  g_autofree char *set = dup_person_set (fixture);
  g_autofree char *case_set = NULL;
  g_autofree char *op1 = NULL;
  g_autofree char *op2 = NULL;
  g_autofree char *op3 = NULL;
  g_autofree char *op4 = NULL;
  g_auto (GStrv) answers = NULL;
  g_auto (GStrv) fixed = NULL;

  new_id (fixture, bad);
  new_id (fixture, file);
  new_id (fixture, good);
  case_set =
    g_strdup_printf ("{\"client\":\"%s\",\"title\":\"T\",\"status\":\"new\",\"priority\":"
                     "\"low\",\"case_type\":\"housing\",\"centre\":\"%s\"}",
                     bad, fixture->centre_a);
  op1 = client_op (client, "create", "client", bad, 0, "{\"first_name\":\"Jo\"}", NULL);
  op2 = client_op (client, "create", "case", file, 0, case_set, NULL);
  op3 = client_op (client, "create", "client", good, 0, set, NULL);
  op4 = client_op (client, "update", "case", file, 0, "{\"priority\":\"high\"}",
                   "{\"priority\":\"low\"}");
  answers = client_push (client, op1, op2, op3, op4, NULL);
  RESULT (answers, 0, "rejected");
  assert_json (answers[0], "code", "required");
  RESULT (answers, 1, "held");
  assert_json (answers[1], "by", "1");
  RESULT (answers, 2, "ok");
  RESULT (answers, 3, "held");
  {
    g_autofree char *fix = client_op (client, "create", "client", bad, 0, set, NULL);

    fixed = client_push (client, fix, op2, op4, NULL);
    RESULT (fixed, 0, "ok");
    RESULT (fixed, 1, "ok");
    RESULT (fixed, 2, "ok");
  }
  assert_verified (fixture);
}

/* I22: an older copy of a database tries again what is held, under a number that the newer one has used. */
static void
test_held_under_other_number (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = client_new (fixture, "amina");
  g_autoptr (GString) moved = NULL;
  char bad[40];
  g_autofree char *op1 = NULL;
  g_autofree char *op2 = NULL;
  g_autofree char *stopped = NULL;
  g_autofree char *again = NULL;
  g_autofree char *anew = NULL;
  g_auto (GStrv) answers = NULL;

  new_id (fixture, bad);
  op1 = client_op (client, "create", "client", bad, 0, "{\"first_name\":\"Jo\"}", NULL);
  op2 = client_op (client, "update", "client", bad, 0, "{\"gender\":\"f\"}", "{}");
  answers = client_push (client, op1, op2, NULL);
  RESULT (answers, 0, "rejected");
  RESULT (answers, 1, "held");
  moved = g_string_new (op2);
  g_assert_cmpuint (g_string_replace (moved, "\"n\":2,", "\"n\":1,", 1), ==, 1);
  stopped = client_send (client, g_strdup (moved->str));
  assert_json (stopped, "t", "device_rewound");
  assert_json (stopped, "last_n", "2");
  again = client_send (client, g_strdup (op2));
  assert_json (again, "r", "held");
  new_id (fixture, client->inc);
  anew = client_send (client, g_strdup (moved->str));
  assert_json (anew, "r", "held");
}

/* I5: a group is kept whole or not at all. */
static void
test_group (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = client_new (fixture, "amina");
  char person[40], file[40];
  char group[40];
  char event[40];
  g_autofree char *one = NULL;
  g_autofree char *two = NULL;
  g_autofree char *bad = NULL;
  g_autofree char *event_set = NULL;
  g_auto (GStrv) answers = NULL;
  g_auto (GStrv) lines = NULL;
  gint64 base = 0;

  client_make_case (client, person, file);
  base = get_head (fixture);
  new_id (fixture, group);
  new_id (fixture, event);
  event_set =
    g_strdup_printf ("{\"case\":\"%s\",\"action\":\"status_changed\",\"user\":\"%s\"}",
                     file, fixture->amina);
  one = client_op_full (client, group, "[1,2]", "", "update", "case", file, base,
                        "{\"priority\":\"high\"}", "{\"priority\":\"medium\"}");
  /* occurred_at is required */
  two = client_op_full (client, group, "[2,2]", "", "create", "case_event", event, 0,
                        event_set, NULL);
  answers = client_push (client, one, two, NULL);
  RESULT (answers, 0, "rejected");
  assert_json (answers[0], "code", "group");
  assert_json (answers[0], "by", "4");
  RESULT (answers, 1, "rejected");
  assert_json (answers[1], "code", "required");
  lines = client_pull (client, base, 0, NULL);
  g_assert_cmpuint (count_lines (lines, "put"), ==, 0);
  assert_verified (fixture);
}

static void
test_most_accepted (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = client_new (fixture, "amina");
  char person[40], file[40];
  g_autoptr (GString) body = g_string_new (NULL);
  g_autoptr (Reply) reply = NULL;
  g_auto (GStrv) answers = NULL;
  guint accepted = 0;

  client_make_case (client, person, file);
  g_string_printf (body, "{\"t\":\"push\",\"device\":\"%s\",\"inc\":\"%s\"}\n",
                   client->device, client->inc);
  for (guint i = 0; i < 200; i++) {
    char id[40];
    g_autofree char *set = g_strdup_printf (
      "{\"client\":\"%s\",\"case\":\"%s\",\"kind\":\"case\",\"author\":\"%s\"%s}", person,
      file, fixture->amina, i == 77 ? "" : ",\"content\":\"Called.\"");
    g_autofree char *op = NULL;

    new_id (fixture, id);
    op = client_op (client, "create", "note", id, 0, set, NULL);
    g_string_append_printf (body, "%s\n", op);
  }
  reply = client_post (client, "/v1/sync/push", body->str);
  answers = reply_lines (reply);
  g_assert_cmpuint (g_strv_length (answers), ==, 200);
  for (guint i = 0; i < 200; i++)
    accepted += strstr (answers[i], "\"r\":\"ok\"") != NULL ? 1 : 0;
  g_assert_cmpuint (accepted, ==, 199);
  RESULT (answers, 77, "rejected");
  assert_json (answers[77], "field", "content");
  assert_verified (fixture);
}

/* I21: nothing is applied under another history. */
static void
test_other_epoch (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = client_new (fixture, "amina");
  g_autofree char *body = g_strdup_printf (
    "{\"t\":\"push\",\"device\":\"%s\",\"inc\":\"%s\",\"epoch\":\"%s\"}\n{\"op\":1}\n",
    client->device, client->inc, client->inc);
  g_autoptr (Reply) reply = client_post (client, "/v1/sync/push", body);
  g_auto (GStrv) lines = reply_lines (reply);

  g_assert_cmpuint (g_strv_length (lines), ==, 1);
  assert_json (lines[0], "t", "epoch");
}

static void
test_bad_input (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = client_new (fixture, "amina");
  g_autoptr (GString) brackets = g_string_new (NULL);
  g_autoptr (GString) body = g_string_new (NULL);
  g_autofree char *line = NULL;
  const char *paths[] = { "/v1/sync/push",  "/v1/sync/pull",    "/v1/sync/manifest",
                          "/v1/sync/fetch", "/v1/sync/history", "/v1/auth/sign-in" };

  for (guint i = 0; i < 30000; i++)
    g_string_append_c (brackets, '[');
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++) {
    g_autoptr (Reply) deep = client_post (client, paths[i], brackets->str);
    g_autoptr (Reply) cut = client_post (client, paths[i], "{\"a\":");
    g_autoptr (Reply) empty = client_post (client, paths[i], "");
    g_autoptr (Reply) method = reply_new (fixture, "GET", paths[i], client->access, NULL);

    g_assert_cmpuint (deep->status, ==, 400);
    g_assert_cmpuint (cut->status, ==, 400);
    g_assert_cmpuint (empty->status, ==, 400);
    g_assert_cmpuint (method->status, ==, 405);
  }
  g_string_printf (body, "{\"t\":\"push\",\"device\":\"%s\",\"inc\":\"%s\"}\n",
                   client->device, client->inc);
  g_string_append (body, brackets->str);
  {
    g_autoptr (Reply) reply = client_post (client, "/v1/sync/push", body->str);

    g_assert_cmpuint (reply->status, ==, 400);
  }
  line = client_op (client, "create", "spaceship", client->device, 0, "{}", NULL);
  {
    g_auto (GStrv) answers = client_push (client, line, NULL);

    assert_json (answers[0], "code", "unknown_type");
  }
}

static void
test_too_large (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = client_new (fixture, "amina");
  g_autofree char *text = g_strnfill (70000, 'a');
  g_autoptr (Reply) reply = client_post (client, "/v1/sync/pull", text);
  g_autoptr (Reply) nowhere = client_post (client, "/v1/nothing", "{}");

  g_assert_cmpuint (reply->status, ==, 413);
  g_assert_cmpuint (nowhere->status, ==, 404);
}

#define ADD(path, func)                                                                  \
  g_test_add ("/server/push/" path, Fixture, NULL, fixture_set_up, func,                 \
              fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("create", test_create);
  ADD ("repeated", test_repeated);
  ADD ("op-reuse", test_op_reuse);
  ADD ("other-base", test_other_base);
  ADD ("numbers", test_numbers);
  ADD ("new-incarnation", test_new_incarnation);
  ADD ("held", test_held);
  ADD ("I22-held-under-other-number", test_held_under_other_number);
  ADD ("group", test_group);
  ADD ("most-accepted", test_most_accepted);
  ADD ("other-epoch", test_other_epoch);
  ADD ("bad-input", test_bad_input);
  ADD ("too-large", test_too_large);
  return g_test_run ();
}
