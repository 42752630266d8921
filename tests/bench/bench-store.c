/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How far the store is from what the disk format allows.
 *
 *   limit   100,000 notes put in order into the same encrypted tables with the same indexes, then the full-text index,
 *           by bare statements out of memory: no protocol, no hashes, no bookkeeping. Other benches divide by it.
 *   pull    the same notes as pages of a pull: parsed, checked, hashed, counted, written with the cursor.
 *   index   the full-text index in slices, as the client does it while idle.
 *   change  new texts for some notes spread over all: stored, then brought into the index in slices of several sizes.
 *   search  a keystroke: the newest 50 notes with one or two beginnings of words.
 *
 * CSL_BENCH_ROWS sets another number of notes.
 */
#include "core/base/csl-id.h"
#include "core/wire/csl-pull-line.h"
#include "core/wire/csl-wire-record.h"
#include "store/csl-env-system.h"
#include "store/csl-reader.h"
#include "store/csl-record-table.h"
#include "store/csl-replica-pull.h"

#include <glib/gstdio.h>
#include <string.h>
#include <time.h>

#define ORGANISATION     "01976b1e-0000-7abc-8def-000000000001"
#define USER             "01976b1e-0000-7abc-8def-000000000002"
#define ROWS_OF_A_BUCKET 100
#define ROWS_OF_A_PAGE   4000
#define ROWS_OF_A_SLICE  2000
#define CHANGES          100

static const guint8 key[CSL_DB_KEY_SIZE] = "a key of thirty-two bytes, plain";

typedef struct
{
  CslSchema *schema;
  const CslRecordType *note;
  char *folder;
  GPtrArray *notes; /* (owned) of CslRecord */
  GRand *random;
  double limit_s;
} Bench;

/* Processor time of this process: neighbours on the machine do not count, waiting for the disk does not either. */
static double
now_s (void)
{
  struct timespec now;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double) now.tv_sec + (double) now.tv_nsec / 1e9;
}

/* What somebody would wait, the disk included. */
static double
wall_s (void)
{
  return (double) g_get_monotonic_time () / G_USEC_PER_SEC;
}

static char *
database_path (Bench *self, const char *name)
{
  return g_build_filename (self->folder, name, NULL);
}

/* -- Notes: 80 words, most of them frequent, as in speech -------------------------------- */

static void
append_word (Bench *self, GString *text)
{
  static const char *const parts[] = { "ba",  "ke",  "lo",  "mi",  "nu",  "ra",
                                       "se",  "ti",  "vo",  "shi", "tre", "pla",
                                       "den", "mor", "cal", "fin" };
  double skew = g_rand_double (self->random);
  guint number = (guint) (skew * skew * skew * 4096);

  if (text->len > 0)
    g_string_append_c (text, ' ');
  for (guint i = 0; i < 3; i++, number /= 16)
    g_string_append (text, parts[number % 16]);
}

static CslRecord *
make_note (Bench *self, guint position)
{
  CslId id = csl_id_new (csl_env_system ());
  CslRecord *note = csl_record_new (self->note, id.text);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *case_id =
    g_strdup_printf ("01976b1e-0001-7abc-8def-%012u", position / ROWS_OF_A_BUCKET);
  g_autofree char *when =
    g_strdup_printf ("2026-%02u-%02uT%02u:00:00.000Z[Europe/London]", 1 + position % 12,
                     1 + position % 28, position % 24);

  for (guint i = 0; i < 80; i++)
    append_word (self, text);
  csl_record_set_text (note, "client", case_id);
  csl_record_set_text (note, "case", case_id);
  csl_record_set_text (note, "content", text->str);
  csl_record_set_text (note, "author", USER);
  csl_record_set_text (note, "occurred_at", when);
  csl_record_set_text (note, "created_at", when);
  csl_record_set_text (note, "created_by", USER);
  csl_record_set_text (note, "visibility", "team");
  note->rev = position + 2;
  return note;
}

static void
set_up (Bench *self)
{
  const char *rows = g_getenv ("CSL_BENCH_ROWS");
  guint n = rows != NULL ? (guint) g_ascii_strtoull (rows, NULL, 10) : 100000;

  self->schema = csl_schema_new_builtin ();
  self->note = csl_schema_lookup_type (self->schema, "note");
  self->folder = g_dir_make_tmp ("csl-bench-XXXXXX", NULL);
  self->random = g_rand_new_with_seed (1);
  self->notes = g_ptr_array_new_with_free_func ((GDestroyNotify) csl_record_free);
  for (guint i = 0; i < n; i++)
    g_ptr_array_add (self->notes, make_note (self, i));
}

static void
tear_down (Bench *self)
{
  g_autoptr (GDir) dir = g_dir_open (self->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = database_path (self, name);

    g_unlink (path);
  }
  g_rmdir (self->folder);
  g_free (self->folder);
  g_ptr_array_unref (self->notes);
  g_rand_free (self->random);
  csl_schema_unref (self->schema);
}

/* -- The limit --------------------------------------------------------------------------- */

static void
insert_all (Bench *self, CslDb *db)
{
  g_autoptr (CslRecordTable) table = csl_record_table_new (db, self->note);

  for (guint i = 0; i < self->notes->len; i++) {
    CslRowInfo info = { .bucket = 1 + i / ROWS_OF_A_BUCKET, .hash = i };

    g_assert_true (
      csl_record_table_insert (table, g_ptr_array_index (self->notes, i), &info, NULL));
  }
}

/* Slices of a few thousand rows are what FTS5 is fastest with: one statement for all takes three times as long. */
static void
index_all (Bench *self, CslDb *db)
{
  static const char sql[] = "INSERT INTO \"_fts_note\" (rowid, \"title\", \"content\") "
                            "SELECT \"_order\", \"title\", "
                            "\"content\" FROM \"note\" WHERE \"_row\" > :from AND "
                            "\"_row\" <= :to ORDER BY \"_order\"";

  for (guint from = 0; from < self->notes->len; from += ROWS_OF_A_SLICE) {
    CslStmt *stmt = csl_db_prepare (db, sql, NULL);

    csl_stmt_bind_int (stmt, ":from", from);
    csl_stmt_bind_int (stmt, ":to", from + ROWS_OF_A_SLICE);
    g_assert_true (csl_stmt_run (stmt, NULL));
  }
}

static void
bench_limit (Bench *self)
{
  g_autofree char *path = database_path (self, "limit.db");
  g_autofree char *sql = csl_ddl_create (self->note, CSL_SIDE_REPLICA);
  g_autoptr (GError) error = NULL;
  g_autoptr (CslDb) db = csl_db_open (path, key, CSL_DB_CREATE, &error);
  double start, inserted;

  g_assert_no_error (error);
  g_assert_true (csl_db_execute (db, sql, &error));
  start = now_s ();
  g_assert_true (csl_db_begin (db, NULL));
  insert_all (self, db);
  g_assert_true (csl_db_commit (db, NULL));
  inserted = now_s ();
  index_all (self, db);
  self->limit_s = now_s () - start;
  g_test_message ("limit: rows %.2f s, full text %.2f s, together %.2f s",
                  inserted - start, self->limit_s - (inserted - start), self->limit_s);
}

/* -- The same through a pull ------------------------------------------------------------- */

static GString *
make_page (Bench *self, guint first, guint n)
{
  GString *page = g_string_new (NULL);
  guint end = MIN (first + n, self->notes->len);
  g_autoptr (GString) doc = g_string_new (NULL);

  csl_pull_write_head (page, "01976b1e-aaaa-7abc-8def-000000000001", 0,
                       self->notes->len + 1, 1, 0, "2026-11-21T00:00:00.000Z");
  for (guint i = first; i < end; i++) {
    const CslRecord *note = g_ptr_array_index (self->notes, i);
    g_autofree char *bucket = csl_record_dup_bucket (note, ORGANISATION);

    if (i == first || i % ROWS_OF_A_BUCKET == 0)
      csl_pull_write_open (page, bucket, ROWS_OF_A_BUCKET, 0, true);
    g_string_truncate (doc, 0);
    csl_wire_record_write (note, doc);
    csl_pull_write_put (page, bucket, "note", note->id, note->rev, doc->str);
  }
  if (end < self->notes->len)
    csl_pull_write_page (page, "{\"until\":1}");
  else
    csl_pull_write_done (page, self->notes->len + 1);
  return page;
}

static void
bench_pull (Bench *self)
{
  g_autofree char *path = database_path (self, "replica.db");
  CslReplicaIdentity identity = { .organisation = ORGANISATION, .user = USER };
  g_autoptr (GError) error = NULL;
  g_autoptr (CslReplica) replica =
    csl_replica_create (path, key, self->schema, &identity, csl_env_system (), &error);
  double applied = 0, indexed;
  bool more = true;

  g_assert_no_error (error);
  for (guint first = 0; first < self->notes->len; first += ROWS_OF_A_PAGE) {
    g_autoptr (GString) page = make_page (self, first, ROWS_OF_A_PAGE);
    g_auto (CslPageResult) result = { 0 };
    double start = now_s ();

    g_assert_true (
      csl_replica_apply_page (replica, page->str, page->len, &result, &error));
    applied += now_s () - start;
  }
  indexed = now_s ();
  while (more)
    g_assert_true (csl_replica_index_slice (replica, ROWS_OF_A_SLICE, &more, &error));
  indexed = now_s () - indexed;
  g_test_message (
    "pull: rows %.2f s, full text %.2f s, together %.2f s = %.2f of the limit", applied,
    indexed, applied + indexed, (applied + indexed) / self->limit_s);
  g_test_maximized_result (self->notes->len / applied, "rows a second from pages");
}

/* -- Changed texts ----------------------------------------------------------------------- */

static GString *
make_changes (Bench *self, guint round)
{
  GString *page = g_string_new (NULL);
  g_autoptr (GString) doc = g_string_new (NULL);
  gint64 since = self->notes->len + 1 + round;

  csl_pull_write_head (page, "01976b1e-aaaa-7abc-8def-000000000001", since, since + 1, 1,
                       0, "2026-11-21T00:00:00.000Z");
  for (guint i = 0; i < CHANGES; i++) {
    guint position = (guint) ((guint64) self->notes->len * i / CHANGES) + round;
    CslRecord *note = g_ptr_array_index (self->notes, position);
    g_autoptr (GString) text = g_string_new (NULL);
    g_autofree char *bucket = csl_record_dup_bucket (note, ORGANISATION);

    for (guint j = 0; j < 80; j++)
      append_word (self, text);
    csl_record_set_text (note, "content", text->str);
    note->rev = since + 1;
    g_string_truncate (doc, 0);
    csl_wire_record_write (note, doc);
    csl_pull_write_put (page, bucket, "note", note->id, note->rev, doc->str);
  }
  csl_pull_write_done (page, since + 1);
  return page;
}

static void
bench_change (Bench *self)
{
  static const guint slices[] = { 400, 4000, 16000, 40000 };
  g_autofree char *path = database_path (self, "replica.db");
  g_autoptr (GError) error = NULL;
  g_autoptr (CslReplica) replica =
    csl_replica_open (path, key, self->schema, csl_env_system (), &error);

  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (slices); i++) {
    g_autoptr (GString) page = make_changes (self, i);
    g_auto (CslPageResult) result = { 0 };
    double start = wall_s (), stored, longest = 0;
    bool more = true;

    g_assert_true (
      csl_replica_apply_page (replica, page->str, page->len, &result, &error));
    g_assert_cmpuint (result.n_put, ==, CHANGES);
    stored = wall_s ();
    while (more) {
      double from = wall_s ();

      g_assert_true (csl_replica_index_slice (replica, slices[i], &more, &error));
      longest = MAX (longest, wall_s () - from);
    }
    g_test_message ("%d changed texts: stored in %.1f ms; slices of %u: searchable after "
                    "%.0f ms more, the longest slice %.0f ms",
                    CHANGES, 1e3 * (stored - start), slices[i],
                    1e3 * (wall_s () - stored), 1e3 * longest);
  }
}

/* -- Search ------------------------------------------------------------------------------ */

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double left = *(const double *) a, right = *(const double *) b;

  return left < right ? -1 : left > right;
}

typedef void (*MakeText) (Bench *self, guint position, GString *text);

static void
one_beginning (Bench *self, guint position, GString *text)
{
  append_word (self, text);
  g_string_truncate (text, text->len - (gsize) g_rand_int_range (self->random, 0, 4));
}

static void
two_beginnings (Bench *self, guint position, GString *text)
{
  one_beginning (self, position, text);
  one_beginning (self, position, text);
}

/* A person typing: one letter more each time. */
static void
letter_by_letter (Bench *self, guint position, GString *text)
{
  append_word (self, text);
  g_string_truncate (text, MIN (text->len, 1 + position % 6));
}

static void
report (GArray *times, const char *name)
{
  double p95;

  g_array_sort (times, compare_doubles);
  p95 = g_array_index (times, double, times->len * 95 / 100);
  g_test_message ("search, %s: p50 %.2f ms, p95 %.2f ms, worst %.2f ms", name,
                  1e3 * g_array_index (times, double, times->len / 2), 1e3 * p95,
                  1e3 * g_array_index (times, double, times->len - 1));
  g_test_minimized_result (p95, "%s", name);
}

/* @everywhere: over all types, as the search of the header does. */
static void
search (Bench *self,
        CslReader *reader,
        MakeText make_text,
        bool everywhere,
        const char *name)
{
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint i = 0; i < 600; i++) {
    g_autoptr (CslQuery) query = csl_query_new (self->note);
    g_autoptr (GString) text = g_string_new (NULL);
    g_autoptr (GArray) rows = NULL;
    double start, took;

    make_text (self, i, text);
    csl_query_set_search (query, text->str);
    query->limit = 50;
    start = now_s ();
    rows = everywhere ? csl_reader_search (reader, text->str, 50, NULL)
                      : csl_reader_list (reader, query, NULL);
    took = now_s () - start;
    g_assert_nonnull (rows);
    g_array_append_val (times, took);
  }
  report (times, name);
}

static void
bench_search (Bench *self)
{
  g_autofree char *path = database_path (self, "replica.db");
  g_autoptr (GError) error = NULL;
  g_autoptr (CslReader) reader = csl_reader_open (path, key, self->schema, &error);
  g_autoptr (CslQuery) all = csl_query_new (self->note);
  g_autoptr (GArray) rows = NULL;
  double start;

  g_assert_no_error (error);
  search (self, reader, one_beginning, false, "one beginning of a word");
  search (self, reader, two_beginnings, false, "two beginnings of words");
  search (self, reader, letter_by_letter, false, "letter by letter");
  search (self, reader, letter_by_letter, true, "letter by letter, everywhere");
  csl_query_set_sort (all, "occurred_at", true);
  start = now_s ();
  rows = csl_reader_list (reader, all, &error);
  g_test_message ("list of %u rows in its usual order: %.1f ms", rows->len,
                  1e3 * (now_s () - start));
}

static void
bench_all (void)
{
  Bench bench = { 0 };

  set_up (&bench);
  bench_limit (&bench);
  bench_pull (&bench);
  bench_change (&bench);
  bench_search (&bench);
  tear_down (&bench);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bench/store", bench_all);
  return g_test_run ();
}
