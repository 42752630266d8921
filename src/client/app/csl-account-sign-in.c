/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-account-sign-in.c: the first sign-in of a worker on this computer.
 *
 * Order: the server says who it is; the keys go into the keyring; the replica is made; account.ini is
 * written last. A computer that dies in between keeps a folder without account.ini, which is no
 * account, and never a replica without its key.
 */
#include "config.h"

#include "client/app/csl-account-private.h"
#include "client/app/csl-device-key.h"
#include "client/app/csl-kept-tokens.h"
#include "client/app/csl-lease.h"
#include "client/app/csl-task.h"
#include "client/net/csl-net-transport.h"
#include "core/base/csl-id.h"
#include "store/csl-env-system.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <sodium.h>
#include <string.h>

typedef struct
{
  char *folder, *server, *ca_file;          /* (owned), ca_file (nullable) */
  char *organisation, *username, *password; /* (owned), organisation (nullable) */
  CslSessionParts parts;
} SignIn;

static void
sign_in_free (gpointer data)
{
  SignIn *self = data;

  csl_session_parts_clear (&self->parts);
  sodium_memzero (self->password, strlen (self->password));
  g_free (self->folder);
  g_free (self->server);
  g_free (self->ca_file);
  g_free (self->organisation);
  g_free (self->username);
  g_free (self->password);
  g_free (self);
}

/* "caseload.example.org" is what people type. */
static char *
complete_address (const char *server)
{
  g_autofree char *text = g_strstrip (g_strdup (server));

  if (strstr (text, "://") == NULL)
    return g_strconcat ("https://", text, NULL);
  return g_steal_pointer (&text);
}

static CslAccount *
find_account (const SignIn *self)
{
  g_autoptr (GListModel) accounts = csl_account_list (self->folder);

  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++) {
    g_autoptr (CslAccount) account = g_list_model_get_item (accounts, i);
    g_autofree char *path = csl_account_dup_replica_path (account);

    if (strcmp (account->server, self->server) == 0 &&
        strcmp (account->username, self->username) == 0 &&
        g_file_test (path, G_FILE_TEST_EXISTS))
      return g_steal_pointer (&account);
  }
  return NULL;
}

bool
csl_account_ask_server (const CslAccountServer *server,
                        CslCredentials *credentials,
                        CslTokens *tokens,
                        GCancellable *cancellable,
                        GError **error)
{
  CslNetOptions options = { .server = (char *) server->address,
                            .ca_file = (char *) server->ca_file,
                            .user_agent = "Caseload/" CSL_VERSION,
                            .schema = csl_schema_get_version (server->schema) };
  g_auto (CslExchangeReply) reply = { 0 };
  GError *raw = NULL;
  CslTransport *transport = csl_net_transport_new (&options, &raw);
  bool done = transport != NULL &&
              csl_credentials_sign_in (credentials, &server->sign_in, transport, tokens,
                                       &reply, cancellable, &raw);

  csl_net_transport_free (transport);
  if (!done)
    csl_account_propagate_sign_in_error (error, raw, &reply);
  return done;
}

static bool
ask_server (SignIn *self,
            CslCredentials *credentials,
            CslTokens *tokens,
            GCancellable *cancellable,
            GError **error)
{
  CslAccountServer server = { .address = self->server,
                              .ca_file = self->ca_file,
                              .schema = self->parts.schema,
                              .sign_in = { .organisation = self->organisation,
                                           .username = self->username,
                                           .password = self->password,
                                           .device_name = g_get_host_name () } };

  return csl_account_ask_server (&server, credentials, tokens, cancellable, error);
}

static void
take_names (CslAccount *account, const SignIn *self, const CslTokens *tokens)
{
  g_free (account->display_name);
  account->display_name = g_strdup (tokens->display_name);
  g_free (account->organisation_name);
  account->organisation_name = g_strdup (tokens->organisation_name);
}

/* The certificate the person chose may be on a stick, or lent by the portal for this once: a copy stays with the account. */
static bool
keep_certificate (CslAccount *account, const SignIn *self, GError **error)
{
  g_autofree char *kept = g_build_filename (account->folder, CSL_ACCOUNT_CA_NAME, NULL);
  g_autofree char *text = NULL;
  gsize length;
  GError *raw = NULL;

  if (self->ca_file == NULL || strcmp (self->ca_file, kept) == 0)
    return true;
  if (!g_file_get_contents (self->ca_file, &text, &length, &raw) ||
      !g_file_set_contents_full (kept, text, (gssize) length,
                                 G_FILE_SET_CONTENTS_CONSISTENT |
                                   G_FILE_SET_CONTENTS_DURABLE,
                                 0600, &raw)) {
    csl_account_propagate_error (error, raw);
    return false;
  }
  g_free (account->ca_file);
  account->ca_file = g_steal_pointer (&kept);
  return true;
}

static bool
keep_tokens (SignIn *self, const CslTokens *tokens, GError **error)
{
  GError *raw = NULL;

  if (csl_kept_tokens_put (self->parts.replica, tokens, true, &raw)) {
    self->parts.recovery = csl_lease_decode_share (tokens->recovery_share);
    return true;
  }
  csl_account_propagate_error (error, raw);
  return false;
}

/* Somebody who has worked here before: with the same replica and the same device. */
static bool
sign_in_known (SignIn *self,
               CslAccount *account,
               GCancellable *cancellable,
               GError **error)
{
  g_auto (CslTokens) tokens = { 0 };

  if (!csl_account_open_parts (account, &self->parts, cancellable, error) ||
      !ask_server (self, self->parts.credentials, &tokens, cancellable, error))
    return false;
  if (g_strcmp0 (tokens.user, account->user) != 0 ||
      g_strcmp0 (tokens.organisation, account->organisation) != 0) {
    g_set_error (error, CSL_ACCOUNT_ERROR, CSL_ACCOUNT_ERROR_SERVER,
                 "the server knows somebody else by this name");
    return false;
  }
  take_names (account, self, &tokens);
  return keep_tokens (self, &tokens, error) && keep_certificate (account, self, error) &&
         csl_account_store (account, error);
}

static CslAccount *
new_account (const SignIn *self, const CslTokens *tokens)
{
  CslAccount *account = g_object_new (CSL_TYPE_ACCOUNT, NULL);
  CslId id = csl_id_new (self->parts.env);

  account->id = g_strdup (id.text);
  account->folder = g_build_filename (self->folder, id.text, NULL);
  account->server = g_strdup (self->server);
  account->username = g_strdup (self->username);
  account->organisation = g_strdup (tokens->organisation);
  account->user = g_strdup (tokens->user);
  take_names (account, self, tokens);
  return account;
}

static bool
make_folder (CslAccount *account, GError **error)
{
  if (g_mkdir_with_parents (account->folder, 0700) == 0)
    return true;
  g_set_error (error, CSL_ACCOUNT_ERROR, CSL_ACCOUNT_ERROR_DISK,
               "cannot make the account's folder: %s", g_strerror (errno));
  return false;
}

static bool
store_keys (CslAccount *account,
            CslSecret *replica_key,
            CslSecret *device_key,
            GCancellable *cancellable,
            GError **error)
{
  GError *raw = NULL;

  if (csl_keyring_store_sync (account->id, CSL_KEYRING_REPLICA_KEY, replica_key,
                              cancellable, &raw) &&
      csl_keyring_store_sync (account->id, CSL_KEYRING_DEVICE_KEY, device_key,
                              cancellable, &raw))
    return true;
  csl_account_propagate_error (error, raw);
  return false;
}

static bool
make_replica (SignIn *self,
              CslAccount *account,
              CslSecret *key,
              const char *device,
              GError **error)
{
  g_autofree char *path = csl_account_dup_replica_path (account);
  CslReplicaIdentity identity = { 0 };
  GError *raw = NULL;

  g_strlcpy (identity.organisation, account->organisation, sizeof identity.organisation);
  g_strlcpy (identity.user, account->user, sizeof identity.user);
  g_strlcpy (identity.device, device, sizeof identity.device);
  self->parts.replica = csl_replica_create (path, csl_secret_get_bytes (key),
                                            self->parts.schema, &identity,
                                            self->parts.env, &raw);
  if (self->parts.replica == NULL)
    csl_account_propagate_error (error, raw);
  return self->parts.replica != NULL;
}

static bool
sign_in_new (SignIn *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (CslSecret) replica_key = csl_secret_new_random (CSL_DB_KEY_SIZE);
  g_autoptr (CslSecret) device_key = csl_device_key_new ();
  g_autoptr (CslAccount) account = NULL;
  g_autofree char *lease = NULL;
  g_auto (CslTokens) tokens = { 0 };
  CslId device;

  self->parts.env = csl_env_system ();
  self->parts.schema = csl_account_ref_schema ();
  device = csl_id_new (self->parts.env);
  self->parts.credentials = csl_credentials_new (device.text, device_key, NULL);
  if (!ask_server (self, self->parts.credentials, &tokens, cancellable, error))
    return false;
  if (tokens.user == NULL || tokens.organisation == NULL) {
    g_set_error (error, CSL_ACCOUNT_ERROR, CSL_ACCOUNT_ERROR_SERVER,
                 "the server does not say who signed in");
    return false;
  }
  account = new_account (self, &tokens);
  if (!make_folder (account, error) || !keep_certificate (account, self, error))
    return false;
  lease = csl_account_dup_lease_path (account);
  csl_credentials_set_lease_path (self->parts.credentials, lease);
  self->parts.lock = csl_account_lock (account, error);
  csl_account_fill_parts (account, &self->parts);
  self->parts.key = csl_secret_ref (replica_key);
  return self->parts.lock >= 0 && csl_account_take_lease (account, &tokens, error) &&
         store_keys (account, replica_key, device_key, cancellable, error) &&
         make_replica (self, account, replica_key, device.text, error) &&
         keep_tokens (self, &tokens, error) && csl_account_store (account, error) &&
         csl_account_open_reader (account, replica_key, &self->parts, error);
}

/* On the database thread. */
static void
sign_in_cb (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  SignIn *self = data;
  g_autoptr (CslAccount) account = find_account (self);
  GError *error = NULL;
  bool done = account != NULL ? sign_in_known (self, account, cancellable, &error)
                              : sign_in_new (self, cancellable, &error);

  csl_task_answer (task, done, error);
}

/* "riverside/amina" names the organisation too. */
static void
split_name (SignIn *self, const char *username)
{
  const char *slash = strchr (username, '/');

  if (slash != NULL)
    self->organisation = g_strndup (username, (gsize) (slash - username));
  self->username = g_strdup (slash != NULL ? slash + 1 : username);
}

/**
 * csl_account_sign_in_async:
 * @folder: (nullable): of all accounts; %NULL: the default one
 * @server: address, "https://" may be left out
 * @username: the name, or "organisation/name"
 * @ca_file: (nullable): PEM file of the authority to trust
 */
void
csl_account_sign_in_async (const char *folder,
                           const char *server,
                           const char *username,
                           const char *password,
                           const char *ca_file,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer data)
{
  SignIn *self;
  GTask *task;

  g_return_if_fail (server != NULL && username != NULL && password != NULL);
  self = g_new0 (SignIn, 1);
  self->parts.lock = -1;
  self->folder = folder != NULL ? g_strdup (folder) : csl_account_dup_default_folder ();
  self->server = complete_address (server);
  self->ca_file = ca_file != NULL && *ca_file != '\0' ? g_strdup (ca_file) : NULL;
  self->password = g_strdup (password);
  split_name (self, username);
  self->parts.database = csl_worker_new ("csl-database");
  task = g_task_new (NULL, cancellable, callback, data);
  g_task_set_source_tag (task, csl_account_sign_in_async);
  g_task_set_task_data (task, self, sign_in_free);
  csl_worker_queue (self->parts.database, G_PRIORITY_DEFAULT, task, sign_in_cb);
}

CslSession *
csl_account_sign_in_finish (GAsyncResult *result, GError **error)
{
  SignIn *self;

  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  self = g_task_get_task_data (G_TASK (result));
  if (!g_task_propagate_boolean (G_TASK (result), error))
    return NULL;
  return csl_session_new (&self->parts, error);
}
