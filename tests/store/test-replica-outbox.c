/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a replica sends, and what it keeps of it: bases of lines that were written over others, offers, and what goes
 * with what its author gives up. */
#include "store-fixture.h"

#include <string.h>

/* Somebody else's note, which the server gives this person. */
static void
receive_note (Fixture *fixture, const CslRecord *note)
{
  model_grant (fixture->model, TEST_NOTES);
  model_put (fixture->model, note, TEST_NOTES);
  fixture_pull (fixture);
}

static void
save_text (Fixture *fixture, const char *id, const char *field, const char *text)
{
  g_autoptr (CslRecord) before = fixture_get (fixture, fixture->note, id);
  g_autoptr (CslRecord) after = csl_record_copy (before);

  csl_record_set_text (after, field, text);
  fixture_save (fixture, before, after);
}

static gint64
newest_base (Fixture *fixture)
{
  return fixture_query_int (fixture, "SELECT \"line\" ->> '$.base' FROM \"_outbox\" "
                                     "ORDER BY \"entry\" DESC LIMIT 1");
}

/* A note that a colleague has written, and a text of mine that waits over it. Returns the note (owned). */
static CslRecord *
write_over_note (Fixture *fixture)
{
  CslRecord *note = fixture_note (fixture, "Old.");

  receive_note (fixture, note);
  save_text (fixture, note->id, "content", "Mine.");
  return note;
}

static void
change_behind (Fixture *fixture, const char *id, const char *field, const char *text)
{
  g_autoptr (CslRecord) theirs =
    csl_record_copy (model_lookup (fixture->model, id)->record);

  csl_record_set_text (theirs, field, text);
  model_put (fixture->model, theirs, TEST_NOTES);
  fixture_pull (fixture);
}

/* What came under a waiting text was never seen: who goes on writing does not claim to know it. */
static void
test_i16_hidden_text (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CslRecord) note = write_over_note (fixture);
  g_autoptr (CslRecord) shown = NULL;
  gint64 seen = newest_base (fixture);

  change_behind (fixture, note->id, "content", "Theirs.");
  save_text (fixture, note->id, "content", "Mine again.");
  g_assert_cmpint (newest_base (fixture), ==, seen);
  shown = fixture_get (fixture, fixture->note, note->id);
  g_assert_cmpint (shown->rev, >, seen);
  fixture_save (fixture, shown, NULL);
  g_assert_cmpint (newest_base (fixture), ==, seen);
  fixture_check (fixture);
}

/* The form was opened over the waiting text, and saved after the server had refused to take it. */
static void
test_i16_hidden_in_open_form (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CslRecord) note = write_over_note (fixture);
  g_autoptr (CslRecord) opened = NULL;
  g_autoptr (CslRecord) after = NULL;
  gint64 seen = newest_base (fixture);

  change_behind (fixture, note->id, "content", "Theirs.");
  opened = fixture_get (fixture, fixture->note, note->id);
  after = csl_record_copy (opened);
  csl_record_set_text (after, "content", "Mine again.");
  fixture_damage (fixture, "UPDATE \"_outbox\" SET \"state\" = 'conflict'");
  fixture_save (fixture, opened, after);
  g_assert_cmpint (newest_base (fixture), ==, seen);
}

/* What was seen is known: another field, or the same one without a change below. */
static void
test_i16_seen_text (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CslRecord) note = write_over_note (fixture);
  gint64 seen = newest_base (fixture);

  change_behind (fixture, note->id, "title", "Their title");
  save_text (fixture, note->id, "title", "My title");
  g_assert_cmpint (newest_base (fixture), >, seen);
  save_text (fixture, note->id, "content", "Mine again.");
  g_assert_cmpint (newest_base (fixture), >, seen);
}

static gint64
count_offers (Fixture *fixture)
{
  return fixture_query_int (fixture,
                            "SELECT count (*) FROM \"_outbox\" WHERE \"offer\" = 1");
}

/* What a colleague wrote is offered to a restored server. Once it has that, and this person may not see the file any more,
 * nothing of it stays here; @data: the file went before the answer came. */
static void
test_i12_offer_leaves_with_file (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CslRecord) note = fixture_note (fixture, "Theirs.");
  g_autoptr (GError) error = NULL;

  receive_note (fixture, note);
  test_assert (csl_replica_change_epoch (fixture->replica, fixture->model->epoch, 1,
                                         &error),
               error);
  g_assert_cmpint (count_offers (fixture), ==, 1);
  if (data == NULL)
    fixture_push (fixture);
  model_revoke (fixture->model, TEST_NOTES);
  fixture_pull (fixture);
  g_assert_cmpint (count_offers (fixture), ==, data != NULL);
  fixture_push (fixture);
  g_assert_cmpint (count_offers (fixture), ==, 0);
  fixture_check (fixture);
}

static CslVerdict
refuse_all (const CslOp *op, gpointer data)
{
  return strcmp (op->type->name, "client") == 0 ? CSL_VERDICT_REJECTED : CSL_VERDICT_HELD;
}

/* A new client, a case of theirs, and a change of that case. Returns the client's id. */
static char *
write_client_and_case (Fixture *fixture)
{
  g_autoptr (CslRecord) client = fixture_client (fixture, "Amina", "Rahman");
  g_autoptr (CslRecord) record = fixture_case (fixture, client->id, "Rent arrears");
  g_autoptr (CslRecord) after = csl_record_copy (record);

  fixture_save (fixture, NULL, client);
  fixture_save (fixture, NULL, record);
  csl_record_set_text (after, "title", "Rent arrears, urgent");
  fixture_save (fixture, record, after);
  return g_strdup (client->id);
}

/* A refused client is given up: the case waits for nobody any more. @data: they are on their way meanwhile. */
static void
test_i2_withdrawn_with_dependents (Fixture *fixture, gconstpointer data)
{
  g_autofree char *client = write_client_and_case (fixture);
  g_autoptr (GError) error = NULL;
  g_autofree char *exported = NULL;

  fixture->model->decide = refuse_all;
  if (data == NULL)
    fixture_push (fixture);
  test_assert (csl_replica_withdraw (fixture->replica,
                                     fixture_find_entry (fixture, client), &error),
               error);
  g_assert_cmpuint (fixture_count (fixture).held + fixture_count (fixture).queued, ==, 0);
  g_assert_cmpuint (fixture_count (fixture).withdrawn, ==, 3);
  exported = fixture_dup_lines (fixture);
  g_assert_nonnull (strstr (exported, "Rent arrears, urgent"));
  g_assert_cmpint (fixture_query_int (fixture, "SELECT count (*) FROM \"case\""), ==, 0);
  fixture_check (fixture);
}

/* What was on its way when its author gave up the client comes back as held, and follows. */
static void
test_i2_withdrawn_on_the_way (Fixture *fixture, gconstpointer data)
{
  g_autofree char *client = write_client_and_case (fixture);
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) body = NULL;
  g_autoptr (GArray) answers = NULL;
  guint n = 0;

  fixture->model->decide = refuse_all;
  body = csl_replica_take_batch (fixture->replica, 1, 1 << 20, &n, &error);
  answers = model_push (fixture->model, body->str);
  test_assert (csl_replica_apply_answers (fixture->replica, (CslAnswer *) answers->data,
                                          answers->len, NULL, &error),
               error);
  g_string_free (g_steal_pointer (&body), TRUE);
  body = csl_replica_take_batch (fixture->replica, 10, 1 << 20, &n, &error);
  g_assert_cmpuint (n, ==, 2);
  test_assert (csl_replica_withdraw (fixture->replica,
                                     fixture_find_entry (fixture, client), &error),
               error);
  g_assert_cmpuint (fixture_count (fixture).sent, ==, 2);
  g_clear_pointer (&answers, g_array_unref);
  answers = model_push (fixture->model, body->str);
  test_assert (csl_replica_apply_answers (fixture->replica, (CslAnswer *) answers->data,
                                          answers->len, NULL, &error),
               error);
  g_assert_cmpuint (fixture_count (fixture).withdrawn, ==, 3);
  fixture_check (fixture);
}

/* A client that the server has takes nothing along: only the change of it is given up. */
static void
test_withdrawn_change_alone (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CslRecord) note = write_over_note (fixture);
  g_autoptr (GError) error = NULL;

  save_text (fixture, note->id, "title", "My title");
  test_assert (csl_replica_withdraw (fixture->replica,
                                     fixture_find_entry (fixture, note->id), &error),
               error);
  g_assert_cmpuint (fixture_count (fixture).withdrawn, ==, 1);
  g_assert_cmpuint (fixture_count (fixture).queued, ==, 1);
  fixture_check (fixture);
}

/* An offer that a restored server took, of a file that it does not know, or not as this person's any more: no pull ever says
 * that it was dropped. */
static void
test_i12_offer_of_unlisted (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CslRecord) note = fixture_note (fixture, "Theirs.");
  g_autoptr (GPtrArray) differ = NULL;
  g_autoptr (GString) list = NULL;
  g_autoptr (GError) error = NULL;
  gint64 seq = 0;

  receive_note (fixture, note);
  test_assert (csl_replica_change_epoch (fixture->replica, fixture->model->epoch, 1,
                                         &error),
               error);
  model_revoke (fixture->model, TEST_NOTES);
  list = model_bucket_list (fixture->model);
  differ =
    csl_replica_apply_bucket_list (fixture->replica, list->str, list->len, &seq, &error);
  g_assert_no_error (error);
  test_assert (csl_replica_finish_reconcile (fixture->replica, seq, &error), error);
  fixture_push (fixture);
  g_assert_cmpint (count_offers (fixture), ==, 1);
  g_assert_cmpint (fixture_query_int (fixture, "SELECT count (*) FROM \"note\""), ==, 1);
  fixture_pull (fixture);
  g_assert_cmpint (count_offers (fixture), ==, 0);
  g_assert_cmpint (fixture_query_int (fixture, "SELECT count (*) FROM \"note\""), ==, 0);
  fixture_check (fixture);
}

/* Sent before the file went, so it has to go again as it was; once it is answered, what others wrote leaves the line. */
static void
test_i12_answered_after_file_went (Fixture *fixture, gconstpointer data)
{
  static const char theirs[] =
    "SELECT count (*) FROM \"_outbox\" WHERE \"line\" LIKE '%Theirs%'";
  static const char mine[] =
    "SELECT count (*) FROM \"_outbox\" WHERE \"line\" LIKE '%Mine%'";
  g_autoptr (CslRecord) note = fixture_note (fixture, "Theirs.");
  g_autoptr (GString) batch = NULL;
  g_autoptr (GArray) lost = NULL;
  g_autoptr (GError) error = NULL;
  guint n = 0;

  receive_note (fixture, note);
  save_text (fixture, note->id, "content", "Mine.");
  batch = csl_replica_take_batch (fixture->replica, 10, 1 << 20, &n, &error);
  g_assert_cmpuint (n, ==, 1);
  lost = model_push (fixture->model, batch->str);
  test_assert (csl_replica_unsend (fixture->replica, &error), error);
  model_revoke (fixture->model, TEST_NOTES);
  fixture_pull (fixture);
  g_assert_cmpint (fixture_query_int (fixture, theirs), ==, 1);
  fixture_push (fixture);
  fixture_pull (fixture);
  g_assert_cmpint (fixture_query_int (fixture, theirs), ==, 0);
  g_assert_cmpint (fixture_query_int (fixture, mine), ==, 1);
  fixture_check (fixture);
}

/* A list that two people write: only my line of it stays with me when the file goes. */
static void
test_i12_elements_of_others (Fixture *fixture, gconstpointer data)
{
  const CslRecordType *type = csl_schema_lookup_type (fixture->schema, "visit");
  guint agenda = csl_record_type_lookup_field (type, "agenda")->index;
  g_autoptr (CslRecord) visit =
    csl_record_new (type, "01976b1e-eeee-7abc-8def-000000000001");
  g_autoptr (CslRecord) shown = NULL;
  g_autoptr (CslRecord) after = NULL;

  csl_record_set_text (visit, "case", TEST_CASE);
  csl_record_set_text (visit, "client", TEST_CLIENT);
  csl_value_take_json (&visit->values[agenda],
                       g_strdup ("[{\"id\":\"a\",\"text\":\"Theirs\"}]"));
  model_grant (fixture->model, "c:" TEST_CASE);
  model_put (fixture->model, visit, "c:" TEST_CASE);
  fixture_pull (fixture);
  shown = fixture_get (fixture, type, visit->id);
  after = csl_record_copy (shown);
  csl_value_take_json (&after->values[agenda],
                       g_strdup ("[{\"id\":\"b\",\"text\":\"Mine\"},"
                                 "{\"id\":\"a\",\"text\":\"Theirs\"}]"));
  fixture_save (fixture, shown, after);
  fixture_push (fixture);
  model_revoke (fixture->model, "c:" TEST_CASE);
  fixture_pull (fixture);
  g_assert_cmpint (fixture_query_int (fixture, "SELECT count (*) FROM \"_outbox\" WHERE "
                                               "\"line\" LIKE '%Theirs%'"),
                   ==, 0);
  g_assert_cmpint (fixture_query_int (fixture, "SELECT count (*) FROM \"_outbox\" WHERE "
                                               "\"line\" LIKE '%Mine%'"),
                   ==, 1);
  fixture_check (fixture);
}

/* Made here, the answer was lost, and it came with a pull. When it goes again it was made for sure: what waits does not bring
 * it back (I11), before the answer is there or after. @data: a restored server has lost all of that, and gets it again. */
static void
test_i11_deleted_after_it_came (Fixture *fixture, gconstpointer data)
{
  static const char shown[] = "SELECT count (*) FROM \"note\"";
  g_autoptr (CslRecord) note = fixture_note (fixture, "Short life.");
  g_autoptr (GString) batch = NULL;
  g_autoptr (GError) error = NULL;
  guint n = 0;

  model_grant (fixture->model, TEST_NOTES);
  fixture_pull (fixture);
  fixture_save (fixture, NULL, note);
  batch = csl_replica_take_batch (fixture->replica, 500, 1 << 20, &n, &error);
  g_array_unref (model_push (fixture->model, batch->str));
  test_assert (csl_replica_unsend (fixture->replica, &error), error);
  fixture_pull (fixture);
  g_assert_cmpint (fixture_query_int (fixture, "SELECT \"_rev\" FROM \"note\""), >, 0);
  model_delete (fixture->model, note->id);
  fixture_pull (fixture);
  g_assert_cmpint (fixture_query_int (fixture, shown), ==, 0);
  g_assert_cmpuint (fixture_count (fixture).queued, ==, 1);
  fixture_check (fixture);
  if (data != NULL) {
    test_assert (csl_replica_change_epoch (fixture->replica, "restored", 1, &error),
                 error);
    g_assert_cmpint (fixture_query_int (fixture, shown), ==, 1);
    fixture_check (fixture);
    return;
  }
  fixture_push (fixture);
  fixture_pull (fixture);
  g_assert_cmpint (fixture_query_int (fixture, shown), ==, 0);
  fixture_check (fixture);
}

static CslVerdict
differ_in_case (const CslOp *op, gpointer data)
{
  return strcmp (op->type->name, "case") == 0 ? CSL_VERDICT_CONFLICT
                                              : CSL_VERDICT_REJECTED;
}

/* A group was taken back because of a difference in one of its operations. The restored server knows neither: it gets both
 * again, since it answers no group with a hole. */
static void
test_i21_group_goes_again (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CslRecord) client = fixture_client (fixture, "Amina", "Rahman");
  g_autoptr (CslRecord) record = fixture_case (fixture, client->id, "Rent arrears");
  const CslReplicaChange changes[] = { { NULL, client }, { NULL, record } };
  g_autoptr (GError) error = NULL;

  test_assert (csl_replica_commit (fixture->replica, changes, 2, NULL, &error), error);
  fixture->model->decide = differ_in_case;
  fixture_push (fixture);
  g_assert_cmpuint (fixture_count (fixture).queued, ==, 0);
  test_assert (csl_replica_change_epoch (fixture->replica, fixture->model->epoch, 0,
                                         &error),
               error);
  g_assert_cmpuint (fixture_count (fixture).queued, ==, 2);
}

/* R1: a save that cannot read what is below it is refused, and nothing of it is kept. */
static void
test_r1_unread_below (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CslRecord) note = write_over_note (fixture);
  g_autoptr (CslRecord) before = fixture_get (fixture, fixture->note, note->id);
  g_autoptr (CslRecord) after = csl_record_copy (before);
  const CslReplicaChange change = { before, after };
  g_autoptr (GError) error = NULL;

  csl_record_set_text (after, "content", "Mine again.");
  fixture_damage (
    fixture, "ALTER TABLE \"_shadow\" RENAME TO \"_away\"; CREATE VIEW \"_shadow\" AS "
             "SELECT *, abs (-9223372036854775808 + \"rev\" * 0) AS \"broken\" "
             "FROM \"_away\" WHERE abs (-9223372036854775808 + \"rev\" * 0) > 0");
  g_assert_false (csl_replica_commit (fixture->replica, &change, 1, NULL, &error));
  g_assert_nonnull (error);
  fixture_damage (fixture, "DROP VIEW \"_shadow\"; "
                           "ALTER TABLE \"_away\" RENAME TO \"_shadow\"");
  fixture_reopen (fixture);
  g_assert_cmpint (fixture_query_int (fixture, "SELECT count (*) FROM \"_outbox\""), ==,
                   1);
  fixture_check (fixture);
}

/* An exchange cut after the answer to the client: the case is answered with it, the next time. */
static void
test_i5_answers_cut_in_act (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CslRecord) client = fixture_client (fixture, "Amina", "Rahman");
  g_autoptr (CslRecord) record = fixture_case (fixture, client->id, "Rent arrears");
  const CslReplicaChange changes[] = { { NULL, client }, { NULL, record } };
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) body = NULL;
  g_autoptr (GArray) answers = NULL;
  guint n = 0;

  test_assert (csl_replica_commit (fixture->replica, changes, 2, NULL, &error), error);
  body = csl_replica_take_batch (fixture->replica, 10, 1 << 20, &n, &error);
  g_assert_cmpuint (n, ==, 2);
  answers = model_push (fixture->model, body->str);
  g_assert_cmpuint (answers->len, ==, 2);
  test_assert (csl_replica_apply_answers (fixture->replica, (CslAnswer *) answers->data,
                                          1, NULL, &error),
               error);
  g_assert_cmpuint (fixture_count (fixture).sent, ==, 2);
  test_assert (csl_replica_unsend (fixture->replica, &error), error);
  fixture_push (fixture);
  g_assert_cmpuint (fixture_count (fixture).queued, ==, 0);
  g_assert_cmpuint (fixture_count (fixture).acked, ==, 2);
  fixture_check (fixture);
}

#define ADD(name, function)                                                              \
  g_test_add ("/store/outbox/" name, Fixture, NULL, fixture_set_up, function,            \
              fixture_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("I16-hidden-text", test_i16_hidden_text);
  ADD ("I16-hidden-in-open-form", test_i16_hidden_in_open_form);
  ADD ("I16-seen-text", test_i16_seen_text);
  ADD ("I12-offer-leaves-with-file", test_i12_offer_leaves_with_file);
  g_test_add ("/store/outbox/I12-offer-answered-without-file", Fixture, "before",
              fixture_set_up, test_i12_offer_leaves_with_file, fixture_tear_down);
  ADD ("I12-offer-of-unlisted", test_i12_offer_of_unlisted);
  ADD ("I12-answered-after-file-went", test_i12_answered_after_file_went);
  ADD ("I12-elements-of-others", test_i12_elements_of_others);
  ADD ("I2-withdrawn-with-dependents", test_i2_withdrawn_with_dependents);
  g_test_add ("/store/outbox/I2-withdrawn-before-sending", Fixture, "unsent",
              fixture_set_up, test_i2_withdrawn_with_dependents, fixture_tear_down);
  ADD ("I2-withdrawn-on-the-way", test_i2_withdrawn_on_the_way);
  ADD ("I11-deleted-after-it-came", test_i11_deleted_after_it_came);
  g_test_add ("/store/outbox/I11-deleted-and-restored", Fixture, "restored",
              fixture_set_up, test_i11_deleted_after_it_came, fixture_tear_down);
  ADD ("R1-unread-below", test_r1_unread_below);
  ADD ("withdrawn-change-alone", test_withdrawn_change_alone);
  ADD ("I21-group-goes-again", test_i21_group_goes_again);
  ADD ("I5-answers-cut-in-act", test_i5_answers_cut_in_act);
  return g_test_run ();
}
