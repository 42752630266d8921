/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The disk fails a running server, and is well again: it goes on without being started anew, and nothing is half done. The
 * files are real; what fails is the size that a file may have, or bytes that were overwritten. */
#include "server/csd-work.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define PAGE 4096

static char *
dup_path (Fixture *fixture)
{
  return csd_server_dup_organisation_path (fixture->server, fixture->organisation);
}

static void
expect (GLogLevelFlags level, const char *pattern)
{
  g_test_expect_message ("caseload-server", level, pattern);
}

/* -- a disk that takes no bytes -- */

/* No write into a file is taken any more: each one is an I/O error. */
static void
break_writes (struct rlimit *ret_before)
{
  struct rlimit none;

  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, ret_before), ==, 0);
  none = *ret_before;
  none.rlim_cur = 1;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &none), ==, 0);
}

static void
mend_writes (const struct rlimit *before)
{
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, before), ==, 0);
}

static Reply *
push_op (Client *client, const char *op)
{
  g_autofree char *body =
    g_strdup_printf ("{\"t\":\"push\",\"device\":\"%s\",\"inc\":\"%s\"}\n%s\n",
                     client->device, client->inc, op);

  return client_post (client, "/v1/sync/push", body);
}

/* -- bytes that are not what they were -- */

typedef struct
{
  char *path;  /* (owned) */
  char *bytes; /* (owned) */
  gsize length;
} Kept;

static void
write_in_place (const Kept *kept, const char *bytes)
{
  int file = open (kept->path, O_WRONLY | O_CLOEXEC);

  g_assert_cmpint (file, >=, 0);
  g_assert_cmpint (pwrite (file, bytes + PAGE, kept->length - PAGE, PAGE), ==,
                   (gssize) kept->length - PAGE);
  close (file);
}

/* All pages but the first one are empty. */
static void
damage (Fixture *fixture, Kept *kept)
{
  g_autofree char *nothing = NULL;

  kept->path = dup_path (fixture);
  g_assert_true (g_file_get_contents (kept->path, &kept->bytes, &kept->length, NULL));
  nothing = g_malloc0 (kept->length);
  write_in_place (kept, nothing);
}

static void
mend (Kept *kept)
{
  write_in_place (kept, kept->bytes);
  g_free (kept->bytes);
  g_free (kept->path);
}

static void
expect_failure (Client *client, const char *op)
{
  g_autoptr (Reply) reply = NULL;

  expect (G_LOG_LEVEL_WARNING, "A push could not be kept: *");
  reply = push_op (client, op);
  g_test_assert_expected_messages ();
  g_assert_cmpuint (reply->status, ==, 200);
  assert_json (reply->body->str, "t", "busy");
}

static char *
dup_note_op (const Work *work)
{
  g_autofree char *set =
    dup_note_set (work->person, work->file, work->amina->user, "Written once.");
  char id[40];

  new_id (work->amina->fixture, id);
  return client_op (work->amina, "create", "note", id, 0, set, NULL);
}

/* -- what must hold -- */

/* I1, I3: nothing of a push that a failing disk stopped is there; sent again when the disk is well, it is done once. */
static void
test_write_error (Fixture *fixture, gconstpointer data)
{
  g_auto (Work) work = { 0 };
  g_autofree char *op = NULL;
  g_autofree char *answer = NULL;
  struct rlimit before;

  work_init (&work, fixture);
  op = dup_note_op (&work);
  break_writes (&before);
  expect_failure (work.amina, op);
  expect (G_LOG_LEVEL_WARNING, "*.db cannot be used: *");
  expect_failure (work.amina, op);
  expect_failure (work.amina, op);
  mend_writes (&before);
  expect (G_LOG_LEVEL_MESSAGE, "*.db had failed, and was opened again");
  assert_verified (fixture);
  g_test_assert_expected_messages ();
  g_assert_cmpint (get_head (fixture), ==, work.base);
  answer = client_send (work.amina, g_steal_pointer (&op));
  assert_json (answer, "r", "ok");
  g_assert_cmpint (get_head (fixture), ==, work.base + 1);
  fixture_restart (fixture);
  g_assert_cmpint (get_head (fixture), ==, work.base + 1);
  assert_verified (fixture);
}

/* I14: what cannot be read is no empty answer; as soon as the bytes are right again, it is told. */
static void
test_damage (Fixture *fixture, gconstpointer data)
{
  g_auto (Work) work = { 0 };
  g_autofree char *op = NULL;
  Kept kept;

  work_init (&work, fixture);
  op = dup_note_op (&work);
  fixture_restart (fixture);
  g_assert_cmpint (get_head (fixture), ==, work.base);
  damage (fixture, &kept);
  expect_failure (work.amina, op);
  expect (G_LOG_LEVEL_WARNING, "*.db cannot be used: *");
  expect_failure (work.amina, op);
  mend (&kept);
  expect (G_LOG_LEVEL_MESSAGE, "*.db had failed, and was opened again");
  client_expect (work.amina, g_steal_pointer (&op), "ok");
  g_test_assert_expected_messages ();
  g_assert_cmpint (get_head (fixture), ==, work.base + 1);
  assert_verified (fixture);
}

static void
committed_cb (const char *organisation,
              gint64 seq,
              const char *const *users,
              bool access,
              gpointer data)
{
  *(gint64 *) data = seq;
}

/* What another program wrote while this one could not read is announced like any other. */
static void
test_foreign_meanwhile (Fixture *fixture, gconstpointer data)
{
  g_auto (Work) work = { 0 };
  g_autofree char *op = NULL;
  g_autoptr (GError) error = NULL;
  CsdServer *other = NULL;
  struct rlimit before;
  gint64 heard = 0;

  work_init (&work, fixture);
  op = dup_note_op (&work);
  csd_server_set_listeners (fixture->server, committed_cb, NULL, &heard);
  break_writes (&before);
  expect_failure (work.amina, op);
  mend_writes (&before);
  other = csd_server_open (fixture->folder, fixture->schema, &fixture->env,
                           &fixture->config, &error);
  g_assert_no_error (error);
  const CsdTestPlace place = { other, fixture->schema, &fixture->env,
                               fixture->organisation };
  char person[40];

  csd_test_add_person (&place, "zoe", "caseworker", fixture->centre_b, person);
  csd_server_free (other);
  expect (G_LOG_LEVEL_MESSAGE, "*.db had failed, and was opened again");
  csd_server_announce_foreign (fixture->server);
  g_test_assert_expected_messages ();
  g_assert_cmpint (heard, ==, get_head (fixture));
  g_assert_cmpint (heard, >, work.base);
}

/* Accounts and sessions: nobody is sent away as a stranger, and the next one signs in. */
static void
test_registry (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) amina = client_new (fixture, "amina");
  const gint64 version = csd_server_get_registry_version (fixture->server);
  g_autoptr (Reply) refused = NULL;
  g_autoptr (Reply) taken = NULL;
  struct rlimit before;

  break_writes (&before);
  expect (G_LOG_LEVEL_WARNING, "caseload.db cannot be used: *");
  refused = client_sign_in (amina, "amina", PASSWORD);
  g_test_assert_expected_messages ();
  mend_writes (&before);
  g_assert_cmpuint (refused->status, ==, 500);
  expect (G_LOG_LEVEL_MESSAGE, "caseload.db had failed, and was opened again");
  g_assert_cmpint (csd_server_get_registry_version (fixture->server), !=, version);
  g_test_assert_expected_messages ();
  taken = client_sign_in (amina, "amina", PASSWORD);
  client_take_tokens (amina, taken);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function)                                                              \
  g_test_add ("/server/disk/" name, Fixture, NULL, fixture_set_up, function,             \
              fixture_tear_down)
  ADD ("write-error", test_write_error);
  ADD ("damage", test_damage);
  ADD ("foreign-meanwhile", test_foreign_meanwhile);
  ADD ("registry", test_registry);
  return g_test_run ();
}
