/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Conversations of a push: what a record, its workflow and its author may. */
#include "server/csd-work.h"

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
  set = dup_note_set (work.person, work.file, fixture->maria, "Visited.");
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
test_history (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = client_new (fixture, "amina");
  g_autoptr (Client) bill = client_new (fixture, "bill");
  char person[40], file[40];

  client_make_case (client, person, file);
  push_ok (client, "update", "case", file, "{\"priority\":\"high\"}",
           "{\"priority\":\"medium\"}");
  {
    g_autoptr (Reply) reply = client_ask_history (client, "case", file);
    g_autoptr (Reply) stranger = client_ask_history (bill, "case", file);
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
  ADD ("forbidden-changes", test_forbidden_changes);
  ADD ("workflow", test_workflow);
  ADD ("unique", test_unique);
  ADD ("escrow", test_escrow);
  ADD ("strangers", test_strangers);
  ADD ("history", test_history);
  ADD ("final-note", test_final_note);
  return g_test_run ();
}
