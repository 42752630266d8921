/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-sim-client.c: making, opening, closing and losing a simulated device. */
#include "sim/whole/csl-sim-client.h"

#include "client/app/csl-device-key.h"
#include "core/base/csl-id.h"
#include "server/csd-test-agency.h"
#include "sim/whole/csl-sim-check.h"
#include "store/csl-reader-private.h"
#include "store/csl-replica-private.h"

#include <glib/gstdio.h>

#define REPLICA     "replica.db"
#define MOST_STARTS 50
#define MOST_WAITS  50
/* Enough to come round once. */
#define AUDIT_SLICES 6
/* After so long the server asks for the password again (docs/protocol.md, part 3). */
#define FAMILY_MS (90 * 24 * 3600 * G_GINT64_CONSTANT (1000))

static gint64
wall_ms (gpointer data)
{
  CslSimClient *self = data;

  return self->frozen_ms != 0 ? self->frozen_ms : self->world->now_ms + self->skew_ms;
}

static gint64
mono_ms (gpointer data)
{
  return ((CslSimClient *) data)->world->now_ms;
}

static void
fill_random (gpointer data, guint8 *buffer, gsize length)
{
  csl_sim_world_fill_random (((CslSimClient *) data)->world, buffer, length);
}

static void
edit_free (gpointer data)
{
  CslSimEdit *edit = data;

  g_free (edit->before);
  g_free (edit->after);
  g_free (edit);
}

static char *
dup_folder (CslSimClient *self)
{
  g_autofree char *name = g_strdelimit (g_strdup (self->name), "/", '-');

  return g_build_filename (self->world->folder, name, NULL);
}

/* Programs read through a connection of their own. Opening it costs as much as a sync, so only the first computer has it. */
static CslReader *
open_reader (CslSimClient *self, CslReplica *replica, GError **error)
{
  if (self->reads_apart)
    return csl_reader_open (self->path, csl_secret_get_bytes (self->key), self->schema,
                            error);
  return csl_reader_new_borrowing (replica->db, self->schema, error);
}

static bool
start (CslSimClient *self, CslReplica *replica)
{
  g_autoptr (GError) error = NULL;
  CslSyncDriverOptions options = { .env = &self->env,
                                   .transport = self->transport,
                                   .credentials = self->credentials,
                                   .schema_version =
                                     csl_schema_get_version (self->schema) };

  self->revs_version = 0;
  self->reader = open_reader (self, replica, &error);
  self->vault = csl_vault_new (replica, NULL);
  options.vault = self->vault;
  self->driver = csl_sync_driver_new (&options);
  if (self->reader == NULL && !csl_sim_disk_is_dead (self->disk))
    csl_sim_fail (self->world, self->name, "recovery: %s", error->message);
  return self->reader != NULL;
}

void
csl_sim_client_stop (CslSimClient *self)
{
  if (self->vault == NULL)
    return;
  g_clear_pointer (&self->form, csl_record_free);
  g_clear_pointer (&self->driver, csl_sync_driver_free);
  g_clear_pointer (&self->reader, csl_reader_free);
  csl_vault_close_sync (self->vault);
  g_clear_object (&self->vault);
}

static void
ask_for_tokens (CslSimClient *self)
{
  CslSignIn form = { .username = self->person->username,
                     .organisation = csl_sim_codes[self->organisation],
                     .password = CSD_TEST_PASSWORD,
                     .device_name = self->name };
  CslSimFaults faults = self->world->faults;
  g_auto (CslExchangeReply) reply = { 0 };
  g_auto (CslTokens) tokens = { 0 };
  g_autoptr (GError) error = NULL;

  self->world->faults = (CslSimFaults){ 0 };
  if (!csl_credentials_sign_in (self->credentials, &form, self->transport, &tokens,
                                &reply, NULL, &error))
    csl_sim_fail (self->world, self->name, "L2: signing in is refused: %s",
                  error->message);
  self->world->faults = faults;
  self->signed_in_ms = self->world->now_ms + self->world->server_skew_ms;
}

static CslSimClient *
client_new (CslSimWorld *world, const CslSchema *schema, guint person)
{
  CslSimClient *self = g_new0 (CslSimClient, 1);

  self->world = world;
  self->schema = schema;
  self->person = &csl_sim_people[person];
  self->organisation = self->person->organisation;
  self->user = world->users[person];
  self->env = (CslEnv){ wall_ms, mono_ms, fill_random, self };
  self->edits = g_ptr_array_new_with_free_func (edit_free);
  self->tokens = g_ptr_array_new_with_free_func (g_free);
  self->tokens_since = g_ptr_array_new_with_free_func (g_free);
  self->pairs = g_ptr_array_new_with_free_func (g_free);
  self->revs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

/* @template: (nullable) whose files these are at first. */
static void
make_disk (CslSimClient *self, const CslSimClient *template)
{
  g_autofree char *folder = dup_folder (self);

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  self->disk = template != NULL
                 ? csl_sim_disk_copy (template->disk, folder, self->world->seed)
                 : csl_sim_disk_new (folder, 0);
  self->path = g_build_filename (folder, REPLICA, NULL);
}

static void
connect_client (CslSimClient *self, const char *refresh)
{
  CslSimLine line = { .world = self->world,
                      .name = self->name,
                      .disk = self->disk,
                      .token = csl_credentials_dup_access,
                      .ask_allowed = &self->ask_allowed };

  self->credentials = csl_credentials_new (self->device, self->device_key, refresh);
  line.data = self->credentials;
  self->transport = csl_sim_transport_new (&line);
}

CslSimClient *
csl_sim_client_new (CslSimWorld *world,
                    const CslSchema *schema,
                    guint person,
                    guint number)
{
  CslSimClient *self = client_new (world, schema, person);
  g_autoptr (GError) error = NULL;
  CslReplicaIdentity identity = { 0 };
  CslId device = csl_id_new (&world->env);
  CslReplica *replica;

  g_snprintf (self->name, sizeof self->name, "%s/%u", self->person->username, number);
  g_strlcpy (self->device, device.text, sizeof self->device);
  self->reads_apart = person == 0 && number == 1;
  self->key = csl_secret_new_random (CSL_DB_KEY_SIZE);
  self->device_key = csl_device_key_new ();
  make_disk (self, NULL);
  connect_client (self, NULL);
  ask_for_tokens (self);
  g_strlcpy (identity.organisation, world->organisations[self->organisation].id,
             sizeof identity.organisation);
  g_strlcpy (identity.user, self->user, sizeof identity.user);
  g_strlcpy (identity.device, self->device, sizeof identity.device);
  replica = csl_replica_create (self->path, csl_secret_get_bytes (self->key), schema,
                                &identity, &self->env, &error);
  g_assert_no_error (error);
  g_assert_true (start (self, replica));
  return self;
}

/* FALSE: it died while it started. */
static bool
try_open (CslSimClient *self)
{
  g_autoptr (GError) error = NULL;
  CslReplica *replica;

  replica = csl_replica_open (self->path, csl_secret_get_bytes (self->key), self->schema,
                              &self->env, &error);
  if (replica != NULL && start (self, replica))
    return true;
  if (!csl_sim_disk_is_dead (self->disk))
    csl_sim_fail (self->world, self->name, "recovery: the replica does not open: %s",
                  error->message);
  csl_sim_client_stop (self);
  return false;
}

void
csl_sim_client_reopen (CslSimClient *self)
{
  for (guint i = 0; !try_open (self); i++) {
    csl_sim_disk_revive (self->disk, i % 2 == 0);
    if (i == MOST_STARTS)
      csl_sim_fail (self->world, self->name, "recovery: the program never starts");
  }
}

CslSimClient *
csl_sim_client_new_copy (CslSimWorld *world, const CslSimClient *template)
{
  guint person = (guint) (template->person - csl_sim_people);
  CslSimClient *self = client_new (world, template->schema, person);
  g_autofree char *refresh = csl_credentials_dup_refresh (template->credentials);

  g_strlcpy (self->name, template->name, sizeof self->name);
  g_strlcpy (self->device, template->device, sizeof self->device);
  self->signed_in_ms = template->signed_in_ms;
  self->reads_apart = template->reads_apart;
  self->key = csl_secret_ref (template->key);
  self->device_key = csl_secret_ref (template->device_key);
  make_disk (self, template);
  connect_client (self, refresh);
  csl_sim_client_reopen (self);
  return self;
}

void
csl_sim_client_free (CslSimClient *self)
{
  if (self == NULL)
    return;
  csl_sim_client_stop (self);
  csl_sim_transport_free (self->transport);
  csl_credentials_unref (self->credentials);
  csl_secret_unref (self->key);
  csl_secret_unref (self->device_key);
  g_ptr_array_unref (self->edits);
  g_ptr_array_unref (self->tokens);
  g_ptr_array_unref (self->tokens_since);
  g_ptr_array_unref (self->pairs);
  g_hash_table_unref (self->revs);
  g_clear_pointer (&self->copy, csl_sim_disk_free);
  csl_sim_disk_free (self->disk);
  g_free (self->old_refresh);
  g_free (self->path);
  g_free (self);
}

void
csl_sim_client_restart (CslSimClient *self)
{
  csl_sim_client_stop (self);
  csl_sim_client_reopen (self);
}

void
csl_sim_client_upgrade (CslSimClient *self)
{
  if (self->schema == self->world->schema)
    return;
  csl_sim_client_stop (self);
  self->schema = self->world->schema;
  self->upgraded = true;
  /* What they say of fields is said in the older program's numbers. */
  g_ptr_array_set_size (self->edits, 0);
  csl_sim_world_count (self->world, CSL_SIM_CLIENT_UPGRADED);
  csl_sim_client_reopen (self);
  csl_sim_check_known (self);
}

void
csl_sim_client_crash (CslSimClient *self, bool power)
{
  g_autoptr (GError) error = NULL;

  csl_sim_disk_kill (self->disk);
  csl_sim_client_stop (self);
  csl_sim_disk_revive (self->disk, power);
  if (csl_sim_world_chance (self->world, 200))
    csl_sim_disk_kill_at (self->disk, 1 + csl_sim_world_pick (self->world, 10));
  csl_sim_client_reopen (self);
  csl_sim_disk_kill_at (self->disk, 0);
  csl_sim_world_count (self->world, CSL_SIM_CHECKED_FILE);
  if (!csl_db_check (csl_sim_client_inspect (self), &error))
    csl_sim_fail (self->world, self->name, "recovery: quick_check says %s",
                  error->message);
  csl_sim_world_say (self->world, "  %s: came back", self->name);
}

static void
add_disk_tally (CslSimClient *self)
{
  CslSimDiskTally *disk = csl_sim_disk_get_tally (self->disk);
  guint64 *counts = self->world->tally.counts;

  counts[CSL_SIM_CLIENT_KILLED] += disk->kills;
  counts[CSL_SIM_CLIENT_POWER_CUT] += disk->power_cuts;
  counts[CSL_SIM_CLIENT_DISK_FULL] += disk->full;
  counts[CSL_SIM_CLIENT_READ_ERROR] += disk->read_errors;
  counts[CSL_SIM_CLIENT_WRITE_ERROR] += disk->write_errors;
  counts[CSL_SIM_CLIENT_SYNC_ERROR] += disk->sync_errors;
  counts[CSL_SIM_CLIENT_FLIPPED] += disk->flipped;
  counts[CSL_SIM_WRITE_KEPT] += disk->kept;
  counts[CSL_SIM_WRITE_LOST] += disk->lost;
  counts[CSL_SIM_WRITE_TORN] += disk->torn;
  *disk = (CslSimDiskTally){ 0 };
}

bool
csl_sim_client_recover (CslSimClient *self)
{
  const CslSimDiskTally *tally = csl_sim_disk_get_tally (self->disk);
  bool failed = tally->read_errors + tally->write_errors + tally->sync_errors > 0;
  bool dead = csl_sim_disk_is_dead (self->disk);

  *csl_sim_disk_get_faults (self->disk) = (CslSimDiskFaults){ 0 };
  csl_sim_disk_kill_at (self->disk, 0);
  if (dead || failed)
    csl_sim_client_crash (self, dead && csl_sim_world_chance (self->world, 500));
  add_disk_tally (self);
  return dead || failed;
}

CslDb *
csl_sim_client_inspect (CslSimClient *self)
{
  if (csl_db_is_in_transaction (self->reader->db))
    csl_sim_fail (self->world, self->name, "once: a transaction is still open");
  return self->reader->db;
}

gint64
csl_sim_client_get_file_version (CslSimClient *self)
{
  static const char sql[] = "SELECT total_changes ()";

  return self->reads_apart ? csl_db_get_data_version (self->reader->db)
                           : csl_db_query_int (self->reader->db, sql, -1) + 1;
}

/* -- copies of the file -- */

/* Typed after the copy was made: only with luck it reached the server. */
static void
forget_tokens_since (CslSimClient *self)
{
  for (guint i = 0; i < self->tokens_since->len; i++) {
    guint position;

    if (g_ptr_array_find_with_equal_func (self->tokens, self->tokens_since->pdata[i],
                                          g_str_equal, &position))
      g_ptr_array_remove_index_fast (self->tokens, position);
  }
  self->saved_tokens = self->tokens->len;
}

void
csl_sim_client_copy (CslSimClient *self)
{
  g_autofree char *folder = dup_folder (self);
  g_autofree char *shelf = g_strconcat (folder, "-copy", NULL);

  csl_sim_client_stop (self);
  g_clear_pointer (&self->copy, csl_sim_disk_free);
  g_assert_cmpint (g_mkdir_with_parents (shelf, 0700), ==, 0);
  self->copy = csl_sim_disk_copy (self->disk, shelf, 0);
  g_ptr_array_set_size (self->tokens_since, 0);
  csl_sim_client_reopen (self);
}

void
csl_sim_client_rewind (CslSimClient *self)
{
  if (self->copy == NULL)
    return;
  csl_sim_client_stop (self);
  csl_sim_disk_put_database (self->disk, REPLICA, self->copy, REPLICA);
  g_clear_pointer (&self->copy, csl_sim_disk_free);
  forget_tokens_since (self);
  g_ptr_array_set_size (self->edits, 0);
  g_hash_table_remove_all (self->revs);
  csl_sim_world_count (self->world, CSL_SIM_CLIENT_REWOUND);
  csl_sim_client_reopen (self);
}

/* -- syncing -- */

bool
csl_sim_client_is_signed_in (CslSimClient *self)
{
  return csl_sync_driver_get_snapshot (self->driver)->status != CSL_SYNC_STATUS_SIGN_IN;
}

/* By the server's clock, which alone decides it. */
static bool
is_family_old (CslSimClient *self)
{
  return self->world->now_ms + self->world->server_skew_ms - self->signed_in_ms >
         FAMILY_MS;
}

bool
csl_sim_client_sign_in (CslSimClient *self)
{
  if (csl_sim_client_is_signed_in (self))
    return false;
  if (!self->ask_allowed && !is_family_old (self))
    csl_sim_fail (self->world, self->name,
                  "L2: the password is asked for without a reason");
  self->ask_allowed = false;
  csl_sim_world_count (self->world, CSL_SIM_SIGNED_IN_AGAIN);
  ask_for_tokens (self);
  csl_sync_driver_signed_in (self->driver);
  return true;
}

void
csl_sim_client_forget_refresh (CslSimClient *self)
{
  csl_sim_client_stop (self);
  if (self->old_refresh != NULL) {
    csl_sim_world_count (self->world, CSL_SIM_REFRESH_FORGOTTEN);
    self->ask_allowed = true;
    csl_sim_transport_free (self->transport);
    csl_credentials_unref (self->credentials);
    connect_client (self, self->old_refresh);
  }
  csl_sim_client_reopen (self);
}

/* How long it waits after that; negative: for nothing. */
static gint64
run (CslSimClient *self)
{
  g_autofree char *before = csl_credentials_dup_refresh (self->credentials);
  g_autofree char *after = NULL;
  gint64 wait = csl_sync_driver_run_until_idle_sync (self->driver);

  after = csl_credentials_dup_refresh (self->credentials);
  if (g_strcmp0 (before, after) != 0) {
    g_free (self->old_refresh);
    self->old_refresh = g_steal_pointer (&before);
  }
  return wait;
}

gint64
csl_sim_client_sync (CslSimClient *self)
{
  csl_sync_driver_wake (self->driver);
  return run (self);
}

bool
csl_sim_client_run_alone (CslSimClient *self)
{
  gint64 wait = 0;

  for (guint i = 0; wait >= 0 && i < MOST_WAITS; i++) {
    wait = run (self);
    self->world->now_ms += MAX (0, wait);
  }
  return wait < 0;
}

static bool
count_work (CslReplica *replica, gpointer data, CslVaultChanges *changes, GError **error)
{
  return csl_replica_count_outbox (replica, data, error);
}

CslOutboxCounts
csl_sim_client_count (CslSimClient *self)
{
  CslOutboxCounts counts = { 0 };

  g_assert_true (csl_vault_run (self->vault, 0, count_work, &counts, NULL));
  return counts;
}

static bool
identity_work (CslReplica *replica,
               gpointer data,
               CslVaultChanges *changes,
               GError **error)
{
  *(CslReplicaIdentity *) data = *csl_replica_get_identity (replica);
  return true;
}

CslReplicaIdentity
csl_sim_client_get_identity (CslSimClient *self)
{
  CslReplicaIdentity identity = { 0 };

  g_assert_true (csl_vault_run (self->vault, 0, identity_work, &identity, NULL));
  return identity;
}

bool
csl_sim_client_is_refused (CslSimClient *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CslDb) db =
    csl_db_open (self->path, csl_secret_get_bytes (self->key), 0, &error);

  return db == NULL || !csl_db_check (db, &error);
}

/* The sum of a bucket that changes is told with the next pull. Other sums, and what a row says that is not what its hash is of:
 * only the audit sees that. */
static const char *const plants[] = {
  "UPDATE \"_bucket\" SET \"sum\" = \"sum\" + 1 WHERE \"bucket\" ="
  " (SELECT max (\"bucket\") FROM \"_bucket\" WHERE \"count\" > 0)",
  "UPDATE \"_bucket\" SET \"sum\" = \"sum\" + 1 WHERE \"count\" > 0",
  "UPDATE \"case\" SET \"priority\" = CASE \"priority\" WHEN 'low' THEN 'high' ELSE "
  "'low' END"
  " WHERE \"_row\" = (SELECT max (\"_row\") FROM \"case\" WHERE \"id\" NOT IN"
  " (SELECT \"id\" FROM \"_outbox\" WHERE \"laid\" = 1))",
};

void
csl_sim_client_plant (CslSimClient *self)
{
  guint plant = csl_sim_world_pick (self->world, G_N_ELEMENTS (plants));
  g_autoptr (CslDb) db = NULL;

  if (self->planted)
    return;
  csl_sim_client_stop (self);
  db = csl_db_open (self->path, csl_secret_get_bytes (self->key), 0, NULL);
  self->planted = csl_db_execute (db, plants[plant], NULL);
  self->ever_planted |= self->planted;
  self->altered = self->planted && plant + 1 == G_N_ELEMENTS (plants) &&
                  csl_db_get_changes (db) > 0;
  g_clear_pointer (&db, csl_db_free);
  csl_sim_world_count (self->world, CSL_SIM_CLIENT_ROW_PLANTED);
  csl_sim_client_reopen (self);
}

static gint64
count_repairs (CslSimClient *self)
{
  return csl_db_query_int (csl_sim_client_inspect (self),
                           "SELECT total (\"repaired_2\") FROM \"_bucket\"", 0);
}

void
csl_sim_client_audit (CslSimClient *self)
{
  gint64 before = count_repairs (self);

  csl_sim_world_count (self->world, CSL_SIM_AUDITED);
  csl_sim_client_sync (self);
  for (guint i = 0; i < AUDIT_SLICES && !csl_sim_disk_is_dead (self->disk); i++)
    csl_sync_driver_look_around_sync (self->driver);
  run (self);
  if (!self->altered || count_repairs (self) == before)
    return;
  csl_sim_world_count (self->world, CSL_SIM_AUDIT_FOUND);
  self->altered = false;
}

static bool
list_work (CslReplica *replica, gpointer data, CslVaultChanges *changes, GError **error)
{
  GPtrArray **entries = data;

  *entries = csl_replica_list_outbox (replica, error);
  return *entries != NULL;
}

GPtrArray *
csl_sim_client_list_outbox (CslSimClient *self)
{
  GPtrArray *entries = NULL;

  if (!csl_vault_run (self->vault, 0, list_work, &entries, NULL))
    return g_ptr_array_new ();
  return entries;
}
