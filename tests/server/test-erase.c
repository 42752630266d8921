/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Erasing a client by law: what leaves the server, what its devices are told, what cannot come back. */
#define _GNU_SOURCE
#include "server/csd-erase.h"
#include "server/csd-work.h"

#include <string.h>

#define CANARY "canarybirdxyzzy"
#define END    "{\"to_at\":\"2026-11-21T15:00:00.000Z\"}"

/* Is the word in a file of the organisation? The copy that a test has put aside does not count. */
static bool
files_contain (Fixture *fixture, const char *word)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
    g_autofree char *text = NULL;
    gsize length = 0;

    if (g_str_has_suffix (name, ".backup"))
      continue;
    g_assert_true (g_file_get_contents (path, &text, &length, NULL));
    if (memmem (text, length, word, strlen (word)) != NULL)
      return true;
  }
  return false;
}

static gint64
erase (Fixture *fixture, const char *client)
{
  g_autoptr (GError) error = NULL;
  gint64 seq = 0;

  g_assert_true (
    csd_server_erase (fixture->server, fixture->organisation, client, &seq, &error));
  g_assert_no_error (error);
  g_assert_cmpint (seq, >, 0);
  return seq;
}

static void
count_cb (const char *type, guint n, gpointer data)
{
  g_string_append_printf (data, "%s %u ", type, n);
}

static char *
dup_erasable (Fixture *fixture, const char *client)
{
  GString *text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (csd_server_list_erasable (fixture->server, fixture->organisation, client,
                                           count_cb, text, &error));
  g_assert_no_error (error);
  return g_string_free (text, FALSE);
}

static void
expect_erased (Client *client, char *op)
{
  g_autofree char *answer = client_send (client, op);

  assert_json (answer, "r", "rejected");
  assert_json (answer, "code", "erased");
}

/* the record, what hangs on it, what is deleted of it, its history and the answers go, and come no more. */
static void
test_all (Fixture *fixture, gconstpointer data)
{
  g_auto (Work) work;
  g_autoptr (Client) maria = NULL;
  g_autofree char *set = NULL;
  g_autofree char *counts = NULL;
  g_autofree char *op = NULL;
  g_autofree char *again = NULL;
  g_autofree char *own = NULL;
  g_auto (GStrv) lines = NULL;
  g_auto (GStrv) others = NULL;
  g_auto (GStrv) answers = NULL;
  char note[40], deleted[40], late[40];
  gint64 seq;

  work_init (&work, fixture);
  maria = client_new (fixture, "maria");
  add_note (work.amina, work.person, work.file, "Likes the " CANARY, note);
  add_note (work.amina, work.person, work.file, "Wrong " CANARY, deleted);
  push_ok (work.amina, "delete", "note", deleted, "{}", NULL);
  op = client_op (work.amina, "update", "client", work.person, get_head (fixture),
                  "{\"preferred_name\":\"" CANARY "\"}", "{}");
  client_expect (work.amina, g_strdup (op), "ok");
  push_ok (work.amina, "update", "client", work.person, "{\"preferred_name\":\"Jo\"}",
           "{\"preferred_name\":\"" CANARY "\"}");
  g_assert_true (files_contain (fixture, CANARY));
  counts = dup_erasable (fixture, work.person);
  g_assert_cmpstr (counts, ==, "case 1 client 1 note 2 ");
  g_assert_true (files_contain (fixture, CANARY));
  seq = erase (fixture, work.person);
  g_assert_false (files_contain (fixture, CANARY));
  assert_verified (fixture);
  lines = client_pull (work.amina, seq - 1, 0, NULL);
  g_assert_nonnull (
    find_line (lines, "t", "gone", "id", work.person, "why", "erase", NULL));
  g_assert_nonnull (find_line (lines, "t", "gone", "id", note, "why", "erase", NULL));
  /* Of what was deleted before only its author may have the words still. */
  own = g_strconcat ("u:", fixture->amina, NULL);
  g_assert_nonnull (
    find_line (lines, "t", "gone", "b", own, "id", deleted, "why", "erase", NULL));
  others = client_pull (work.manager, seq - 1, 0, NULL);
  g_assert_nonnull (find_line (others, "t", "gone", "id", note, "why", "erase", NULL));
  g_assert_null (find_line (others, "t", "gone", "id", deleted, "why", "erase", NULL));
  {
    g_autoptr (Reply) history = client_ask_history (work.manager, "note", note);

    g_assert_cmpuint (history->status, ==, 404);
  }
  /* The same operation again, another one, and something new in the file. */
  answers = client_push (work.amina, op, NULL);
  assert_json (answers[0], "r", "rejected");
  assert_json (answers[0], "code", "erased");
  expect_erased (work.amina, client_op (work.amina, "update", "note", note, seq,
                                        "{\"content\":\"" CANARY "\"}", "{}"));
  expect_erased (work.manager, client_op (work.manager, "restore", "client", work.person,
                                          seq, "{\"first_name\":\"" CANARY "\"}", "{}"));
  set = dup_note_set (work.person, work.file, fixture->maria, CANARY);
  new_id (fixture, late);
  expect_erased (maria, client_op (maria, "create", "note", late, 0, set, NULL));
  /* What builds on that does not wait for it. */
  expect_erased (maria, client_op (maria, "update", "note", late, 0,
                                   "{\"content\":\"" CANARY "\"}", "{}"));
  g_assert_false (files_contain (fixture, CANARY));
  assert_verified (fixture);
}

/* A group of which one part is about the erased client: its words are kept by nobody. */
static void
test_group (Fixture *fixture, gconstpointer data)
{
  g_auto (Work) work;
  g_autofree char *set = NULL;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_auto (GStrv) answers = NULL;
  char note[40], group[40];
  gint64 seq;

  work_init (&work, fixture);
  seq = erase (fixture, work.person);
  new_id (fixture, note);
  new_id (fixture, group);
  set = dup_note_set (work.person, work.file, fixture->amina, CANARY);
  first = client_op_full (work.amina, group, "[1,2]", "", "update", "case", work.file,
                          seq, "{\"title\":\"" CANARY "\"}", "{}");
  second =
    client_op_full (work.amina, group, "[2,2]", "", "create", "note", note, 0, set, NULL);
  answers = client_push (work.amina, first, second, NULL);
  assert_json (answers[0], "code", "erased");
  assert_json (answers[1], "code", "erased");
  g_assert_false (files_contain (fixture, CANARY));
}

/* Work that waits for a decision goes with its file. */
static void
test_escrow (Fixture *fixture, gconstpointer data)
{
  g_auto (Work) work;
  g_autoptr (Client) maria = client_new (fixture, "maria");
  g_autofree char *set = NULL;
  g_autofree char *op = NULL;
  g_autofree char *own = NULL;
  g_auto (GStrv) lines = NULL;
  char assignment[40], note[40];
  const char *const gone[] = { note, work.person, work.file };
  gint64 seq;

  work_init (&work, fixture);
  give_case (work.manager, work.file, fixture->maria, assignment);
  push_ok (work.manager, "update", "case_assignment", assignment, END, NULL);
  new_id (fixture, note);
  set = dup_note_set (work.person, work.file, fixture->maria, CANARY);
  op = client_op (maria, "create", "note", note, 0, set, NULL);
  client_expect (maria, g_strdup (op), "escrow");
  g_assert_true (files_contain (fixture, CANARY));
  seq = erase (fixture, work.person);
  g_assert_false (files_contain (fixture, CANARY));
  /* She has lost the file, and hears of it among her own. */
  lines = client_pull (maria, seq - 1, 0, NULL);
  own = g_strconcat ("u:", fixture->maria, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (gone); i++)
    g_assert_nonnull (
      find_line (lines, "t", "gone", "b", own, "id", gone[i], "why", "erase", NULL));
  g_assert_cmpuint (count_lines (lines, "gone"), ==, 3);
  g_clear_pointer (&lines, g_strfreev);
  /* Who has it hears of it there, and of what she wrote among her own, too: a computer of hers may not know the file yet. */
  lines = client_pull (work.amina, seq - 1, 0, NULL);
  g_free (own);
  own = g_strconcat ("u:", fixture->amina, NULL);
  g_assert_null (find_line (lines, "t", "gone", "id", note, NULL));
  g_assert_nonnull (
    find_line (lines, "t", "gone", "b", own, "id", work.person, "why", "erase", NULL));
  g_assert_nonnull (
    find_line (lines, "t", "gone", "b", own, "id", work.file, "why", "erase", NULL));
  g_assert_cmpuint (count_lines (lines, "gone"), ==, 5);
  /* Asked again, the server does not say that it waits. */
  expect_erased (maria, g_steal_pointer (&op));
  g_assert_false (files_contain (fixture, CANARY));
  assert_verified (fixture);
}

/* Two wrote the same field: both versions are in a record of their own. */
static void
test_difference (Fixture *fixture, gconstpointer data)
{
  g_auto (Work) work;

  work_init (&work, fixture);
  push_ok (work.amina, "update", "client", work.person, "{\"preferred_name\":\"Other\"}",
           "{}");
  client_expect (work.manager,
                 client_op (work.manager, "update", "client", work.person, work.base,
                            "{\"preferred_name\":\"" CANARY "\"}", "{}"),
                 "conflict");
  g_assert_true (files_contain (fixture, CANARY));
  erase (fixture, work.person);
  g_assert_false (files_contain (fixture, CANARY));
}

/* I15: an older database is put back. The client is erased again before anybody is answered, also what was made after the
 * backup; what computers offer is refused. */
static void
test_restored (Fixture *fixture, gconstpointer data)
{
  g_auto (Work) work;
  g_autofree char *set = NULL;
  g_auto (GStrv) lines = NULL;
  char note[40], late[40];
  gint64 common;

  work_init (&work, fixture);
  add_note (work.amina, work.person, work.file, "Likes the " CANARY, note);
  keep_data (fixture);
  common = get_head (fixture);
  new_id (fixture, late);
  set = dup_note_set (work.person, work.file, fixture->amina, "After " CANARY);
  client_expect (work.amina, client_op (work.amina, "create", "note", late, 0, set, NULL),
                 "ok");
  erase (fixture, work.person);
  for (guint i = 0; i < 2; i++) {
    put_data_back (fixture);
    lines = client_pull (work.manager, 0, 0, NULL);
    g_assert_null (find_line (lines, "t", "put", "id", work.person, NULL));
    g_assert_false (any_contains (lines, CANARY));
    g_clear_pointer (&lines, g_strfreev);
    g_assert_false (files_contain (fixture, CANARY));
    assert_verified (fixture);
  }
  new_id (fixture, work.amina->inc);
  work.amina->n = 0;
  expect_erased (work.amina,
                 client_op (work.amina, "create", "note", late, 0, set, NULL));
  expect_erased (work.amina,
                 client_op (work.amina, "restore", "note", note, common, set, NULL));
  g_assert_false (files_contain (fixture, CANARY));
  fixture_restart (fixture);
  g_assert_false (files_contain (fixture, CANARY));
  assert_verified (fixture);
}

/* The process died before the line was there. */
static void
test_cut (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path =
    g_strdup_printf ("%s/org-%s.ledger", fixture->folder, fixture->organisation);
  g_autofree char *before = NULL;
  g_auto (Work) work;
  g_auto (GStrv) lines = NULL;

  work_init (&work, fixture);
  keep_data (fixture);
  g_assert_true (g_file_get_contents (path, &before, NULL, NULL));
  erase (fixture, work.person);
  g_assert_true (g_file_set_contents (path, before, -1, NULL));
  fixture_restart (fixture);
  lines = client_pull (work.manager, 0, 0, NULL);
  put_data_back (fixture);
  g_clear_pointer (&lines, g_strfreev);
  lines = client_pull (work.manager, 0, 0, NULL);
  g_assert_null (find_line (lines, "t", "put", "id", work.person, NULL));
  g_assert_null (find_line (lines, "t", "put", "id", work.file, NULL));
}

static void
erased_cb (const char *client, gint64 seq, gpointer data)
{
  g_string_append_printf (data, "%s %d", client, (int) seq);
}

typedef struct
{
  gint64 seq;
  guint confirmed, pending;
} Confirmed;

static void
confirmed_cb (const CsdDevice *device, const CsdDeviceNote *note, gpointer data)
{
  Confirmed *count = data;

  if (csd_device_may_have (device, note, count->seq))
    count->pending++;
  else
    count->confirmed++;
}

/* Who has pulled beyond it has confirmed it; there is no such client twice. */
static void
test_report (Fixture *fixture, gconstpointer data)
{
  g_auto (Work) work;
  g_auto (GStrv) lines = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *expected = NULL;
  g_autoptr (GError) error = NULL;
  Confirmed count = { 0 };

  work_init (&work, fixture);
  count.seq = erase (fixture, work.person);
  lines = client_pull (work.amina, count.seq, 0, NULL);
  g_assert_true (csd_server_list_devices (fixture->server, fixture->organisation, NULL,
                                          confirmed_cb, &count, &error));
  g_assert_cmpuint (count.confirmed, ==, 1);
  g_assert_cmpuint (count.pending, ==, 1);
  g_assert_true (csd_server_list_erased (fixture->server, fixture->organisation,
                                         erased_cb, text, &error));
  expected = g_strdup_printf ("%s %d", work.person, (int) count.seq);
  g_assert_cmpstr (text->str, ==, expected);
  g_assert_false (csd_server_erase (fixture->server, fixture->organisation, work.person,
                                    &count.seq, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (csd_server_erase (fixture->server, fixture->organisation, work.file,
                                    &count.seq, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

#define ADD(path, func)                                                                  \
  g_test_add ("/server/erase/" path, Fixture, NULL, fixture_set_up, func,                \
              fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("R-41-all", test_all);
  ADD ("group", test_group);
  ADD ("escrow", test_escrow);
  ADD ("difference", test_difference);
  ADD ("I15-restored", test_restored);
  ADD ("cut", test_cut);
  ADD ("report", test_report);
  return g_test_run ();
}
