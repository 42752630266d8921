/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was taken away stays so when an older database is put back: access, accounts, computers. */
#include "server/csd-admin.h"
#include "server/csd-devices.h"
#include "server/csd-status.h"
#include "server/csd-work.h"
#include "server/handlers/csd-commit.h"

#include <glib/gstdio.h>
#include <string.h>

static bool
sees (Client *client, const char *record)
{
  g_auto (GStrv) lines = client_pull (client, 0, 0, NULL);

  return find_line (lines, "t", "put", "id", record, NULL) != NULL;
}

static char *
dup_ledger_path (Fixture *fixture)
{
  return g_strdup_printf ("%s/org-%s.ledger", fixture->folder, fixture->organisation);
}

static CsdLedgerState
get_state (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  CsdOrganisation *organisation =
    csd_server_get_organisation (fixture->server, fixture->organisation, &error);
  CsdLedgerState state = { 0 };

  g_assert_no_error (error);
  csd_organisation_lock (organisation);
  organisation->storage->get_ledger (organisation->storage, &state, &error);
  csd_organisation_unlock (organisation);
  g_assert_no_error (error);
  return state;
}

/* As a replica does that meets another epoch: it counts from 1 again. */
static void
come_back (Fixture *fixture, Client *client)
{
  new_id (fixture, client->inc);
  client->n = 0;
}

/* A replica offers what it was told was done, with a base that the backup has. */
static void
offer (Client *client,
       const char *act,
       const char *type,
       const char *id,
       gint64 base,
       const char *set)
{
  client_expect (client, client_op (client, act, type, id, base, set, NULL), "ok");
}

/* Maria's part in a case of Amina's. */
typedef struct
{
  Work work;
  Client *maria;       /* (owned) */
  char assignment[40]; /* id */
  gint64 kept;         /* the head of the data that is kept */
} Part;

/* She gets it, and the data is kept. */
static void
part_init (Part *part, Fixture *fixture)
{
  part->maria = client_new (fixture, "maria");
  work_init (&part->work, fixture);
  give_case (part->work.manager, part->work.file, fixture->maria, part->assignment);
  keep_data (fixture);
  part->kept = get_head (fixture);
}

static void
part_clear (Part *part)
{
  client_free (part->maria);
  work_clear (&part->work);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Part, part_clear)

static void
part_end (const Part *part)
{
  end_assignment (part->work.manager, part->assignment);
}

static bool
part_is_open (const Part *part)
{
  const bool is_open = sees (part->maria, part->work.file);

  g_assert_true (sees (part->maria, part->work.person) == is_open);
  return is_open;
}

/* A new part in the same case, by somebody who knows the data. */
static void
part_give_anew (Part *part)
{
  char again[40];

  give_case (part->work.manager, part->work.file, part->maria->user, again);
}

#define END "{\"to_at\":\"2026-11-21T15:00:00.000Z\"}"

/* R-41, I21: an end of access after the backup holds before the manager's computer has come back, and after it a manager may
 * give the file again. */
static void
test_revocation (Fixture *fixture, gconstpointer data)
{
  g_auto (Part) part;

  part_init (&part, fixture);
  g_assert_true (part_is_open (&part));
  part_end (&part);
  put_data_back (fixture);
  g_assert_false (part_is_open (&part));
  g_assert_true (sees (part.work.amina, part.work.file));
  g_assert_cmpint (get_state (fixture).withheld, ==, 2);
  fixture_restart (fixture);
  g_assert_false (part_is_open (&part));
  come_back (fixture, part.work.manager);
  offer (part.work.manager, "update", "case_assignment", part.assignment, part.kept, END);
  g_assert_false (part_is_open (&part));
  g_assert_cmpint (get_state (fixture).withheld, ==, 0);
  part_give_anew (&part);
  g_assert_true (part_is_open (&part));
  assert_verified (fixture);
}

/* The manager's computer never comes back: a new part in the case is a new decision. Twice restored is as once. */
static void
test_given_anew (Fixture *fixture, gconstpointer data)
{
  g_auto (Part) part;

  part_init (&part, fixture);
  part_end (&part);
  put_data_back (fixture);
  put_data_back (fixture);
  g_assert_false (part_is_open (&part));
  come_back (fixture, part.work.amina);
  come_back (fixture, part.work.manager);
  push_ok (part.work.amina, "update", "case", part.work.file, "{\"priority\":\"high\"}",
           NULL);
  g_assert_false (part_is_open (&part));
  part_give_anew (&part);
  g_assert_true (part_is_open (&part));
}

/* Begun and ended after the backup, and offered by two computers: the first one's offer opens nothing. */
static void
test_begun_and_ended (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) maria = client_new (fixture, "maria");
  g_autofree char *set = NULL;
  g_auto (Work) work;
  char assignment[40], again[40];
  gint64 common;

  work_init (&work, fixture);
  keep_data (fixture);
  common = get_head (fixture);
  give_case (work.manager, work.file, fixture->maria, assignment);
  end_assignment (work.manager, assignment);
  put_data_back (fixture);
  set = g_strdup_printf ("{\"case\":\"%s\",\"user\":\"%s\",\"duty\":\"cover\","
                         "\"from_at\":\"2026-11-20T15:00:00.000Z\"}",
                         work.file, fixture->maria);
  come_back (fixture, work.manager);
  offer (work.manager, "create", "case_assignment", assignment, 0, set);
  g_assert_false (sees (maria, work.file));
  offer (work.manager, "update", "case_assignment", assignment, common, END);
  g_assert_false (sees (maria, work.file));
  give_case (work.manager, work.file, fixture->maria, again);
  g_assert_true (sees (maria, work.file));
  g_assert_true (sees (maria, work.person));
  g_assert_cmpint (get_state (fixture).withheld, ==, 0);
}

/* What ended and began again is not withheld; nor is what began before and goes on. */
static void
test_given_back (Fixture *fixture, gconstpointer data)
{
  g_auto (Part) part;

  part_init (&part, fixture);
  part_end (&part);
  part_give_anew (&part);
  put_data_back (fixture);
  g_assert_true (part_is_open (&part));
  g_assert_cmpint (get_state (fixture).withheld, ==, 0);
}

/* As the administrator's program does it. */
static void
deactivate (Fixture *fixture, const char *user)
{
  CsdOrganisation *organisation =
    csd_server_get_organisation (fixture->server, fixture->organisation, NULL);
  const CslRecordType *type = csl_schema_lookup_type (fixture->schema, "user");
  const CslField *active = csl_record_type_lookup_field (type, "is_active");
  g_autoptr (GArray) changed = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (CslRecord) before = csl_record_new (type, user);
  g_autoptr (CslRecord) record = csl_record_new (type, user);
  g_auto (CsdStored) stored = { 0 };
  g_auto (CsdCommit) commit = { 0 };
  const CsdChange change = { .who = fixture->chair,
                             .act = "update",
                             .changed = changed,
                             .before = before };

  g_array_append_val (changed, active->index);
  csl_record_set_text (record, "username", "maria");
  csl_record_set_text (record, "email", "maria@example.invalid");
  csl_record_set_bool (record, "is_active", false);
  csd_organisation_lock (organisation);
  g_assert_true (csd_commit_begin (&commit, organisation, NULL));
  g_assert_true (csd_commit_open (&commit, NULL));
  g_assert_true (
    organisation->storage->load (organisation->storage, user, &stored, NULL));
  g_assert_true (csd_commit_write (&commit, &stored, record, &change, NULL));
  g_assert_true (csd_commit_close (&commit, NULL));
  g_assert_true (csd_commit_finish (&commit, NULL));
  csd_organisation_unlock (organisation);
}

/* A role that ended takes every file with it; a new role does not bring back a part in a case that had ended by itself. */
static void
test_role (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_auto (Part) part;

  part_init (&part, fixture);
  part_end (&part);
  deactivate (fixture, fixture->maria);
  g_assert_false (sees (part.maria, fixture->centre_a));
  put_data_back (fixture);
  g_assert_false (sees (part.maria, fixture->centre_a));
  g_assert_false (part_is_open (&part));
  g_assert_true (csd_server_add_membership (fixture->server, fixture->organisation,
                                            fixture->maria, "caseworker",
                                            fixture->centre_a, &error));
  g_assert_no_error (error);
  g_assert_true (sees (part.maria, fixture->centre_a));
  g_assert_false (sees (part.maria, part.work.file));
}

/* The process died between a commit and its line: the line is made again when the database is opened. */
static void
test_cut (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = dup_ledger_path (fixture);
  g_autofree char *before = NULL;
  g_autofree char *cut = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (Part) part;

  part_init (&part, fixture);
  g_assert_true (g_file_get_contents (path, &before, NULL, &error));
  part_end (&part);
  /* Half of a line got through. */
  cut = g_strconcat (before, "0123abcd access 9", NULL);
  g_assert_true (g_file_set_contents (path, cut, -1, &error));
  fixture_restart (fixture);
  g_assert_false (part_is_open (&part));
  g_assert_cmpuint (get_state (fixture).damaged, ==, 0);
  put_data_back (fixture);
  g_assert_false (part_is_open (&part));
}

/* A file that is gone is made again from the database; when a backup is put back without it, that is told for ever. */
static void
test_missing (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = dup_ledger_path (fixture);
  g_auto (Part) part;

  part_init (&part, fixture);
  part_end (&part);
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_test_expect_message ("caseload-server", G_LOG_LEVEL_WARNING, "*made again*");
  fixture_restart (fixture);
  g_assert_true (get_state (fixture).rebuilt);
  g_assert_cmpint (get_state (fixture).gap, ==, 0);
  put_data_back (fixture);
  g_assert_false (part_is_open (&part));
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_test_expect_message ("caseload-server", G_LOG_LEVEL_WARNING,
                         "*may have access again*");
  put_data_back (fixture);
  g_assert_cmpint (get_state (fixture).gap, >, 0);
  g_test_expect_message ("caseload-server", G_LOG_LEVEL_WARNING,
                         "*may have access again*");
  fixture_restart (fixture);
  g_assert_cmpint (get_state (fixture).gap, >, 0);
}

static void
test_damaged (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = dup_ledger_path (fixture);
  g_autofree char *text = NULL;
  g_autofree char *wrong = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (Part) part;

  part_init (&part, fixture);
  part_end (&part);
  g_assert_true (g_file_get_contents (path, &text, NULL, &error));
  wrong = g_strconcat ("00000000 what is this\n", text, NULL);
  g_assert_true (g_file_set_contents (path, wrong, -1, &error));
  g_test_expect_message ("caseload-server", G_LOG_LEVEL_WARNING, "*cannot be read*");
  put_data_back (fixture);
  g_assert_false (part_is_open (&part));
  g_assert_cmpuint (get_state (fixture).damaged, ==, 1);
}

/* There is nothing in it but ids, kinds and numbers. */
static void
test_content (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = dup_ledger_path (fixture);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  g_auto (Part) part;

  part_init (&part, fixture);
  part_end (&part);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; *lines[i] != '\0'; i++)
    g_assert_true (g_regex_match_simple (
      "^[0-9a-f]{8} ((epoch|changed|access|done)|[-0-9a-f]{1,36}|[cpua]:[-0-9a-f]{36}"
      "|unassigned|role|restored| )+$",
      lines[i], 0, 0));
}

static void
renewal_cb (const char *code, const CsdRenewal *renewal, gpointer data)
{
  g_string_append_printf (data, "%s %d %d %u;", *code != '\0' ? code : "accounts",
                          (int) renewal->head, renewal->gap > 0 ? 1 : 0,
                          renewal->damaged);
  g_assert_nonnull (strchr (renewal->at, 'T'));
}

static char *
dup_renewals (Fixture *fixture)
{
  GString *text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (csd_server_list_renewals (fixture->server, renewal_cb, text, &error));
  g_assert_no_error (error);
  return g_string_free (text, FALSE);
}

static void
code_cb (const CsdOrganisationRow *row, gpointer data)
{
  g_strlcpy (data, row->code, 64);
}

/* A lost ledger is begun anew by somebody who has looked: what the database knows is in force over the next restore too, and
 * the server warns no more. */
static void
test_renewed (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = dup_ledger_path (fixture);
  g_autofree char *renewals = NULL;
  g_autofree char *expected = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (Part) part;
  char code[64] = "";
  gint64 head;

  part_init (&part, fixture);
  g_assert_true (csd_server_list_organisations (fixture->server, code_cb, code, &error));
  g_assert_false (csd_server_renew_ledger (fixture->server, code, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  g_assert_false (csd_server_renew_ledger (fixture->server, "nobody", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  push_ok (part.work.amina, "update", "case", part.work.file, "{\"priority\":\"high\"}",
           NULL);
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_test_expect_message ("caseload-server", G_LOG_LEVEL_WARNING,
                         "*may have access again*");
  put_data_back (fixture);
  come_back (fixture, part.work.manager);
  part_end (&part);
  g_assert_cmpint (get_state (fixture).gap, >, 0);
  head = get_head (fixture);
  g_assert_true (csd_server_renew_ledger (fixture->server, code, &error));
  g_assert_no_error (error);
  g_assert_cmpint (get_state (fixture).gap, ==, 0);
  /* No warning. */
  fixture_restart (fixture);
  g_assert_cmpint (get_state (fixture).gap, ==, 0);
  renewals = dup_renewals (fixture);
  expected = g_strdup_printf ("%s %d 1 0;", code, (int) head);
  g_assert_cmpstr (renewals, ==, expected);
  /* This backup is from before: it tells of the loss again, and what is in the new ledger holds. */
  g_test_expect_message ("caseload-server", G_LOG_LEVEL_WARNING,
                         "*may have access again*");
  put_data_back (fixture);
  g_assert_false (part_is_open (&part));
  assert_verified (fixture);
}

/* The same for lines that cannot be read; those that come later are counted again. */
static void
test_damaged_renewed (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = dup_ledger_path (fixture);
  g_autoptr (GError) error = NULL;
  g_auto (Part) part;
  char code[64] = "";

  part_init (&part, fixture);
  part_end (&part);
  g_assert_true (csd_server_list_organisations (fixture->server, code_cb, code, &error));
  for (guint i = 0; i < 2; i++) {
    g_autofree char *text = NULL;
    g_autofree char *wrong = NULL;

    g_assert_true (g_file_get_contents (path, &text, NULL, &error));
    wrong = g_strconcat (text, "00000000 what is this\n", NULL);
    g_assert_true (g_file_set_contents (path, wrong, -1, &error));
    g_test_expect_message ("caseload-server", G_LOG_LEVEL_WARNING, "*1 lines*cannot be*");
    fixture_restart (fixture);
    g_assert_true (csd_server_renew_ledger (fixture->server, code, &error));
    g_assert_no_error (error);
    g_assert_cmpuint (get_state (fixture).damaged, ==, 0);
    fixture_restart (fixture);
    g_assert_cmpuint (get_state (fixture).damaged, ==, 0);
  }
  put_data_back (fixture);
  g_assert_false (part_is_open (&part));
}

static void
copy (const char *from, const char *to)
{
  g_autofree char *text = NULL;
  gsize length = 0;

  g_assert_true (g_file_get_contents (from, &text, &length, NULL));
  g_assert_true (g_file_set_contents (to, text, (gssize) length, NULL));
}

static void
put_registry_back (Fixture *fixture, const char *data, const char *backup)
{
  g_autoptr (GError) error = NULL;

  csd_server_free (fixture->server);
  copy (backup, data);
  fixture->server = csd_server_open (fixture->folder, fixture->schema, &fixture->env,
                                     &fixture->config, &error);
  g_assert_no_error (error);
}

/* A blocked account and refused computers stay so, also a computer that the backup has never heard of. */
static void
test_registry (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "caseload.db", NULL);
  g_autofree char *backup = g_strconcat (path, ".backup", NULL);
  g_autoptr (Client) amina = client_new (fixture, "amina");
  g_autoptr (Client) late = NULL;
  g_autoptr (GError) error = NULL;

  fixture_restart (fixture);
  copy (path, backup);
  late = client_new (fixture, "amina");
  g_assert_true (csd_server_set_disabled (fixture->server, NULL, "maria", true, &error));
  g_assert_true (csd_server_set_disabled (fixture->server, NULL, "bill", true, &error));
  g_assert_true (csd_server_set_disabled (fixture->server, NULL, "bill", false, &error));
  g_assert_true (csd_server_set_device_status (fixture->server, amina->device, NULL,
                                               CSD_DEVICE_SUSPENDED, &error));
  g_assert_true (csd_server_set_device_status (fixture->server, late->device, NULL,
                                               CSD_DEVICE_SUSPENDED, &error));
  g_assert_no_error (error);
  for (guint i = 0; i < 2; i++) {
    g_autoptr (Reply) refused = NULL;
    g_autoptr (Reply) first = NULL;
    g_autoptr (Reply) second = NULL;
    g_autoptr (Reply) let_in = NULL;

    put_registry_back (fixture, path, backup);
    refused = client_sign_in (amina, "maria", PASSWORD);
    g_assert_cmpuint (refused->status, ==, 403);
    let_in = client_sign_in (amina, "bill", PASSWORD);
    g_assert_cmpuint (let_in->status, ==, 200);
    first = client_sign_in (amina, "amina", PASSWORD);
    g_assert_cmpuint (first->status, ==, 403);
    second = client_sign_in (late, "amina", PASSWORD);
    g_assert_cmpuint (second->status, ==, 403);
  }
  g_assert_true (csd_server_set_disabled (fixture->server, NULL, "maria", false, &error));
  g_assert_true (csd_server_set_device_status (fixture->server, late->device, NULL,
                                               CSD_DEVICE_ENROLLED, &error));
  g_assert_no_error (error);
  {
    g_autoptr (Reply) again = client_sign_in (late, "amina", PASSWORD);
    g_autoptr (Reply) maria = client_sign_in (late, "maria", PASSWORD);

    g_assert_cmpuint (again->status, ==, 200);
    g_assert_cmpuint (maria->status, ==, 200);
  }
}

/* The ledger of accounts and computers is lost while one is blocked; begun anew it knows of it, also over a restore. */
static void
test_registry_renewed (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "caseload.db", NULL);
  g_autofree char *ledger = g_build_filename (fixture->folder, "caseload.ledger", NULL);
  g_autofree char *backup = g_strconcat (path, ".backup", NULL);
  g_autoptr (Client) amina = client_new (fixture, "amina");
  g_autoptr (Reply) refused = NULL;
  g_autofree char *renewals = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (csd_server_renew_ledger (fixture->server, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  fixture_restart (fixture);
  copy (path, backup);
  g_assert_true (csd_server_set_disabled (fixture->server, NULL, "maria", true, &error));
  g_assert_cmpint (g_unlink (ledger), ==, 0);
  g_test_expect_message ("caseload-server", G_LOG_LEVEL_WARNING, "*was missing once*");
  fixture_restart (fixture);
  g_assert_true (csd_server_renew_ledger (fixture->server, NULL, &error));
  g_assert_no_error (error);
  fixture_restart (fixture);
  renewals = dup_renewals (fixture);
  g_assert_cmpstr (renewals, ==, "accounts 0 1 0;");
  put_registry_back (fixture, path, backup);
  refused = client_sign_in (amina, "maria", PASSWORD);
  g_assert_cmpuint (refused->status, ==, 403);
}

#define ADD(path, func)                                                                  \
  g_test_add ("/server/ledger/" path, Fixture, NULL, fixture_set_up, func,               \
              fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("R-41-revocation", test_revocation);
  ADD ("given-anew", test_given_anew);
  ADD ("begun-and-ended", test_begun_and_ended);
  ADD ("given-back", test_given_back);
  ADD ("role", test_role);
  ADD ("cut", test_cut);
  ADD ("missing", test_missing);
  ADD ("damaged", test_damaged);
  ADD ("content", test_content);
  ADD ("renewed", test_renewed);
  ADD ("damaged-renewed", test_damaged_renewed);
  ADD ("registry", test_registry);
  ADD ("registry-renewed", test_registry_renewed);
  return g_test_run ();
}
