/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a replica sends, and what it keeps of it: bases of lines that were written over others. */
#include "store-fixture.h"

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

  model_grant (fixture->model, TEST_NOTES);
  model_put (fixture->model, note, TEST_NOTES);
  fixture_pull (fixture);
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

  model_grant (fixture->model, TEST_NOTES);
  model_put (fixture->model, note, TEST_NOTES);
  fixture_pull (fixture);
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
  return g_test_run ();
}
