/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Changed texts and the full-text index: what is found meanwhile, what the index says in the end, and that what it said
 * leaves the disk with its note. */
#include "store-fixture.h"
#include "store/csl-reader.h"

#include <glib/gstdio.h>

#define CANARY "canarybirdxyzzy"

static void
fill_notes (Fixture *fixture, guint n)
{
  for (guint i = 0; i < n; i++) {
    g_autofree char *text = g_strdup_printf ("Phoned number %u", i);
    g_autoptr (CslRecord) note = fixture_note (fixture, text);

    model_put (fixture->model, note, TEST_NOTES);
  }
}

/* Rows of notes that the index itself finds. */
static gint64
count_indexed (Fixture *fixture, const char *word)
{
  g_autofree char *sql =
    g_strdup_printf ("SELECT count (*) FROM \"_fts_note\" WHERE \"_fts_note\" MATCH '%s'",
                     word);

  return fixture_query_int (fixture, sql);
}

/* Rows of notes that a person finds. */
static guint
count_found (Fixture *fixture, const char *words)
{
  g_autoptr (CslReader) reader = fixture_open_reader (fixture);
  g_autoptr (CslQuery) query = csl_query_new (fixture->note);
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) rows = NULL;

  csl_query_set_search (query, words);
  rows = csl_reader_list (reader, query, &error);
  g_assert_no_error (error);
  return rows->len;
}

static gint64
count_stale (Fixture *fixture)
{
  return fixture_query_int (fixture, "SELECT count (*) FROM \"_stale\"");
}

/* A note of the server's, pulled and indexed. */
static CslRecord *
pull_note (Fixture *fixture, const char *content)
{
  CslRecord *note = fixture_note (fixture, content);

  model_put (fixture->model, note, TEST_NOTES);
  fixture_pull (fixture);
  fixture_index (fixture);
  return note;
}

/* Somebody else gives @note another text. */
static void
change_theirs (Fixture *fixture, CslRecord *note, const char *content)
{
  csl_record_set_text (note, "content", content);
  model_put (fixture->model, note, TEST_NOTES);
  fixture_pull (fixture);
}

/* Changed on this computer. */
static void
change_mine (Fixture *fixture, const char *id, const char *content)
{
  g_autoptr (CslRecord) shown = fixture_get (fixture, fixture->note, id);
  g_autoptr (CslRecord) after = csl_record_copy (shown);

  csl_record_set_text (after, "content", content);
  fixture_save (fixture, shown, after);
}

/* A person finds what is there from the moment it is there; the index follows when there is time, also after several
 * changes, a restart, or a change and back. */
static void
test_stale (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CslRecord) note = NULL;

  model_grant (fixture->model, TEST_NOTES);
  fill_notes (fixture, 20);
  note = pull_note (fixture, "About arrears");
  change_theirs (fixture, note, "About eviction");
  g_assert_cmpint (count_indexed (fixture, "arrears"), ==, 1);
  g_assert_cmpint (count_indexed (fixture, "eviction"), ==, 0);
  g_assert_cmpuint (count_found (fixture, "arrears"), ==, 0);
  g_assert_cmpuint (count_found (fixture, "evic abo"), ==, 1);
  change_mine (fixture, note->id, "About repairs");
  g_assert_cmpint (count_stale (fixture), ==, 1);
  fixture_reopen (fixture);
  g_assert_true (csl_replica_needs_index (fixture->replica));
  g_assert_cmpuint (count_found (fixture, "evic"), ==, 0);
  g_assert_cmpuint (count_found (fixture, "repair"), ==, 1);
  fixture_check (fixture);
  g_assert_cmpint (count_stale (fixture), ==, 0);
  g_assert_cmpint (count_indexed (fixture, "arrears"), ==, 0);
  g_assert_cmpint (count_indexed (fixture, "repairs"), ==, 1);

  change_mine (fixture, note->id, "Something else");
  change_mine (fixture, note->id, "About repairs");
  fixture_check (fixture);
  g_assert_cmpint (count_stale (fixture), ==, 0);
  g_assert_cmpint (count_indexed (fixture, "repairs"), ==, 1);
}

/* What is not searched leaves the index alone. */
static void
test_not_stale (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CslRecord) note = NULL;

  model_grant (fixture->model, TEST_NOTES);
  note = pull_note (fixture, "About arrears");
  csl_record_set_int (note, "duration_minutes", 20);
  change_theirs (fixture, note, "About arrears");
  g_assert_false (csl_replica_needs_index (fixture->replica));
  g_assert_cmpint (count_stale (fixture), ==, 0);
}

static void
test_stale_gone (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CslRecord) first = NULL;
  g_autoptr (CslRecord) second = NULL;

  model_grant (fixture->model, TEST_NOTES);
  first = pull_note (fixture, "About arrears");
  second = pull_note (fixture, "About arrears");
  change_theirs (fixture, first, "About eviction");
  change_theirs (fixture, second, "About eviction");
  model_delete (fixture->model, first->id);
  fixture_pull (fixture);
  g_assert_cmpint (count_stale (fixture), ==, 1);
  g_assert_cmpint (count_indexed (fixture, "arrears"), ==, 1);
  fixture_save (fixture, second, NULL);
  g_assert_cmpint (count_stale (fixture), ==, 0);
  g_assert_cmpint (count_indexed (fixture, "arrears"), ==, 0);
  fixture_check (fixture);
}

static void
assert_no_canary (Fixture *fixture)
{
  g_autofree char *wal = g_strconcat (fixture->path, "-wal", NULL);
  GStatBuf info;

  g_assert_cmpint (g_stat (wal, &info), ==, 0);
  g_assert_cmpint (info.st_size, ==, 0);
  g_assert_true (test_pages_contain (fixture->path, "_outbox"));
  g_assert_false (test_pages_contain (fixture->path, CANARY));
  g_assert_false (test_pages_contain (fixture->path, "anarybird"));
}

/* I12: what notes said before they were changed leaves with them, whether the index had followed or not; so does what it
 * had not taken in yet. @data: the index follows before the notes leave */
static void
test_drop_stale_bytes (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) notes =
    g_ptr_array_new_with_free_func ((GDestroyNotify) csl_record_free);

  model_grant (fixture->model, TEST_NOTES);
  for (guint i = 0; i < 60; i++) {
    const char *content = i % 2 == 0 ? CANARY " visited" : "Nothing yet";

    g_ptr_array_add (notes, fixture_note (fixture, content));
    model_put (fixture->model, notes->pdata[i], TEST_NOTES);
  }
  fixture_pull (fixture);
  fixture_index (fixture);
  for (guint i = 0; i < 60; i++)
    change_theirs (fixture, notes->pdata[i], i % 2 == 0 ? "Quiet" : CANARY " came");
  g_assert_cmpint (count_stale (fixture), ==, 60);
  if (data != NULL)
    fixture_index (fixture);
  g_assert_true (test_pages_contain (fixture->path, CANARY));
  model_revoke (fixture->model, TEST_NOTES);
  fixture_pull (fixture);
  g_assert_cmpint (count_stale (fixture), ==, 0);
  assert_no_canary (fixture);
  fixture_check (fixture);
}

/* The same when the note was edited here and never sent: only the own words wait, in the outbox. */
static void
test_drop_own_stale_bytes (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CslRecord) note = NULL;

  model_grant (fixture->model, TEST_NOTES);
  fill_notes (fixture, 20);
  note = pull_note (fixture, CANARY " visited");
  csl_record_set_text (note, "title", CANARY);
  change_mine (fixture, note->id, "My own words");
  model_revoke (fixture->model, TEST_NOTES);
  fixture_pull (fixture);
  g_assert_cmpuint (fixture_count (fixture).queued, ==, 1);
  g_assert_cmpint (count_stale (fixture), ==, 0);
  assert_no_canary (fixture);
}

/* -- The same words, whether the index knows them or not --------------------------------- */

static const char *const texts[] = {
  "José Núñez phoned: «très fâché», İstanbul",
  "ÅNGSTRÖM units; O'Brien-Smith's flat 12b",
  "Ελληνικά λόγια και Русские слова",
  "snake_case e-mail@example.org 07700-900123",
  "naïve cafe\u0301 re\u0301sume\u0301 \u00bd \u2163",
  "",
  "a",
};

static const char *const queries[] = {
  "jose nun", "NÚÑ",       "tres fache", "istan",  "angstrom", "brien", "smith s",
  "12",       "12b",       "ελλ",        "русск",  "snake",    "case",  "mail exam",
  "900",      "7700",      "cafe resu",  "naive",  "re",       "a",     "an",
  "o'b",      "“cafe” re", "\u00bd",     "\u2163", "zz",       "λογια",
};

static void
test_words (Fixture *fixture, gconstpointer data)
{
  guint found[G_N_ELEMENTS (texts)][G_N_ELEMENTS (queries)];
  g_autoptr (CslRecord) note = fixture_note (fixture, "plain");

  fixture_save (fixture, NULL, note);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    change_mine (fixture, note->id, texts[i]);
    g_assert_cmpint (count_stale (fixture), ==, 1);
    for (guint j = 0; j < G_N_ELEMENTS (queries); j++)
      found[i][j] = count_found (fixture, queries[j]);
    fixture_index (fixture);
    g_assert_cmpint (count_stale (fixture), ==, 0);
    for (guint j = 0; j < G_N_ELEMENTS (queries); j++) {
      g_test_message ("“%s” in “%s”", queries[j], texts[i]);
      g_assert_cmpuint (found[i][j], ==, count_found (fixture, queries[j]));
    }
  }
}

/* More changes than can be looked through are found by what they said, until the index has followed. */
static void
test_many (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) notes =
    g_ptr_array_new_with_free_func ((GDestroyNotify) csl_record_free);

  model_grant (fixture->model, TEST_NOTES);
  for (guint i = 0; i < 600; i++) {
    g_ptr_array_add (notes, fixture_note (fixture, "About arrears"));
    model_put (fixture->model, notes->pdata[i], TEST_NOTES);
  }
  fixture_pull (fixture);
  fixture_index (fixture);
  for (guint i = 0; i < 600; i++) {
    csl_record_set_text (notes->pdata[i], "content", "About eviction");
    model_put (fixture->model, notes->pdata[i], TEST_NOTES);
  }
  fixture_pull (fixture);
  g_assert_cmpint (count_stale (fixture), ==, 600);
  g_assert_cmpuint (count_found (fixture, "arrears"), ==, 600);
  fixture_check (fixture);
  g_assert_cmpuint (count_found (fixture, "arrears"), ==, 0);
  g_assert_cmpuint (count_found (fixture, "eviction"), ==, 600);
}

#define ADD(name, data, function)                                                        \
  g_test_add ("/store/search/" name, Fixture, data, fixture_set_up, function,            \
              fixture_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("stale", NULL, test_stale);
  ADD ("not-stale", NULL, test_not_stale);
  ADD ("gone", NULL, test_stale_gone);
  ADD ("drop-bytes", NULL, test_drop_stale_bytes);
  ADD ("drop-renewed-bytes", GINT_TO_POINTER (1), test_drop_stale_bytes);
  ADD ("drop-own-bytes", NULL, test_drop_own_stale_bytes);
  ADD ("words", NULL, test_words);
  ADD ("many", NULL, test_many);
  return g_test_run ();
}
