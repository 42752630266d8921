/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Conversations of a push: answers, merging, conflicts, refusals, rights. */
#include "server/csd-work.h"

#include <string.h>

#define RESULT(answers, i, expected) assert_json ((answers)[i], "r", expected)

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

/* I16: different fields both stay; the same field leaves both versions. */
static void
test_merge (Fixture *fixture, gconstpointer data)
{
  g_auto (Work) work = { 0 };
  g_autofree char *mine = NULL;
  g_autofree char *same = NULL;
  g_auto (GStrv) answers = NULL;
  g_auto (GStrv) lines = NULL;
  g_autofree char *conflict = NULL;
  const char *line = NULL;

  work_init (&work, fixture);
  client_expect (work.manager,
                 client_op (work.manager, "update", "client", work.person, work.base,
                            "{\"phone_primary\":\"0111\",\"gender\":\"f\"}", "{}"),
                 "ok");
  mine = client_op (work.amina, "update", "client", work.person, work.base,
                    "{\"phone_primary\":\"0222\",\"title\":\"Dr\"}", "{}");
  same = client_op (work.amina, "update", "client", work.person, work.base,
                    "{\"gender\":\"f\"}", "{}");
  answers = client_push (work.amina, mine, same, NULL);
  RESULT (answers, 0, "conflict");
  RESULT (answers, 1, "ok");
  assert_json (answers[0], "d", "{\"phone_primary\":\"0111\"}");
  conflict = json_get (answers[0], "conflict");
  lines = client_pull (work.amina, work.base, 0, NULL);
  line = find_line (lines, "t", "put", "k", "client", "id", work.person, NULL);
  g_assert_nonnull (strstr (line, "\"title\":\"Dr\""));
  g_assert_nonnull (strstr (line, "\"gender\":\"f\""));
  g_assert_nonnull (strstr (line, "\"phone_primary\":\"0111\""));
  line = find_line (lines, "t", "put", "k", "sync_conflict", "id", conflict, NULL);
  g_assert_nonnull (line);
  g_assert_nonnull (strstr (line, "0222"));
  g_assert_nonnull (strstr (line, fixture->manager));
  g_assert_nonnull (strstr (line, "\"state\":\"open\""));
  assert_verified (fixture);
}

/* What one person writes offline, on top of what the same person wrote before, is no difference: also where the fields of a
 * merge group are set one after the other. */
static void
test_own_changes (Fixture *fixture, gconstpointer data)
{
  g_auto (Work) work = { 0 };
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autofree char *third = NULL;
  g_auto (GStrv) answers = NULL;

  work_init (&work, fixture);
  first = client_op (work.amina, "update", "client", work.person, work.base,
                     "{\"city\":\"Hull\"}", "{}");
  second = client_op (work.amina, "update", "client", work.person, work.base,
                      "{\"postcode\":\"HU1 1AA\"}", "{}");
  third = client_op (work.amina, "update", "client", work.person, work.base,
                     "{\"city\":\"York\"}", "{\"city\":\"Hull\"}");
  answers = client_push (work.amina, first, second, third, NULL);
  for (guint i = 0; i < 3; i++)
    RESULT (answers, i, "ok");
  push_ok (work.manager, "update", "client", work.person, "{\"postcode\":\"YO1 1AA\"}",
           "{\"postcode\":\"HU1 1AA\"}");
  client_expect (work.amina,
                 client_op (work.amina, "update", "client", work.person, work.base,
                            "{\"city\":\"Leeds\"}", "{\"city\":\"York\"}"),
                 "conflict");
  assert_verified (fixture);
}

/* Two operations settle a conflict; doing it twice is harmless. */
static void
test_settle (Fixture *fixture, gconstpointer data)
{
  g_auto (Work) work = { 0 };
  g_autofree char *mine = NULL;
  g_autofree char *conflict = NULL;
  g_autofree char *more = NULL;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_auto (GStrv) answers = NULL;
  char group[40];

  work_init (&work, fixture);
  client_expect (work.manager,
                 client_op (work.manager, "update", "case", work.file, work.base,
                            "{\"title\":\"Eviction\"}", "{\"title\":\"Rent arrears\"}"),
                 "ok");
  mine = client_send (work.amina, client_op (work.amina, "update", "case", work.file,
                                             work.base, "{\"title\":\"Arrears\"}",
                                             "{\"title\":\"Rent arrears\"}"));
  assert_json (mine, "r", "conflict");
  conflict = json_get (mine, "conflict");
  new_id (fixture, group);
  more = g_strdup_printf ("\"resolves\":\"%s\",", conflict);
  first = client_op_full (work.amina, group, "[1,2]", more, "update", "case", work.file,
                          get_head (fixture), "{\"title\":\"Arrears\"}",
                          "{\"title\":\"Eviction\"}");
  second = client_op_full (work.amina, group, "[2,2]", "", "update", "sync_conflict",
                           conflict, get_head (fixture), "{\"state\":\"resolved_mine\"}",
                           "{\"state\":\"open\"}");
  answers = client_push (work.amina, first, second, NULL);
  RESULT (answers, 0, "ok");
  RESULT (answers, 1, "ok");
  assert_verified (fixture);
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

/* I1: the commit that took the operation in is named, not the older one that the record has its content from: a backup
 * between the two knows nothing of the operation. */
static void
expect_nothing_changed (Fixture *fixture, Client *client, char *op)
{
  g_autofree char *line = op;
  gint64 head = get_head (fixture);
  g_autofree char *rev = g_strdup_printf ("%" G_GINT64_FORMAT, head);
  g_autofree char *seq = g_strdup_printf ("%" G_GINT64_FORMAT, head + 1);
  g_auto (GStrv) answers = client_push (client, line, NULL);

  RESULT (answers, 0, "ok");
  assert_json (answers[0], "rev", rev);
  assert_json (answers[0], "seq", seq);
}

static void
test_deletes (Fixture *fixture, gconstpointer data)
{
  g_auto (Work) work = { 0 };
  char task[40];
  g_autofree char *set = NULL;
  gint64 base = 0;
  g_autofree char *late_edit = NULL;
  g_autofree char *restore = NULL;
  g_auto (GStrv) answers = NULL;
  g_auto (GStrv) lines = NULL;

  work_init (&work, fixture);
  new_id (fixture, task);
  set = g_strdup_printf ("{\"case\":\"%s\",\"title\":\"Ring the landlord\",\"status\":"
                         "\"pending\",\"priority\":\"low\",\"assigned_to\":\"%s\"}",
                         work.file, fixture->amina);
  push_ok (work.amina, "create", "task", task, set, NULL);
  base = get_head (fixture);
  push_ok (work.manager, "update", "task", task, "{\"title\":\"Write\"}",
           "{\"title\":\"Ring the landlord\"}");
  client_expect (work.amina,
                 client_op (work.amina, "delete", "task", task, base, "{}", NULL),
                 "conflict");
  base = get_head (fixture);
  late_edit = client_op (work.manager, "update", "task", task, base,
                         "{\"title\":\"Visit\"}", "{\"title\":\"Write\"}");
  restore = client_op (work.manager, "restore", "task", task, base,
                       "{\"title\":\"Visit\"}", "{}");
  push_ok (work.amina, "delete", "task", task, "{}", NULL);
  expect_nothing_changed (fixture, work.amina,
                          client_op (work.amina, "delete", "task", task, base, "{}",
                                     NULL));
  lines = client_pull (work.amina, base, 0, NULL);
  g_assert_nonnull (find_line (lines, "t", "gone", "id", task, "why", "del", NULL));
  assert_verified (fixture);
  answers = client_push (work.manager, late_edit, restore, NULL);
  RESULT (answers, 0, "conflict");
  RESULT (answers, 1, "ok");
  assert_verified (fixture);
}

/* R-44, and what a client never may. */
static void
test_forbidden_changes (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = client_new (fixture, "amina");
  char person[40], file[40], event[40], draft[40];
  g_autofree char *event_set = NULL;
  g_autofree char *ops[5] = { NULL };
  g_auto (GStrv) answers = NULL;

  client_make_case (client, person, file);
  new_id (fixture, event);
  new_id (fixture, draft);
  event_set = dup_event_set (fixture, file, "commented");
  push_ok (client, "create", "case_event", event, event_set, NULL);
  ops[0] = client_op (client, "update", "case_event", event, get_head (fixture),
                      "{\"details\":\"x\"}", "{}");
  ops[1] =
    client_op (client, "delete", "case_event", event, get_head (fixture), "{}", NULL);
  ops[2] = client_op (client, "create", "form_draft", draft, 0, "{}", NULL);
  ops[3] = client_op (client, "update", "case", file, get_head (fixture),
                      "{\"case_reference\":\"CL-9999\"}", "{}");
  ops[4] = client_op (client, "update", "case", file, get_head (fixture),
                      "{\"created_by\":\"x\"}", "{}");
  answers = client_push (client, ops[0], ops[1], ops[2], ops[3], ops[4], NULL);
  assert_json (answers[0], "code", "append_only");
  assert_json (answers[1], "code", "append_only");
  assert_json (answers[2], "code", "local");
  assert_json (answers[3], "code", "read_only");
  assert_json (answers[4], "r", "rejected");
  for (guint i = 0; i < G_N_ELEMENTS (ops); i++)
    g_clear_pointer (&ops[i], g_free);
}

/* A final note is neither changed nor deleted; a correction is a new note. */
static void
test_final_note (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) amina = client_new (fixture, "amina");
  char person[40], file[40];
  char note[40];
  g_autofree char *set = NULL;
  g_autofree char *create = NULL;
  g_autofree char *change = NULL;
  g_autofree char *erase = NULL;
  g_auto (GStrv) answers = NULL;

  client_make_case (amina, person, file);
  new_id (fixture, note);
  set = g_strdup_printf (
    "{\"client\":\"%s\",\"case\":\"%s\",\"kind\":\"case\",\"author\":\"%s\","
    "\"content\":\"As it was.\",\"is_final\":true}",
    person, file, amina->user);
  create = client_op (amina, "create", "note", note, 0, set, NULL);
  change = client_op (amina, "update", "note", note, 0, "{\"content\":\"Other.\"}",
                      "{\"content\":\"As it was.\"}");
  erase = client_op (amina, "delete", "note", note, 0, "{}", NULL);
  answers = client_push (amina, create, change, erase, NULL);
  assert_json (answers[0], "r", "ok");
  assert_json (answers[1], "r", "rejected");
  assert_json (answers[1], "code", "finished");
  assert_json (answers[2], "r", "rejected");
}

static void
push_status (Client *client,
             const char *file,
             const char *set,
             const char *was,
             const char *expected,
             const char *code)
{
  g_autofree char *answer =
    client_send (client, client_op_full (client, NULL, "[1,1]", "", "update", "case",
                                         file, get_head (client->fixture), set, was));

  g_test_message ("%s", answer);
  assert_json (answer, "r", expected);
  if (code != NULL)
    assert_json (answer, "code", code);
}

/* who may take which step, and what must be true for it. */
static void
test_workflow (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) amina = client_new (fixture, "amina");
  g_autoptr (Client) maria = client_new (fixture, "maria");
  g_autoptr (Client) chair = client_new (fixture, "chair");
  char person[40], file[40];
  g_autofree char *assign = NULL;
  g_autofree char *stranger = NULL;

  client_make_case (amina, person, file);
  assign =
    g_strdup_printf ("{\"advisor\":\"%s\",\"status\":\"assigned\"}", fixture->maria);
  stranger = g_strdup_printf ("{\"advisor\":\"%s\",\"status\":\"assigned\"}",
                              fixture->organisation);
  push_status (amina, file, "{\"status\":\"completed\"}", "{\"status\":\"new\"}",
               "rejected", "transition");
  push_status (amina, file, "{\"status\":\"pending_review\"}", "{\"status\":\"new\"}",
               "ok", NULL);
  push_status (amina, file, assign, "{\"status\":\"pending_review\"}", "rejected",
               "R-12");
  push_status (chair, file, "{\"status\":\"new\"}", "{\"status\":\"pending_review\"}",
               "rejected", "reason");
  push_status (chair, file, "{\"status\":\"assigned\"}",
               "{\"status\":\"pending_review\"}", "rejected", "advisor_needed");
  push_status (chair, file, stranger, "{\"status\":\"pending_review\"}", "rejected",
               "reference");
  push_status (chair, file, assign, "{\"status\":\"pending_review\"}", "ok", NULL);
  push_status (amina, file,
               "{\"status\":\"in_progress\",\"next_review_date\":\"2026-12-01\"}",
               "{\"status\":\"assigned\"}", "rejected", "transition");
  push_status (maria, file,
               "{\"status\":\"in_progress\",\"next_review_date\":\"2026-12-01\"}",
               "{\"status\":\"assigned\"}", "ok", NULL);
  assert_verified (fixture);
}

/* What was right when it was written and is not any more goes to a person; what never was right is refused. */
static void
test_rule (Fixture *fixture, gconstpointer data)
{
  static const char submitted[] = "{\"status\":\"pending_review\"}";
  g_auto (Work) work = { 0 };
  g_autofree char *wrong = NULL;
  g_auto (GStrv) lines = NULL;

  work_init (&work, fixture);
  push_ok (work.manager, "update", "case", work.file, "{\"description\":null}",
           "{\"description\":\"Behind with rent\"}");
  client_expect (work.amina,
                 client_op (work.amina, "update", "case", work.file, work.base, submitted,
                            "{\"status\":\"new\"}"),
                 "conflict");
  lines = client_pull (work.amina, work.base, 0, NULL);
  g_assert_nonnull (find_line (lines, "t", "put", "k", "sync_conflict", NULL));
  g_assert_true (any_contains (lines, "\"kind\":\"rule\""));
  wrong = client_send (work.amina,
                       client_op (work.amina, "update", "case", work.file,
                                  get_head (fixture), submitted, "{\"status\":\"new\"}"));
  assert_json (wrong, "r", "rejected");
  assert_json (wrong, "code", "description_needed");
  assert_verified (fixture);
}

/* A status somebody else changed meanwhile takes the event beside it back with it. */
static void
test_status_group (Fixture *fixture, gconstpointer data)
{
  g_auto (Work) work = { 0 };
  char group[40], event[40];
  g_autofree char *submit = NULL;
  g_autofree char *event_set = NULL;
  g_autofree char *tell = NULL;
  g_auto (GStrv) answers = NULL;
  g_auto (GStrv) lines = NULL;

  work_init (&work, fixture);
  client_expect (work.manager,
                 client_op_full (work.manager, NULL, "[1,1]",
                                 "\"reason\":\"Twice here.\",", "update", "case",
                                 work.file, work.base, "{\"status\":\"cancelled\"}",
                                 "{\"status\":\"new\"}"),
                 "ok");
  new_id (fixture, group);
  new_id (fixture, event);
  event_set = dup_event_set (fixture, work.file, "status_changed");
  submit = client_op_full (work.amina, group, "[1,2]", "", "update", "case", work.file,
                           work.base, "{\"status\":\"pending_review\"}",
                           "{\"status\":\"new\"}");
  tell = client_op_full (work.amina, group, "[2,2]", "", "create", "case_event", event, 0,
                         event_set, NULL);
  answers = client_push (work.amina, submit, tell, NULL);
  RESULT (answers, 0, "conflict");
  RESULT (answers, 1, "rejected");
  assert_json (answers[1], "code", "group");
  lines = client_pull (work.amina, work.base, 0, NULL);
  g_assert_null (find_line (lines, "t", "put", "id", event, NULL));
  g_assert_nonnull (find_line (lines, "t", "put", "k", "sync_conflict", NULL));
  assert_verified (fixture);
}

static void
test_unique (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) manager = client_new (fixture, "manager");
  char id[40];
  g_autofree char *set =
    g_strdup_printf ("{\"name\":\"Third\",\"code\":\"A\",\"organisation\":\"%s\"}",
                     fixture->organisation);
  g_autofree char *answer = NULL;

  new_id (fixture, id);
  answer =
    client_send (manager, client_op (manager, "create", "centre", id, 0, set, NULL));
  assert_json (answer, "r", "rejected");
  assert_json (answer, "code", "unique");
  assert_json (answer, "field", "code");
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

/* Work for a file that was taken away is kept for somebody to decide. */
static void
test_escrow (Fixture *fixture, gconstpointer data)
{
  g_auto (Work) work = { 0 };
  g_autoptr (Client) maria = client_new (fixture, "maria");
  CsdStorage *storage = NULL;
  char assignment[40], note[40];
  g_autofree char *set = NULL;
  g_autofree char *write = NULL;

  work_init (&work, fixture);
  new_id (fixture, note);
  set =
    g_strdup_printf ("{\"client\":\"%s\",\"case\":\"%s\",\"kind\":\"case\",\"author\":"
                     "\"%s\",\"content\":\"Visited.\"}",
                     work.person, work.file, fixture->maria);
  give_case (work.manager, work.file, fixture->maria, assignment);
  end_assignment (work.manager, assignment);
  write = client_op (maria, "create", "note", note, 0, set, NULL);
  client_expect (maria, g_strdup (write), "escrow");
  client_expect (maria, g_strdup (write), "escrow");
  storage =
    csd_server_get_organisation (fixture->server, fixture->organisation, NULL)->storage;
  g_assert_cmpint (storage->count_escrow (storage), ==, 1);
}

/* Another centre's caseworker finds nothing to change, and learns nothing. */
static void
test_strangers (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) amina = client_new (fixture, "amina");
  g_autoptr (Client) bill = client_new (fixture, "bill");
  char person[40], file[40];
  char nothing[40];
  g_autofree char *there = NULL;
  g_autofree char *not_there = NULL;
  g_autofree char *author = NULL;
  g_auto (GStrv) answers = NULL;
  g_auto (GStrv) forged = NULL;

  client_make_case (amina, person, file);
  new_id (fixture, nothing);
  there = client_op (bill, "update", "case", file, 1, "{\"priority\":\"low\"}", "{}");
  not_there =
    client_op (bill, "update", "case", nothing, 1, "{\"priority\":\"low\"}", "{}");
  answers = client_push (bill, there, not_there, NULL);
  assert_json (answers[0], "code", "missing");
  assert_json (answers[1], "code", "missing");
  g_strlcpy (bill->user, fixture->amina, sizeof bill->user);
  author = client_op (bill, "update", "case", file, 1, "{\"priority\":\"low\"}", "{}");
  forged = client_push (bill, author, NULL);
  assert_json (forged[0], "code", "author");
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

static void
test_history (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = client_new (fixture, "amina");
  g_autoptr (Client) bill = client_new (fixture, "bill");
  char person[40], file[40];
  g_autofree char *body = NULL;

  client_make_case (client, person, file);
  push_ok (client, "update", "case", file, "{\"priority\":\"high\"}",
           "{\"priority\":\"medium\"}");
  body = g_strdup_printf ("{\"k\":\"case\",\"id\":\"%s\"}", file);
  {
    g_autoptr (Reply) reply = client_post (client, "/v1/sync/history", body);
    g_autoptr (Reply) stranger = client_post (bill, "/v1/sync/history", body);
    g_auto (GStrv) lines = reply_lines (reply);

    g_assert_cmpuint (g_strv_length (lines), ==, 3);
    assert_json (lines[0], "fields",
                 "[{\"f\":\"priority\",\"was\":\"medium\",\"now\":\"high\"}]");
    assert_json (lines[0], "by", fixture->amina);
    assert_json (lines[1], "act", "create");
    g_assert_cmpuint (stranger->status, ==, 404);
  }
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
  ADD ("merge", test_merge);
  ADD ("own-changes", test_own_changes);
  ADD ("settle", test_settle);
  ADD ("held", test_held);
  ADD ("I22-held-under-other-number", test_held_under_other_number);
  ADD ("group", test_group);
  ADD ("most-accepted", test_most_accepted);
  ADD ("deletes", test_deletes);
  ADD ("forbidden-changes", test_forbidden_changes);
  ADD ("workflow", test_workflow);
  ADD ("rule", test_rule);
  ADD ("status-group", test_status_group);
  ADD ("unique", test_unique);
  ADD ("other-epoch", test_other_epoch);
  ADD ("escrow", test_escrow);
  ADD ("strangers", test_strangers);
  ADD ("bad-input", test_bad_input);
  ADD ("too-large", test_too_large);
  ADD ("history", test_history);
  ADD ("final-note", test_final_note);
  return g_test_run ();
}
