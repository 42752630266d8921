/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is written is kept: record drafts, autosave, resuming after a crash. */
#include "client/app/csl-draft-keeper.h"
#include "client/app/csl-session-private.h"
#include "csl-test-session.h"
#include "store/csl-replica-private.h"

/* Longer than the keeper waits. */
static void
wait_for_autosave (CslTestSession *test)
{
  gint64 until = g_get_monotonic_time () + (CSL_DRAFT_DELAY_MS + 400) * 1000;

  while (g_get_monotonic_time () < until) {
    g_main_context_iteration (NULL, FALSE);
    g_usleep (1000);
  }
  csl_test_session_settle (test);
}

static CslRecordDraft *
new_note (CslTestSession *test)
{
  g_autoptr (CslRecord) note = csl_session_new_record (test->session, "note");

  csl_record_set_text (note, "client", test->client->id);
  csl_record_set_text (note, "case", test->other_case->id);
  return csl_record_draft_new (test->session, NULL, note);
}

static CslDraftKeeper *
keep_note (CslTestSession *test, CslRecordDraft *draft)
{
  return csl_draft_keeper_new (draft, "note", "case", test->other_case->id);
}

static void
write_text (CslRecordDraft *draft, const char *field, const char *text)
{
  csl_field_binding_set_text (csl_record_draft_get_binding (draft, field), text);
}

static const char *
get_text (CslRecordDraft *draft, const char *field)
{
  return csl_record_get_text (csl_record_draft_get_record (draft), field);
}

/* A keystroke is on the disk within the delay; the next start finds it, under the same id. */
static void
test_autosave_survives (void)
{
  CslTestSession test;
  g_autofree char *folder = NULL;
  g_autofree char *id = NULL;

  csl_test_session_init (&test, NULL);
  {
    g_autoptr (CslRecordDraft) draft = new_note (&test);
    g_autoptr (CslDraftKeeper) keeper = keep_note (&test, draft);
    g_assert_false (csl_draft_keeper_get_resumed (keeper));
    write_text (draft, "content", "She showed the notice.");
    id = g_strdup (csl_record_draft_get_record (draft)->id);
    wait_for_autosave (&test);
    g_assert_cmpint (csl_draft_keeper_get_saved_at (keeper), >, 0);
  }
  folder = g_strdup (test.folder);
  csl_test_session_close (&test);
  g_clear_pointer (&test.folder, g_free);
  csl_test_session_init (&test, folder);
  {
    g_autoptr (CslRecordDraft) draft = new_note (&test);
    g_autoptr (CslDraftKeeper) keeper = keep_note (&test, draft);
    g_assert_true (csl_draft_keeper_get_resumed (keeper));
    g_assert_cmpstr (get_text (draft, "content"), ==, "She showed the notice.");
    g_assert_cmpstr (csl_record_draft_get_record (draft)->id, ==, id);
  }
  csl_test_session_clear (&test);
}

/* A crash between saving the note and dropping its draft does not offer the note again. */
static void
test_saved_note_is_not_offered_again (void)
{
  CslTestSession test;

  csl_test_session_init (&test, NULL);
  {
    g_autoptr (CslRecordDraft) draft = new_note (&test);
    g_autoptr (CslDraftKeeper) keeper = keep_note (&test, draft);
    g_autoptr (CslEdit) edit = csl_edit_new ();
    write_text (draft, "content", "Finished.");
    wait_for_autosave (&test);
    csl_record_draft_add_to_edit (draft, edit);
    csl_test_session_save (&test, edit);
  }
  {
    g_autoptr (CslRecordDraft) draft = new_note (&test);
    g_autoptr (CslDraftKeeper) keeper = keep_note (&test, draft);
    g_assert_false (csl_draft_keeper_get_resumed (keeper));
    g_assert_null (get_text (draft, "content"));
  }
  csl_test_session_clear (&test);
}

/* What a colleague changed while the draft lay there is not taken back by it (I16). */
static void
test_resumed_change_keeps_what_it_saw (void)
{
  CslTestSession test;
  g_autoptr (GString) lines = g_string_new (NULL);

  csl_test_session_init (&test, NULL);
  {
    g_autoptr (CslRecordDraft) draft =
      csl_record_draft_new (test.session, test.client, test.client);
    g_autoptr (CslDraftKeeper) keeper =
      csl_draft_keeper_new (draft, "record", "client", test.client->id);
    write_text (draft, "phone_primary", "07700 900123");
    wait_for_autosave (&test);
  }
  g_string_append_printf (
    lines,
    "{\"t\":\"put\",\"b\":\"p:%s\",\"k\":\"client\",\"id\":\"%s\",\"rev\":2,"
    "\"d\":{\"address_line1\":\"2 New Road\",\"centre\":\"%s\",\"first_name\":\"Amina\","
    "\"last_name\":\"Rahman\",\"phone_primary\":\"0117 496 0101\"}}\n"
    "{\"t\":\"commit\",\"seq\":2}\n",
    test.client->id, test.client->id, csl_record_get_text (test.client, "centre"));
  csl_test_session_receive (&test, 2, lines->str);
  {
    g_autoptr (CslRecordItem) now =
      csl_session_lookup (test.session, "client", test.client->id);
    const CslRecord *record = csl_record_item_get_record (now);
    g_autoptr (CslRecordDraft) draft =
      csl_record_draft_new (test.session, record, record);
    g_autoptr (CslDraftKeeper) keeper =
      csl_draft_keeper_new (draft, "record", "client", test.client->id);
    g_autoptr (CslEdit) edit = csl_edit_new ();

    g_assert_true (csl_draft_keeper_get_resumed (keeper));
    csl_record_draft_add_to_edit (draft, edit);
    csl_test_session_save (&test, edit);
    g_assert_cmpstr (csl_record_item_get_text (now, "phone_primary"), ==, "07700 900123");
    g_assert_cmpstr (csl_record_item_get_text (now, "address_line1"), ==, "2 New Road");
  }
  csl_test_session_clear (&test);
}

/* What is wrong shows at its field when it is left, and goes away as soon as it is mended. */
static void
test_problems (void)
{
  CslTestSession test;

  csl_test_session_init (&test, NULL);
  {
    g_autoptr (CslRecordDraft) draft =
      csl_record_draft_new (test.session, test.client, test.client);
    CslFieldBinding *phone = csl_record_draft_get_binding (draft, "phone_primary");
    CslFieldBinding *born = csl_record_draft_get_binding (draft, "date_of_birth");
    g_autofree char *other = NULL;

    csl_field_binding_set_text (phone, "ask her mother");
    g_assert_null (csl_field_binding_get_problem (phone));
    g_assert_true (csl_record_draft_check (draft, &other) == phone);
    g_assert_nonnull (csl_field_binding_get_problem (phone));
    csl_field_binding_set_text (phone, "07700 900123");
    g_assert_null (csl_field_binding_get_problem (phone));
    csl_field_binding_set_unreadable (born, "last spring", "That is no date.");
    g_assert_false (csl_field_binding_settle (born));
    csl_field_binding_set_text (born, "1999-02-03");
    g_assert_true (csl_field_binding_settle (born));
    g_assert_cmpstr (get_text (draft, "date_of_birth"), ==, "1999-02-03");
  }
  csl_test_session_clear (&test);
}

static void
test_discard (void)
{
  CslTestSession test;

  csl_test_session_init (&test, NULL);
  {
    g_autoptr (CslRecordDraft) draft = new_note (&test);
    g_autoptr (CslDraftKeeper) keeper = keep_note (&test, draft);
    g_autoptr (CslRecord) left = NULL;
    write_text (draft, "content", "Not this.");
    wait_for_autosave (&test);
    csl_draft_keeper_discard (keeper);
    csl_test_session_settle (&test);
    left = csl_session_lookup_draft (test.session, "note", "case", test.other_case->id);
    g_assert_null (left);
  }
  csl_test_session_clear (&test);
}

static bool
begin (CslReplica *replica, gpointer data, CslVaultChanges *changes, GError **error)
{
  return csl_replica_begin (replica, error);
}

static bool
give_up (CslReplica *replica, gpointer data, CslVaultChanges *changes, GError **error)
{
  return !csl_replica_end (replica, false, error);
}

/* Nothing can be written while a transaction is open, and everything can when it is over. */
static void
fill_disk (CslTestSession *test)
{
  g_assert_true (csl_vault_run (test->session->vault, 0, begin, NULL, NULL));
}

static void
empty_disk (CslTestSession *test)
{
  g_assert_true (csl_vault_run (test->session->vault, 0, give_up, NULL, NULL));
}

static bool
has_failed (CslDraftKeeper *keeper)
{
  gboolean failed;

  g_object_get (keeper, "failed", &failed, NULL);
  return failed;
}

/* What the disk did not take is written when it does, at the latest when the page is left; nobody has to type on. */
static void
test_failed_write_is_repeated (void)
{
  CslTestSession test;

  csl_test_session_init (&test, NULL);
  {
    g_autoptr (CslRecordDraft) draft = new_note (&test);
    g_autoptr (CslDraftKeeper) keeper = keep_note (&test, draft);
    g_autoptr (CslRecord) kept = NULL;

    fill_disk (&test);
    write_text (draft, "content", "She showed the notice.");
    wait_for_autosave (&test);
    g_assert_true (has_failed (keeper));
    empty_disk (&test);
    csl_draft_keeper_flush (keeper);
    csl_test_session_settle (&test);
    g_assert_false (has_failed (keeper));
    kept = csl_session_lookup_draft (test.session, "note", "case", test.other_case->id);
    g_assert_nonnull (kept);
  }
  csl_test_session_clear (&test);
}

/* Longer than any operation may be: what is said to be saved comes back. */
static void
test_long_text_comes_back (void)
{
  CslTestSession test;
  g_autofree char *text = g_strnfill (1500 * 1000, 'x');

  csl_test_session_init (&test, NULL);
  {
    g_autoptr (CslRecordDraft) draft = new_note (&test);
    g_autoptr (CslDraftKeeper) keeper = keep_note (&test, draft);
    write_text (draft, "content", text);
    wait_for_autosave (&test);
    g_assert_cmpint (csl_draft_keeper_get_saved_at (keeper), >, 0);
  }
  {
    g_autoptr (CslRecordDraft) draft = new_note (&test);
    g_autoptr (CslDraftKeeper) keeper = keep_note (&test, draft);
    g_assert_true (csl_draft_keeper_get_resumed (keeper));
    g_assert_cmpstr (get_text (draft, "content"), ==, text);
  }
  csl_test_session_clear (&test);
}

/* "Until you switch this off" holds across a restart. */
static void
test_offline_is_remembered (void)
{
  CslTestSession test;
  g_autofree char *folder = NULL;

  csl_test_session_init (&test, NULL);
  g_assert_false (csl_session_get_offline (test.session));
  csl_session_set_offline (test.session, true);
  folder = g_strdup (test.folder);
  csl_test_session_close (&test);
  g_clear_pointer (&test.folder, g_free);
  csl_test_session_init (&test, folder);
  g_assert_true (csl_session_get_offline (test.session));
  csl_session_set_offline (test.session, false);
  csl_test_session_clear (&test);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/drafts/I2/autosave-survives", test_autosave_survives);
  g_test_add_func ("/drafts/I3/saved-note-is-not-offered-again",
                   test_saved_note_is_not_offered_again);
  g_test_add_func ("/drafts/I16/resumed-change-keeps-what-it-saw",
                   test_resumed_change_keeps_what_it_saw);
  g_test_add_func ("/drafts/R-63/problems", test_problems);
  g_test_add_func ("/drafts/discard", test_discard);
  g_test_add_func ("/drafts/I2/failed-write-is-repeated", test_failed_write_is_repeated);
  g_test_add_func ("/drafts/I2/long-text-comes-back", test_long_text_comes_back);
  g_test_add_func ("/session/offline-is-remembered", test_offline_is_remembered);
  return g_test_run ();
}
