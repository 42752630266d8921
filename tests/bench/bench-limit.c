/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench-limit.c: bare writes. */
#include "bench/bench-limit.h"

#include "bench/bench-device.h"
#include "bench/bench-notes.h"
#include "bench/bench-report.h"
#include "store/csl-record-table.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define EDITS_OF_A_COMMIT 500
#define N_WRITES          50

typedef struct
{
  char *path; /* (owned) */
  CslDb *db;  /* (owned) */
  CslRecordTable *table;
  GPtrArray *notes; /* (owned) of CslRecord */
} Limit;

static void
check (bool good, GError **error)
{
  if (!good)
    g_error ("bare tables: %s", (*error)->message);
}

static void
execute (Limit *self, const char *sql)
{
  GError *error = NULL;

  check (csl_db_execute (self->db, sql, &error), &error);
}

static void
begin (Limit *self)
{
  GError *error = NULL;

  check (csl_db_begin (self->db, &error), &error);
}

static void
commit (Limit *self)
{
  GError *error = NULL;

  check (csl_db_commit (self->db, &error), &error);
}

static void
make_notes (Limit *self, const CslSchema *schema, guint n_cases, guint n_notes)
{
  g_auto (BenchNotes) notes = { 0 };
  char author[40], *clients = g_malloc (n_cases * 40), *cases = g_malloc (n_cases * 40);

  bench_notes_init (&notes, 7);
  bench_notes_new_id (&notes, author);
  for (guint i = 0; i < n_cases; i++) {
    bench_notes_new_id (&notes, clients + i * 40);
    bench_notes_new_id (&notes, cases + i * 40);
  }
  for (guint i = 0; i < n_notes; i++) {
    CslRecord *note = bench_notes_new_note (&notes, schema, clients + i % n_cases * 40,
                                            cases + i % n_cases * 40, author);

    csl_record_set_text (note, "created_by", author);
    csl_record_set_text (note, "created_at", csl_record_get_text (note, "occurred_at"));
    note->rev = i + 1;
    g_ptr_array_add (self->notes, note);
  }
  g_free (clients);
  g_free (cases);
}

static void
limit_init (Limit *self, const CslSchema *schema, const char *folder, CslSide side)
{
  GError *error = NULL;

  self->path = g_build_filename (folder, "limit.db", NULL);
  self->db = csl_db_open (self->path, side == CSL_SIDE_REPLICA ? bench_key : NULL,
                          CSL_DB_CREATE, &error);
  check (self->db != NULL, &error);
  check (csl_ddl_upgrade (self->db, schema, side, NULL, &error), &error);
  self->table = csl_record_table_new (self->db, csl_schema_lookup_type (schema, "note"));
  self->notes = g_ptr_array_new_with_free_func ((GDestroyNotify) csl_record_free);
}

static void
limit_clear (Limit *self)
{
  csl_record_table_free (self->table);
  csl_db_free (self->db);
  g_ptr_array_unref (self->notes);
  g_unlink (self->path);
  g_free (self->path);
}

static void
insert_notes (Limit *self)
{
  GError *error = NULL;

  for (guint i = 0; i < self->notes->len; i++) {
    CslRowInfo info = { .bucket = i % 100, .hash = i * G_GUINT64_CONSTANT (2654435761) };

    check (csl_record_table_insert (self->table, self->notes->pdata[i], &info, &error),
           &error);
  }
}

double
bench_limit_insert (const CslSchema *schema,
                    const char *folder,
                    guint n_cases,
                    guint n_notes,
                    double *ret_busy_ms)
{
  Limit limit = { 0 };
  double start, busy, elapsed;

  limit_init (&limit, schema, folder, CSL_SIDE_REPLICA);
  make_notes (&limit, schema, n_cases, n_notes);
  busy = bench_busy_ms ();
  start = bench_now_ms ();
  begin (&limit);
  insert_notes (&limit);
  execute (&limit,
           "INSERT INTO \"_fts_note\" (\"rowid\", \"title\", \"content\") SELECT "
           "\"_order\", \"title\", \"content\" FROM \"note\" ORDER BY \"_order\"");
  commit (&limit);
  elapsed = bench_now_ms () - start;
  *ret_busy_ms = bench_busy_ms () - busy;
  limit_clear (&limit);
  return elapsed;
}

/* -- Push ------------------------------------------------------------------------------ */

static const char side_tables[] =
  "CREATE TABLE \"history\" (\"rec\" INTEGER, \"seq\" INTEGER, \"n\" INTEGER, \"who\" "
  "TEXT, "
  "\"fields\" TEXT, PRIMARY KEY (\"rec\", \"seq\", \"n\")) WITHOUT ROWID;"
  "CREATE TABLE \"operation\" (\"op\" TEXT PRIMARY KEY, \"record\" TEXT, \"answer\" "
  "TEXT) "
  "WITHOUT ROWID;";

static void
run_with_record (Limit *self, const char *sql, const CslRecord *note)
{
  GError *error = NULL;
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, &error);

  check (stmt != NULL, &error);
  csl_stmt_bind_int_at (stmt, 1, note->rev);
  csl_stmt_bind_text_at (stmt, 2, note->id);
  csl_stmt_bind_text_at (stmt, 3, csl_record_get_text (note, "content"));
  check (csl_stmt_run (stmt, &error), &error);
}

static void
edit_note (Limit *self, guint i)
{
  static const char history_sql[] = "INSERT INTO \"history\" (\"rec\", \"seq\", \"n\", "
                                    "\"who\", \"fields\") VALUES (?1, ?1, "
                                    "0, ?2, ?3)";
  static const char operation_sql[] = "INSERT INTO \"operation\" (\"op\", \"record\", "
                                      "\"answer\") VALUES (?2 || ?1, ?2, ?3)";
  CslRecord *note = self->notes->pdata[i];
  const CslRowInfo info = { .row = i + 1, .bucket = 1, .hash = i };
  GError *error = NULL;

  csl_record_set_text (note, "content", csl_record_get_text (note, "title"));
  check (csl_record_table_update (self->table, note, &info, &error), &error);
  run_with_record (self, history_sql, note);
  run_with_record (self, operation_sql, note);
}

double
bench_limit_push (const CslSchema *schema, const char *folder, guint n_edits)
{
  Limit limit = { 0 };
  double start, elapsed;

  limit_init (&limit, schema, folder, CSL_SIDE_SERVER);
  make_notes (&limit, schema, 100, n_edits);
  begin (&limit);
  execute (&limit, side_tables);
  insert_notes (&limit);
  commit (&limit);
  start = bench_now_ms ();
  for (guint i = 0; i < n_edits; i++) {
    if (i % EDITS_OF_A_COMMIT == 0)
      begin (&limit);
    edit_note (&limit, i);
    if ((i + 1) % EDITS_OF_A_COMMIT == 0)
      commit (&limit);
  }
  if (csl_db_is_in_transaction (limit.db))
    commit (&limit);
  elapsed = bench_now_ms () - start;
  limit_clear (&limit);
  return elapsed;
}

double
bench_limit_fsync (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "limit", NULL);
  int fd = g_open (path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  char page[4096] = "";
  double times[N_WRITES];

  for (guint i = 0; i < N_WRITES; i++) {
    double start = bench_now_ms ();

    if (write (fd, page, sizeof page) != sizeof page || fdatasync (fd) != 0)
      g_error ("%s cannot be written", path);
    times[i] = bench_now_ms () - start;
  }
  close (fd);
  g_unlink (path);
  return bench_percentile (times, N_WRITES, 0.5);
}
