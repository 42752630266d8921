/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-direct-device.c: signing in, opening, syncing. */
#include "direct/csl-direct-device.h"

#include "client/app/csl-device-key.h"
#include "core/base/csl-id.h"
#include "direct/csl-direct-transport.h"

static void
connect_device (CslDirectDevice *self, CsdTestAgency *agency)
{
  CslDirectLine line = { .server = &agency->server,
                         .now_ms = &agency->now_ms,
                         .token = csl_credentials_dup_access };

  self->device_key = csl_device_key_new ();
  self->credentials = csl_credentials_new (self->device, self->device_key, NULL);
  line.data = self->credentials;
  self->transport = csl_direct_transport_new (&line);
}

static void
sign_in (CslDirectDevice *self, const char *username)
{
  const CslSignIn form = { .username = username,
                           .password = CSD_TEST_PASSWORD,
                           .device_name = self->device };
  g_auto (CslExchangeReply) reply = { 0 };
  g_auto (CslTokens) tokens = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_true (csl_credentials_sign_in (self->credentials, &form, self->transport,
                                          &tokens, &reply, NULL, &error));
  g_assert_no_error (error);
  g_strlcpy (self->user, tokens.user, sizeof self->user);
}

static void
open_replica (CslDirectDevice *self, CsdTestAgency *agency)
{
  g_autoptr (GError) error = NULL;
  CslReplicaIdentity identity = { 0 };
  CslReplica *replica;

  g_strlcpy (identity.organisation, agency->organisation, sizeof identity.organisation);
  g_strlcpy (identity.user, self->user, sizeof identity.user);
  g_strlcpy (identity.device, self->device, sizeof identity.device);
  self->key = csl_secret_new_random (CSL_DB_KEY_SIZE);
  replica = csl_replica_create (self->path, csl_secret_get_bytes (self->key),
                                agency->schema, &identity, &agency->env, &error);
  g_assert_no_error (error);
  self->vault = csl_vault_new (replica, NULL);
  self->reader = csl_reader_open (self->path, csl_secret_get_bytes (self->key),
                                  agency->schema, &error);
  g_assert_no_error (error);
}

CslDirectDevice *
csl_direct_device_new (CsdTestAgency *agency, const char *username)
{
  CslDirectDevice *self = g_new0 (CslDirectDevice, 1);
  const CslId device = csl_id_new (&agency->env);
  g_autofree char *name = g_strdup_printf ("replica-%s.db", device.text);
  CslSyncDriverOptions options = { .env = &agency->env,
                                   .schema_version =
                                     csl_schema_get_version (agency->schema) };

  g_strlcpy (self->device, device.text, sizeof self->device);
  self->path = g_build_filename (agency->folder, name, NULL);
  connect_device (self, agency);
  sign_in (self, username);
  open_replica (self, agency);
  options.vault = self->vault;
  options.transport = self->transport;
  options.credentials = self->credentials;
  self->driver = csl_sync_driver_new (&options);
  return self;
}

void
csl_direct_device_free (CslDirectDevice *self)
{
  if (self == NULL)
    return;
  csl_sync_driver_free (self->driver);
  csl_reader_free (self->reader);
  csl_vault_close_sync (self->vault);
  g_object_unref (self->vault);
  csl_direct_transport_free (self->transport);
  csl_credentials_unref (self->credentials);
  csl_secret_unref (self->key);
  csl_secret_unref (self->device_key);
  g_free (self->path);
  g_free (self);
}

void
csl_direct_device_sync (CslDirectDevice *self)
{
  csl_sync_driver_wake (self->driver);
  csl_sync_driver_run_until_idle_sync (self->driver);
}
