/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-sim-client.c: opening, closing and syncing a simulated device. */
#include "sim/csl-sim-client.h"

#include "client/app/csl-device-key.h"
#include "core/base/csl-id.h"

static void
edit_free (gpointer data)
{
  CslSimEdit *edit = data;

  g_free (edit->before);
  g_free (edit->after);
  g_free (edit);
}

static void
start (CslSimClient *self, CslReplica *replica)
{
  g_autoptr (GError) error = NULL;
  CslSyncDriverOptions options = { .env = &self->world->env,
                                   .transport = self->transport,
                                   .credentials = self->credentials,
                                   .schema_version =
                                     csl_schema_get_version (self->world->schema) };

  self->vault = csl_vault_new (replica, NULL);
  self->reader = csl_reader_open (self->path, csl_secret_get_bytes (self->key),
                                  self->world->schema, &error);
  g_assert_no_error (error);
  options.vault = self->vault;
  self->driver = csl_sync_driver_new (&options);
}

static void
stop (CslSimClient *self)
{
  g_clear_pointer (&self->driver, csl_sync_driver_free);
  g_clear_pointer (&self->reader, csl_reader_free);
  csl_vault_close_sync (self->vault);
  g_clear_object (&self->vault);
}

static void
sign_in (CslSimClient *self)
{
  CslSignIn form = { .username = self->username,
                     .password = CSL_SIM_PASSWORD,
                     .device_name = self->name };
  CslSimFaults faults = self->world->faults;
  g_auto (CslExchangeReply) reply = { 0 };
  g_auto (CslTokens) tokens = { 0 };
  g_autoptr (GError) error = NULL;

  self->world->faults = (CslSimFaults){ 0 };
  g_assert_true (csl_credentials_sign_in (self->credentials, &form, self->transport,
                                          &tokens, &reply, NULL, &error));
  g_assert_no_error (error);
  self->world->faults = faults;
}

CslSimClient *
csl_sim_client_new (CslSimWorld *world, guint user, guint number)
{
  CslSimClient *self = g_new0 (CslSimClient, 1);
  g_autofree char *name = g_strdup_printf ("replica-%u-%u.db", user, number);
  g_autoptr (GError) error = NULL;
  CslReplicaIdentity identity = { 0 };
  CslId device = csl_id_new (&world->env);
  CslReplica *replica;

  self->world = world;
  self->username = csl_sim_usernames[user];
  g_snprintf (self->name, sizeof self->name, "%s/%u", self->username, number);
  g_strlcpy (self->user, world->users[user], sizeof self->user);
  g_strlcpy (self->device, device.text, sizeof self->device);
  self->path = g_build_filename (world->folder, name, NULL);
  self->key = csl_secret_new_random (CSL_DB_KEY_SIZE);
  self->device_key = csl_device_key_new ();
  self->credentials = csl_credentials_new (self->device, self->device_key, NULL);
  self->transport =
    csl_sim_transport_new (world, csl_credentials_dup_access, self->credentials);
  self->edits = g_ptr_array_new_with_free_func (edit_free);
  self->tokens = g_ptr_array_new_with_free_func (g_free);
  self->tokens_since = g_ptr_array_new_with_free_func (g_free);
  self->pairs = g_ptr_array_new_with_free_func (g_free);
  self->revs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  sign_in (self);
  g_strlcpy (identity.organisation, world->organisation, sizeof identity.organisation);
  g_strlcpy (identity.user, self->user, sizeof identity.user);
  g_strlcpy (identity.device, self->device, sizeof identity.device);
  replica = csl_replica_create (self->path, csl_secret_get_bytes (self->key),
                                world->schema, &identity, &world->env, &error);
  g_assert_no_error (error);
  start (self, replica);
  return self;
}

void
csl_sim_client_free (CslSimClient *self)
{
  if (self == NULL)
    return;
  stop (self);
  csl_sim_transport_free (self->transport);
  csl_credentials_unref (self->credentials);
  csl_secret_unref (self->key);
  csl_secret_unref (self->device_key);
  g_ptr_array_unref (self->edits);
  g_ptr_array_unref (self->tokens);
  g_ptr_array_unref (self->tokens_since);
  g_ptr_array_unref (self->pairs);
  g_clear_pointer (&self->copy, g_bytes_unref);
  g_hash_table_unref (self->revs);
  g_free (self->path);
  g_free (self);
}

static void
reopen (CslSimClient *self)
{
  g_autoptr (GError) error = NULL;
  CslReplica *replica;

  replica = csl_replica_open (self->path, csl_secret_get_bytes (self->key),
                              self->world->schema, &self->world->env, &error);
  g_assert_no_error (error);
  start (self, replica);
}

void
csl_sim_client_restart (CslSimClient *self)
{
  stop (self);
  reopen (self);
}

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
}

void
csl_sim_client_copy (CslSimClient *self)
{
  stop (self);
  g_clear_pointer (&self->copy, g_bytes_unref);
  self->copy = csl_sim_read_file (self->path);
  g_ptr_array_set_size (self->tokens_since, 0);
  reopen (self);
}

void
csl_sim_client_rewind (CslSimClient *self)
{
  if (self->copy == NULL)
    return;
  stop (self);
  csl_sim_write_database (self->path, self->copy);
  g_clear_pointer (&self->copy, g_bytes_unref);
  forget_tokens_since (self);
  g_ptr_array_set_size (self->edits, 0);
  g_hash_table_remove_all (self->revs);
  self->world->rewound++;
  reopen (self);
}

gint64
csl_sim_client_sync (CslSimClient *self)
{
  csl_sync_driver_wake (self->driver);
  return csl_sync_driver_run_until_idle_sync (self->driver);
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

  g_assert_true (csl_vault_run (self->vault, 0, list_work, &entries, NULL));
  return entries;
}
