/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Conversations of a push: what two people changed meanwhile: merged, kept as a difference, settled. */
#include "server/csd-work.h"

#include <string.h>

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

/* I16: what a merge put under an own change was not seen by who deletes; an own change is. */
static void
test_deletes_merged (Fixture *fixture, gconstpointer data)
{
  g_auto (Work) work = { 0 };
  char visit[40], mine[40], theirs[40];
  g_autofree char *set = NULL;
  g_autofree char *my_list = NULL;
  g_autofree char *their_list = NULL;
  gint64 base;

  work_init (&work, fixture);
  new_id (fixture, visit);
  new_id (fixture, mine);
  new_id (fixture, theirs);
  set = g_strdup_printf ("{\"case\":\"%s\",\"client\":\"%s\",\"user\":\"%s\"}", work.file,
                         work.person, fixture->amina);
  my_list = g_strdup_printf ("{\"agenda\":[{\"id\":\"%s\",\"text\":\"Rent\"}]}", mine);
  their_list =
    g_strdup_printf ("{\"agenda\":[{\"id\":\"%s\",\"text\":\"Heating\"}]}", theirs);
  push_ok (work.amina, "create", "visit", visit, set, NULL);
  base = get_head (fixture);
  push_ok (work.manager, "update", "visit", visit, their_list, "{}");
  client_expect (work.amina,
                 client_op (work.amina, "update", "visit", visit, base, my_list, "{}"),
                 "merged");
  client_expect (work.amina,
                 client_op (work.amina, "delete", "visit", visit, base, "{}", NULL),
                 "conflict");
  base = get_head (fixture);
  push_ok (work.amina, "update", "visit", visit, "{\"purpose\":\"Rent\"}", "{}");
  client_expect (work.amina,
                 client_op (work.amina, "delete", "visit", visit, base, "{}", NULL),
                 "ok");
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

#define ADD(path, func)                                                                  \
  g_test_add ("/server/push/" path, Fixture, NULL, fixture_set_up, func,                 \
              fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("merge", test_merge);
  ADD ("own-changes", test_own_changes);
  ADD ("settle", test_settle);
  ADD ("deletes", test_deletes);
  ADD ("I16-deletes-merged", test_deletes_merged);
  ADD ("rule", test_rule);
  ADD ("status-group", test_status_group);
  return g_test_run ();
}
