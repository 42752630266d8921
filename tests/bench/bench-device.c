/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench-device.c: a client without windows. */
#include "bench/bench-device.h"

#include "bench/bench-report.h"
#include "bench/bench-world.h"
#include "client/app/csl-device-key.h"
#include "client/net/csl-net-transport.h"
#include "core/base/csl-id.h"
#include "store/csl-env-system.h"

const guint8 bench_key[32] = "the same key for every replica..";

static void
report_cb (const CslSyncSnapshot *snapshot, gpointer data)
{
  BenchDevice *self = data;

  g_mutex_lock (&self->lock);
  if (self->snapshot.waiting > 0 && snapshot->waiting == 0)
    self->sent_ms = bench_now_ms ();
  self->snapshot = *snapshot;
  g_cond_broadcast (&self->told);
  g_mutex_unlock (&self->lock);
}

static void
changed_cb (const CslVaultChanges *changes, gpointer data)
{
  BenchDevice *self = data;

  if (csl_type_set_is_empty (&changes->types))
    return;
  g_mutex_lock (&self->lock);
  self->changes++;
  self->changed_ms = bench_now_ms ();
  g_cond_broadcast (&self->told);
  g_mutex_unlock (&self->lock);
}

static void
sign_in (BenchDevice *self, const char *username, CslTokens *tokens)
{
  const CslSignIn sign_in = { .organisation = BENCH_CODE,
                              .username = username,
                              .password = BENCH_PASSWORD,
                              .device_name = "Bench" };
  g_auto (CslExchangeReply) reply = { 0 };
  g_autoptr (GError) error = NULL;

  if (!csl_credentials_sign_in (self->credentials, &sign_in, self->transport, tokens,
                                &reply, NULL, &error))
    g_error ("signing in: %s", error->message);
}

static void
make_replica (BenchDevice *self, const CslTokens *tokens)
{
  CslReplicaIdentity identity = { 0 };
  CslReplica *replica = NULL;
  g_autoptr (GError) error = NULL;

  g_strlcpy (identity.organisation, tokens->organisation, sizeof identity.organisation);
  g_strlcpy (identity.user, tokens->user, sizeof identity.user);
  g_strlcpy (identity.device, self->id, sizeof identity.device);
  g_strlcpy (self->user, tokens->user, sizeof self->user);
  replica = csl_replica_create (self->path, bench_key, self->schema, &identity,
                                csl_env_system (), &error);
  if (replica == NULL)
    g_error ("%s: %s", self->path, error->message);
  self->worker = csl_worker_new ("bench-database");
  self->vault = csl_vault_new (replica, self->worker);
  csl_vault_set_changed_func (self->vault, changed_cb, self);
}

static void
make_driver (BenchDevice *self, const CslNetOptions *live)
{
  const CslSyncDriverOptions options = { .env = csl_env_system (),
                                         .vault = self->vault,
                                         .transport = self->transport,
                                         .credentials = self->credentials,
                                         .schema_version = 1,
                                         .live = live,
                                         .report = report_cb,
                                         .data = self };

  self->driver = csl_sync_driver_new (&options);
}

/* A transport belongs to the thread of its exchanges. */
static void
make_transport (BenchDevice *self)
{
  g_autoptr (GError) error = NULL;

  self->transport = csl_net_transport_new (&self->options, &error);
  if (self->transport == NULL)
    g_error ("%s", error->message);
}

static void
free_transport (gpointer data)
{
  BenchDevice *self = data;

  g_clear_pointer (&self->transport, csl_net_transport_free);
}

void
bench_device_init (BenchDevice *self,
                   const BenchAddress *address,
                   const CslSchema *schema,
                   const char *folder,
                   const char *name,
                   const char *username)
{
  g_auto (CslTokens) tokens = { 0 };
  CslId id = csl_id_new (csl_env_system ());

  *self = (BenchDevice){ .schema = schema };
  g_mutex_init (&self->lock);
  g_cond_init (&self->told);
  self->path = g_build_filename (folder, name, NULL);
  g_strlcpy (self->id, id.text, sizeof self->id);
  self->device_key = csl_device_key_new ();
  self->credentials = csl_credentials_new (self->id, self->device_key, NULL);
  self->options = (CslNetOptions){ .server = address->url,
                                   .ca_file = address->ca_file,
                                   .user_agent = "Bench/1",
                                   .schema = 1,
                                   .token = csl_credentials_dup_access,
                                   .data = self->credentials };
  make_transport (self);
  sign_in (self, username, &tokens);
  make_replica (self, &tokens);
  make_driver (self, NULL);
}

static void
drop_driver (BenchDevice *self)
{
  if (self->threaded)
    csl_sync_driver_stop_sync (self->driver, free_transport, self);
  else
    free_transport (self);
  g_clear_pointer (&self->driver, csl_sync_driver_free);
}

void
bench_device_clear (BenchDevice *self)
{
  drop_driver (self);
  csl_vault_close_sync (self->vault);
  csl_worker_shutdown_sync (self->worker);
  g_clear_object (&self->vault);
  g_clear_object (&self->worker);
  csl_credentials_unref (self->credentials);
  csl_secret_unref (self->device_key);
  g_free (self->path);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->told);
}

void
bench_device_sync (BenchDevice *self)
{
  while (csl_sync_driver_run_until_idle_sync (self->driver) >= 0)
    g_usleep (1000);
}

void
bench_device_go_live (BenchDevice *self)
{
  drop_driver (self);
  make_transport (self);
  make_driver (self, &self->options);
  self->threaded = true;
  csl_sync_driver_start (self->driver);
}

void
bench_device_wait_idle (BenchDevice *self)
{
  g_mutex_lock (&self->lock);
  while (self->snapshot.status != CSL_SYNC_STATUS_UP_TO_DATE ||
         self->snapshot.waiting > 0)
    g_cond_wait (&self->told, &self->lock);
  g_mutex_unlock (&self->lock);
}

guint
bench_device_get_changes (BenchDevice *self)
{
  guint changes;

  g_mutex_lock (&self->lock);
  changes = self->changes;
  g_mutex_unlock (&self->lock);
  return changes;
}

double
bench_device_wait_change (BenchDevice *self, guint seen)
{
  double when;

  g_mutex_lock (&self->lock);
  while (self->changes <= seen)
    g_cond_wait (&self->told, &self->lock);
  when = self->changed_ms;
  g_mutex_unlock (&self->lock);
  return when;
}
