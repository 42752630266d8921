/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pushes of somebody who knows the protocol and wants more than they may have, and of clients that are newer, older or
 * out of step. */
#include "server/csd-work.h"

#include <string.h>

static char **
push_one (Client *client,
          const char *act,
          const char *type,
          const char *id,
          gint64 base,
          const char *set)
{
  g_autofree char *op = client_op (client, act, type, id, base, set, "{}");

  return client_push (client, op, NULL);
}

static bool
was_taken (char **answers)
{
  return strstr (answers[0], "\"r\":\"ok\"") != NULL ||
         strstr (answers[0], "\"r\":\"merged\"") != NULL;
}

/* The content of a record as @client receives it, NULL when it does not. */
static char *
dup_content (Client *client, const char *id)
{
  g_auto (GStrv) lines = client_pull (client, 0, 0, NULL);
  const char *line = find_line (lines, "t", "put", "id", id, NULL);

  return line != NULL ? json_get (line, "d") : NULL;
}

static void
make_letter (Client *client, const char *person, const char *file, char id[40])
{
  g_autofree char *set = g_strdup_printf (
    "{\"client\":\"%s\",\"case\":\"%s\",\"user\":\"%s\","
    "\"content\":\"As it was.\",\"occurred_at\":\"2026-11-20T15:00:00.000Z\"}",
    person, file, client->user);
  g_auto (GStrv) answers = NULL;

  new_id (client->fixture, id);
  answers = push_one (client, "create", "communication", id, 0, set);
  RESULT (answers, 0, "ok");
}

/* What is never changed is not changed by calling the change a restore either. */
static void
test_restore_append_only (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = client_new (fixture, "amina");
  char person[40], file[40], letter[40];
  g_auto (GStrv) answers = NULL;
  g_autofree char *content = NULL;

  client_make_case (client, person, file);
  make_letter (client, person, file, letter);
  answers = push_one (client, "restore", "communication", letter, get_head (fixture),
                      "{\"content\":\"As it never was.\"}");
  g_assert_false (was_taken (answers));
  content = dup_content (client, letter);
  assert_json (content, "content", "As it was.");
}

static void
test_restore_server_fields (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = client_new (fixture, "amina");
  char id[40];
  g_autofree char *set =
    g_strdup_printf ("{\"first_name\":\"Jo\",\"last_name\":\"Smith\",\"centre\":\"%s\","
                     "\"created_by\":\"%s\"}",
                     fixture->centre_a, fixture->maria);
  g_auto (GStrv) answers = NULL;

  new_id (fixture, id);
  answers = push_one (client, "restore", "client", id, 0, set);
  g_assert_false (was_taken (answers));
}

/* S15: what a role may change but not make is not made by calling it a restore, on a server that has lost nothing. */
static void
test_restore_of_nothing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = client_new (fixture, "amina");
  char person[40], file[40], id[40];
  g_autofree char *set = NULL;
  g_auto (GStrv) answers = NULL;

  client_make_case (client, person, file);
  new_id (fixture, id);
  set = g_strdup_printf (
    "{\"record_type\":\"case\",\"record\":\"%s\",\"kind\":\"field\",\"author\":\"%s\","
    "\"case\":\"%s\",\"state\":\"open\"}",
    file, fixture->maria, file);
  answers = push_one (client, "restore", "sync_conflict", id, 0, set);
  RESULT (answers, 0, "rejected");
  assert_json (answers[0], "code", "forbidden");
}

/* The status of a case moves by its rules only. */
static void
test_restore_status (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = client_new (fixture, "amina");
  char person[40], file[40];
  g_autofree char *advisor = g_strdup_printf ("{\"advisor\":\"%s\"}", fixture->maria);
  g_auto (GStrv) status = NULL;
  g_auto (GStrv) given = NULL;

  client_make_case (client, person, file);
  status = push_one (client, "restore", "case", file, get_head (fixture),
                     "{\"status\":\"completed\"}");
  g_assert_false (was_taken (status));
  given = push_one (client, "restore", "case", file, get_head (fixture), advisor);
  g_assert_false (was_taken (given));
}

/* Nobody writes in somebody else's name. */
static void
test_restore_author (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = client_new (fixture, "amina");
  char person[40], file[40], note[40];
  g_autofree char *set = NULL;
  g_auto (GStrv) answers = NULL;

  client_make_case (client, person, file);
  new_id (fixture, note);
  set = dup_note_set (person, file, fixture->maria, "Forged.");
  answers = push_one (client, "restore", "note", note, 0, set);
  g_assert_false (was_taken (answers));
}

/* A case for a client whose file one does not have would open that file. */
static void
test_case_for_stranger (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) amina = client_new (fixture, "amina");
  g_autoptr (Client) bill = client_new (fixture, "bill");
  char person[40], file[40], own[40];
  g_autofree char *set = NULL;
  g_auto (GStrv) answers = NULL;
  g_auto (GStrv) lines = NULL;

  client_make_case (amina, person, file);
  new_id (fixture, own);
  set =
    g_strdup_printf ("{\"client\":\"%s\",\"title\":\"T\",\"status\":\"new\",\"priority\":"
                     "\"low\",\"case_type\":\"housing\",\"centre\":\"%s\"}",
                     person, fixture->centre_b);
  answers = push_one (bill, "create", "case", own, 0, set);
  g_assert_false (was_taken (answers));
  lines = client_pull (bill, 0, 0, NULL);
  g_assert_false (any_contains (lines, person));
}

static char *
membership_set (Fixture *fixture, const char *user, const char *role, const char *centre)
{
  return g_strdup_printf (
    "{\"user\":\"%s\",\"organisation\":\"%s\",\"role\":\"%s\"%s%s%s}", user,
    fixture->organisation, role, centre != NULL ? ",\"centre\":\"" : "",
    centre != NULL ? centre : "", centre != NULL ? "\"" : "");
}

/* A manager gives roles in the own centre, to others, and none that reaches further. */
static void
test_roles (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) manager = client_new (fixture, "manager");
  const struct
  {
    const char *user, *role, *centre;
    bool allowed;
  } cases[] = {
    { fixture->manager, "manager", fixture->centre_b, false },
    { fixture->manager, "manager", NULL, false },
    { fixture->manager, "caseworker", fixture->centre_a, false },
    { fixture->maria, "manager", fixture->centre_b, false },
    { fixture->maria, "manager", NULL, false },
    { fixture->maria, "admin", fixture->centre_a, false },
    { fixture->maria, "chair", fixture->centre_a, true },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *set =
      membership_set (fixture, cases[i].user, cases[i].role, cases[i].centre);
    g_auto (GStrv) answers = NULL;
    char id[40];

    new_id (fixture, id);
    answers = push_one (manager, "create", "membership", id, 0, set);
    g_test_message ("%u: %s", i, answers[0]);
    g_assert_cmpint (was_taken (answers), ==, cases[i].allowed);
  }
}

/* Nor by changing a role that is there. */
static void
test_roles_changed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) manager = client_new (fixture, "manager");
  g_autofree char *set =
    membership_set (fixture, fixture->maria, "clerk", fixture->centre_a);
  g_autofree char *elsewhere = g_strdup_printf ("{\"centre\":\"%s\"}", fixture->centre_b);
  const char *const changes[] = { "{\"role\":\"admin\"}", "{\"centre\":null}",
                                  elsewhere };
  g_auto (GStrv) made = NULL;
  char id[40];

  new_id (fixture, id);
  made = push_one (manager, "create", "membership", id, 0, set);
  RESULT (made, 0, "ok");
  for (guint i = 0; i < G_N_ELEMENTS (changes); i++) {
    g_auto (GStrv) answers =
      push_one (manager, "update", "membership", id, get_head (fixture), changes[i]);

    g_assert_false (was_taken (answers));
  }
}

/* What follows a change of roles in the same group is judged by roles that are there. */
static void
test_roles_in_group (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) manager = client_new (fixture, "manager");
  g_autoptr (Client) amina = client_new (fixture, "amina");
  char person[40], file[40], group[40], role[40];
  g_autofree char *set =
    membership_set (fixture, fixture->maria, "chair", fixture->centre_a);
  g_autofree char *advisor = g_strdup_printf ("{\"advisor\":\"%s\"}", fixture->maria);
  g_autofree char *one = NULL;
  g_autofree char *two = NULL;
  g_auto (GStrv) answers = NULL;

  client_make_case (amina, person, file);
  new_id (fixture, group);
  new_id (fixture, role);
  one = client_op_full (manager, group, "[1,2]", "", "create", "membership", role, 0, set,
                        NULL);
  two = client_op_full (manager, group, "[2,2]", "", "update", "case", file,
                        get_head (fixture), advisor, "{}");
  answers = client_push (manager, one, two, NULL);
  RESULT (answers, 0, "ok");
  RESULT (answers, 1, "ok");
  assert_verified (fixture);
}

/* I23: members of a newer version stay, whichever operation brought them. */
static void
test_newer_members (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = client_new (fixture, "amina");
  char person[40], file[40];
  g_auto (GStrv) one = NULL;
  g_auto (GStrv) two = NULL;
  g_auto (GStrv) three = NULL;
  g_autofree char *content = NULL;

  client_make_case (client, person, file);
  one = push_one (client, "update", "client", person, get_head (fixture),
                  "{\"of_tomorrow\":\"kept\"}");
  RESULT (one, 0, "ok");
  two = push_one (client, "update", "client", person, get_head (fixture),
                  "{\"also_of_tomorrow\":7,\"title\":\"Dr\"}");
  RESULT (two, 0, "ok");
  content = dup_content (client, person);
  assert_json (content, "of_tomorrow", "kept");
  assert_json (content, "also_of_tomorrow", "7");
  g_clear_pointer (&content, g_free);
  three = push_one (client, "delete", "client", person, get_head (fixture), "{}");
  if (was_taken (three)) {
    g_auto (GStrv) four = push_one (client, "restore", "client", person,
                                    get_head (fixture), "{\"third\":true}");

    RESULT (four, 0, "ok");
    content = dup_content (client, person);
    assert_json (content, "of_tomorrow", "kept");
    assert_json (content, "third", "true");
  }
  assert_verified (fixture);
}

/* One identity, one effect: also inside one group. */
static void
test_same_op_twice (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = client_new (fixture, "amina");
  char person[40], file[40], group[40];
  g_autofree char *one = NULL;
  g_autofree char *two = NULL;
  g_autofree char *id = NULL;
  g_autofree char *other = NULL;
  g_autoptr (GString) again = NULL;
  g_auto (GStrv) answers = NULL;
  g_autofree char *content = NULL;

  client_make_case (client, person, file);
  new_id (fixture, group);
  one = client_op_full (client, group, "[1,2]", "", "update", "client", person,
                        get_head (fixture), "{\"gender\":\"f\"}", "{}");
  two = client_op_full (client, group, "[2,2]", "", "update", "client", person,
                        get_head (fixture), "{\"gender\":\"m\"}", "{}");
  id = json_get (one, "op");
  other = json_get (two, "op");
  again = g_string_new (two);
  g_string_replace (again, other, id, 1);
  answers = client_push (client, one, again->str, NULL);
  RESULT (answers, 0, "rejected");
  RESULT (answers, 1, "rejected");
  content = dup_content (client, person);
  g_assert_null (strstr (content, "gender"));
}

/* A group that was never finished costs nobody else's work. */
static void
test_unfinished_group (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = client_new (fixture, "amina");
  char person[40], file[40], group[40];
  g_autofree char *half = NULL;
  g_autofree char *good = NULL;
  g_auto (GStrv) answers = NULL;

  client_make_case (client, person, file);
  new_id (fixture, group);
  half = client_op_full (client, group, "[1,2]", "", "update", "client", person,
                         get_head (fixture), "{\"gender\":\"f\"}", "{}");
  good = client_op (client, "update", "case", file, get_head (fixture),
                    "{\"priority\":\"high\"}", "{\"priority\":\"medium\"}");
  answers = client_push (client, half, good, NULL);
  RESULT (answers, 0, "rejected");
  assert_json (answers[0], "code", "group");
  RESULT (answers, 1, "ok");
}

/* Who leaves, leaves deleted cases too. */
static void
test_deleted_case_closed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) amina = client_new (fixture, "amina");
  g_autoptr (Client) manager = client_new (fixture, "manager");
  char person[40], file[40], note[40];
  g_autofree char *set = NULL;
  g_auto (GStrv) noted = NULL;
  g_auto (GStrv) deleted = NULL;
  g_auto (GStrv) before = NULL;
  g_auto (GStrv) ended = NULL;
  g_auto (GStrv) after = NULL;
  g_autofree char *membership = NULL;
  const char *line = NULL;

  client_make_case (amina, person, file);
  new_id (fixture, note);
  set = dup_note_set (person, file, fixture->amina, "Canary in the mine.");
  noted = push_one (amina, "create", "note", note, 0, set);
  RESULT (noted, 0, "ok");
  deleted = push_one (manager, "delete", "case", file, get_head (fixture), "{}");
  RESULT (deleted, 0, "ok");
  before = client_pull (manager, 0, 0, NULL);
  for (guint i = 0; before[i] != NULL && line == NULL; i++)
    if (strstr (before[i], "\"k\":\"membership\"") != NULL &&
        strstr (before[i], fixture->amina) != NULL)
      line = before[i];
  g_assert_nonnull (line);
  membership = json_get (line, "id");
  ended = push_one (manager, "update", "membership", membership, get_head (fixture),
                    "{\"status\":\"ended\"}");
  RESULT (ended, 0, "ok");
  after = client_pull (amina, 0, 0, NULL);
  g_assert_false (any_contains (after, "Canary"));
}

/* A command beside the running server adds a person: the server goes on, and knows that person. */
static void
test_command_beside (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) amina = client_new (fixture, "amina");
  g_autoptr (GError) error = NULL;
  char person[40], file[40], id[40];
  const CsdNewAccount account = { .username = "zoe",
                                  .first_name = "Zoe",
                                  .password = PASSWORD,
                                  .role = "caseworker",
                                  .centre = fixture->centre_a };
  CsdServer *command = NULL;

  client_make_case (amina, person, file);
  command = csd_server_open (fixture->folder, fixture->schema, &fixture->env,
                             &fixture->config, &error);
  g_assert_no_error (error);
  g_assert_true (
    csd_server_add_account (command, fixture->organisation, &account, id, &error));
  g_assert_no_error (error);
  csd_server_free (command);
  client_make_case (amina, person, file);
  {
    g_autoptr (Client) zoe = client_new (fixture, "zoe");

    client_make_case (zoe, person, file);
    g_clear_pointer (&zoe, client_free);
  }
  assert_verified (fixture);
}

/* I12, I13: access that is lost and comes back while a pull is under way leaves no hole; what is lost for good while a
 * pull is under way leaves the device, also when that pull has to begin anew. */
static void
test_lost_between_pages (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) amina = client_new (fixture, "amina");
  g_autoptr (Client) maria = client_new (fixture, "maria");
  g_autoptr (Client) manager = client_new (fixture, "manager");
  g_autoptr (GString) all = g_string_new (NULL);
  g_autofree char *resume = NULL;
  char person[40], file[40], assignment[40];
  g_autofree char *drop = NULL;
  gint64 until = 0;

  client_make_case (amina, person, file);
  give_case (manager, file, fixture->maria, assignment);
  client_pull_page (maria, 0, 1, &resume, all);
  g_assert_nonnull (resume);
  until = get_head (fixture);
  end_assignment (manager, assignment);
  for (guint i = 0; resume != NULL && i < 8; i++)
    client_pull_page (maria, 0, 1, &resume, all);
  g_assert_nonnull (resume);
  push_ok (manager, "update", "case_assignment", assignment, "{\"to_at\":null}", NULL);
  while (resume != NULL)
    client_pull_page (maria, 0, 1, &resume, all);
  g_assert_cmpint (get_head (fixture), >, until);
  {
    g_auto (GStrv) lines = g_strsplit (all->str, "\n", -1);
    g_auto (GStrv) next = NULL;
    g_autofree char *seq = NULL;
    const char *done = NULL;

    for (guint i = 0; lines[i] != NULL; i++)
      if (strstr (lines[i], "\"t\":\"done\"") != NULL)
        done = lines[i];
    seq = json_get (done, "seq");
    next = client_pull (maria, g_ascii_strtoll (seq, NULL, 10), 0, NULL);
    g_assert_true (strstr (all->str, file) != NULL || any_contains (next, file));
  }
  /* Everything again, and this time it is lost for good in the middle. */
  g_string_truncate (all, 0);
  while (strstr (all->str, file) == NULL)
    client_pull_page (maria, 0, 1, &resume, all);
  g_assert_nonnull (resume);
  end_assignment (manager, assignment);
  g_string_truncate (all, 0);
  while (resume != NULL)
    client_pull_page (maria, 0, 1, &resume, all);
  drop = g_strdup_printf ("{\"t\":\"drop\",\"b\":\"c:%s\"", file);
  g_assert_nonnull (strstr (all->str, drop));
}

static char *
repeat (const char *text, guint n)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    g_string_append (out, text);
  return g_string_free (out, FALSE);
}

static void
assert_lines_fit (char **lines)
{
  for (guint i = 0; lines[i] != NULL; i++)
    g_assert_cmpuint (strlen (lines[i]), <, 1024 * 1024);
}

/* I16: two long texts and what was there before do not fit into one line of a pull: what is nowhere else is kept. */
static void
test_large_conflict (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) one = client_new (fixture, "amina");
  g_autoptr (Client) two = client_new (fixture, "amina");
  char person[40], file[40], note[40];
  g_autofree char *first = repeat ("\360\237\214\261", 100000);
  g_autofree char *second = repeat ("\360\237\214\262", 100000);
  g_autofree char *third = repeat ("\360\237\214\263", 100000);
  g_autofree char *create = NULL;
  g_autofree char *set_second = g_strdup_printf ("{\"content\":\"%s\"}", second);
  g_autofree char *set_third = g_strdup_printf ("{\"content\":\"%s\"}", third);
  g_autofree char *was = g_strdup_printf ("{\"content\":\"%s\"}", first);
  g_autofree char *late = NULL;
  g_auto (GStrv) answers = NULL;
  g_auto (GStrv) lines = NULL;
  gint64 base = 0;

  client_make_case (one, person, file);
  new_id (fixture, note);
  create = dup_note_set (person, file, fixture->amina, first);
  push_ok (one, "create", "note", note, create, NULL);
  base = get_head (fixture);
  push_ok (one, "update", "note", note, set_second, NULL);
  late = client_op (two, "update", "note", note, base, set_third, was);
  answers = client_push (two, late, NULL);
  RESULT (answers, 0, "conflict");
  assert_lines_fit (answers);
  lines = client_pull (two, 0, 0, NULL);
  assert_lines_fit (lines);
  g_assert_true (any_contains (lines, third));
  g_assert_true (any_contains (lines, second));
  assert_verified (fixture);
}

/* A record that grows past a line would stop every replica that may see it. */
static void
test_growing_record (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = client_new (fixture, "amina");
  char person[40], file[40];
  g_autofree char *text = repeat ("x", 700000);
  g_autofree char *one = g_strdup_printf ("{\"of_tomorrow\":\"%s\"}", text);
  g_autofree char *two = g_strdup_printf ("{\"also_of_tomorrow\":\"%s\"}", text);
  g_auto (GStrv) answers = NULL;
  g_auto (GStrv) lines = NULL;

  client_make_case (client, person, file);
  push_ok (client, "update", "client", person, one, NULL);
  answers = push_one (client, "update", "client", person, get_head (fixture), two);
  RESULT (answers, 0, "rejected");
  assert_json (answers[0], "code", "too_large");
  lines = client_pull (client, 0, 0, NULL);
  assert_lines_fit (lines);
  assert_verified (fixture);
}

/* I2: what a worker wrote for a file that was taken away meanwhile is read by those who decide about it, by nobody else,
 * and by the worker not any more. */
static void
test_escrow_is_read (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) amina = client_new (fixture, "amina");
  g_autoptr (Client) maria = client_new (fixture, "maria");
  g_autoptr (Client) manager = client_new (fixture, "manager");
  g_autoptr (Client) clerk = client_new (fixture, "clerk");
  char person[40], file[40], note[40], assignment[40];
  g_autofree char *visit = NULL;
  g_autofree char *bucket = NULL;
  g_auto (GStrv) answers = NULL;
  g_auto (GStrv) decides = NULL;
  g_auto (GStrv) former = NULL;
  g_auto (GStrv) office = NULL;

  client_make_case (amina, person, file);
  new_id (fixture, note);
  give_case (manager, file, fixture->maria, assignment);
  end_assignment (manager, assignment);
  visit = dup_note_set (person, file, fixture->maria, "The visit that was made.");
  answers = push_one (maria, "create", "note", note, 0, visit);
  RESULT (answers, 0, "escrow");
  decides = client_pull (manager, 0, 0, NULL);
  bucket = g_strdup_printf ("c:%s:stranded", file);
  g_assert_nonnull (
    find_line (decides, "t", "put", "k", "stranded_work", "b", bucket, NULL));
  g_assert_true (any_contains (decides, "The visit that was made."));
  former = client_pull (maria, 0, 0, NULL);
  g_assert_false (any_contains (former, "The visit that was made."));
  office = client_pull (clerk, 0, 0, NULL);
  g_assert_false (any_contains (office, "The visit that was made."));
  assert_verified (fixture);
}

/* A note that two devices of Amina have changed: the line of what she is asked. Caller frees. */
static char *
make_difference (Fixture *fixture, const char *note, const char *one, const char *two)
{
  g_autoptr (Client) first = client_new (fixture, "amina");
  g_autoptr (Client) second = client_new (fixture, "amina");
  g_autofree char *set_one = g_strdup_printf ("{\"content\":\"%s\"}", one);
  g_autofree char *set_two = g_strdup_printf ("{\"content\":\"%s\"}", two);
  const gint64 base = get_head (fixture);
  g_autofree char *late = NULL;
  g_auto (GStrv) answers = NULL;
  g_auto (GStrv) lines = NULL;

  push_ok (first, "update", "note", note, set_one, NULL);
  late = client_op (second, "update", "note", note, base, set_two,
                    "{\"content\":\"As it was.\"}");
  answers = client_push (second, late, NULL);
  RESULT (answers, 0, "conflict");
  lines = client_pull (second, 0, 0, NULL);
  return g_strdup (find_line (lines, "t", "put", "k", "sync_conflict", NULL));
}

/* S15, I12: a difference about a note is for those who read notes, also when a replica has brought it back. */
static void
test_difference_brought_back (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) clerk = client_new (fixture, "clerk");
  g_autoptr (Client) manager = client_new (fixture, "manager");
  g_autoptr (Client) amina = client_new (fixture, "amina");
  char person[40], file[40], assignment[40], note[40];
  g_autofree char *line = NULL;
  g_autofree char *id = NULL;
  g_autofree char *content = NULL;
  g_autofree char *bucket = NULL;
  g_auto (GStrv) offered = NULL;
  g_auto (GStrv) office = NULL;
  g_auto (GStrv) mine = NULL;
  gint64 common;

  client_make_case (clerk, person, file);
  give_case (manager, file, fixture->amina, assignment);
  add_note (amina, person, file, "As it was.", note);
  keep_data (fixture);
  common = get_head (fixture);
  line = make_difference (fixture, note, "He hit her again.", "She has left him.");
  bucket = g_strdup_printf ("c:%s:notes", file);
  assert_json (line, "b", bucket);
  id = json_get (line, "id");
  content = json_get (line, "d");
  put_data_back (fixture);
  offered = push_one (amina, "restore", "sync_conflict", id, common, content);
  RESULT (offered, 0, "ok");
  office = client_pull (clerk, 0, 0, NULL);
  g_assert_true (any_contains (office, file));
  g_assert_false (any_contains (office, "She has left him."));
  mine = client_pull (amina, 0, 0, NULL);
  g_assert_nonnull (find_line (mine, "t", "put", "id", id, "b", bucket, NULL));
  assert_verified (fixture);
}

/* I15: what a replica offers to a restored server does not bring back what somebody has deleted since; a person who asks
 * for it does. */
static void
test_offer_of_deleted (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) amina = client_new (fixture, "amina");
  g_autoptr (Client) manager = client_new (fixture, "manager");
  g_autoptr (Client) maria = client_new (fixture, "maria");
  char person[40], file[40], task[40], lost[40];
  g_autofree char *person_set = dup_person_set (fixture);
  g_autofree char *set = NULL;
  g_auto (GStrv) deleted = NULL;
  g_auto (GStrv) offered = NULL;
  g_auto (GStrv) asked = NULL;
  gint64 common;

  client_make_case (amina, person, file);
  new_id (fixture, task);
  set = g_strdup_printf (
    "{\"client\":\"%s\",\"case\":\"%s\",\"title\":\"Call\","
    "\"status\":\"pending\",\"priority\":\"low\",\"assigned_to\":\"%s\"}",
    person, file, fixture->amina);
  push_ok (amina, "create", "task", task, set, NULL);
  keep_data (fixture);
  common = get_head (fixture);
  new_id (fixture, lost);
  push_ok (maria, "create", "client", lost, person_set, NULL);
  put_data_back (fixture);
  deleted = push_one (amina, "delete", "task", task, common, "{}");
  RESULT (deleted, 0, "ok");
  offered = push_one (manager, "restore", "task", task, common, set);
  RESULT (offered, 0, "rejected");
  asked = push_one (manager, "restore", "task", task, get_head (fixture), set);
  RESULT (asked, 0, "ok");
  assert_verified (fixture);
}

/* Amina and her manager, after the data was kept that the server is put back to. */
typedef struct
{
  Client *amina, *manager; /* (owned) */
  char person[40];         /* id of a client that Amina is about to make */
} Restored;

static void
restored_init (Restored *self, Fixture *fixture)
{
  keep_data (fixture);
  self->amina = client_new (fixture, "amina");
  self->manager = client_new (fixture, "manager");
  new_id (fixture, self->person);
}

static void
restored_clear (Restored *self)
{
  client_free (self->amina);
  client_free (self->manager);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Restored, restored_clear)

/* What Amina made is gone from the server; the manager brings the client back, and she has to send anew. */
static void
bring_back (Restored *self, Fixture *fixture, const char *first_name)
{
  g_autofree char *whole =
    g_strdup_printf ("{\"first_name\":\"%s\",\"last_name\":\"Smith\",\"centre\":\"%s\","
                     "\"created_by\":\"%s\",\"created_at\":\"2026-11-18T10:00:00.000Z\","
                     "\"client_reference\":\"P-0777\"}",
                     first_name, fixture->centre_a, fixture->amina);

  put_data_back (fixture);
  push_ok (self->manager, "restore", "client", self->person, whole, NULL);
  new_id (fixture, self->amina->inc);
}

/* I21: what a colleague brings back to a restored server stays its author's, with its number. */
static void
test_brought_back (Fixture *fixture, gconstpointer data)
{
  g_auto (Restored) restored = { 0 };
  g_autofree char *set = dup_person_set (fixture);
  g_autofree char *op = NULL;
  g_autofree char *content = NULL;
  g_auto (GStrv) made = NULL;
  g_auto (GStrv) again = NULL;

  restored_init (&restored, fixture);
  op = client_op (restored.amina, "create", "client", restored.person, 0, set, NULL);
  made = client_push (restored.amina, op, NULL);
  RESULT (made, 0, "ok");
  bring_back (&restored, fixture, "Jo");
  again = client_push (restored.amina, op, NULL);
  RESULT (again, 0, "ok");
  content = dup_content (restored.amina, restored.person);
  assert_json (content, "created_by", fixture->amina);
  assert_json (content, "client_reference", "P-0777");
  {
    g_autofree char *stolen =
      g_strdup_printf ("{\"created_by\":\"%s\"}", fixture->manager);
    g_auto (GStrv) answers = push_one (restored.manager, "restore", "client",
                                       restored.person, get_head (fixture), stolen);

    g_assert_false (was_taken (answers));
  }
  assert_verified (fixture);
}

/* I21, I2: a colleague brings back a client as it was after a change; its author sends the client again in one group with the
 * case that nobody else had. The case is not refused with it, and what the author had written is kept. */
static void
test_brought_back_changed (Fixture *fixture, gconstpointer data)
{
  g_auto (Restored) restored = { 0 };
  char file[40], group[40];
  g_autofree char *set = dup_person_set (fixture);
  g_autofree char *case_set = NULL;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autofree char *content = NULL;
  g_auto (GStrv) made = NULL;
  g_auto (GStrv) answers = NULL;

  restored_init (&restored, fixture);
  new_id (fixture, file);
  new_id (fixture, group);
  case_set =
    g_strdup_printf ("{\"client\":\"%s\",\"title\":\"T\",\"status\":\"new\",\"priority\":"
                     "\"low\",\"case_type\":\"housing\",\"centre\":\"%s\"}",
                     restored.person, fixture->centre_a);
  first = client_op_full (restored.amina, group, "[1,2]", "", "create", "client",
                          restored.person, 0, set, NULL);
  second = client_op_full (restored.amina, group, "[2,2]", "", "create", "case", file, 0,
                           case_set, NULL);
  made = client_push (restored.amina, first, second, NULL);
  RESULT (made, 1, "ok");
  bring_back (&restored, fixture, "Joanna");
  answers = client_push (restored.amina, first, second, NULL);
  RESULT (answers, 0, "conflict");
  RESULT (answers, 1, "ok");
  content = dup_content (restored.amina, restored.person);
  assert_json (content, "first_name", "Joanna");
  assert_verified (fixture);
}

#define ADD(path, func)                                                                  \
  g_test_add ("/server/hostile/" path, Fixture, NULL, fixture_set_up, func,              \
              fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("restore-append-only", test_restore_append_only);
  ADD ("restore-server-fields", test_restore_server_fields);
  ADD ("restore-status", test_restore_status);
  ADD ("S15-restore-of-nothing", test_restore_of_nothing);
  ADD ("restore-author", test_restore_author);
  ADD ("case-for-stranger", test_case_for_stranger);
  ADD ("roles", test_roles);
  ADD ("roles-changed", test_roles_changed);
  ADD ("roles-in-group", test_roles_in_group);
  ADD ("newer-members", test_newer_members);
  ADD ("same-op-twice", test_same_op_twice);
  ADD ("unfinished-group", test_unfinished_group);
  ADD ("deleted-case-closed", test_deleted_case_closed);
  ADD ("command-beside", test_command_beside);
  ADD ("lost-between-pages", test_lost_between_pages);
  ADD ("large-conflict", test_large_conflict);
  ADD ("brought-back", test_brought_back);
  ADD ("brought-back-changed", test_brought_back_changed);
  ADD ("I15-offer-of-deleted", test_offer_of_deleted);
  ADD ("S15-difference-brought-back", test_difference_brought_back);
  ADD ("escrow-is-read", test_escrow_is_read);
  ADD ("growing-record", test_growing_record);
  return g_test_run ();
}
