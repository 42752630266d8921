/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists, counts, words, timelines and badges; and that each of them is served by an index. */
#include "store-fixture.h"
#include "store/csl-reader-private.h"

#include <string.h>

typedef struct
{
  Fixture fixture;
  CslReader *reader;
  char *amina, *jose;           /* (owned) ids of clients */
  char *amina_case, *jose_case; /* (owned) */
} ReaderFixture;

static char *
add_client (Fixture *fixture, const char *first, const char *last, const char *phone)
{
  g_autoptr (CslRecord) client = fixture_client (fixture, first, last);

  csl_record_set_text (client, "phone_primary", phone);
  fixture_save (fixture, NULL, client);
  return g_strdup (client->id);
}

static char *
add_case (Fixture *fixture, const char *client, const char *title, const char *opened)
{
  g_autoptr (CslRecord) file = fixture_case (fixture, client, title);

  csl_record_set_text (file, "opening_date", opened);
  fixture_save (fixture, NULL, file);
  return g_strdup (file->id);
}

static void
add_note (Fixture *fixture, const char *file, const char *content, const char *when)
{
  g_autoptr (CslRecord) note = fixture_note (fixture, content);

  csl_record_set_text (note, "case", file);
  csl_record_set_text (note, "occurred_at", when);
  fixture_save (fixture, NULL, note);
}

static void
set_up (ReaderFixture *self, gconstpointer data)
{
  Fixture *fixture = &self->fixture;

  fixture_set_up (fixture, NULL);
  self->amina = add_client (fixture, "Amina", "Rahman", "+44 7700 900123");
  self->jose = add_client (fixture, "José", "O'Brien-Núñez", "020 7946 0018");
  self->amina_case = add_case (fixture, self->amina, "Rent arrears", "2026-10-02");
  self->jose_case = add_case (fixture, self->jose, "Benefit appeal", "2026-09-01");
  add_note (fixture, self->amina_case, "Phoned the landlord",
            "2026-11-01T10:00:00.000Z[Europe/London]");
  add_note (fixture, self->amina_case, "Visited at home",
            "2026-11-03T10:00:00.000Z[Europe/London]");
  add_note (fixture, self->amina_case, "Wrote to the landlord",
            "2026-11-02T10:00:00.000Z[Europe/London]");
  fixture_index (fixture);
  self->reader = fixture_open_reader (fixture);
}

static void
tear_down (ReaderFixture *self, gconstpointer data)
{
  csl_reader_free (self->reader);
  g_free (self->amina);
  g_free (self->jose);
  g_free (self->amina_case);
  g_free (self->jose_case);
  fixture_tear_down (&self->fixture, NULL);
}

/* Titles (or the field) of the rows of a query, joined by "|"; the count must say the same. */
static void
assert_list (ReaderFixture *self,
             const CslQuery *query,
             const char *field,
             const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) rows = csl_reader_list (self->reader, query, &error);
  g_autoptr (GPtrArray) records = NULL;
  g_autoptr (GString) text = g_string_new (NULL);

  g_assert_no_error (error);
  records = csl_reader_get_rows (self->reader, query->type, (const gint64 *) rows->data,
                                 rows->len, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < records->len; i++) {
    if (i > 0)
      g_string_append_c (text, '|');
    g_string_append (text, csl_record_get_text (g_ptr_array_index (records, i), field));
  }
  g_assert_cmpstr (text->str, ==, expected);
  g_assert_cmpint (csl_reader_count (self->reader, query, &error), ==, rows->len);
}

static void
test_lists (ReaderFixture *self, gconstpointer data)
{
  g_autoptr (CslQuery) notes = csl_query_new (self->fixture.note);
  g_autoptr (CslQuery) clients = csl_query_new (self->fixture.client);

  /* Newest made first */
  assert_list (self, notes, "content",
               "Wrote to the landlord|Visited at home|Phoned the landlord");
  csl_query_set_sort (notes, "occurred_at", true);
  assert_list (self, notes, "content",
               "Visited at home|Wrote to the landlord|Phoned the landlord");
  csl_query_set_sort (notes, "occurred_at", false);
  notes->limit = 2;
  assert_list (self, notes, "content", "Phoned the landlord|Wrote to the landlord");
  csl_query_set_sort (clients, "last_name", false);
  assert_list (self, clients, "last_name", "O'Brien-Núñez|Rahman");
}

static void
test_filters (ReaderFixture *self, gconstpointer data)
{
  static const struct
  {
    const char *field;
    CslFilterKind kind;
    const char *value, *expected;
  } cases[] = {
    { "case_type", CSL_FILTER_UNSET, NULL, "Benefit appeal|Rent arrears" },
    { "title", CSL_FILTER_SET, NULL, "Benefit appeal|Rent arrears" },
    { "title", CSL_FILTER_IS, "Rent arrears", "Rent arrears" },
    { "title", CSL_FILTER_IS, "' OR 1 = 1 --", "" },
    { "status", CSL_FILTER_IN, "new,closed", "Benefit appeal|Rent arrears" },
    { "status", CSL_FILTER_NOT_IN, "new,closed", "" },
    { "priority", CSL_FILTER_NOT_IN, "low", "Benefit appeal|Rent arrears" },
    { "opening_date", CSL_FILTER_FROM, "2026-10-01", "Rent arrears" },
    { "opening_date", CSL_FILTER_BEFORE, "2026-10-01", "Benefit appeal" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (CslQuery) query = csl_query_new (self->fixture.case_type);

    csl_query_add_text (query, cases[i].field, cases[i].kind, cases[i].value);
    assert_list (self, query, "title", cases[i].expected);
  }
}

static void
test_words (ReaderFixture *self, gconstpointer data)
{
  static const struct
  {
    const char *text, *expected;
  } notes[] = {
    { "landlord", "Wrote to the landlord|Phoned the landlord" },
    { "LAND", "Wrote to the landlord|Phoned the landlord" },
    { "land wro", "Wrote to the landlord" },
    { "visit", "Visited at home" },
    { "nothing", "" },
    { "", "" },
    { "\"", "" },
    { "land* OR \"visit", "" },
    { "\"landlord\" -phoned)", "Phoned the landlord" },
    { "content:landlord", "" },
    { "NEAR(landlord phoned)", "" },
  };
  static const struct
  {
    const char *text, *expected;
  } clients[] = {
    { "jose", "O'Brien-Núñez" },        { "nunez", "O'Brien-Núñez" },
    { "o'brien", "O'Brien-Núñez" },     { "rahman am", "Rahman" },
    { "07700 900", "Rahman" },          { "7700900123", "Rahman" },
    { "02079460018", "O'Brien-Núñez" }, { "+44 7700", "Rahman" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (notes); i++) {
    g_autoptr (CslQuery) query = csl_query_new (self->fixture.note);

    csl_query_set_search (query, notes[i].text);
    if (*notes[i].text != '\0')
      assert_list (self, query, "content", notes[i].expected);
  }
  for (guint i = 0; i < G_N_ELEMENTS (clients); i++) {
    g_autoptr (CslQuery) query = csl_query_new (self->fixture.client);

    csl_query_set_search (query, clients[i].text);
    assert_list (self, query, "last_name", clients[i].expected);
  }
}

static void
test_via (ReaderFixture *self, gconstpointer data)
{
  static const struct
  {
    const char *text, *expected;
  } cases[] = {
    { "amina", "Rent arrears" },
    { "appeal", "Benefit appeal" },
    { "07700 900123", "Rent arrears" },
    { "O'Brien", "Benefit appeal" },
    { "a", "Benefit appeal|Rent arrears" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (CslQuery) query = csl_query_new (self->fixture.case_type);

    query->via = g_strdup (cases[i].text);
    assert_list (self, query, "title", cases[i].expected);
    csl_query_add_text (query, "status", CSL_FILTER_IS, "closed");
    assert_list (self, query, "title", "");
  }
}

/* An edit is found by its new words at once, and no more by the old ones. */
static void
test_words_follow (ReaderFixture *self, gconstpointer data)
{
  g_autoptr (GArray) rows = NULL;
  g_autoptr (CslRecord) before = NULL;
  g_autoptr (CslRecord) after = NULL;
  g_autoptr (CslQuery) query = csl_query_new (self->fixture.case_type);

  before = csl_reader_get (self->reader, self->fixture.case_type, self->amina_case, NULL);
  after = csl_record_copy (before);
  csl_record_set_text (after, "title", "Eviction notice");
  fixture_save (&self->fixture, before, after);
  csl_query_set_search (query, "evict");
  assert_list (self, query, "title", "Eviction notice");
  csl_query_set_search (query, "arrears");
  assert_list (self, query, "title", "");
  fixture_save (&self->fixture, after, NULL);
  csl_query_set_search (query, "evict");
  assert_list (self, query, "title", "");
}

static void
test_search_all (ReaderFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) hits = csl_reader_search (self->reader, "re", 10, &error);
  g_autoptr (GArray) limited = csl_reader_search (self->reader, "land", 1, &error);
  g_autoptr (GArray) phone = csl_reader_search (self->reader, "7700 900", 10, &error);

  g_assert_cmpuint (hits->len, ==, 1);
  g_assert_true (g_array_index (hits, CslReaderHit, 0).type == self->fixture.case_type);
  g_assert_cmpuint (limited->len, ==, 1);
  g_assert_cmpuint (phone->len, ==, 1);
  g_assert_true (g_array_index (phone, CslReaderHit, 0).type == self->fixture.client);
}

static void
test_timeline (ReaderFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) hits =
    csl_reader_list_timeline (self->reader, "case", self->amina_case, &error);
  g_autoptr (GArray) of_client =
    csl_reader_list_timeline (self->reader, "client", TEST_CLIENT, &error);

  g_assert_cmpuint (hits->len, ==, 3);
  g_assert_cmpuint (of_client->len, ==, 3);
  for (guint i = 0; i < 3; i++) {
    static const char *const days[] = { "2026-11-03", "2026-11-02", "2026-11-01" };

    g_assert_true (
      g_str_has_prefix (g_array_index (hits, CslReaderHit, i).when, days[i]));
  }
}

static void
test_state (ReaderFixture *self, gconstpointer data)
{
  Fixture *fixture = &self->fixture;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) lines = NULL;
  guint n;

  g_assert_cmpuint (csl_reader_get_state (self->reader, fixture->client, self->amina), ==,
                    1);
  g_string_free (csl_replica_take_batch (fixture->replica, 1, 1 << 20, &n, &error), TRUE);
  g_assert_cmpuint (csl_reader_get_state (self->reader, fixture->client, self->amina), ==,
                    2);
  lines = csl_reader_list_pending (self->reader, "client", self->amina, &error);
  g_assert_cmpuint (lines->len, ==, 1);
  test_assert (csl_replica_unsend (fixture->replica, &error), error);
  fixture_push (fixture);
  g_assert_cmpuint (csl_reader_get_state (self->reader, fixture->client, self->amina), ==,
                    0);
}

/* -- What needs attention -------------------------------------------------------------- */

static CslVerdict
refuse (const CslOp *op, gpointer data)
{
  return CSL_VERDICT_REJECTED;
}

static void
add_difference (Fixture *fixture,
                const char *record,
                const char *client,
                const char *file)
{
  static guint count;
  g_autofree char *id = g_strdup_printf ("01976b1e-3333-7abc-8def-%012u", ++count);
  g_autoptr (CslRecord) difference =
    csl_record_new (csl_schema_lookup_type (fixture->schema, "sync_conflict"), id);

  csl_record_set_text (difference, "record_type", "note");
  csl_record_set_text (difference, "record", record);
  csl_record_set_text (difference, "client", client);
  csl_record_set_text (difference, "case", file);
  csl_record_set_text (difference, "author", TEST_USER);
  csl_record_set_text (difference, "state", "open");
  fixture_save (fixture, NULL, difference);
}

static guint
concern (ReaderFixture *self, const char *file)
{
  g_autoptr (CslRecord) record =
    csl_reader_get (self->reader, self->fixture.case_type, file, NULL);

  return csl_reader_get_concern (self->reader, record);
}

static void
test_attention (ReaderFixture *self, gconstpointer data)
{
  Fixture *fixture = &self->fixture;
  g_autoptr (CslQuery) query = csl_query_new (fixture->case_type);
  g_autofree char *quiet = add_case (fixture, self->jose, "Quiet", "2026-08-01");
  g_autofree char *refused = add_case (fixture, self->amina, "Refused", "2026-07-01");

  fixture_push (fixture);
  add_note (fixture, quiet, "Long ago", "2026-05-01T10:00:00.000Z[Europe/London]");
  add_note (fixture, refused, "Today", "2026-11-20T10:00:00.000Z[Europe/London]");
  csl_query_set_sort (query, "opening_date", true);
  assert_list (self, query, "title", "Rent arrears|Benefit appeal|Quiet|Refused");
  csl_query_set_attention (query);
  /* Never, in May, on 3 November, on 20 November */
  assert_list (self, query, "title", "Benefit appeal|Quiet|Rent arrears|Refused");
  g_assert_cmpuint (concern (self, quiet), ==, CSL_READER_WAITING);
  g_assert_cmpuint (concern (self, self->jose_case), ==, CSL_READER_SYNCED);

  fixture->model->decide = refuse;
  fixture_push (fixture);
  g_assert_cmpuint (concern (self, refused), ==, CSL_READER_REFUSED);
  assert_list (self, query, "title", "Quiet|Refused|Benefit appeal|Rent arrears");
}

/* A difference about a note of the case, about its client, and about another case of the client. */
static void
test_attention_differences (ReaderFixture *self, gconstpointer data)
{
  static const char note[] = "01976b1e-4444-7abc-8def-000000000001";
  Fixture *fixture = &self->fixture;
  g_autoptr (CslQuery) query = csl_query_new (fixture->case_type);
  g_autofree char *other = add_case (fixture, self->amina, "Other", "2026-08-01");

  csl_query_set_attention (query);
  csl_query_set_sort (query, "title", false);
  add_note (fixture, other, "Now", "2026-11-20T10:00:00.000Z[Europe/London]");
  fixture_push (fixture);
  assert_list (self, query, "title", "Benefit appeal|Rent arrears|Other");
  add_difference (fixture, note, self->amina, other);
  fixture_push (fixture);
  assert_list (self, query, "title", "Other|Benefit appeal|Rent arrears");
  g_assert_cmpuint (concern (self, other), ==, CSL_READER_DIFFERS);
  g_assert_cmpuint (concern (self, self->amina_case), ==, CSL_READER_SYNCED);
  add_difference (fixture, self->amina, self->amina, NULL);
  fixture_push (fixture);
  assert_list (self, query, "title", "Rent arrears|Other|Benefit appeal");
  g_assert_cmpuint (concern (self, self->amina_case), ==, CSL_READER_DIFFERS);
  g_assert_cmpuint (concern (self, self->jose_case), ==, CSL_READER_SYNCED);
}

static void
test_local (ReaderFixture *self, gconstpointer data)
{
  Fixture *fixture = &self->fixture;
  const CslRecordType *type = csl_schema_lookup_type (fixture->schema, "form_draft");
  g_autoptr (CslRecord) draft =
    csl_record_new (type, "01976b1e-2222-7abc-8def-000000000001");
  g_autoptr (CslRecord) found = NULL;
  g_autoptr (CslRecord) other = NULL;
  g_autoptr (GError) error = NULL;
  gint64 version = csl_reader_get_data_version (self->reader);
  guint waiting = fixture_count (fixture).queued;

  csl_record_set_text (draft, "form_type", "note");
  csl_record_set_text (draft, "entity_type", "case");
  csl_record_set_text (draft, "entity_id", self->amina_case);
  csl_record_set_text (draft, "form_data", "{\"content\":\"half a sen\"}");
  test_assert (csl_replica_put_local (fixture->replica, draft, &error), error);
  csl_record_set_text (draft, "form_data", "{\"content\":\"half a sentence\"}");
  test_assert (csl_replica_put_local (fixture->replica, draft, &error), error);
  g_assert_cmpint (csl_reader_get_data_version (self->reader), !=, version);
  found = csl_reader_find_draft (self->reader, "note", "case", self->amina_case);
  g_assert_cmpstr (csl_record_get_text (found, "form_data"), ==,
                   "{\"content\":\"half a sentence\"}");
  g_assert_cmpuint (fixture_count (fixture).queued, ==, waiting);
  other = csl_reader_find_draft (self->reader, "note", NULL, NULL);
  g_assert_null (other);
  test_assert (csl_replica_delete_local (fixture->replica, "form_draft", draft->id,
                                         &error),
               error);
  g_assert_null (csl_reader_find_draft (self->reader, "note", "case", self->amina_case));
}

/* -- Plans: no list a page shows by itself reads a whole table ------------------------------------ */

static void
assert_no_scan (ReaderFixture *self, const char *sql)
{
  g_autofree char *explain = g_strconcat ("EXPLAIN QUERY PLAN ", sql, NULL);
  g_autoptr (CslStmt) stmt = csl_db_prepare_once (self->reader->db, explain, NULL);

  g_assert_nonnull (stmt);
  while (csl_stmt_step (stmt, NULL)) {
    const char *detail = csl_stmt_get_text (stmt, 3);

    if (g_str_has_prefix (detail, "SCAN") && strstr (detail, "INDEX") == NULL &&
        strstr (detail, "VIRTUAL TABLE") == NULL && strstr (detail, "subquery") == NULL &&
        strstr (detail, "json_each") == NULL)
      g_error ("%s in: %s", detail, sql);
    if (strstr (detail, "USE TEMP B-TREE FOR ORDER BY") != NULL &&
        strstr (sql, "UNION") == NULL && strstr (sql, "WHERE") == NULL)
      g_error ("%s in: %s", detail, sql);
  }
}

static void
test_plans (ReaderFixture *self, gconstpointer data)
{
  GHashTableIter iter;
  gpointer sql;

  for (guint i = 0; i < csl_schema_get_n_types (self->fixture.schema); i++) {
    const CslRecordType *type = csl_schema_get_type (self->fixture.schema, i);
    g_autoptr (CslQuery) query = csl_query_new (type);
    g_autoptr (GArray) rows = NULL;
    g_autoptr (GArray) newest = csl_reader_list (self->reader, query, NULL);

    if (type->sort_field < 0)
      continue;
    query->sort_field = type->sort_field;
    query->descending = type->sort_descending;
    rows = csl_reader_list (self->reader, query, NULL);
  }
  for (guint i = 0; i < 2; i++) {
    g_autoptr (CslQuery) of_case = csl_query_new (self->fixture.note);
    g_autoptr (GArray) rows = NULL;
    g_autoptr (GArray) hits = csl_reader_search (self->reader, "land", 50, NULL);
    g_autoptr (GArray) events =
      csl_reader_list_timeline (self->reader, i == 0 ? "case" : "client", "x", NULL);

    csl_query_add_text (of_case, i == 0 ? "case" : "client", CSL_FILTER_IS,
                        self->amina_case);
    csl_query_set_sort (of_case, "occurred_at", true);
    rows = csl_reader_list (self->reader, of_case, NULL);
  }
  {
    g_autoptr (CslQuery) mine = csl_query_new (self->fixture.case_type);
    g_autoptr (GArray) rows = NULL;

    csl_query_add_text (mine, "advisor", CSL_FILTER_IS, TEST_USER);
    csl_query_set_attention (mine);
    rows = csl_reader_list (self->reader, mine, NULL);
  }
  g_hash_table_iter_init (&iter, self->reader->statements);
  while (g_hash_table_iter_next (&iter, &sql, NULL))
    assert_no_scan (self, sql);
}

#define ADD(name, function)                                                              \
  g_test_add ("/store/reader/" name, ReaderFixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("lists", test_lists);
  ADD ("filters", test_filters);
  ADD ("words", test_words);
  ADD ("via", test_via);
  ADD ("words-follow", test_words_follow);
  ADD ("search-all", test_search_all);
  ADD ("timeline", test_timeline);
  ADD ("state", test_state);
  ADD ("attention", test_attention);
  ADD ("attention-differences", test_attention_differences);
  ADD ("local", test_local);
  ADD ("plans", test_plans);
  return g_test_run ();
}
