/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The client's and the server's work together, without sockets and TLS: a first sync, a sync with nothing
 * new, and pushing. Real encrypted replica, real driver, real server core; files in memory where possible.
 */
#include "core/base/csl-id.h"
#include "core/base/csl-time.h"
#include "direct/csl-direct-device.h"

#include <string.h>

#define N_CASES  100
#define N_NOTES  20000
#define N_PUSHED 2000

typedef struct
{
  CsdTestAgency agency;
  GArray *imports;
  char cases[N_CASES][2][40]; /* client, case */
} Bench;

static double
elapsed_ms (gint64 start_us)
{
  return (double) (g_get_monotonic_time () - start_us) / 1000.0;
}

static CslRecord *
add_record (Bench *bench, const char *type)
{
  CslId id = csl_id_new (&bench->agency.env);
  CslRecord *record =
    csl_record_new (csl_schema_lookup_type (bench->agency.schema, type), id.text);
  CslDefaults defaults = { .now_ms = bench->agency.now_ms,
                           .user = bench->agency.amina,
                           .centre = bench->agency.centre_a };
  CsdImport import = { .record = record,
                       .created_by = bench->agency.amina,
                       .created_at = "2026-11-20T15:02:11.000Z" };

  csl_record_apply_defaults (record, &defaults);
  g_array_append_val (bench->imports, import);
  return record;
}

static void
add_case (Bench *bench, guint position)
{
  CslRecord *client = add_record (bench, "client");
  CslRecord *file = add_record (bench, "case");

  csl_record_set_text (client, "first_name", "Amina");
  csl_record_set_text (client, "last_name", "Rahman");
  csl_record_set_text (file, "client", client->id);
  csl_record_set_text (file, "title", "Rent arrears");
  csl_record_set_text (file, "case_type", "housing");
  g_strlcpy (bench->cases[position][0], client->id, 40);
  g_strlcpy (bench->cases[position][1], file->id, 40);
}

static void
add_note (Bench *bench, guint position)
{
  CslRecord *note = add_record (bench, "note");
  g_autofree char *text = g_strdup_printf ("Visit %u. Went through the letters on the "
                                           "kitchen table. Two are from the council, one "
                                           "from the landlord about the arrears. Agreed "
                                           "to ring both before Thursday and to bring "
                                           "the rent book next time. The heating works "
                                           "again; the younger child has a cough and is "
                                           "at home this week.",
                                           position);

  csl_record_set_text (note, "client", bench->cases[position % N_CASES][0]);
  csl_record_set_text (note, "case", bench->cases[position % N_CASES][1]);
  csl_record_set_text (note, "content", text);
}

static void
clear_import (gpointer data)
{
  csl_record_free (((CsdImport *) data)->record);
}

static void
fill_server (Bench *bench)
{
  g_autoptr (GError) error = NULL;

  bench->imports = g_array_new (FALSE, TRUE, sizeof (CsdImport));
  g_array_set_clear_func (bench->imports, clear_import);
  for (guint i = 0; i < N_CASES; i++)
    add_case (bench, i);
  for (guint i = 0; i < N_NOTES; i++)
    add_note (bench, i);
  g_assert_true (csd_server_import (bench->agency.server, bench->agency.organisation,
                                    (CsdImport *) (gpointer) bench->imports->data,
                                    bench->imports->len, &error));
  g_assert_no_error (error);
  g_array_unref (bench->imports);
}

static guint
count_notes (const Bench *bench, CslDirectDevice *device)
{
  g_autoptr (CslQuery) query =
    csl_query_new (csl_schema_lookup_type (bench->agency.schema, "note"));

  return (guint) csl_reader_count (device->reader, query, NULL);
}

typedef struct
{
  Bench *bench;
  guint position;
  const char *user;
} Typing;

static bool
type_note (CslReplica *replica, gpointer data, CslVaultChanges *changes, GError **error)
{
  const Typing *typing = data;
  CsdTestAgency *agency = &typing->bench->agency;
  CslId id = csl_id_new (&agency->env);
  g_autoptr (CslRecord) note =
    csl_record_new (csl_schema_lookup_type (agency->schema, "note"), id.text);
  CslDefaults defaults = { .now_ms = agency->now_ms, .user = typing->user };
  CslReplicaChange change = { .after = note };
  CslReplicaAct act = { 0 };

  csl_record_apply_defaults (note, &defaults);
  csl_record_set_text (note, "client",
                       typing->bench->cases[typing->position % N_CASES][0]);
  csl_record_set_text (note, "case", typing->bench->cases[typing->position % N_CASES][1]);
  csl_record_set_text (note, "content",
                       "She showed the notice; the hearing is in December.");
  return csl_replica_commit (replica, &change, 1, &act, error);
}

static void
bench_sync (void)
{
  Bench bench = { 0 };
  CslDirectDevice *device;
  gint64 start;

  csd_test_agency_init (&bench.agency, true);
  /* Pages end by size, however slow the machine is just now. */
  bench.agency.config.page_ms = G_MAXINT32;
  csd_test_agency_restart (&bench.agency);
  fill_server (&bench);
  device = csl_direct_device_new (&bench.agency, "amina");

  start = g_get_monotonic_time ();
  csl_direct_device_sync (device);
  g_test_minimized_result (elapsed_ms (start),
                           "first sync and index of %d notes: %.0f ms", N_NOTES,
                           elapsed_ms (start));
  g_assert_cmpuint (count_notes (&bench, device), ==, N_NOTES);

  start = g_get_monotonic_time ();
  csl_direct_device_sync (device);
  g_test_minimized_result (elapsed_ms (start), "a sync with nothing new: %.2f ms",
                           elapsed_ms (start));

  start = g_get_monotonic_time ();
  for (guint i = 0; i < N_PUSHED; i++) {
    Typing typing = { &bench, i, device->user };

    g_assert_true (csl_vault_run (device->vault, 0, type_note, &typing, NULL));
  }
  g_test_minimized_result (elapsed_ms (start), "saving %d notes: %.0f ms", N_PUSHED,
                           elapsed_ms (start));
  start = g_get_monotonic_time ();
  csl_direct_device_sync (device);
  g_test_minimized_result (elapsed_ms (start), "sending %d notes: %.0f ms", N_PUSHED,
                           elapsed_ms (start));
  g_assert_cmpuint (csl_sync_driver_get_snapshot (device->driver)->waiting, ==, 0);
  csl_direct_device_free (device);
  csd_test_agency_clear (&bench.agency);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bench/sync", bench_sync);
  return g_test_run ();
}
