/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening a replica that is not right, and conversations with a server, step by step. */
#include "core/wire/csl-pull-line.h"
#include "store-fixture.h"
#include "store/csl-replica-private.h"

#include <glib/gstdio.h>
#include <string.h>

static void
assert_content (Fixture *fixture, const char *id, const char *content)
{
  g_autoptr (CslRecord) note = fixture_get (fixture, fixture->note, id);

  if (content == NULL) {
    g_assert_null (note);
    return;
  }
  g_assert_nonnull (note);
  g_assert_cmpstr (csl_record_get_text (note, "content"), ==, content);
}

static void
save_content (Fixture *fixture, const char *id, const char *content)
{
  g_autoptr (CslRecord) before = fixture_get (fixture, fixture->note, id);
  g_autoptr (CslRecord) after = csl_record_copy (before);

  csl_record_set_text (after, "content", content);
  fixture_save (fixture, before, after);
}

static void
limit_pages (Fixture *fixture, gint64 pages)
{
  g_autofree char *sql =
    g_strdup_printf ("PRAGMA max_page_count = %" G_GINT64_FORMAT, pages);

  g_assert_true (csl_db_execute (fixture->replica->db, sql, NULL));
}

/* -- Opening -------------------------------------------------------------------------------- */

static void
assert_open_fails (Fixture *fixture, const guint8 *key, CslStoreError code)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  gsize before_length = 0, after_length = 0;

  g_file_get_contents (fixture->path, &before, &before_length, NULL);
  g_assert_null (
    csl_replica_open (fixture->path, key, fixture->schema, &fixture->env.env, &error));
  g_assert_error (error, CSL_STORE_ERROR, (int) code);
  g_file_get_contents (fixture->path, &after, &after_length, NULL);
  g_assert_cmpmem (before, before_length, after, after_length);
}

static void
test_open_errors (Fixture *fixture, gconstpointer data)
{
  const guint8 other[CSL_DB_KEY_SIZE] = "not the key of this replica....";
  CslReplicaIdentity identity = { 0 };
  g_autoptr (GError) error = NULL;
  g_autofree char *content = NULL;
  gsize length;

  /* Open twice */
  assert_open_fails (fixture, test_key, CSL_STORE_ERROR_BUSY);
  g_clear_pointer (&fixture->replica, csl_replica_free);

  g_assert_null (csl_replica_create (fixture->path, test_key, fixture->schema, &identity,
                                     &fixture->env.env, &error));
  g_assert_error (error, CSL_STORE_ERROR, CSL_STORE_ERROR_EXISTS);
  assert_open_fails (fixture, other, CSL_STORE_ERROR_WRONG_KEY);

  g_assert_true (g_file_get_contents (fixture->path, &content, &length, NULL));
  for (gsize at = 4096; at < MIN (length, 12288); at++)
    content[at] ^= 0x55;
  g_assert_true (g_file_set_contents (fixture->path, content, (gssize) length, NULL));
  assert_open_fails (fixture, test_key, CSL_STORE_ERROR_DAMAGED);
  g_assert_true (g_file_set_contents (fixture->path, "", 0, NULL));
  assert_open_fails (fixture, test_key, CSL_STORE_ERROR_DAMAGED);
  g_unlink (fixture->path);
  assert_open_fails (fixture, test_key, CSL_STORE_ERROR_MISSING);
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
}

static void
test_newer (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CslDb) db = NULL;

  g_clear_pointer (&fixture->replica, csl_replica_free);
  db = csl_db_open (fixture->path, test_key, 0, &error);
  g_assert_no_error (error);
  test_assert (csl_db_execute (db, "PRAGMA user_version = 999", &error), error);
  g_clear_pointer (&db, csl_db_free);
  assert_open_fails (fixture, test_key, CSL_STORE_ERROR_NEWER);
}

static void
test_reopen (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CslRecord) note = fixture_note (fixture, "Visited.");
  g_autofree char *inc = g_strdup (csl_replica_get_identity (fixture->replica)->inc);
  g_autofree char *setting = NULL;
  const CslReplicaIdentity *identity;
  g_autoptr (GError) error = NULL;

  fixture_save (fixture, NULL, note);
  test_assert (csl_replica_put_setting (fixture->replica, "lease", "14", &error), error);
  fixture_reopen (fixture);
  identity = csl_replica_get_identity (fixture->replica);
  g_assert_cmpstr (identity->organisation, ==, TEST_ORGANISATION);
  g_assert_cmpstr (identity->user, ==, TEST_USER);
  g_assert_cmpstr (identity->device, ==, TEST_DEVICE);
  g_assert_cmpstr (identity->inc, ==, inc);
  setting = csl_replica_dup_setting (fixture->replica, "lease");
  g_assert_cmpstr (setting, ==, "14");
  assert_content (fixture, note->id, "Visited.");
  g_assert_cmpuint (fixture_count (fixture).queued, ==, 1);
}

/* -- Edits, push, pull ---------------------------------------------------------------------- */

static void
test_round (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CslRecord) note = fixture_note (fixture, "First words.");
  g_autoptr (CslRecord) shown = NULL;

  model_grant (fixture->model, TEST_NOTES);
  fixture_save (fixture, NULL, note);
  shown = fixture_get (fixture, fixture->note, note->id);
  /* What the server will fill in is shown as far as it is known. */
  g_assert_cmpstr (csl_record_get_text (shown, "created_by"), ==, TEST_USER);
  g_assert_nonnull (csl_record_get_text (shown, "created_at"));
  save_content (fixture, note->id, "Second words.");
  g_assert_cmpuint (fixture_count (fixture).queued, ==, 2);
  fixture_check (fixture);
  g_assert_cmpuint (fixture_push (fixture), ==, 2);
  g_assert_cmpuint (fixture_count (fixture).acked, ==, 2);
  assert_content (fixture, note->id, "Second words.");
  fixture_check (fixture);
  fixture_pull (fixture);
  assert_content (fixture, note->id, "Second words.");
  fixture_check (fixture);
  /* Kept until a backup has it. */
  g_assert_cmpuint (fixture_count (fixture).acked, ==, 2);
  fixture->model->safe_seq = fixture->model->head;
  fixture_pull (fixture);
  g_assert_cmpuint (fixture_count (fixture).acked, ==, 0);
  fixture_check (fixture);
}

static void
test_group (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CslRecord) client = fixture_client (fixture, "Amina", "Rahman");
  g_autoptr (CslRecord) file = fixture_case (fixture, client->id, "Rent arrears");
  g_autoptr (CslRecord) note = fixture_note (fixture, "Came in today.");
  CslReplicaChange changes[] = { { NULL, client },
                                 { NULL, file },
                                 { NULL, note },
                                 { note, note } };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) entries = NULL;
  g_autoptr (GString) body = NULL;
  guint n = 0;

  test_assert (csl_replica_commit (fixture->replica, changes, 4, NULL, &error), error);
  entries = csl_replica_list_outbox (fixture->replica, &error);
  g_assert_cmpuint (entries->len, ==, 3);
  for (guint i = 0; i < 3; i++) {
    const CslOutboxEntry *entry = g_ptr_array_index (entries, i);

    g_assert_cmpstr (entry->group, ==, ((CslOutboxEntry *) entries->pdata[0])->group);
    g_assert_cmpint (entry->state, ==, CSL_OUTBOX_QUEUED);
    g_assert_nonnull (strstr (entry->line, "\"gn\":["));
  }
  g_assert_cmpstr (((CslOutboxEntry *) entries->pdata[0])->title, ==, "Amina Rahman");
  /* A group is never split, not even when it is larger than the batch. */
  body = csl_replica_take_batch (fixture->replica, 2, 100, &n, &error);
  g_assert_cmpuint (n, ==, 3);
  g_assert_nonnull (strstr (body->str, "\"n\":3,"));
}

static void
test_batches (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  guint n = 0;

  for (guint i = 0; i < 7; i++) {
    g_autoptr (CslRecord) note = fixture_note (fixture, "One of seven.");

    fixture_save (fixture, NULL, note);
  }
  for (guint i = 0; i < 3; i++) {
    g_autoptr (GString) body =
      csl_replica_take_batch (fixture->replica, 3, 1 << 20, &n, &error);
    g_autoptr (GArray) answers = NULL;

    g_assert_no_error (error);
    g_assert_cmpuint (n, ==, i < 2 ? 3 : 1);
    answers = model_push (fixture->model, body->str);
    g_assert_cmpuint (answers->len, ==, n);
    test_assert (csl_replica_apply_answers (fixture->replica, (CslAnswer *) answers->data,
                                            answers->len, NULL, &error),
                 error);
  }
  g_assert_cmpuint (fixture_count (fixture).acked, ==, 7);
}

/* The connection is cut after the server took the operations: sent again, answered again, applied once. */
static void
test_lost_answers (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CslRecord) note = fixture_note (fixture, "Once only.");
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) body = NULL;
  guint n;

  model_grant (fixture->model, TEST_NOTES);
  fixture_save (fixture, NULL, note);
  body = csl_replica_take_batch (fixture->replica, 10, 1 << 20, &n, &error);
  g_array_unref (model_push (fixture->model, body->str));
  g_assert_cmpuint (fixture_count (fixture).sent, ==, 1);
  fixture_reopen (fixture);
  g_assert_cmpuint (fixture_count (fixture).queued, ==, 1);
  fixture_push (fixture);
  g_assert_cmpuint (fixture_count (fixture).acked, ==, 1);
  g_assert_cmpint (fixture->model->head, ==, 2);
  fixture_pull (fixture);
  fixture_check (fixture);
}

static CslVerdict
decide_fixed (const CslOp *op, gpointer data)
{
  return (CslVerdict) GPOINTER_TO_INT (data);
}

static void
set_verdict (Fixture *fixture, CslVerdict verdict)
{
  fixture->model->decide = decide_fixed;
  fixture->model->data = GINT_TO_POINTER (verdict);
}

static void
test_rejected (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CslRecord) note = fixture_note (fixture, "Typed with care.");
  g_autoptr (GPtrArray) entries = NULL;
  g_autoptr (GError) error = NULL;
  const CslOutboxEntry *entry;
  gint64 n;

  model_grant (fixture->model, TEST_NOTES);
  fixture_save (fixture, NULL, note);
  set_verdict (fixture, CSL_VERDICT_REJECTED);
  fixture_push (fixture);
  fixture_pull (fixture);
  entries = csl_replica_list_outbox (fixture->replica, &error);
  entry = g_ptr_array_index (entries, 0);
  g_assert_cmpint (entry->state, ==, CSL_OUTBOX_REJECTED);
  g_assert_cmpstr (entry->code, ==, "R-64");
  g_assert_cmpstr (entry->field, ==, "end_at");
  g_assert_cmpstr (entry->message, ==, "The end must be after the start.");
  assert_content (fixture, note->id, "Typed with care.");
  fixture_check (fixture);
  /* The same words again, under a new operation. */
  n = entry->n;
  test_assert (csl_replica_retry (fixture->replica, n, &error), error);
  set_verdict (fixture, CSL_VERDICT_OK);
  g_assert_cmpuint (fixture_push (fixture), ==, 1);
  fixture_pull (fixture);
  g_assert_cmpuint (fixture_count (fixture).acked, ==, 1);
  g_assert_false (csl_replica_retry (fixture->replica, n, &error));
  g_assert_error (error, CSL_STORE_ERROR, CSL_STORE_ERROR_INVALID);
  assert_content (fixture, note->id, "Typed with care.");
  fixture_check (fixture);
}

static void
test_withdraw (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CslRecord) note = fixture_note (fixture, "Never mind.");
  g_autoptr (GPtrArray) entries = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *exported = NULL;
  gint64 n;

  fixture_save (fixture, NULL, note);
  save_content (fixture, note->id, "Never mind this either.");
  entries = csl_replica_list_outbox (fixture->replica, &error);
  n = ((CslOutboxEntry *) g_ptr_array_index (entries, 1))->n;
  test_assert (csl_replica_withdraw (fixture->replica, n, &error), error);
  assert_content (fixture, note->id, "Never mind.");
  fixture_check (fixture);
  exported = fixture_dup_lines (fixture);
  g_assert_nonnull (strstr (exported, "Never mind this either."));
  test_assert (csl_replica_close (fixture->replica, n, &error), error);
  g_assert_cmpuint (fixture_count (fixture).withdrawn, ==, 0);
  test_assert (csl_replica_withdraw (fixture->replica, n - 1, &error), error);
  assert_content (fixture, note->id, NULL);
  fixture_check (fixture);
}

/* A refused operation is repaired by another one; what was held for it follows. */
static CslVerdict
decide_by_content (const CslOp *op, gpointer data)
{
  const CslField *field = csl_record_type_lookup_field (op->type, "content");
  const CslValue *set = csl_op_lookup_set (op, field->index);
  const char *text = set != NULL ? csl_value_get_text (set) : "";

  if (strstr (text, "wrong") != NULL)
    return CSL_VERDICT_REJECTED;
  return strstr (text, "held") != NULL && *(bool *) data ? CSL_VERDICT_HELD
                                                         : CSL_VERDICT_OK;
}

static void
test_fixes (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CslRecord) wrong = fixture_note (fixture, "wrong");
  g_autoptr (CslRecord) held = fixture_note (fixture, "held");
  g_autoptr (CslRecord) fixed = csl_record_copy (wrong);
  g_autoptr (GPtrArray) entries = NULL;
  g_autoptr (GError) error = NULL;
  CslReplicaChange change = { NULL, fixed };
  CslReplicaAct act = { 0 };
  bool hold = true;

  model_grant (fixture->model, TEST_NOTES);
  fixture->model->decide = decide_by_content;
  fixture->model->data = &hold;
  fixture_save (fixture, NULL, wrong);
  fixture_save (fixture, NULL, held);
  fixture_push (fixture);
  g_assert_cmpuint (fixture_count (fixture).rejected, ==, 1);
  g_assert_cmpuint (fixture_count (fixture).held, ==, 1);
  entries = csl_replica_list_outbox (fixture->replica, &error);
  g_assert_cmpint (((CslOutboxEntry *) entries->pdata[1])->held_by, ==,
                   ((CslOutboxEntry *) entries->pdata[0])->n);
  csl_record_set_text (fixed, "content", "right");
  act.fixes = ((CslOutboxEntry *) entries->pdata[0])->op;
  test_assert (csl_replica_commit (fixture->replica, &change, 1, &act, &error), error);
  hold = false;
  g_assert_cmpuint (fixture_push (fixture), ==, 2);
  g_assert_cmpuint (fixture_count (fixture).acked, ==, 2);
  g_assert_cmpuint (fixture_count (fixture).withdrawn, ==, 1);
  fixture_pull (fixture);
  assert_content (fixture, wrong->id, "right");
  assert_content (fixture, held->id, "held");
  fixture_check (fixture);
}

/* Changing a record whose change was refused corrects that change; what waited for it goes too. */
static void
test_corrects (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CslRecord) wrong = fixture_note (fixture, "wrong");
  g_autoptr (CslRecord) held = fixture_note (fixture, "held");
  bool hold = true;

  model_grant (fixture->model, TEST_NOTES);
  fixture->model->decide = decide_by_content;
  fixture->model->data = &hold;
  fixture_save (fixture, NULL, wrong);
  fixture_save (fixture, NULL, held);
  fixture_push (fixture);
  g_assert_cmpuint (fixture_count (fixture).rejected, ==, 1);
  g_assert_cmpuint (fixture_count (fixture).held, ==, 1);
  save_content (fixture, wrong->id, "right");
  assert_content (fixture, wrong->id, "right");
  g_assert_cmpuint (fixture_count (fixture).rejected, ==, 0);
  hold = false;
  g_assert_cmpuint (fixture_push (fixture), ==, 2);
  g_assert_cmpuint (fixture_count (fixture).acked, ==, 2);
  fixture_pull (fixture);
  assert_content (fixture, wrong->id, "right");
  assert_content (fixture, held->id, "held");
  fixture_check (fixture);
}

static CslVerdict
decide_by_act (const CslOp *op, gpointer data)
{
  if (!*(bool *) data)
    return CSL_VERDICT_OK;
  return op->act == CSL_ACT_CREATE ? CSL_VERDICT_REJECTED : CSL_VERDICT_HELD;
}

/* I10: what is written last is seen, and is what the server keeps, also when a field is written again that a change
 * behind the refused one has written. */
static void
test_corrects_behind (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CslRecord) note = fixture_note (fixture, "First.");
  g_autoptr (CslRecord) before = NULL;
  g_autoptr (CslRecord) after = NULL;
  bool wrong = true;

  model_grant (fixture->model, TEST_NOTES);
  fixture->model->decide = decide_by_act;
  fixture->model->data = &wrong;
  fixture_save (fixture, NULL, note);
  save_content (fixture, note->id, "Second.");
  fixture_push (fixture);
  g_assert_cmpuint (fixture_count (fixture).rejected, ==, 1);
  g_assert_cmpuint (fixture_count (fixture).held, ==, 1);
  before = fixture_get (fixture, fixture->note, note->id);
  after = csl_record_copy (before);
  csl_record_set_text (after, "content", "Third.");
  csl_record_set_text (after, "title", "Corrected");
  fixture_save (fixture, before, after);
  assert_content (fixture, note->id, "Third.");
  g_assert_cmpuint (fixture_count (fixture).rejected, ==, 0);
  g_assert_cmpuint (fixture_count (fixture).queued, ==, 3);
  wrong = false;
  g_assert_cmpuint (fixture_push (fixture), ==, 3);
  g_assert_cmpuint (fixture_count (fixture).acked, ==, 3);
  assert_content (fixture, note->id, "Third.");
  fixture_pull (fixture);
  assert_content (fixture, note->id, "Third.");
  fixture_check (fixture);
}

static void
test_conflict_and_escrow (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CslRecord) note = fixture_note (fixture, "Theirs.");
  g_autoptr (GPtrArray) entries = NULL;
  g_autoptr (GError) error = NULL;

  model_grant (fixture->model, TEST_NOTES);
  model_put (fixture->model, note, TEST_NOTES);
  fixture_pull (fixture);
  save_content (fixture, note->id, "Mine.");
  assert_content (fixture, note->id, "Mine.");
  set_verdict (fixture, CSL_VERDICT_CONFLICT);
  fixture_push (fixture);
  /* The server's value is shown, mine is in the list. */
  assert_content (fixture, note->id, "Theirs.");
  entries = csl_replica_list_outbox (fixture->replica, &error);
  g_assert_cmpstr (((CslOutboxEntry *) entries->pdata[0])->conflict, !=, "");
  fixture_check (fixture);
  save_content (fixture, note->id, "Mine, after all.");
  set_verdict (fixture, CSL_VERDICT_ESCROW);
  fixture_push (fixture);
  g_assert_cmpuint (fixture_count (fixture).escrow, ==, 1);
  assert_content (fixture, note->id, "Theirs.");
  fixture_check (fixture);
}

/* I10: a conflict about one field leaves the other one as its author saw it, until the record comes. */
static void
test_conflict_in_part (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CslRecord) note = fixture_note (fixture, "Old.");
  g_autoptr (CslRecord) shown = NULL;
  g_autoptr (CslRecord) after = NULL;
  g_autoptr (CslRecord) merged = NULL;
  g_autoptr (GString) batch = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (CslAnswer) answer = { .verdict = CSL_VERDICT_CONFLICT, .n = 1 };
  g_autofree char *op = NULL;
  guint n = 0;

  model_grant (fixture->model, TEST_NOTES);
  model_put (fixture->model, note, TEST_NOTES);
  fixture_pull (fixture);
  shown = fixture_get (fixture, fixture->note, note->id);
  after = csl_record_copy (shown);
  csl_record_set_text (after, "content", "Mine.");
  csl_record_set_text (after, "title", "My title");
  fixture_save (fixture, shown, after);
  batch = csl_replica_take_batch (fixture->replica, 500, 1 << 20, &n, &error);
  g_assert_cmpuint (n, ==, 1);
  op = g_strndup (strstr (batch->str, "{\"op\":\"") + 7, 36);
  merged = csl_record_copy (note);
  csl_record_set_text (merged, "content", "Theirs.");
  model_put (fixture->model, merged, TEST_NOTES);
  csl_record_set_text (merged, "title", "My title");
  model_put (fixture->model, merged, TEST_NOTES);
  g_strlcpy (answer.op, op, sizeof answer.op);
  g_strlcpy (answer.conflict, "01976b1e-cccc-7abc-8def-000000000001",
             sizeof answer.conflict);
  answer.seq = answer.rev = fixture->model->head;
  answer.d = g_strdup ("{\"content\":\"Theirs.\"}");
  test_assert (csl_replica_apply_answers (fixture->replica, &answer, 1, NULL, &error),
               error);
  g_assert_cmpuint (fixture_count (fixture).conflict, ==, 1);
  assert_content (fixture, note->id, "Theirs.");
  g_clear_pointer (&shown, csl_record_free);
  shown = fixture_get (fixture, fixture->note, note->id);
  g_assert_cmpstr (csl_record_get_text (shown, "title"), ==, "My title");
  fixture_check (fixture);
  fixture_pull (fixture);
  g_clear_pointer (&shown, csl_record_free);
  shown = fixture_get (fixture, fixture->note, note->id);
  g_assert_cmpstr (csl_record_get_text (shown, "title"), ==, "My title");
  assert_content (fixture, note->id, "Theirs.");
  g_assert_cmpint (
    fixture_query_int (fixture, "SELECT count (*) FROM \"_outbox\" WHERE \"laid\" = 1"),
    ==, 0);
  fixture_check (fixture);
}

/* Of a refused group one line was closed: the other one can still be delivered. */
static void
test_retry_of_a_part (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CslRecord) one = fixture_note (fixture, "One.");
  g_autoptr (CslRecord) two = fixture_note (fixture, "Two.");
  g_autoptr (GPtrArray) entries = NULL;
  g_autoptr (GString) batch = NULL;
  g_autoptr (GError) error = NULL;
  const CslReplicaChange changes[] = { { NULL, one }, { NULL, two } };
  guint n = 0;

  model_grant (fixture->model, TEST_NOTES);
  test_assert (csl_replica_commit (fixture->replica, changes, 2, NULL, &error), error);
  set_verdict (fixture, CSL_VERDICT_REJECTED);
  fixture_push (fixture);
  entries = csl_replica_list_outbox (fixture->replica, &error);
  g_assert_cmpuint (entries->len, ==, 2);
  test_assert (csl_replica_close (fixture->replica,
                                  ((CslOutboxEntry *) entries->pdata[0])->n, &error),
               error);
  test_assert (csl_replica_retry (fixture->replica,
                                  ((CslOutboxEntry *) entries->pdata[1])->n, &error),
               error);
  batch = csl_replica_take_batch (fixture->replica, 500, 1 << 20, &n, &error);
  g_assert_cmpuint (n, ==, 1);
  g_assert_nonnull (strstr (batch->str, "\"gn\":[1,1]"));
}

/* I6: what no server would read is not taken in, and nothing of the act is. */
static void
test_too_large (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = g_strnfill (1100000, 'x');
  g_autofree char *half = g_strnfill (600000, 'y');
  g_autoptr (CslRecord) small = fixture_note (fixture, "Small.");
  g_autoptr (CslRecord) large = fixture_note (fixture, text);
  g_autoptr (CslRecord) twice = fixture_note (fixture, half);
  g_autoptr (CslRecord) after = csl_record_copy (twice);
  const CslReplicaChange changes[] = { { NULL, small }, { NULL, large } };
  const CslReplicaAct act = { .squash = true };
  CslReplicaChange change = { NULL, twice };
  g_autoptr (GError) error = NULL;

  model_grant (fixture->model, TEST_NOTES);
  g_assert_false (csl_replica_commit (fixture->replica, changes, 2, NULL, &error));
  g_assert_error (error, CSL_STORE_ERROR, CSL_STORE_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_cmpuint (fixture_count (fixture).queued, ==, 0);
  assert_content (fixture, small->id, NULL);
  fixture_check (fixture);
  /* Two operations that are too large together stay two. */
  test_assert (csl_replica_commit (fixture->replica, &change, 1, &act, &error), error);
  csl_record_set_text (after, "title", half);
  change = (CslReplicaChange){ twice, after };
  test_assert (csl_replica_commit (fixture->replica, &change, 1, &act, &error), error);
  g_assert_cmpuint (fixture_count (fixture).queued, ==, 2);
  g_assert_cmpuint (fixture_push (fixture), ==, 2);
  fixture_check (fixture);
}

/* A deletion that is taken back is a restore: an id is created only once. What was refused of it is not forgotten. */
static void
test_undelete (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CslRecord) known = fixture_note (fixture, "Known to the server.");
  g_autoptr (CslRecord) local = fixture_note (fixture, "Only here.");
  g_autoptr (CslRecord) shown = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *exported = NULL;

  model_grant (fixture->model, TEST_NOTES);
  model_put (fixture->model, known, TEST_NOTES);
  fixture_pull (fixture);
  shown = fixture_get (fixture, fixture->note, known->id);
  fixture_save (fixture, shown, NULL);
  fixture_save (fixture, NULL, shown);
  fixture_save (fixture, NULL, local);
  fixture_save (fixture, local, NULL);
  fixture_save (fixture, NULL, local);
  assert_content (fixture, known->id, "Known to the server.");
  assert_content (fixture, local->id, "Only here.");
  exported = fixture_dup_lines (fixture);
  g_assert_nonnull (strstr (exported, "\"act\":\"restore\""));
  fixture_check (fixture);
  set_verdict (fixture, CSL_VERDICT_REJECTED);
  fixture_push (fixture);
  g_assert_cmpuint (fixture_count (fixture).rejected, ==, 5);
  fixture_check (fixture);
}

/* I10: mine is commit 2; the pull that follows does not have my record yet, because it was changed again later. */
static void
test_no_flicker (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CslRecord) note = fixture_note (fixture, "Old.");
  g_autoptr (CslRecord) later = NULL;
  g_autoptr (GString) page = g_string_new (NULL);
  g_auto (CslPageResult) result = { 0 };
  g_autoptr (GError) error = NULL;
  gint64 mine;

  model_grant (fixture->model, TEST_NOTES);
  model_put (fixture->model, note, TEST_NOTES);
  fixture_pull (fixture);
  save_content (fixture, note->id, "Mine.");
  fixture_push (fixture);
  mine = fixture->model->head;
  later = csl_record_copy (model_lookup (fixture->model, note->id)->record);
  csl_record_set_text (later, "title", "Somebody's title");
  model_put (fixture->model, later, TEST_NOTES);
  /* A page up to my commit only: the row is further on in the feed. */
  csl_pull_write_head (page, fixture->model->epoch, mine - 1, mine, 1, 0,
                       "2026-11-21T00:00:00.000Z");
  csl_pull_write_done (page, mine);
  test_assert (csl_replica_apply_page (fixture->replica, page->str, page->len, &result,
                                       &error),
               error);
  assert_content (fixture, note->id, "Mine.");
  fixture_check (fixture);
  fixture_pull (fixture);
  assert_content (fixture, note->id, "Mine.");
  fixture_check (fixture);
}

/* Made and deleted by others between two pulls: the acknowledged create must not bring it back. */
static void
test_deleted_after_ack (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CslRecord) note = fixture_note (fixture, "Short life.");

  model_grant (fixture->model, TEST_NOTES);
  fixture_pull (fixture);
  fixture_save (fixture, NULL, note);
  fixture_push (fixture);
  model_delete (fixture->model, note->id);
  fixture_pull (fixture);
  assert_content (fixture, note->id, NULL);
  fixture_check (fixture);
}

/* Made here, deleted by others, and all that before the bucket came: the answer that was lost says only afterwards that
 * the create had been applied. */
static void
test_deleted_before_answer (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CslRecord) note = fixture_note (fixture, "Short life.");
  g_autoptr (GString) batch = NULL;
  g_autoptr (GArray) lost = NULL;
  g_autoptr (GError) error = NULL;
  guint n = 0;

  fixture_save (fixture, NULL, note);
  batch = csl_replica_take_batch (fixture->replica, 500, 1 << 20, &n, &error);
  lost = model_push (fixture->model, batch->str);
  g_assert_cmpuint (lost->len, ==, 1);
  test_assert (csl_replica_unsend (fixture->replica, &error), error);
  model_delete (fixture->model, note->id);
  model_grant (fixture->model, TEST_NOTES);
  fixture_pull (fixture);
  fixture_push (fixture);
  fixture_pull (fixture);
  fixture_pull (fixture);
  assert_content (fixture, note->id, NULL);
  fixture_check (fixture);
}

static void
test_own_delete (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CslRecord) note = fixture_note (fixture, "To be deleted.");
  g_autoptr (CslRecord) shown = NULL;

  model_grant (fixture->model, TEST_NOTES);
  model_put (fixture->model, note, TEST_NOTES);
  fixture_pull (fixture);
  shown = fixture_get (fixture, fixture->note, note->id);
  fixture_save (fixture, shown, NULL);
  assert_content (fixture, note->id, NULL);
  fixture_check (fixture);
  fixture_push (fixture);
  fixture_pull (fixture);
  fixture->model->safe_seq = fixture->model->head;
  fixture_pull (fixture);
  assert_content (fixture, note->id, NULL);
  g_assert_cmpuint (fixture_count (fixture).acked, ==, 0);
  fixture_check (fixture);
}

static void
test_squash (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CslRecord) client = fixture_client (fixture, "Amina", "Rahman");
  g_autoptr (CslRecord) shown = NULL;
  g_autoptr (CslRecord) after = NULL;
  CslReplicaAct act = { .squash = true };
  CslReplicaChange change;
  g_autoptr (GError) error = NULL;

  fixture_save (fixture, NULL, client);
  shown = fixture_get (fixture, fixture->client, client->id);
  after = csl_record_copy (shown);
  csl_record_set_text (after, "gender", "woman");
  change = (CslReplicaChange){ shown, after };
  test_assert (csl_replica_commit (fixture->replica, &change, 1, &act, &error), error);
  g_assert_cmpuint (fixture_count (fixture).queued, ==, 1);
  g_clear_pointer (&shown, csl_record_free);
  shown = fixture_get (fixture, fixture->client, client->id);
  g_assert_cmpstr (csl_record_get_text (shown, "gender"), ==, "woman");
  fixture_check (fixture);
}

/* No room on the disk: the act is refused as a whole, what was there is still there, and with room again work goes on. */
static void
test_full (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GString) long_text = g_string_new (NULL);
  g_autoptr (CslRecord) small = fixture_note (fixture, "Fits.");
  g_autoptr (CslRecord) large = NULL;
  g_autoptr (GError) error = NULL;
  CslReplicaChange change;
  gint64 pages;

  for (guint i = 0; i < 20000; i++)
    g_string_append (long_text, "words ");
  fixture_save (fixture, NULL, small);
  pages = csl_db_query_int (fixture->replica->db, "PRAGMA page_count", -1);
  limit_pages (fixture, pages + 4);
  large = fixture_note (fixture, long_text->str);
  change = (CslReplicaChange){ NULL, large };
  g_assert_false (csl_replica_commit (fixture->replica, &change, 1, NULL, &error));
  g_assert_error (error, CSL_STORE_ERROR, CSL_STORE_ERROR_FULL);
  g_clear_error (&error);
  g_assert_cmpuint (fixture_count (fixture).queued, ==, 1);
  assert_content (fixture, small->id, "Fits.");
  assert_content (fixture, large->id, NULL);
  limit_pages (fixture, 1000000);
  fixture_save (fixture, NULL, large);
  g_assert_cmpuint (fixture_count (fixture).queued, ==, 2);
  fixture_check (fixture);
}

static void
test_full_pull (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GString) page = NULL;
  g_auto (CslPageResult) result = { 0 };
  g_autoptr (GError) error = NULL;

  model_grant (fixture->model, TEST_NOTES);
  for (guint i = 0; i < 400; i++) {
    g_autoptr (CslRecord) note =
      fixture_note (fixture, "One of very many notes that do not fit.");

    model_put (fixture->model, note, TEST_NOTES);
  }
  limit_pages (fixture,
               csl_db_query_int (fixture->replica->db, "PRAGMA page_count", -1) + 10);
  page = model_pull (fixture->model, fixture->replica);
  g_assert_false (
    csl_replica_apply_page (fixture->replica, page->str, page->len, &result, &error));
  g_assert_error (error, CSL_STORE_ERROR, CSL_STORE_ERROR_FULL);
  g_assert_cmpint (csl_replica_get_identity (fixture->replica)->since, ==, 0);
  g_assert_cmpint (fixture_query_int (fixture, "SELECT count (*) FROM \"note\""), ==, 0);
  limit_pages (fixture, 1000000);
  fixture_pull (fixture);
  fixture_check (fixture);
}

/* An old copy of the file is put back: the numbers start again, no operation is lost or applied twice. */
static void
test_rewound (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CslRecord) first = fixture_note (fixture, "Before the copy.");
  g_autoptr (CslRecord) second = fixture_note (fixture, "After the copy.");
  g_autoptr (CslRecord) third = fixture_note (fixture, "On the copy.");
  g_autofree char *copy = NULL;
  gsize length;

  model_grant (fixture->model, TEST_NOTES);
  fixture_save (fixture, NULL, first);
  g_clear_pointer (&fixture->replica, csl_replica_free);
  g_assert_true (g_file_get_contents (fixture->path, &copy, &length, NULL));
  fixture->replica =
    csl_replica_open (fixture->path, test_key, fixture->schema, &fixture->env.env, NULL);
  fixture_save (fixture, NULL, second);
  fixture_push (fixture);
  g_clear_pointer (&fixture->replica, csl_replica_free);
  g_assert_true (g_file_set_contents (fixture->path, copy, (gssize) length, NULL));
  fixture->replica =
    csl_replica_open (fixture->path, test_key, fixture->schema, &fixture->env.env, NULL);
  fixture_save (fixture, NULL, third);
  fixture_push (fixture);
  fixture_pull (fixture);
  assert_content (fixture, first->id, "Before the copy.");
  assert_content (fixture, second->id, "After the copy.");
  assert_content (fixture, third->id, "On the copy.");
  g_assert_cmpint (fixture->model->head, ==, 4);
  fixture_check (fixture);
}

#define ADD(name, function)                                                              \
  g_test_add ("/store/replica/" name, Fixture, NULL, fixture_set_up, function,           \
              fixture_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("open-errors", test_open_errors);
  ADD ("newer", test_newer);
  ADD ("reopen", test_reopen);
  ADD ("round", test_round);
  ADD ("group", test_group);
  ADD ("batches", test_batches);
  ADD ("lost-answers", test_lost_answers);
  ADD ("rejected", test_rejected);
  ADD ("withdraw", test_withdraw);
  ADD ("fixes", test_fixes);
  ADD ("corrects", test_corrects);
  ADD ("I10-corrects-behind", test_corrects_behind);
  ADD ("conflict-and-escrow", test_conflict_and_escrow);
  ADD ("conflict-in-part", test_conflict_in_part);
  ADD ("undelete", test_undelete);
  ADD ("deleted-before-answer", test_deleted_before_answer);
  ADD ("too-large", test_too_large);
  ADD ("retry-of-a-part", test_retry_of_a_part);
  ADD ("no-flicker", test_no_flicker);
  ADD ("deleted-after-ack", test_deleted_after_ack);
  ADD ("own-delete", test_own_delete);
  ADD ("squash", test_squash);
  ADD ("rewound", test_rewound);
  ADD ("full", test_full);
  ADD ("full-pull", test_full_pull);
  return g_test_run ();
}
