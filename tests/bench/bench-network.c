/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sync between real programs: caseload-server behind nginx with TLS on loopback, and clients without windows in this process
 * with their own transport, threads, driver and encrypted replica.
 *
 *   first   100,000 notes into an empty replica, searchable, beside putting the same rows in order into the same
 *           encrypted tables and their full-text index out of memory
 *   push    10,000 edits made while away, each merged with somebody else's change of the same note, beside the same
 *           rows written into bare tables
 *   idle    a sync with nothing to do
 *   live    from the moment an edit is saved until it is on the disk of another client
 *   growth  a pull of 100 changes out of 10,000 and out of 200,000 notes
 *
 * Arguments: the parts to run; none: all. CSL_BENCH_NOTES sets another number of notes. Wall-clock times; the smaller of
 * several runs where they repeat. What cannot be repeated at the same state is measured beside its limit in turns.
 */
#include "config.h"

#include "bench/bench-limit.h"
#include "bench/bench-report.h"
#include "bench/bench-server.h"
#include "bench/bench-world.h"
#include "core/base/csl-time.h"
#include "store/csl-reader.h"
#include "store/csl-replica-edit.h"

#include <glib/gstdio.h>
#include <string.h>

#define N_CASES     100
#define N_FIRST     3
#define N_EDITS     10000
#define N_IDLE      200
#define N_LIVE      60
#define N_CHANGES   100
#define N_PULLS     25
#define LIVE_GAP_US 300000

typedef struct
{
  CslSchema *schema;         /* (owned) */
  const CslRecordType *note; /* (unowned) */
  char *folder;              /* (owned) */
  BenchNotes notes;
  BenchWorld world;
  BenchServer server;
  guint n_notes;
} Bench;

static void
set_up (Bench *self, guint n_notes)
{
  static guint round;
  g_autofree char *name = g_strdup_printf ("world-%u", round++);
  g_autofree char *prefix = NULL;

  self->folder = g_build_filename (g_get_tmp_dir (), name, NULL);
  prefix = g_build_filename (self->folder, "proxy", NULL);
  g_mkdir_with_parents (self->folder, 0700);
  bench_notes_init (&self->notes, 7);
  self->n_notes = n_notes;
  bench_world_init (&self->world, &self->notes, self->schema, self->folder, N_CASES,
                    n_notes);
  bench_server_start (&self->server, self->world.folder, prefix);
}

static void
tear_down (Bench *self)
{
  const char *argv[] = { "rm", "-rf", self->folder, NULL };

  bench_server_stop (&self->server);
  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL,
                NULL, NULL);
  bench_world_clear (&self->world);
  bench_notes_clear (&self->notes);
  g_clear_pointer (&self->folder, g_free);
}

static void
open_device (Bench *self, BenchDevice *device, const char *name, const char *username)
{
  bench_device_init (device, &self->server.address, self->schema, self->folder, name,
                     username);
}

/* -- First sync ------------------------------------------------------------------------ */

static gint64
count_hits (Bench *self, BenchDevice *device)
{
  g_autoptr (CslReader) reader =
    csl_reader_open (device->path, bench_key, self->schema, NULL);
  g_autoptr (GArray) hits = csl_reader_search (reader, "the", 50, NULL);

  return hits != NULL ? (gint64) hits->len : 0;
}

static double
measure_first_sync (Bench *self, guint round, double *ret_memory, double *ret_busy_ms)
{
  g_auto (BenchDevice) device = { 0 };
  g_autofree char *name = g_strdup_printf ("first-%u.db", round);
  double before, start, busy, elapsed;

  open_device (self, &device, name, "amina");
  bench_reset_peak ();
  before = bench_resident_mib (0);
  busy = bench_busy_ms ();
  start = bench_now_ms ();
  bench_device_sync (&device);
  elapsed = bench_now_ms () - start;
  *ret_busy_ms = bench_busy_ms () - busy;
  *ret_memory = bench_peak_mib (0) - before;
  if (device.snapshot.status != CSL_SYNC_STATUS_UP_TO_DATE ||
      count_hits (self, &device) != 50)
    g_error ("the first sync did not bring everything");
  return elapsed;
}

static void
run_first (Bench *self)
{
  double memory = 0, unused, first = G_MAXDOUBLE, limit = G_MAXDOUBLE;
  double busy = G_MAXDOUBLE, busy_limit = G_MAXDOUBLE;

  set_up (self, self->n_notes);
  for (guint i = 0; i < N_FIRST; i++) {
    double used, bare_used;
    double elapsed = measure_first_sync (self, i, i == 0 ? &memory : &unused, &used);
    double bare =
      bench_limit_insert (self->schema, self->folder, N_CASES, self->n_notes, &bare_used);

    bench_note ("first sync %.0f ms (%.0f of processor), bare insertion %.0f ms (%.0f)",
                elapsed, used, bare, bare_used);
    first = MIN (first, elapsed);
    limit = MIN (limit, bare);
    busy = MIN (busy, used);
    busy_limit = MIN (busy_limit, bare_used);
  }
  bench_report ("first sync, twice the bare insertion", first, 2 * limit, "ms");
  bench_report ("first sync, processor time of the client, twice that of the insertion",
                busy, 2 * busy_limit, "ms");
  bench_report ("first sync, the aim", first, 3200, "ms");
  bench_report ("first sync, memory added", memory, 30, "MiB");
  tear_down (self);
}

/* -- Edits ----------------------------------------------------------------------------- */

typedef struct
{
  Bench *bench;      /* (unowned) */
  const char *path;  /* (unowned): of the replica */
  gint64 from;       /* row number of the first note */
  guint n;           /* notes to edit, a group each */
  const char *field; /* (unowned) */
} Edits;

static bool
edit_note (Edits *edits, CslReplica *replica, const CslRecord *before, GError **error)
{
  const CslReplicaAct act = { .zone = "Europe/London" };
  g_autoptr (CslRecord) after = csl_record_copy (before);
  g_autofree char *text = NULL;
  const CslReplicaChange change = { before, after };

  if (strcmp (edits->field, "duration_minutes") == 0)
    csl_record_set_int (after, edits->field, 1 + after->rev % 90);
  else if (strcmp (edits->field, "occurred_at") == 0)
    text = csl_instant_format (edits->bench->notes.now_ms, NULL);
  else
    text = bench_notes_dup_text (&edits->bench->notes, 120);
  if (text != NULL)
    csl_record_set_text (after, edits->field, text);
  return csl_replica_commit (replica, &change, 1, &act, error);
}

static bool
edit_notes (CslReplica *replica, gpointer data, CslVaultChanges *changes, GError **error)
{
  Edits *edits = data;
  g_autoptr (CslReader) reader =
    csl_reader_open (edits->path, bench_key, edits->bench->schema, error);

  for (guint i = 0; reader != NULL && i < edits->n; i++) {
    gint64 row = edits->from + i;
    g_autoptr (GPtrArray) rows =
      csl_reader_get_rows (reader, edits->bench->note, &row, 1, error);

    if (rows == NULL || !edit_note (edits, replica, rows->pdata[0], error))
      return false;
  }
  changes->outbox = true;
  return reader != NULL;
}

static void
make_edits (Bench *self, BenchDevice *device, gint64 from, guint n, const char *field)
{
  Edits edits = { self, device->path, from, n, field };
  g_autoptr (GError) error = NULL;

  if (!csl_vault_run (device->vault, CSL_VAULT_PRIORITY_PERSON, edit_notes, &edits,
                      &error))
    g_error ("%s", error->message);
}

/* -- The proxy's log ------------------------------------------------------------------- */

static char *
dup_proxy_log (Bench *self)
{
  g_autofree char *path =
    g_build_filename (self->folder, "proxy", "log", "access.log", NULL);
  char *text = NULL;

  return g_file_get_contents (path, &text, NULL, NULL) ? text : g_strdup ("");
}

static guint
count_requests (Bench *self)
{
  g_autofree char *text = dup_proxy_log (self);
  guint n = 0;

  for (const char *p = text; *p != '\0'; p++)
    n += *p == '\n' ? 1 : 0;
  return n;
}

/* From the first byte of each request of @path to the last byte of its answer; the last word of its line, in seconds. */
static double
sum_request_ms (Bench *self, const char *path)
{
  g_autofree char *text = dup_proxy_log (self);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  double ms = 0;

  for (guint i = 0; lines[i] != NULL; i++) {
    const char *last = strrchr (lines[i], ' ');

    if (last != NULL && strstr (lines[i], path) != NULL)
      ms += 1000 * g_ascii_strtod (last, NULL);
  }
  return ms;
}

/* -- Push ------------------------------------------------------------------------------ */

static void
run_push (Bench *self)
{
  BenchDevice amina = { 0 }, maria = { 0 };
  double start, limit, answering;

  set_up (self, 2 * N_EDITS);
  open_device (self, &amina, "amina.db", "amina");
  open_device (self, &maria, "maria.db", "maria");
  bench_device_sync (&amina);
  bench_device_sync (&maria);
  make_edits (self, &maria, 1, N_EDITS, "duration_minutes");
  csl_sync_driver_wake (maria.driver);
  bench_device_sync (&maria);
  make_edits (self, &amina, 1, N_EDITS, "occurred_at");
  limit = bench_limit_push (self->schema, self->folder, N_EDITS);
  answering = sum_request_ms (self, "/v1/sync/push");
  start = bench_now_ms ();
  csl_sync_driver_wake (amina.driver);
  bench_device_sync (&amina);
  answering = sum_request_ms (self, "/v1/sync/push") - answering;
  bench_report ("push of 10,000 edits", amina.sent_ms - start, 2500, "ms");
  bench_report ("push of 10,000 edits, the aim", amina.sent_ms - start, 1500, "ms");
  bench_note ("waiting for the server: %.0f ms of it", answering);
  bench_note ("the same rows into bare tables: %.0f ms (ratio %.1f)", limit,
              (amina.sent_ms - start) / limit);
  bench_note ("with the pull behind it: %.0f ms; waiting %u, to look at %u",
              bench_now_ms () - start, amina.snapshot.waiting, amina.snapshot.attention);
  if (amina.snapshot.waiting > 0 || amina.snapshot.attention > 0)
    g_error ("not every edit was taken");
  bench_device_clear (&amina);
  bench_device_clear (&maria);
  tear_down (self);
}

/* -- Idle and live --------------------------------------------------------------------- */

static void
measure_idle (Bench *self, BenchDevice *device)
{
  double times[N_IDLE];
  gint64 bytes;
  guint requests;

  bench_device_sync (device);
  bytes = bench_count_network_bytes ();
  requests = count_requests (self);
  for (guint i = 0; i < N_IDLE; i++) {
    double start = bench_now_ms ();

    csl_sync_driver_wake (device->driver);
    bench_device_sync (device);
    times[i] = bench_now_ms () - start;
  }
  bytes = bench_count_network_bytes () - bytes;
  requests = count_requests (self) - requests;
  bench_note ("no-change sync: 95 of 100 within %.2f ms",
              bench_percentile (times, N_IDLE, 0.95));
  bench_report ("no-change sync, median", bench_percentile (times, N_IDLE, 0.5), 2, "ms");
  bench_report ("no-change sync, on the wire with TLS", (double) bytes / N_IDLE, 1024,
                "bytes");
  bench_report ("no-change sync, round trips", (double) requests / N_IDLE, 1, "");
}

static void
measure_live (Bench *self, BenchDevice *writer, BenchDevice *reader, const char *field)
{
  double times[N_LIVE];

  for (guint i = 0; i < N_LIVE; i++) {
    guint seen = bench_device_get_changes (reader);
    double start;

    g_usleep (LIVE_GAP_US);
    make_edits (self, writer, 1 + i, 1, field);
    start = bench_now_ms ();
    csl_sync_driver_wake (writer->driver);
    times[i] = bench_device_wait_change (reader, seen) - start;
  }
  bench_note ("the field was %s", field);
  bench_report ("saved edit at another client, median",
                bench_percentile (times, N_LIVE, 0.5), 8, "ms");
  bench_report ("saved edit at another client, 95 of 100",
                bench_percentile (times, N_LIVE, 0.95), 40, "ms");
}

static void
run_live (Bench *self)
{
  BenchDevice amina = { 0 }, maria = { 0 };

  set_up (self, 10000);
  open_device (self, &amina, "amina.db", "amina");
  open_device (self, &maria, "maria.db", "maria");
  bench_device_sync (&maria);
  measure_idle (self, &maria);
  bench_device_sync (&amina);
  bench_device_go_live (&amina);
  bench_device_go_live (&maria);
  bench_device_wait_idle (&amina);
  bench_device_wait_idle (&maria);
  g_usleep (2 * LIVE_GAP_US);
  bench_note ("one write to the disk here: %.2f ms", bench_limit_fsync (self->folder));
  measure_live (self, &amina, &maria, "occurred_at");
  measure_live (self, &amina, &maria, "content");
  bench_device_clear (&amina);
  bench_device_clear (&maria);
  tear_down (self);
}

/* -- Growth ---------------------------------------------------------------------------- */

/* Milliseconds until the changes of a pull are on the disk and on the screen, and until search knows them too. */
typedef struct
{
  double stored[N_PULLS], searchable[N_PULLS];
} PullTimes;

/* A server with so many notes, somebody who changes some, and somebody who pulls the changes. */
typedef struct
{
  Bench bench;
  BenchDevice writer, reader;
} Pulling;

static void
pulling_init (Pulling *self, Bench *bench, guint n_notes)
{
  *self = (Pulling){ .bench = { .schema = bench->schema, .note = bench->note } };
  set_up (&self->bench, n_notes);
  open_device (&self->bench, &self->writer, "amina.db", "amina");
  open_device (&self->bench, &self->reader, "maria.db", "maria");
  bench_device_sync (&self->writer);
  bench_device_sync (&self->reader);
}

static void
pulling_clear (Pulling *self)
{
  bench_device_clear (&self->writer);
  bench_device_clear (&self->reader);
  tear_down (&self->bench);
}

static void
pull_once (Pulling *self, const char *field, guint i, PullTimes *times)
{
  double start;

  make_edits (&self->bench, &self->writer, 1 + i * N_CHANGES, N_CHANGES, field);
  csl_sync_driver_wake (self->writer.driver);
  bench_device_sync (&self->writer);
  start = bench_now_ms ();
  csl_sync_driver_wake (self->reader.driver);
  bench_device_sync (&self->reader);
  times->stored[i] = self->reader.changed_ms - start;
  times->searchable[i] = bench_now_ms () - start;
}

/* A quarter of the pulls is faster. */
static void
report_growth (const char *what, double *large, double *small)
{
  bench_report (what, bench_percentile (large, N_PULLS, 0.25),
                1.2 * bench_percentile (small, N_PULLS, 0.25), "ms");
}

/* In turns, so that whatever else the machine does meets both. */
static void
run_growth (Bench *self)
{
  Pulling small, large;
  PullTimes few, many;

  pulling_init (&small, self, 10000);
  pulling_init (&large, self, 200000);
  for (guint i = 0; i < N_PULLS; i++) {
    pull_once (&small, "occurred_at", i, &few);
    pull_once (&large, "occurred_at", i, &many);
  }
  report_growth ("pull of 100 changes, 200,000 stored beside 10,000", many.stored,
                 few.stored);
  for (guint i = 0; i < N_PULLS; i++) {
    pull_once (&small, "title", i, &few);
    pull_once (&large, "title", i, &many);
  }
  report_growth ("pull of 100 changed texts, 200,000 stored beside 10,000", many.stored,
                 few.stored);
  report_growth ("the same until search knows them", many.searchable, few.searchable);
  pulling_clear (&small);
  pulling_clear (&large);
}

static bool
is_wanted (int argc, char **argv, const char *part)
{
  for (int i = 1; i < argc; i++)
    if (strcmp (argv[i], part) == 0)
      return true;
  return argc == 1;
}

int
main (int argc, char **argv)
{
  const char *n_notes = g_getenv ("CSL_BENCH_NOTES");
  Bench bench = { .schema = csl_schema_new_builtin (),
                  .n_notes = n_notes != NULL
                               ? (guint) g_ascii_strtoull (n_notes, NULL, 10)
                               : 100000 };

  bench.note = csl_schema_lookup_type (bench.schema, "note");
  if (is_wanted (argc, argv, "first"))
    run_first (&bench);
  if (is_wanted (argc, argv, "push"))
    run_push (&bench);
  if (is_wanted (argc, argv, "live"))
    run_live (&bench);
  if (is_wanted (argc, argv, "growth"))
    run_growth (&bench);
  csl_schema_unref (bench.schema);
  return bench_finish ();
}
