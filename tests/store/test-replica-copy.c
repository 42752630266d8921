/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Unsent work from one replica into another: each operation has one effect, whoever sends it and however often. */
#include "store-fixture.h"
#include "store/csl-replica-copy.h"
#include "store/csl-replica-drafts.h"
#include "store/csl-sealed.h"

#include <glib/gstdio.h>
#include <string.h>

static void
copy_work (Fixture *fixture, CslWorkCopy *ret_copy)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) text = NULL;
  CslWorkCopy first;

  test_assert (csl_replica_copy_work (fixture->replica, &first, &error), error);
  text = csl_work_copy_print (&first, &error);
  g_assert_no_error (error);
  test_assert (csl_work_copy_parse (ret_copy, text->str, text->len, &error), error);
  csl_work_copy_clear (&first);
}

static CslTakenIn
take_in (Fixture *fixture, const CslWorkCopy *copy)
{
  g_autoptr (GError) error = NULL;
  CslTakenIn taken;

  test_assert (csl_replica_take_in (fixture->replica, copy, &taken, &error), error);
  return taken;
}

/* A computer that is not in use now. */
typedef struct
{
  CslReplica *replica; /* (owned) */
  char *path;          /* (owned) */
} Computer;

static void
computer_clear (Computer *computer)
{
  g_clear_pointer (&computer->replica, csl_replica_free);
  g_clear_pointer (&computer->path, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Computer, computer_clear)

static void
swap (Fixture *fixture, Computer *other)
{
  const Computer before = { fixture->replica, fixture->path };

  fixture->replica = other->replica;
  fixture->path = other->path;
  *other = before;
}

/* Another computer of the same person; @ret_before gets the one before. */
static void
change_computer (Fixture *fixture, Computer *ret_before)
{
  CslReplicaIdentity identity = *csl_replica_get_identity (fixture->replica);
  g_autoptr (GError) error = NULL;

  g_strlcpy (identity.device, "01976b1e-0000-7abc-8def-0000000000bb",
             sizeof identity.device);
  ret_before->path = g_strconcat (fixture->path, ".b", NULL);
  ret_before->replica = csl_replica_create (ret_before->path, test_key, fixture->schema,
                                            &identity, &fixture->env.env, &error);
  g_assert_no_error (error);
  swap (fixture, ret_before);
}

static void
assert_content (Fixture *fixture, const char *id, const char *content)
{
  g_autoptr (CslRecord) note = fixture_get (fixture, fixture->note, id);

  g_assert_nonnull (note);
  g_assert_cmpstr (csl_record_get_text (note, "content"), ==, content);
}

static void
test_other_computer (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CslRecord) note = fixture_note (fixture, "Written without a network.");
  g_autoptr (CslRecord) second = fixture_note (fixture, "On the other computer.");
  g_auto (CslWorkCopy) copy = { 0 };
  g_auto (Computer) before = { 0 };
  CslTakenIn taken;

  model_grant (fixture->model, TEST_NOTES);
  fixture_save (fixture, NULL, note);
  copy_work (fixture, &copy);
  g_assert_cmpuint (copy.lines->len, ==, 1);
  change_computer (fixture, &before);
  fixture_save (fixture, NULL, second);
  taken = take_in (fixture, &copy);
  g_assert_cmpuint (taken.n_new, ==, 1);
  assert_content (fixture, note->id, "Written without a network.");
  g_assert_cmpuint (fixture_count (fixture).queued, ==, 2);
  fixture_check_rows (fixture);
  /* The same file again. */
  taken = take_in (fixture, &copy);
  g_assert_cmpuint (taken.n_new, ==, 0);
  g_assert_cmpuint (taken.n_known, ==, 1);
  fixture_push (fixture);
  fixture_pull (fixture);
  g_assert_cmpint (fixture->model->head, ==, 3);
  fixture_check (fixture);
  /* The first computer was not destroyed after all. */
  swap (fixture, &before);
  fixture_push (fixture);
  fixture_pull (fixture);
  g_assert_cmpint (fixture->model->head, ==, 3);
  assert_content (fixture, note->id, "Written without a network.");
  assert_content (fixture, second->id, "On the other computer.");
}

/* The server may know the line as it was written: what is typed now must not become part of it (I3). */
static void
test_change_afterwards (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CslRecord) note = fixture_note (fixture, "Written without a network.");
  g_autoptr (CslRecord) shown = NULL;
  g_autoptr (CslRecord) changed = NULL;
  CslReplicaAct act = { .squash = true };
  CslReplicaChange change;
  g_auto (CslWorkCopy) copy = { 0 };
  g_auto (Computer) before = { 0 };
  g_autofree char *lines = NULL;
  g_autoptr (GError) error = NULL;

  model_grant (fixture->model, TEST_NOTES);
  fixture_save (fixture, NULL, note);
  copy_work (fixture, &copy);
  change_computer (fixture, &before);
  take_in (fixture, &copy);
  shown = fixture_get (fixture, fixture->note, note->id);
  changed = csl_record_copy (shown);
  csl_record_set_text (changed, "content", "Changed on the other computer.");
  change = (CslReplicaChange){ shown, changed };
  test_assert (csl_replica_commit (fixture->replica, &change, 1, &act, &error), error);
  lines = fixture_dup_lines (fixture);
  g_assert_nonnull (strstr (lines, copy.lines->pdata[0]));
  g_assert_cmpuint (fixture_count (fixture).queued, ==, 2);
  assert_content (fixture, note->id, "Changed on the other computer.");
}

/* What its author gave up, and what the server has, stays out; what was refused goes along. */
static void
test_what_is_copied (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CslRecord) sent = fixture_note (fixture, "Sent.");
  g_autoptr (CslRecord) given_up = fixture_note (fixture, "Given up.");
  g_autoptr (CslRecord) kept = fixture_note (fixture, "Kept.");
  g_autoptr (GPtrArray) entries = NULL;
  g_auto (CslWorkCopy) copy = { 0 };

  model_grant (fixture->model, TEST_NOTES);
  fixture_save (fixture, NULL, sent);
  fixture_push (fixture);
  fixture_save (fixture, NULL, given_up);
  fixture_save (fixture, NULL, kept);
  entries = csl_replica_list_outbox (fixture->replica, NULL);
  g_assert_true (csl_replica_withdraw (fixture->replica,
                                       ((CslOutboxEntry *) entries->pdata[0])->n, NULL));
  copy_work (fixture, &copy);
  g_assert_cmpuint (copy.lines->len, ==, 1);
  g_assert_nonnull (strstr (copy.lines->pdata[0], "Kept."));
  g_assert_cmpstr (copy.user, ==, TEST_USER);
  g_assert_cmpstr (copy.organisation, ==, TEST_ORGANISATION);
  g_assert_cmpuint (fixture_count (fixture).queued, ==, 1);
}

static void
test_others (Fixture *fixture, gconstpointer data)
{
  static const char other[] = "01976b1e-0000-7abc-8def-0000000000ff";
  g_autoptr (CslRecord) note = fixture_note (fixture, "Mine.");
  g_auto (CslWorkCopy) copy = { 0 };
  char **const whose[] = { &copy.user, &copy.organisation };

  fixture_save (fixture, NULL, note);
  copy_work (fixture, &copy);
  for (guint i = 0; i < G_N_ELEMENTS (whose); i++) {
    g_autofree char *before = *whose[i];
    g_autoptr (GError) error = NULL;
    CslTakenIn taken;

    *whose[i] = g_strdup (other);
    g_assert_false (csl_replica_take_in (fixture->replica, &copy, &taken, &error));
    g_assert_error (error, CSL_SEALED_ERROR, CSL_SEALED_ERROR_OTHERS);
    g_free (*whose[i]);
    *whose[i] = g_steal_pointer (&before);
  }
  g_assert_cmpuint (fixture_count (fixture).queued, ==, 1);
}

/* A newer program wrote it: nothing here knows the type, the server may. */
static void
test_newer_line (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CslRecord) note = fixture_note (fixture, "Known.");
  g_auto (CslWorkCopy) copy = { 0 };
  g_auto (Computer) before = { 0 };
  char *line = g_strdup (
    "{\"op\":\"01976b1e-0000-7abc-8def-0000000000a1\",\"n\":2,\"g\":"
    "\"01976b1e-0000-7abc-8def-0000000000a2\",\"gn\":[1,1],\"k\":\"hologram\","
    "\"id\":\"01976b1e-0000-7abc-8def-0000000000a3\",\"act\":\"create\",\"base\":0,"
    "\"set\":{\"depth\":3},\"schema\":9,\"by\":\"" TEST_USER "\"}");
  g_autofree char *exported = NULL;
  CslTakenIn taken;

  fixture_save (fixture, NULL, note);
  copy_work (fixture, &copy);
  g_ptr_array_add (copy.lines, line);
  change_computer (fixture, &before);
  taken = take_in (fixture, &copy);
  g_assert_cmpuint (taken.n_new, ==, 2);
  fixture_check_rows (fixture);
  exported = fixture_dup_lines (fixture);
  g_assert_nonnull (strstr (exported, line));
}

/* All or nothing. */
static void
assert_damaged (Fixture *fixture, const CslWorkCopy *copy)
{
  g_autoptr (GError) error = NULL;
  CslTakenIn taken;

  g_assert_false (csl_replica_take_in (fixture->replica, copy, &taken, &error));
  g_assert_error (error, CSL_SEALED_ERROR, CSL_SEALED_ERROR_DAMAGED);
  g_assert_cmpuint (fixture_count (fixture).queued, ==, 0);
}

/* A good note with one bad line behind the operations, or behind the drafts. */
static void
assert_refused_with (Fixture *fixture, const char *bad_line, const char *bad_draft)
{
  g_autoptr (CslRecord) note = fixture_note (fixture, "Good.");
  g_auto (CslWorkCopy) copy = { 0 };
  g_auto (Computer) before = { 0 };

  fixture_save (fixture, NULL, note);
  copy_work (fixture, &copy);
  if (bad_line != NULL)
    g_ptr_array_add (copy.lines, g_strdup (bad_line));
  if (bad_draft != NULL)
    g_ptr_array_add (copy.drafts, g_strdup (bad_draft));
  change_computer (fixture, &before);
  assert_damaged (fixture, &copy);
  g_assert_null (fixture_get (fixture, fixture->note, note->id));
}

static void
test_bad_line (Fixture *fixture, gconstpointer data)
{
  assert_refused_with (fixture, "{\"op\":\"x\",\"n\":2}", NULL);
}

/* -- drafts -- */

#define DRAFT "01976b1e-0000-7abc-8def-0000000000d1"

static CslRecord *
new_draft (Fixture *fixture, const char *text, const char *at)
{
  CslRecord *draft =
    csl_record_new (csl_schema_lookup_type (fixture->schema, CSL_DRAFT_TYPE), DRAFT);

  csl_record_set_text (draft, "form_type", "note");
  csl_record_set_text (draft, "entity_type", "case");
  csl_record_set_text (draft, "entity_id", TEST_CASE);
  csl_record_set_text (draft, "user", TEST_USER);
  csl_record_set_text (draft, "form_data", text);
  csl_record_set_text (draft, "updated_at", at);
  return draft;
}

static void
put_draft (Fixture *fixture, const char *text, const char *at)
{
  g_autoptr (CslRecord) draft = new_draft (fixture, text, at);
  g_autoptr (GError) error = NULL;

  test_assert (csl_replica_put_local (fixture->replica, draft, &error), error);
}

static void
assert_draft (Fixture *fixture, const char *text)
{
  g_autoptr (CslRecord) draft =
    fixture_get (fixture, csl_schema_lookup_type (fixture->schema, CSL_DRAFT_TYPE),
                 DRAFT);

  g_assert_nonnull (draft);
  g_assert_cmpstr (csl_record_get_text (draft, "form_data"), ==, text);
}

/* Nobody pressed Save: they come along as what they are, and the newer version of one stays. */
static void
test_drafts (Fixture *fixture, gconstpointer data)
{
  g_auto (CslWorkCopy) copy = { 0 };
  g_auto (Computer) before = { 0 };

  put_draft (fixture, "{\"half\":\"a \\\"sentence\"}", "2026-11-20T10:00:00.000Z");
  copy_work (fixture, &copy);
  g_assert_cmpuint (copy.lines->len, ==, 0);
  g_assert_cmpuint (copy.drafts->len, ==, 1);
  change_computer (fixture, &before);
  g_assert_cmpuint (take_in (fixture, &copy).n_drafts, ==, 1);
  assert_draft (fixture, "{\"half\":\"a \\\"sentence\"}");
  g_assert_cmpuint (fixture_count (fixture).queued, ==, 0);
  /* Again; then when more was written here meanwhile; then when less. */
  g_assert_cmpuint (take_in (fixture, &copy).n_drafts, ==, 0);
  put_draft (fixture, "a whole sentence", "2026-11-20T11:00:00.000Z");
  g_assert_cmpuint (take_in (fixture, &copy).n_drafts, ==, 0);
  assert_draft (fixture, "a whole sentence");
  put_draft (fixture, "half", "2026-11-20T09:00:00.000Z");
  g_assert_cmpuint (take_in (fixture, &copy).n_drafts, ==, 1);
  assert_draft (fixture, "{\"half\":\"a \\\"sentence\"}");
}

/* Longer than any operation may be. */
static void
test_long_draft (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = g_strnfill (1000 * 1000, '"');
  g_auto (CslWorkCopy) copy = { 0 };
  g_auto (Computer) before = { 0 };

  put_draft (fixture, text, "2026-11-20T10:00:00.000Z");
  copy_work (fixture, &copy);
  change_computer (fixture, &before);
  g_assert_cmpuint (take_in (fixture, &copy).n_drafts, ==, 1);
  assert_draft (fixture, text);
}

static void
test_bad_draft (Fixture *fixture, gconstpointer data)
{
  assert_refused_with (fixture, NULL, "{\"t\":\"draft\",\"id\":\"x\",\"set\":{}}");
}

#define ADD(name, function)                                                              \
  g_test_add ("/store/replica-copy/" name, Fixture, NULL, fixture_set_up, function,      \
              fixture_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("other-computer", test_other_computer);
  ADD ("I3-change-afterwards", test_change_afterwards);
  ADD ("what-is-copied", test_what_is_copied);
  ADD ("others", test_others);
  ADD ("newer-line", test_newer_line);
  ADD ("bad-line", test_bad_line);
  ADD ("drafts", test_drafts);
  ADD ("long-draft", test_long_draft);
  ADD ("bad-draft", test_bad_draft);
  return g_test_run ();
}
