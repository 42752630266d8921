/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Work whose author had lost access when it came: who reads it, who decides, and what then becomes of it. */
#include "server/csd-work.h"

#include <string.h>

/* A case of amina that maria had for a day, and what maria still sends. */
typedef struct
{
  Client *amina, *maria, *manager; /* (owned) */
  char person[40], file[40];
} Office;

static void
office_init (Office *office, Fixture *fixture)
{
  char assignment[40];

  office->amina = client_new (fixture, "amina");
  office->maria = client_new (fixture, "maria");
  office->manager = client_new (fixture, "manager");
  client_make_case (office->amina, office->person, office->file);
  give_case (office->manager, office->file, fixture->maria, assignment);
  end_assignment (office->manager, assignment);
}

static void
office_clear (Office *office)
{
  g_clear_pointer (&office->amina, client_free);
  g_clear_pointer (&office->maria, client_free);
  g_clear_pointer (&office->manager, client_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Office, office_clear)

/* An operation of maria that creates a note in the case. */
static char *
dup_note (Office *office, const char *group, const char *place, char note[40])
{
  g_autofree char *set = NULL;

  new_id (office->maria->fixture, note);
  set = dup_note_set (office->person, office->file, office->maria->user,
                      "The visit that was made.");
  return client_op_full (office->maria, group, place, "", "create", "note", note, 0, set,
                         "{}");
}

/* Maria writes a note that is kept; the id of the record of it. */
static void
strand_note (Office *office, char note[40], char work[40])
{
  g_autofree char *op = dup_note (office, NULL, "[1,1]", note);
  g_auto (GStrv) answers = client_push (office->maria, op, NULL);
  g_auto (GStrv) lines = NULL;
  g_autofree char *id = NULL;

  RESULT (answers, 0, "escrow");
  lines = client_pull (office->manager, get_head (office->maria->fixture) - 1, 0, NULL);
  id = json_get (find_line (lines, "t", "put", "k", "stranded_work", NULL), "id");
  g_strlcpy (work, id, 40);
}

static char *
dup_decision (Client *client, const char *work, gint64 base, const char *more)
{
  g_autofree char *set = g_strdup_printf (
    "{\"decided_at\":\"2026-11-21T15:30:00.000Z\",\"decided_by\":\"%s\"%s}", client->user,
    more);

  return client_op (client, "update", "stranded_work", work, base, set,
                    "{\"state\":\"open\"}");
}

#define ACCEPT  ",\"state\":\"accepted\""
#define DECLINE ",\"state\":\"declined\",\"reason\":\"Written twice.\""

static char **
decide (Client *client, const char *work, const char *more)
{
  g_autofree char *op = dup_decision (client, work, get_head (client->fixture), more);

  return client_push (client, op, NULL);
}

static const char *
find_put (char **lines, const char *type, const char *bucket)
{
  return bucket != NULL ? find_line (lines, "t", "put", "k", type, "b", bucket, NULL)
                        : find_line (lines, "t", "put", "k", type, NULL);
}

/* I2, R-85: those who decide read it; nobody else does, its author neither. */
static void
test_seen (Fixture *fixture, gconstpointer data)
{
  static const char *const others[] = { "amina", "bill", "chair", "clerk", "maria" };
  g_auto (Office) office = { 0 };
  char note[40], work[40];
  g_autofree char *bucket = NULL;
  g_auto (GStrv) lines = NULL;
  const char *put = NULL;

  office_init (&office, fixture);
  strand_note (&office, note, work);
  bucket = g_strdup_printf ("c:%s:stranded", office.file);
  lines = client_pull (office.manager, 0, 0, NULL);
  put = find_put (lines, "stranded_work", bucket);
  g_assert_nonnull (put);
  g_assert_nonnull (strstr (put, "The visit that was made."));
  g_assert_nonnull (strstr (put, fixture->maria));
  g_assert_nonnull (strstr (put, office.person));
  g_assert_nonnull (strstr (put, "\"why\":\"no_access\""));
  g_assert_nonnull (strstr (put, "2026-11-20T15:02:11.000Z[Europe/London]"));
  g_assert_null (find_put (lines, "note", NULL));
  for (guint i = 0; i < G_N_ELEMENTS (others); i++) {
    g_autoptr (Client) other = client_new (fixture, others[i]);
    g_auto (GStrv) seen = client_pull (other, 0, 0, NULL);

    g_assert_false (any_contains (seen, "The visit that was made."));
    g_assert_null (find_put (seen, "stranded_work", NULL));
  }
  assert_verified (fixture);
}

static void
test_accept (Fixture *fixture, gconstpointer data)
{
  g_auto (Office) office = { 0 };
  char note[40], work[40];
  g_autofree char *personal = g_strdup_printf ("u:%s", fixture->maria);
  g_auto (GStrv) answers = NULL;
  g_auto (GStrv) file = NULL;
  g_auto (GStrv) author = NULL;
  const char *put = NULL;

  office_init (&office, fixture);
  strand_note (&office, note, work);
  answers = decide (office.manager, work, ACCEPT);
  RESULT (answers, 0, "ok");
  file = client_pull (office.amina, 0, 0, NULL);
  put = find_line (file, "t", "put", "k", "note", "id", note, NULL);
  g_assert_nonnull (put);
  g_assert_nonnull (strstr (put, "The visit that was made."));
  author = client_pull (office.maria, 0, 0, NULL);
  put = find_put (author, "stranded_answer", personal);
  g_assert_nonnull (put);
  g_assert_nonnull (strstr (put, "\"state\":\"accepted\""));
  g_assert_nonnull (strstr (put, fixture->manager));
  g_assert_false (any_contains (author, "The visit that was made."));
  assert_verified (fixture);
}

/* The history of every change shows whose work it is, and who took it over. */
static void
test_history (Fixture *fixture, gconstpointer data)
{
  g_auto (Office) office = { 0 };
  char note[40];
  char group[40];
  g_autofree char *update = NULL;
  g_autofree char *create = NULL;
  g_autofree char *work = NULL;
  g_auto (GStrv) answers = NULL;
  g_auto (GStrv) lines = NULL;
  g_auto (GStrv) decided = NULL;
  g_auto (GStrv) history = NULL;
  g_autoptr (Reply) reply = NULL;
  const char *put = NULL;

  office_init (&office, fixture);
  new_id (fixture, group);
  update = client_op_full (office.maria, group, "[1,2]", "", "update", "case",
                           office.file, get_head (fixture), "{\"priority\":\"urgent\"}",
                           "{}");
  create = dup_note (&office, group, "[2,2]", note);
  answers = client_push (office.maria, update, create, NULL);
  RESULT (answers, 0, "escrow");
  RESULT (answers, 1, "escrow");
  lines = client_pull (office.manager, 0, 0, NULL);
  g_assert_cmpuint (count_lines (lines, "put"), >, 0);
  put = find_put (lines, "stranded_work", NULL);
  g_assert_nonnull (strstr (put, "urgent"));
  g_assert_nonnull (strstr (put, "The visit that was made."));
  work = json_get (put, "id");
  decided = decide (office.manager, work, ACCEPT);
  RESULT (decided, 0, "ok");
  reply = client_ask_history (office.amina, "case", office.file);
  history = reply_lines (reply);
  assert_json (history[0], "by", fixture->maria);
  assert_json (history[0], "accepted_by", fixture->manager);
  g_assert_nonnull (strstr (history[0], "urgent"));
  assert_json (history[1], "accepted_by", NULL);
  assert_verified (fixture);
}

static void
test_decline (Fixture *fixture, gconstpointer data)
{
  g_auto (Office) office = { 0 };
  char note[40], work[40];
  g_auto (GStrv) silent = NULL;
  g_auto (GStrv) answers = NULL;
  g_auto (GStrv) file = NULL;
  g_auto (GStrv) author = NULL;
  g_auto (GStrv) inbox = NULL;

  office_init (&office, fixture);
  strand_note (&office, note, work);
  silent = decide (office.manager, work, ",\"state\":\"declined\"");
  RESULT (silent, 0, "rejected");
  assert_json (silent[0], "code", "reason");
  assert_json (silent[0], "field", "reason");
  answers = decide (office.manager, work, DECLINE);
  RESULT (answers, 0, "ok");
  file = client_pull (office.amina, 0, 0, NULL);
  g_assert_null (find_put (file, "note", NULL));
  author = client_pull (office.maria, 0, 0, NULL);
  g_assert_nonnull (
    strstr (find_put (author, "stranded_answer", NULL), "Written twice."));
  inbox = client_pull (office.manager, 0, 0, NULL);
  g_assert_nonnull (
    strstr (find_put (inbox, "stranded_work", NULL), "The visit that was made."));
  assert_verified (fixture);
}

/* Two managers away from the network decide differently: the first one's stays, once. */
static void
test_twice (Fixture *fixture, gconstpointer data)
{
  const CsdNewAccount account = { .username = "second",
                                  .first_name = "second",
                                  .password = PASSWORD,
                                  .role = "manager",
                                  .centre = fixture->centre_a };
  g_auto (Office) office = { 0 };
  g_autoptr (Client) second = NULL;
  char id[40], note[40], work[40];
  gint64 base = 0;
  g_autofree char *accept = NULL;
  g_autofree char *decline = NULL;
  g_auto (GStrv) one = NULL;
  g_auto (GStrv) two = NULL;
  g_auto (GStrv) three = NULL;
  g_auto (GStrv) author = NULL;

  g_assert_true (
    csd_server_add_account (fixture->server, fixture->organisation, &account, id, NULL));
  second = client_new (fixture, "second");
  office_init (&office, fixture);
  strand_note (&office, note, work);
  base = get_head (fixture);
  accept = dup_decision (office.manager, work, base, ACCEPT);
  decline = dup_decision (second, work, base, DECLINE);
  one = client_push (office.manager, accept, NULL);
  RESULT (one, 0, "ok");
  two = client_push (second, decline, NULL);
  RESULT (two, 0, "merged");
  g_assert_nonnull (strstr (two[0], "\"state\":\"accepted\""));
  three = decide (second, work, DECLINE);
  RESULT (three, 0, "rejected");
  assert_json (three[0], "code", "finished");
  author = client_pull (office.maria, 0, 0, NULL);
  g_assert_nonnull (strstr (find_put (author, "stranded_answer", NULL), "accepted"));
  g_assert_false (any_contains (author, "Written twice."));
  assert_verified (fixture);
}

/* I16: what somebody else has changed meanwhile stays, and the other version is a difference. */
static void
test_changed (Fixture *fixture, gconstpointer data)
{
  g_auto (Office) office = { 0 };
  gint64 base = 0;
  g_autofree char *update = NULL;
  g_autofree char *work = NULL;
  g_auto (GStrv) answers = NULL;
  g_auto (GStrv) lines = NULL;
  g_auto (GStrv) decided = NULL;
  g_auto (GStrv) after = NULL;
  const char *put = NULL;

  office_init (&office, fixture);
  base = get_head (fixture);
  push_ok (office.amina, "update", "case", office.file, "{\"priority\":\"low\"}", "{}");
  update = client_op (office.maria, "update", "case", office.file, base,
                      "{\"priority\":\"urgent\",\"summary\":\"From the train\"}", "{}");
  answers = client_push (office.maria, update, NULL);
  RESULT (answers, 0, "escrow");
  lines = client_pull (office.manager, 0, 0, NULL);
  work = json_get (find_put (lines, "stranded_work", NULL), "id");
  decided = decide (office.manager, work, ACCEPT);
  RESULT (decided, 0, "ok");
  after = client_pull (office.manager, 0, 0, NULL);
  put = find_line (after, "t", "put", "k", "case", "id", office.file, NULL);
  g_assert_nonnull (strstr (put, "\"priority\":\"low\""));
  g_assert_nonnull (strstr (put, "From the train"));
  put = find_put (after, "sync_conflict", NULL);
  g_assert_nonnull (strstr (put, "urgent"));
  g_assert_nonnull (strstr (put, fixture->maria));
  g_assert_nonnull (strstr (find_put (after, "stranded_work", NULL), "\"differs\":true"));
  assert_verified (fixture);
}

static void
erase (Fixture *fixture, const char *id)
{
  CsdOrganisation *organisation =
    csd_server_get_organisation (fixture->server, fixture->organisation, NULL);
  CsdStorage *storage = organisation->storage;
  g_auto (CsdStored) stored = { 0 };
  gint64 seq = 0;

  csd_organisation_lock (organisation);
  g_assert_true (storage->begin (storage, &seq, NULL));
  g_assert_true (storage->load (storage, id, &stored, NULL));
  stored.deleted = stored.erased = true;
  g_assert_true (storage->store (storage, &stored, NULL, NULL));
  g_assert_true (storage->commit (storage, NULL));
  csd_organisation_unlock (organisation);
}

/* What cannot be applied any more is not decided by it: it waits until it is declined. */
static void
test_erased (Fixture *fixture, gconstpointer data)
{
  g_auto (Office) office = { 0 };
  char task[40];
  g_autofree char *set = NULL;
  g_autofree char *update = NULL;
  g_autofree char *work = NULL;
  g_auto (GStrv) answers = NULL;
  g_auto (GStrv) lines = NULL;
  g_auto (GStrv) accepted = NULL;
  g_auto (GStrv) declined = NULL;

  office_init (&office, fixture);
  new_id (fixture, task);
  set = g_strdup_printf ("{\"client\":\"%s\",\"case\":\"%s\",\"title\":\"Call\","
                         "\"assigned_to\":\"%s\",\"status\":\"pending\"}",
                         office.person, office.file, fixture->amina);
  push_ok (office.amina, "create", "task", task, set, "{}");
  update = client_op (office.maria, "update", "task", task, get_head (fixture),
                      "{\"title\":\"Call at once\"}", "{}");
  answers = client_push (office.maria, update, NULL);
  RESULT (answers, 0, "escrow");
  lines = client_pull (office.manager, 0, 0, NULL);
  work = json_get (find_put (lines, "stranded_work", NULL), "id");
  erase (fixture, task);
  accepted = decide (office.manager, work, ACCEPT);
  RESULT (accepted, 0, "rejected");
  assert_json (accepted[0], "code", "erased");
  declined = decide (office.manager, work, DECLINE);
  RESULT (declined, 0, "ok");
}

/* What was written on top of a note that was kept is kept as well, and taken over after it. */
static void
test_built_on (Fixture *fixture, gconstpointer data)
{
  g_auto (Office) office = { 0 };
  char note[40], first[40], amended[40];
  g_autofree char *set = NULL;
  g_autofree char *amends = NULL;
  g_autofree char *second = NULL;
  g_auto (GStrv) answers = NULL;
  g_auto (GStrv) lines = NULL;
  g_auto (GStrv) early = NULL;
  g_auto (GStrv) one = NULL;
  g_auto (GStrv) two = NULL;

  office_init (&office, fixture);
  strand_note (&office, note, first);
  new_id (fixture, amended);
  set = g_strdup_printf (
    "{\"client\":\"%s\",\"case\":\"%s\",\"kind\":\"case\",\"author\":"
    "\"%s\",\"content\":\"And her mother was there.\",\"amends\":\"%s\"}",
    office.person, office.file, fixture->maria, note);
  amends = client_op (office.maria, "create", "note", amended, 0, set, "{}");
  answers = client_push (office.maria, amends, NULL);
  RESULT (answers, 0, "escrow");
  lines = client_pull (office.manager, get_head (fixture) - 1, 0, NULL);
  second = json_get (find_put (lines, "stranded_work", NULL), "id");
  early = decide (office.manager, second, ACCEPT);
  RESULT (early, 0, "rejected");
  assert_json (early[0], "code", "builds_on");
  one = decide (office.manager, first, ACCEPT);
  RESULT (one, 0, "ok");
  two = decide (office.manager, second, ACCEPT);
  RESULT (two, 0, "ok");
  assert_verified (fixture);
}

/* An update of a record that was only kept has nowhere else to go either. */
static void
test_update_of_kept (Fixture *fixture, gconstpointer data)
{
  g_auto (Office) office = { 0 };
  char note[40], work[40];
  g_autofree char *update = NULL;
  g_auto (GStrv) answers = NULL;

  office_init (&office, fixture);
  strand_note (&office, note, work);
  update = client_op (office.maria, "update", "note", note, 1,
                      "{\"content\":\"More of it.\"}", "{}");
  answers = client_push (office.maria, update, NULL);
  RESULT (answers, 0, "escrow");
}

static void
assert_refused (Client *client, const char *op)
{
  g_auto (GStrv) answers = client_push (client, op, NULL);

  RESULT (answers, 0, "rejected");
}

/* Who may not decide: workers, the chair, other centres, other organisations, the author, and nobody for somebody else. */
static void
test_forbidden (Fixture *fixture, gconstpointer data)
{
  static const char *const others[] = { "amina", "bill",  "chair",
                                        "clerk", "maria", "elsewhere" };
  const CsdNewAccount elsewhere = { .username = "elsewhere",
                                    .first_name = "elsewhere",
                                    .password = PASSWORD,
                                    .role = "manager",
                                    .centre = fixture->centre_b };
  g_auto (Office) office = { 0 };
  char id[40], note[40], work[40];
  g_autofree char *forged = NULL;
  g_autofree char *deleted = NULL;
  g_autofree char *made = NULL;
  g_autofree char *half = NULL;
  g_auto (GStrv) answers = NULL;

  g_assert_true (csd_server_add_account (fixture->server, fixture->organisation,
                                         &elsewhere, id, NULL));
  office_init (&office, fixture);
  strand_note (&office, note, work);
  for (guint i = 0; i < G_N_ELEMENTS (others); i++) {
    g_autoptr (Client) other = client_new (fixture, others[i]);
    g_autofree char *op = dup_decision (other, work, get_head (fixture), ACCEPT);

    assert_refused (other, op);
  }
  forged = client_op (office.manager, "update", "stranded_work", work, get_head (fixture),
                      "{\"state\":\"accepted\",\"decided_by\":\"x\"}", "{}");
  assert_refused (office.manager, forged);
  half = dup_decision (office.manager, work, get_head (fixture), "");
  assert_refused (office.manager, half);
  deleted = client_op (office.manager, "delete", "stranded_work", work,
                       get_head (fixture), "{}", "{}");
  assert_refused (office.manager, deleted);
  new_id (fixture, id);
  made = client_op (office.manager, "create", "stranded_work", id, 0,
                    "{\"bundle\":\"x\",\"state\":\"open\",\"why\":\"no_role\"}", "{}");
  assert_refused (office.manager, made);
  answers = decide (office.manager, work, ACCEPT);
  RESULT (answers, 0, "ok");
}

/* A manager of another organisation on the same server. */
static void
test_other_organisation (Fixture *fixture, gconstpointer data)
{
  const CsdNewAccount account = { .username = "stranger",
                                  .first_name = "stranger",
                                  .password = PASSWORD,
                                  .role = "manager" };
  g_auto (Office) office = { 0 };
  char organisation[40], id[40], note[40], work[40];
  g_autofree char *op = NULL;
  g_auto (GStrv) lines = NULL;

  g_assert_true (csd_server_add_organisation (fixture->server, "harbour", "Harbour",
                                              organisation, NULL));
  g_assert_true (
    csd_server_add_account (fixture->server, organisation, &account, id, NULL));
  office_init (&office, fixture);
  strand_note (&office, note, work);
  fixture->signs_in_at = "harbour";
  {
    g_autoptr (Client) stranger = client_new (fixture, "stranger");

    op = dup_decision (stranger, work, 1, ACCEPT);
    assert_refused (stranger, op);
    lines = client_pull (stranger, 0, 0, NULL);
    g_assert_false (any_contains (lines, "The visit that was made."));
  }
}

static void
end_role (Fixture *fixture, const char *user)
{
  g_autoptr (Client) admin = client_new (fixture, "admin");
  g_auto (GStrv) lines = client_pull (admin, 0, 0, NULL);
  bool ended = false;

  for (guint i = 0; lines[i] != NULL; i++) {
    g_autofree char *id = NULL;

    if (strstr (lines[i], "\"k\":\"membership\"") == NULL ||
        strstr (lines[i], user) == NULL || strstr (lines[i], "\"t\":\"put\"") == NULL)
      continue;
    id = json_get (lines[i], "id");
    push_ok (admin, "update", "membership", id, "{\"status\":\"ended\"}", "{}");
    ended = true;
  }
  g_assert_true (ended);
}

/* Somebody who has left altogether: the file's manager decides about the file, an administrator about the rest. */
static void
test_left (Fixture *fixture, gconstpointer data)
{
  const CsdNewAccount account = { .username = "admin",
                                  .first_name = "admin",
                                  .password = PASSWORD,
                                  .role = "admin" };
  g_auto (Office) office = { 0 };
  char id[40], note[40], person[40];
  g_autoptr (Client) admin = NULL;
  g_autofree char *create = NULL;
  g_autofree char *set = NULL;
  g_autofree char *write = NULL;
  g_autofree char *common = NULL;
  g_autofree char *work = NULL;
  g_auto (GStrv) answers = NULL;
  g_auto (GStrv) file = NULL;
  g_auto (GStrv) rest = NULL;
  g_auto (GStrv) decided = NULL;
  const char *put = NULL;

  g_assert_true (
    csd_server_add_account (fixture->server, fixture->organisation, &account, id, NULL));
  office_init (&office, fixture);
  write = dup_note (&office, NULL, "[1,1]", note);
  new_id (fixture, person);
  set = g_strdup_printf (
    "{\"first_name\":\"New\",\"last_name\":\"Person\",\"centre\":\"%s\"}",
    fixture->centre_a);
  create = client_op (office.maria, "create", "client", person, 0, set, "{}");
  end_role (fixture, fixture->maria);
  answers = client_push (office.maria, write, create, NULL);
  RESULT (answers, 0, "escrow");
  RESULT (answers, 1, "escrow");
  file = client_pull (office.manager, 0, 0, NULL);
  put = find_put (file, "stranded_work", NULL);
  g_assert_nonnull (strstr (put, "\"why\":\"no_role\""));
  g_assert_nonnull (strstr (put, "The visit that was made."));
  common = g_strdup_printf ("a:%s:stranded", fixture->organisation);
  g_assert_null (find_put (file, "stranded_work", common));
  admin = client_new (fixture, "admin");
  rest = client_pull (admin, 0, 0, NULL);
  put = find_put (rest, "stranded_work", common);
  g_assert_nonnull (put);
  work = json_get (put, "id");
  g_assert_null (find_put (rest, "case", NULL));
  g_assert_null (find_put (rest, "note", NULL));
  decided = decide (admin, work, ACCEPT);
  RESULT (decided, 0, "ok");
  assert_verified (fixture);
}

#define ADD(path, func)                                                                  \
  g_test_add ("/server/stranded/" path, Fixture, NULL, fixture_set_up, func,             \
              fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("I2/seen", test_seen);
  ADD ("accept", test_accept);
  ADD ("history", test_history);
  ADD ("decline", test_decline);
  ADD ("twice", test_twice);
  ADD ("I16/changed", test_changed);
  ADD ("erased", test_erased);
  ADD ("built-on", test_built_on);
  ADD ("update-of-kept", test_update_of_kept);
  ADD ("forbidden", test_forbidden);
  ADD ("other-organisation", test_other_organisation);
  ADD ("left", test_left);
  return g_test_run ();
}
