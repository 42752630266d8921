/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Records that were erased by law leave a replica with everything that was written about them (I15). */
#include "core/wire/csl-pull-line.h"
#include "core/wire/csl-wire-record.h"
#include "store-fixture.h"
#include "store/csl-replica-drop.h"
#include "store/csl-replica-repair.h"

#include <string.h>

#define CANARY "canarybirdxyzzy"

static CslVerdict
decide_rejected (const CslOp *op, gpointer data)
{
  return CSL_VERDICT_REJECTED;
}

static void
edit (Fixture *fixture, const char *id, const char *content)
{
  g_autoptr (CslRecord) before = fixture_get (fixture, fixture->note, id);
  g_autoptr (CslRecord) after = csl_record_copy (before);

  csl_record_set_text (after, "content", content);
  fixture_save (fixture, before, after);
}

static void
put_draft (Fixture *fixture, const char *id, const char *entity, const char *data)
{
  g_autoptr (CslRecord) draft =
    csl_record_new (csl_schema_lookup_type (fixture->schema, "form_draft"), id);
  g_autoptr (GError) error = NULL;

  csl_record_set_text (draft, "form_type", "note");
  csl_record_set_text (draft, "entity_type", "note");
  csl_record_set_text (draft, "entity_id", entity);
  csl_record_set_text (draft, "user", TEST_USER);
  csl_record_set_text (draft, "form_data", data);
  test_assert (csl_replica_put_local (fixture->replica, draft, &error), error);
}

/* The next page, in which what was deleted is erased. */
static void
pull_erased (Fixture *fixture)
{
  g_autoptr (GString) page = model_pull (fixture->model, fixture->replica);
  g_auto (CslPageResult) result = { 0 };
  g_autoptr (GError) error = NULL;

  g_string_replace (page, "\"why\":\"del\"", "\"why\":\"erase\"", 0);
  g_assert_nonnull (strstr (page->str, "\"why\":\"erase\""));
  test_assert (csl_replica_apply_page (fixture->replica, page->str, page->len, &result,
                                       &error),
               error);
}

static void
answer (Fixture *fixture, const char *op, CslVerdict verdict, const char *code)
{
  g_auto (CslAnswer) answer = { .verdict = verdict };
  g_autoptr (GError) error = NULL;

  g_strlcpy (answer.op, op, sizeof answer.op);
  answer.n = answer.held_by = 1;
  answer.code = g_strdup (code);
  answer.message = g_strdup ("Not taken.");
  test_assert (csl_replica_apply_answers (fixture->replica, &answer, 1, NULL, &error),
               error);
}

/* Sends the one operation that waits. Returns its id, which the caller frees. */
static char *
send_one (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) batch = NULL;
  const char *at = NULL;
  guint n = 0;

  batch = csl_replica_take_batch (fixture->replica, 500, 1 << 20, &n, &error);
  test_assert (batch != NULL && n == 1, error);
  at = strstr (batch->str, "\"op\":\"");
  g_assert_nonnull (at);
  return g_strndup (at + 6, 36);
}

static bool
is_on_disk (Fixture *fixture)
{
  csl_replica_purge_wal (fixture->replica);
  return test_pages_contain (fixture->path, CANARY) ||
         test_pages_contain (fixture->path, "anarybird");
}

/* The row, its words in the index, its history, its draft, a draft that names it, what was acknowledged and not yet in a
 * backup, and what was refused. */
static void
test_all (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CslRecord) theirs = fixture_note (fixture, CANARY " visited");
  g_autoptr (CslRecord) mine = fixture_note (fixture, CANARY " of mine");
  g_autoptr (CslRecord) other = fixture_note (fixture, "Somebody else.");
  g_autoptr (GError) error = NULL;
  g_autofree char *names =
    g_strdup_printf ("{\"about\":\"%s\",\"content\":\"" CANARY "\"}", theirs->id);

  model_grant (fixture->model, TEST_NOTES);
  model_put (fixture->model, theirs, TEST_NOTES);
  model_put (fixture->model, other, TEST_NOTES);
  fixture_pull (fixture);
  fixture_index (fixture);
  fixture_save (fixture, NULL, mine);
  fixture_push (fixture);
  fixture_pull (fixture);
  g_assert_cmpuint (fixture_count (fixture).acked, ==, 1);
  fixture->model->decide = decide_rejected;
  edit (fixture, theirs->id, CANARY " refused");
  fixture_push (fixture);
  test_assert (csl_replica_put_history (fixture->replica, "note", theirs->id, CANARY,
                                        &error),
               error);
  put_draft (fixture, "01976b1e-0000-7abc-8def-0000000000d1", theirs->id, CANARY);
  put_draft (fixture, "01976b1e-0000-7abc-8def-0000000000d2",
             "01976b1e-0000-7abc-8def-0000000000ff", names);
  put_draft (fixture, "01976b1e-0000-7abc-8def-0000000000d3", other->id, "A draft.");
  g_assert_true (is_on_disk (fixture));
  model_delete (fixture->model, theirs->id);
  model_delete (fixture->model, mine->id);
  pull_erased (fixture);
  g_assert_null (fixture_get (fixture, fixture->note, theirs->id));
  g_assert_null (fixture_get (fixture, fixture->note, mine->id));
  g_assert_cmpint (fixture_query_int (fixture, "SELECT count (*) FROM \"form_draft\""),
                   ==, 1);
  g_assert_cmpint (fixture_query_int (fixture, "SELECT count (*) FROM \"_shadow\""), ==,
                   0);
  g_assert_cmpuint (fixture_count (fixture).acked, ==, 0);
  /* Its author still reads that something of theirs was not taken. */
  g_assert_cmpuint (fixture_count (fixture).rejected, ==, 1);
  g_assert_false (is_on_disk (fixture));
  fixture_check (fixture);
}

/* What waits is sent, and the refusal takes its words; the person sees that there was something. */
static void
test_waiting (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CslRecord) theirs = fixture_note (fixture, "Visited.");
  g_autofree char *op = NULL;

  model_grant (fixture->model, TEST_NOTES);
  model_put (fixture->model, theirs, TEST_NOTES);
  fixture_pull (fixture);
  edit (fixture, theirs->id, CANARY " waits");
  model_delete (fixture->model, theirs->id);
  pull_erased (fixture);
  g_assert_null (fixture_get (fixture, fixture->note, theirs->id));
  g_assert_cmpuint (fixture_count (fixture).queued, ==, 1);
  op = send_one (fixture);
  answer (fixture, op, CSL_VERDICT_REJECTED, "erased");
  g_assert_cmpuint (fixture_count (fixture).queued, ==, 0);
  g_assert_cmpuint (fixture_count (fixture).rejected, ==, 1);
  g_assert_false (is_on_disk (fixture));
  fixture_check (fixture);
}

/* The answer to what was asked about @id. */
static void
tell_erased (Fixture *fixture, const char *type, const char *id)
{
  g_autofree char *text = g_strdup_printf (
    "{\"t\":\"head\",\"epoch\":\"%s\",\"since\":0,\"until\":9,\"schema\":1,\"safe_seq\":"
    "0}\n"
    "{\"t\":\"miss\",\"k\":\"%s\",\"id\":\"%s\",\"why\":\"erase\"}\n"
    "{\"t\":\"miss\",\"k\":\"note\",\"id\":\"01976b1e-0000-7abc-8def-0000000000ee\"}\n"
    "{\"t\":\"done\",\"seq\":9}\n",
    csl_replica_get_identity (fixture->replica)->epoch, type, id);
  g_autoptr (GError) error = NULL;

  test_assert (csl_replica_apply_erased (fixture->replica, text, strlen (text), &error),
               error);
}

/* A record was refused, and its removal on its way, when its author heard that it is about somebody erased. */
static void
test_held (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CslRecord) mine = fixture_note (fixture, "Visited.");
  g_autoptr (CslRecord) shown = NULL;
  g_autofree char *made = NULL;
  g_autofree char *changed = NULL;

  csl_record_set_text (mine, "title", CANARY);
  model_grant (fixture->model, TEST_NOTES);
  fixture_pull (fixture);
  fixture_save (fixture, NULL, mine);
  made = send_one (fixture);
  answer (fixture, made, CSL_VERDICT_REJECTED, "forbidden");
  shown = fixture_get (fixture, fixture->note, mine->id);
  fixture_save (fixture, shown, NULL);
  changed = send_one (fixture);
  tell_erased (fixture, "case", TEST_CASE);
  g_assert_true (is_on_disk (fixture));
  answer (fixture, changed, CSL_VERDICT_HELD, NULL);
  g_assert_cmpuint (fixture_count (fixture).rejected, ==, 1);
  g_assert_cmpuint (fixture_count (fixture).held, ==, 1);
  g_assert_false (is_on_disk (fixture));
  fixture_check (fixture);
}

/* The server refused to make a record, was put back, and is asked to change it. */
static void
test_forgotten (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CslRecord) mine = fixture_note (fixture, CANARY " of mine");
  g_autofree char *made = NULL;
  g_autofree char *changed = NULL;

  model_grant (fixture->model, TEST_NOTES);
  fixture_pull (fixture);
  fixture_save (fixture, NULL, mine);
  made = send_one (fixture);
  edit (fixture, mine->id, CANARY " changed");
  answer (fixture, made, CSL_VERDICT_REJECTED, "erased");
  changed = send_one (fixture);
  g_assert_true (is_on_disk (fixture));
  answer (fixture, changed, CSL_VERDICT_REJECTED, "missing");
  g_assert_cmpuint (fixture_count (fixture).rejected, ==, 2);
  g_assert_cmpint (fixture_query_int (fixture, "SELECT count (*) FROM \"_outbox\" WHERE"
                                               " \"answer\" ->> '$.code' = 'erased'"),
                   ==, 2);
  g_assert_false (is_on_disk (fixture));
  fixture_check (fixture);
}

static bool
is_asked_about (Fixture *fixture, const char *type, const char *id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) keys = csl_replica_list_written_about (fixture->replica, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < keys->len; i++) {
    const CslRecordKey *key = keys->pdata[i];

    if (strcmp (key->id, id) == 0 && strcmp (key->type, type) == 0)
      return true;
  }
  return false;
}

/* A restored server does not know a note of the erased file. Whether its "missing" comes first, or the word that the file was
 * erased: what was written into the note goes. What the server refuses in another file stays. */
static void
test_file (Fixture *fixture, gconstpointer data)
{
  const bool told_first = GPOINTER_TO_INT (data);
  g_autoptr (CslRecord) theirs = fixture_note (fixture, "Visited.");
  g_autofree char *op = NULL;

  model_grant (fixture->model, TEST_NOTES);
  model_put (fixture->model, theirs, TEST_NOTES);
  fixture_pull (fixture);
  edit (fixture, theirs->id, CANARY);
  g_assert_true (is_asked_about (fixture, "case", TEST_CASE));
  op = send_one (fixture);
  if (told_first)
    tell_erased (fixture, "case", TEST_CASE);
  else
    tell_erased (fixture, "case", "01976b1e-0000-7abc-8def-0000000000ce");
  answer (fixture, op, CSL_VERDICT_REJECTED, "missing");
  g_assert_true (is_on_disk (fixture) != told_first);
  tell_erased (fixture, "case", TEST_CASE);
  g_assert_cmpuint (fixture_count (fixture).rejected, ==, 1);
  g_assert_false (is_on_disk (fixture));
  fixture_check (fixture);
}

static void
change_epoch (Fixture *fixture, gint64 head)
{
  g_autoptr (GError) error = NULL;

  test_assert (csl_replica_change_epoch (fixture->replica, "another-history", head,
                                         &error),
               error);
}

/* A note of others that a restored server has lost is offered, shown meanwhile, and changed. The server takes the offer for
 * what it is about, somebody erased, and does not know what is to be changed. Either may be answered first. */
static void
test_offered (Fixture *fixture, gconstpointer data)
{
  const bool offered_first = GPOINTER_TO_INT (data);
  g_autoptr (CslRecord) theirs = fixture_note (fixture, CANARY " visited");
  g_autofree char *changed = NULL;
  g_autofree char *offered = NULL;

  model_grant (fixture->model, TEST_NOTES);
  model_put (fixture->model, theirs, TEST_NOTES);
  fixture_pull (fixture);
  if (!offered_first) {
    edit (fixture, theirs->id, CANARY " before");
    changed = send_one (fixture);
    answer (fixture, changed, CSL_VERDICT_REJECTED, "missing");
  }
  change_epoch (fixture, 0);
  offered = send_one (fixture);
  if (offered_first)
    edit (fixture, theirs->id, CANARY " after");
  answer (fixture, offered, CSL_VERDICT_REJECTED, "erased");
  if (offered_first) {
    changed = send_one (fixture);
    answer (fixture, changed, CSL_VERDICT_REJECTED, "missing");
  }
  g_assert_cmpuint (fixture_count (fixture).rejected, ==, 1);
  g_assert_false (is_on_disk (fixture));
  fixture_check (fixture);
}

static CslVerdict
decide_kept (const CslOp *op, gpointer data)
{
  return CSL_VERDICT_ESCROW;
}

/* Somebody who has the file no more hears of it in a bucket of their own, of which there is no row here. */
static void
pull_told (Fixture *fixture, const char *const *ids)
{
  static const char before[] = "{\"t\":\"commit\"";
  g_autoptr (GString) page = model_pull (fixture->model, fixture->replica);
  g_autoptr (GString) told = g_string_new (NULL);
  g_auto (CslPageResult) result = { 0 };
  g_autoptr (GError) error = NULL;

  for (; *ids != NULL; ids++)
    csl_pull_write_gone (told, "u:" TEST_USER, "note", *ids, fixture->model->head,
                         "erase");
  g_string_append (told, before);
  g_assert_cmpuint (g_string_replace (page, before, told->str, 1), ==, 1);
  test_assert (csl_replica_apply_page (fixture->replica, page->str, page->len, &result,
                                       &error),
               error);
}

/* What was kept for a decision, and what was refused and only names the file: both lose their words, and nobody is said to
 * decide about either. What names another file stays as it is. */
static void
test_told (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CslRecord) theirs = fixture_note (fixture, "Visited.");
  g_autoptr (CslRecord) kept = fixture_note (fixture, CANARY " kept");
  g_autoptr (CslRecord) refused = fixture_note (fixture, CANARY " refused");
  g_autoptr (CslRecord) other = fixture_note (fixture, "Of another file.");
  const char *const ids[] = { kept->id, TEST_CASE, NULL };
  g_autofree char *lines = NULL;

  csl_record_set_text (other, "case", "01976b1e-0000-7abc-8def-0000000000ce");
  model_grant (fixture->model, TEST_NOTES);
  model_put (fixture->model, theirs, TEST_NOTES);
  fixture_pull (fixture);
  fixture->model->decide = decide_kept;
  fixture_save (fixture, NULL, kept);
  fixture_push (fixture);
  fixture->model->decide = decide_rejected;
  fixture_save (fixture, NULL, refused);
  fixture_save (fixture, NULL, other);
  fixture_push (fixture);
  g_assert_cmpuint (fixture_count (fixture).escrow, ==, 1);
  g_assert_true (is_on_disk (fixture));
  model_delete (fixture->model, theirs->id);
  pull_told (fixture, ids);
  g_assert_cmpuint (fixture_count (fixture).escrow, ==, 0);
  g_assert_cmpuint (fixture_count (fixture).rejected, ==, 3);
  g_assert_cmpint (fixture_query_int (fixture, "SELECT count (*) FROM \"_outbox\" WHERE"
                                               " \"answer\" ->> '$.code' = 'erased'"),
                   ==, 2);
  g_assert_false (is_on_disk (fixture));
  lines = fixture_dup_lines (fixture);
  g_assert_nonnull (strstr (lines, "Of another file."));
  fixture_check (fixture);
}

/* A row that shows what waits goes too: also when that would have brought the record back. */
static void
test_restored (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CslRecord) theirs = fixture_note (fixture, CANARY " visited");
  g_autoptr (CslRecord) back = NULL;

  model_grant (fixture->model, TEST_NOTES);
  model_put (fixture->model, theirs, TEST_NOTES);
  fixture_pull (fixture);
  back = fixture_get (fixture, fixture->note, theirs->id);
  fixture_save (fixture, back, NULL);
  fixture_save (fixture, NULL, back);
  model_delete (fixture->model, theirs->id);
  pull_erased (fixture);
  g_assert_null (fixture_get (fixture, fixture->note, theirs->id));
  g_assert_cmpuint (fixture_count (fixture).queued, ==, 2);
  g_assert_cmpint (fixture_query_int (fixture, "SELECT count (*) FROM \"note\""), ==, 0);
  fixture_check (fixture);
}

/* A refused note is in no file of the server, and its person is erased: the note names them. What was written into it later
 * goes with it; a record of which nothing is left is not shown. */
static void
test_naming (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CslRecord) mine = fixture_note (fixture, CANARY " of mine");
  g_autoptr (CslRecord) theirs = fixture_note (fixture, "Visited.");

  model_grant (fixture->model, TEST_NOTES);
  model_put (fixture->model, theirs, TEST_NOTES);
  fixture_pull (fixture);
  fixture->model->decide = decide_rejected;
  fixture_save (fixture, NULL, mine);
  fixture_push (fixture);
  g_assert_cmpuint (fixture_count (fixture).rejected, ==, 1);
  edit (fixture, theirs->id, "Not taken.");
  fixture_push (fixture);
  put_draft (fixture, "01976b1e-0000-7abc-8def-0000000000d1",
             "01976b1e-0000-7abc-8def-0000000000ff",
             "{\"record\":{\"case\":\"" TEST_CASE "\",\"content\":\"" CANARY "\"}}");
  g_assert_true (is_asked_about (fixture, "client", TEST_CLIENT));
  g_assert_true (is_asked_about (fixture, "case", TEST_CASE));
  g_assert_true (is_asked_about (fixture, "note", mine->id));
  g_assert_false (is_asked_about (fixture, "note", theirs->id));
  tell_erased (fixture, "case", TEST_CASE);
  g_assert_false (is_on_disk (fixture));
  g_assert_null (fixture_get (fixture, fixture->note, mine->id));
  g_assert_nonnull (fixture_get (fixture, fixture->note, theirs->id));
  g_assert_cmpuint (fixture_count (fixture).rejected, ==, 2);
  g_assert_cmpint (fixture_query_int (fixture, "SELECT count (*) FROM \"form_draft\""),
                   ==, 0);
  fixture_check (fixture);
}

#define ADD_WITH(path, data, func)                                                       \
  g_test_add ("/store/replica/erase/" path, Fixture, data, fixture_set_up, func,         \
              fixture_tear_down)
#define ADD(path, func) ADD_WITH (path, NULL, func)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("I15-all", test_all);
  ADD ("I15-waiting", test_waiting);
  ADD ("I15-forgotten", test_forgotten);
  ADD ("I15-held", test_held);
  ADD ("I15-told", test_told);
  ADD ("I15-restored", test_restored);
  ADD ("I15-naming", test_naming);
  ADD_WITH ("I15-file", GINT_TO_POINTER (false), test_file);
  ADD_WITH ("I15-file-told", GINT_TO_POINTER (true), test_file);
  ADD_WITH ("I15-offered", GINT_TO_POINTER (true), test_offered);
  ADD_WITH ("I15-offered-late", GINT_TO_POINTER (false), test_offered);
  return g_test_run ();
}
