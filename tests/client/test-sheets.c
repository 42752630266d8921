/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A visit, an intake and a decision, each saved as one act. */
#include "client/app/csl-difference-sheet.h"
#include "client/app/csl-intake-sheet.h"
#include "client/app/csl-stranded-sheet.h"
#include "client/app/csl-visit-sheet.h"
#include "core/wire/csl-pull-line.h"
#include "core/wire/csl-wire-record.h"
#include "csl-test-session.h"

static void
write_text (CslRecordDraft *draft, const char *field, const char *text)
{
  CslFieldBinding *binding = csl_record_draft_get_binding (draft, field);
  g_auto (CslValue) value = CSL_VALUE_INIT;

  csl_value_set_text (&value, text);
  csl_field_binding_set_value (binding, &value);
}

static guint
count (CslTestSession *test, const char *type)
{
  g_autoptr (CslQuery) query =
    csl_query_new (csl_schema_lookup_type (csl_session_get_schema (test->session), type));

  return csl_session_count (test->session, query);
}

typedef gboolean (*FinishFunc) (gpointer sheet, GAsyncResult *result, GError **error);

typedef struct
{
  FinishFunc finish;
  bool done;
} Waiting;

static void
done_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Waiting *waiting = data;
  g_autoptr (GError) error = NULL;

  g_assert_true (waiting->finish (source, result, &error));
  g_assert_no_error (error);
  waiting->done = true;
}

static void
wait_for (Waiting *waiting)
{
  while (!waiting->done)
    g_main_context_iteration (NULL, TRUE);
}

static void
check_in (CslVisitSheet *sheet)
{
  Waiting waiting = { (FinishFunc) (void (*) (void)) csl_visit_sheet_check_in_finish,
                      false };

  csl_visit_sheet_check_in_async (sheet, done_cb, &waiting);
  wait_for (&waiting);
  g_assert_true (csl_visit_sheet_get_checked_in (sheet));
}

/* F-07: check in, note, fact, next appointment, check out: one group in the outbox besides the check-in. */
static void
test_visit (void)
{
  CslTestSession test;

  csl_test_session_init (&test, NULL);
  {
    g_autoptr (CslVisitSheet) sheet =
      csl_visit_sheet_new_for_client (test.session, test.client->id, test.other_case->id);
    g_autoptr (CslRecordItem) client =
      csl_session_lookup (test.session, "client", test.client->id);
    Waiting waiting = { (FinishFunc) (void (*) (void)) csl_visit_sheet_check_out_finish,
                        false };
    CslVisitPart part;
    CslFieldBinding *binding = NULL;
    g_autofree char *problem = NULL;

    check_in (sheet);
    g_assert_cmpuint (count (&test, "visit"), ==, 1);
    write_text (csl_visit_sheet_get_draft (sheet, CSL_VISIT_PART_NOTE), "content",
                "Kettle on, letter on the table.");
    write_text (csl_visit_sheet_get_draft (sheet, CSL_VISIT_PART_CLIENT), "phone_primary",
                "07700 900123");
    csl_visit_sheet_set_with_next (sheet, true);
    problem = csl_visit_sheet_check (sheet, &part, &binding);
    g_assert_nonnull (problem); /* the next appointment has no time yet */
    g_assert_cmpint (part, ==, CSL_VISIT_PART_NEXT);
    write_text (csl_visit_sheet_get_draft (sheet, CSL_VISIT_PART_NEXT), "start_at",
                "2026-12-01T10:00:00.000Z[Europe/London]");
    write_text (csl_visit_sheet_get_draft (sheet, CSL_VISIT_PART_NEXT), "end_at",
                "2026-12-01T11:00:00.000Z[Europe/London]");
    g_clear_pointer (&problem, g_free);
    problem = csl_visit_sheet_check (sheet, &part, &binding);
    g_assert_null (problem);
    csl_visit_sheet_check_out_async (sheet, done_cb, &waiting);
    wait_for (&waiting);
    csl_test_session_settle (&test);
    g_assert_cmpuint (count (&test, "note"), ==, 1);
    g_assert_cmpuint (count (&test, "appointment"), ==, 1);
    g_assert_cmpstr (csl_record_item_get_text (client, "phone_primary"), ==,
                     "07700 900123");
    g_assert_cmpuint (count (&test, "form_draft"), ==, 0);
  }
  csl_test_session_clear (&test);
}

/* A visit that was begun is taken up again, with what was written. */
static void
test_visit_resumes (void)
{
  CslTestSession test;
  g_autofree char *folder = NULL;

  csl_test_session_init (&test, NULL);
  {
    g_autoptr (CslVisitSheet) sheet =
      csl_visit_sheet_new_for_client (test.session, test.client->id, test.other_case->id);
    check_in (sheet);
    write_text (csl_visit_sheet_get_draft (sheet, CSL_VISIT_PART_NOTE), "content",
                "Half a sentence");
    csl_visit_sheet_flush (sheet);
    csl_test_session_settle (&test);
  }
  folder = g_strdup (test.folder);
  csl_test_session_close (&test);
  g_clear_pointer (&test.folder, g_free);
  csl_test_session_init (&test, folder);
  {
    g_autoptr (CslVisitSheet) sheet =
      csl_visit_sheet_new_for_client (test.session, test.client->id, test.other_case->id);
    g_assert_true (csl_visit_sheet_get_checked_in (sheet));
    g_assert_cmpstr (
      csl_record_get_text (csl_record_draft_get_record (
                             csl_visit_sheet_get_draft (sheet, CSL_VISIT_PART_NOTE)),
                           "content"),
      ==, "Half a sentence");
  }
  csl_test_session_clear (&test);
}

/* A visit that somebody is on, as the server sends it. */
static void
receive_visit (CslTestSession *test, const char *user, const char *started)
{
  g_autoptr (GString) lines = g_string_new (NULL);
  g_autoptr (GString) doc = g_string_new (NULL);
  g_autofree char *bucket = g_strconcat ("c:", test->other_case->id, NULL);
  g_autoptr (CslRecord) visit =
    csl_record_new (csl_schema_lookup_type (csl_session_get_schema (test->session),
                                            "visit"),
                    "01976b1e-0000-7abc-8def-0000000000ac");

  visit->rev = 2;
  csl_record_set_text (visit, "client", test->client->id);
  csl_record_set_text (visit, "case", test->other_case->id);
  csl_record_set_text (visit, "user", user);
  csl_record_set_text (visit, "started_at", started);
  csl_record_set_text (visit, "safety_status", "on_visit");
  csl_wire_record_write (visit, doc);
  csl_pull_write_put (lines, bucket, "visit", visit->id, visit->rev, doc->str);
  csl_pull_write_commit (lines, 2);
  csl_test_session_receive (test, 2, lines->str);
}

/* A colleague who is with the same client ends her visit herself. */
static void
test_visit_of_colleague (void)
{
  CslTestSession test;

  csl_test_session_init (&test, NULL);
  receive_visit (&test, "01976b1e-0000-7abc-8def-0000000000ad",
                 "2026-11-20T14:02:00.000Z[Europe/London]");
  g_assert_cmpuint (count (&test, "visit"), ==, 1);
  {
    g_autoptr (CslVisitSheet) sheet =
      csl_visit_sheet_new_for_client (test.session, test.client->id, test.other_case->id);

    g_assert_false (csl_visit_sheet_get_checked_in (sheet));
    check_in (sheet);
    g_assert_cmpuint (count (&test, "visit"), ==, 2);
  }
  csl_test_session_clear (&test);
}

/* checked in by a clock that was ahead, she checks out all the same. */
static void
test_visit_clock_put_back (void)
{
  static const char started[] = "2999-11-20T14:02:00.000Z[Europe/London]";
  CslTestSession test;

  csl_test_session_init (&test, NULL);
  receive_visit (&test, csl_record_item_get_id (csl_session_get_user (test.session)),
                 started);
  {
    g_autoptr (CslVisitSheet) sheet =
      csl_visit_sheet_new_for_client (test.session, test.client->id, test.other_case->id);
    Waiting waiting = { (FinishFunc) (void (*) (void)) csl_visit_sheet_check_out_finish,
                        false };
    g_autoptr (CslRecordItem) visit = NULL;

    g_assert_true (csl_visit_sheet_get_checked_in (sheet));
    csl_visit_sheet_check_out_async (sheet, done_cb, &waiting);
    wait_for (&waiting);
    visit =
      csl_session_lookup (test.session, "visit", "01976b1e-0000-7abc-8def-0000000000ac");
    g_assert_cmpstr (csl_record_item_get_text (visit, "safety_status"), ==,
                     "checked_out");
    g_assert_cmpstr (csl_record_item_get_text (visit, "ended_at"), >, started);
  }
  csl_test_session_clear (&test);
}

/* F-01, R-01: a client with a first case offline, its story begun; somebody with the same phone is pointed out. */
static void
test_intake (void)
{
  CslTestSession test;

  csl_test_session_init (&test, NULL);
  {
    g_autoptr (CslIntakeSheet) sheet = csl_intake_sheet_new (test.session);
    CslRecordDraft *client = csl_intake_sheet_get_draft (sheet, CSL_INTAKE_PART_CLIENT);
    CslRecordDraft *matter = csl_intake_sheet_get_draft (sheet, CSL_INTAKE_PART_CASE);
    Waiting waiting = { (FinishFunc) (void (*) (void)) csl_intake_sheet_save_finish,
                        false };
    g_autoptr (GPtrArray) candidates = NULL;
    CslIntakePart part;
    CslFieldBinding *binding = NULL;
    g_autofree char *problem = csl_intake_sheet_check (sheet, &part, &binding);

    g_assert_nonnull (problem); /* nothing is filled in */
    write_text (client, "first_name", "Jo");
    write_text (client, "last_name", "Okafor");
    write_text (client, "phone_primary", "0117 496 0101");
    candidates = csl_intake_sheet_list_candidates (sheet, 3);
    g_assert_cmpuint (candidates->len, ==, 1);
    g_assert_cmpstr (csl_record_item_get_id (candidates->pdata[0]), ==, test.client->id);
    write_text (matter, "title", "Move-on plan");
    write_text (matter, "case_type", "supported_housing");
    g_clear_pointer (&problem, g_free);
    problem = csl_intake_sheet_check (sheet, &part, &binding);
    g_assert_cmpstr (problem, ==, NULL);
    csl_intake_sheet_save_async (sheet, done_cb, &waiting);
    wait_for (&waiting);
    csl_test_session_settle (&test);
    g_assert_cmpuint (count (&test, "client"), ==, 2);
    g_assert_cmpuint (count (&test, "case"), ==, 2);
    g_assert_cmpuint (count (&test, "case_event"), ==, 1);
  }
  csl_test_session_clear (&test);
}

#define CONFLICT "01976b1e-0000-7abc-8def-0000000000aa"

/* The client's phone was changed in two places. */
static void
receive_conflict (CslTestSession *test)
{
  g_autoptr (GString) lines = g_string_new (NULL);

  g_string_append_printf (
    lines,
    "{\"t\":\"put\",\"b\":\"p:%s\",\"k\":\"sync_conflict\",\"id\":\"%s\",\"rev\":2,\"d\":"
    "{"
    "\"author\":\"%s\",\"client\":\"%s\",\"kind\":\"field\",\"record\":\"%s\",\"record_"
    "type\":\"client\","
    "\"state\":\"open\",\"fields\":[{\"id\":\"phone_primary\",\"mine\":\"\\\"07700 "
    "900123\\\"\","
    "\"name\":\"phone_primary\",\"server\":\"\\\"0117 496 0101\\\"\","
    "\"server_at\":\"2026-11-20T14:02:00.000Z[Europe/London]\",\"server_by\":\"%s\","
    "\"was\":\"\\\"0117 496 0000\\\"\"}]}}\n{\"t\":\"commit\",\"seq\":2}\n",
    test->client->id, CONFLICT,
    csl_record_item_get_id (csl_session_get_user (test->session)), test->client->id,
    test->client->id, csl_record_item_get_id (csl_session_get_user (test->session)));
  csl_test_session_receive (test, 2, lines->str);
}

/* I16, S-35: both versions are shown with who and when; the choice goes out with the conflict's end in one act. */
static void
test_difference (void)
{
  CslTestSession test;

  csl_test_session_init (&test, NULL);
  receive_conflict (&test);
  {
    g_autoptr (CslDifferenceSheet) sheet =
      csl_difference_sheet_new (test.session, CONFLICT);
    g_autoptr (CslRecordItem) client =
      csl_session_lookup (test.session, "client", test.client->id);
    g_autoptr (CslEdit) edit = NULL;
    const CslFieldDifference *difference;

    g_assert_nonnull (sheet);
    g_assert_cmpuint (csl_difference_sheet_get_size (sheet), ==, 1);
    difference = csl_difference_sheet_get (sheet, 0);
    g_assert_cmpstr (difference->was.text, ==, "0117 496 0000");
    g_assert_cmpstr (difference->theirs.text, ==, "0117 496 0101");
    g_assert_cmpstr (difference->mine.text, ==, "07700 900123");
    g_assert_false (csl_difference_sheet_get_complete (sheet));
    csl_difference_sheet_choose (sheet, 0, CSL_CHOICE_MINE, NULL);
    g_assert_true (csl_difference_sheet_get_complete (sheet));
    edit = csl_difference_sheet_dup_edit (sheet);
    g_assert_cmpuint (csl_edit_get_size (edit), ==, 2);
    g_assert_cmpstr (csl_edit_get_resolves (edit), ==, CONFLICT);
    csl_test_session_save (&test, edit);
    g_assert_cmpstr (csl_record_item_get_text (client, "phone_primary"), ==,
                     "07700 900123");
    g_assert_cmpstr (csl_record_item_get_text (csl_difference_sheet_get_conflict (sheet),
                                               "state"),
                     ==, "resolved_mine");
  }
  csl_test_session_clear (&test);
}

/* The client as a colleague saved it once more. */
static void
receive_phone (CslTestSession *test, gint64 rev, const char *phone)
{
  g_autofree char *lines = g_strdup_printf (
    "{\"t\":\"put\",\"b\":\"p:%s\",\"k\":\"client\",\"id\":\"%s\",\"rev\":"
    "%" G_GINT64_FORMAT
    ",\"d\":{\"address_line1\":\"14 Quay Street\",\"centre\":\"%s\",\"first_name\":"
    "\"Amina\",\"last_name\":\"Rahman\",\"phone_primary\":\"%s\"}}\n",
    test->client->id, test->client->id, rev, csl_record_get_text (test->client, "centre"),
    phone);

  csl_test_session_receive (test, rev, lines);
}

/* Who decides has seen what the record says now, and nothing that comes while they look at it is taken for seen. */
static void
test_difference_goes_on (void)
{
  CslTestSession test;

  csl_test_session_init (&test, NULL);
  receive_conflict (&test);
  receive_phone (&test, 3, "0117 496 0303");
  {
    g_autoptr (CslDifferenceSheet) sheet =
      csl_difference_sheet_new (test.session, CONFLICT);
    g_autoptr (CslEdit) edit = NULL;
    const CslRecord *seen;

    g_assert_cmpstr (csl_difference_sheet_get (sheet, 0)->theirs.text, ==,
                     "0117 496 0303");
    receive_phone (&test, 4, "0117 496 0404");
    csl_difference_sheet_choose (sheet, 0, CSL_CHOICE_MINE, NULL);
    edit = csl_difference_sheet_dup_edit (sheet);
    g_assert_cmpuint (csl_edit_get_size (edit), ==, 2);
    seen = csl_edit_get_before (edit, 0);
    g_assert_cmpint (seen->rev, ==, 3);
    g_assert_cmpstr (csl_record_get_text (seen, "phone_primary"), ==, "0117 496 0303");
  }
  csl_test_session_clear (&test);
}

/* Work that somebody without access left for the client of the session; @members: what it is, as JSON. */
static void
receive_work (CslTestSession *test, const char *id, const char *members)
{
  const char *client = test->client->id;
  g_autofree char *lines = g_strdup_printf (
    "{\"t\":\"put\",\"b\":\"p:%s:stranded\",\"k\":\"stranded_work\",\"id\":\"%s\","
    "\"rev\":2,\"d\":{\"author\":\"%s\",\"bundle\":\"%s\",%s,\"why\":\"no_access\"}}\n"
    "{\"t\":\"commit\",\"seq\":2}\n",
    client, id, client, id, members);

  csl_test_session_receive (test, 2, lines);
}

/* what somebody wrote who has no access any more is read beside what the record says now; deciding is an ordinary
 * act, also without a network. */
static void
test_stranded (void)
{
  static const char work[] = "01976b1e-0000-7abc-8def-0000000000ab";
  CslTestSession test;
  g_autofree char *members = NULL;

  csl_test_session_init (&test, NULL);
  members = g_strdup_printf (
    "\"changes\":[{\"act\":"
    "\"update\",\"id\":\"001-phone_primary\",\"mine\":\"\\\"07700 900123\\\"\","
    "\"name\":\"phone_primary\",\"record\":\"%s\",\"record_type\":\"client\",\"was\":"
    "\"\\\"0117 496 0000\\\"\"},{\"act\":\"create\",\"id\":\"002-content\",\"mine\":"
    "\"\\\"Nobody was in.\\\"\",\"name\":\"content\",\"record\":\"%s\","
    "\"record_type\":\"note\"},{\"id\":\"003-title\",\"mine\":\"\\\"An act is "
    "missing.\\\"\",\"name\":\"title\",\"record_type\":\"task\"}],\"client\":\"%s\","
    "\"state\":\"open\"",
    test.client->id, work, test.client->id);
  receive_work (&test, work, members);
  {
    g_autoptr (CslStrandedSheet) sheet = csl_stranded_sheet_new (test.session, work);
    const CslStrandedChange *change = NULL;
    g_autoptr (CslEdit) edit = NULL;
    g_autofree char *summary = NULL;

    g_assert_nonnull (sheet);
    g_assert_cmpuint (csl_stranded_sheet_get_size (sheet), ==, 2);
    change = csl_stranded_sheet_get (sheet, 0);
    g_assert_true (change->is_here);
    g_assert_cmpstr (change->field->name, ==, "phone_primary");
    g_assert_cmpstr (change->was.text, ==, "0117 496 0000");
    g_assert_cmpstr (change->mine.text, ==, "07700 900123");
    change = csl_stranded_sheet_get (sheet, 1);
    g_assert_false (change->is_here);
    g_assert_cmpstr (change->mine.text, ==, "Nobody was in.");
    summary = csl_stranded_dup_summary (csl_session_get_schema (test.session),
                                        csl_record_item_get_record (
                                          csl_stranded_sheet_get_work (sheet)));
    g_assert_true (g_str_has_prefix (summary, "Client: "));
    g_assert_true (csl_stranded_sheet_get_open (sheet));
    g_assert_false (csl_stranded_sheet_get_differs (sheet));
    edit = csl_stranded_sheet_dup_edit (sheet, false, "Written twice.");
    g_assert_cmpuint (csl_edit_get_size (edit), ==, 1);
    csl_test_session_save (&test, edit);
    g_assert_false (csl_stranded_sheet_get_open (sheet));
    g_assert_cmpstr (csl_record_item_get_text (csl_stranded_sheet_get_work (sheet),
                                               "reason"),
                     ==, "Written twice.");
  }
  csl_test_session_clear (&test);
}

/* Whoever took it over is told when some of it had been changed by others. */
static void
test_stranded_differs (void)
{
  static const char work[] = "01976b1e-0000-7abc-8def-0000000000ab";
  CslTestSession test;

  csl_test_session_init (&test, NULL);
  receive_work (&test, work, "\"changes\":[],\"differs\":true,\"state\":\"accepted\"");
  {
    g_autoptr (CslStrandedSheet) sheet = csl_stranded_sheet_new (test.session, work);

    g_assert_nonnull (sheet);
    g_assert_false (csl_stranded_sheet_get_open (sheet));
    g_assert_true (csl_stranded_sheet_get_differs (sheet));
  }
  csl_test_session_clear (&test);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sheets/F-07/visit", test_visit);
  g_test_add_func ("/sheets/I2/visit-resumes", test_visit_resumes);
  g_test_add_func ("/sheets/visit-of-colleague", test_visit_of_colleague);
  g_test_add_func ("/sheets/R-67/clock-put-back", test_visit_clock_put_back);
  g_test_add_func ("/sheets/F-01/intake", test_intake);
  g_test_add_func ("/sheets/I16/difference", test_difference);
  g_test_add_func ("/sheets/I16/difference-goes-on", test_difference_goes_on);
  g_test_add_func ("/sheets/I2/stranded", test_stranded);
  g_test_add_func ("/sheets/I2/stranded-differs", test_stranded_differs);
  return g_test_run ();
}
