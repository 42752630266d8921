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
  CslSecret *device_key; /* (owned) (nullable): of the credentials in @parts */
  CslTokens tokens;
} SignIn;

static void
sign_in_free (gpointer data)
{
  SignIn *self = data;

  csl_session_parts_clear (&self->parts);
  csl_tokens_clear (&self->tokens);
  g_clear_pointer (&self->device_key, csl_secret_unref);
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

/* Short names that were typed; who left one out may be anybody of that name. */
static bool
may_be_same_organisation (const char *a, const char *b)
{
  return a == NULL || b == NULL || g_ascii_strcasecmp (a, b) == 0;
}

static bool
is_namesake (const SignIn *self, CslAccount *account)
{
  g_autofree char *path = csl_account_dup_replica_path (account);

  return strcmp (account->server, self->server) == 0 &&
         strcmp (account->username, self->username) == 0 &&
         may_be_same_organisation (account->organisation_code, self->organisation) &&
         g_file_test (path, G_FILE_TEST_EXISTS);
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

/* With the device's key that is set already. */
static bool
ask_server (SignIn *self, const char *device, GCancellable *cancellable, GError **error)
{
  CslAccountServer server = { .address = self->server,
                              .ca_file = self->ca_file,
                              .schema = self->parts.schema,
                              .sign_in = { .organisation = self->organisation,
                                           .username = self->username,
                                           .password = self->password,
                                           .device_name = g_get_host_name () } };

  g_clear_pointer (&self->parts.credentials, csl_credentials_unref);
  csl_tokens_clear (&self->tokens);
  self->parts.credentials = csl_credentials_new (device, self->device_key, NULL);
  if (!csl_account_ask_server (&server, self->parts.credentials, &self->tokens,
                               cancellable, error))
    return false;
  if (self->tokens.user != NULL && self->tokens.organisation != NULL)
    return true;
  g_set_error (error, CSL_ACCOUNT_ERROR, CSL_ACCOUNT_ERROR_SERVER,
               "the server does not say who signed in");
  return false;
}

static void
take_names (CslAccount *account, const SignIn *self)
{
  g_free (account->display_name);
  account->display_name = g_strdup (self->tokens.display_name);
  g_free (account->organisation_name);
  account->organisation_name = g_strdup (self->tokens.organisation_name);
  if (self->organisation == NULL)
    return;
  g_free (account->organisation_code);
  account->organisation_code = g_strdup (self->organisation);
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
keep_tokens (SignIn *self, GError **error)
{
  GError *raw = NULL;

  if (csl_kept_tokens_put (self->parts.replica, &self->tokens, true, &raw)) {
    self->parts.recovery = csl_lease_decode_share (self->tokens.recovery_share);
    return true;
  }
  csl_account_propagate_error (error, raw);
  return false;
}

/* -- somebody of that name has worked here before -- */

static void
take_parts (SignIn *self, CslSessionParts *opened)
{
  g_clear_pointer (&opened->credentials, csl_credentials_unref);
  opened->credentials = g_steal_pointer (&self->parts.credentials);
  opened->database = g_steal_pointer (&self->parts.database);
  csl_session_parts_clear (&self->parts);
  self->parts = *opened;
  *opened = (CslSessionParts){ .lock = -1 };
}

/* The same replica and the same device. */
static bool
go_on (SignIn *self, CslAccount *account, CslSessionParts *opened, GError **error)
{
  g_autofree char *lease = csl_account_dup_lease_path (account);

  take_parts (self, opened);
  csl_credentials_set_lease_path (self->parts.credentials, lease);
  take_names (account, self);
  return csl_account_take_lease (account, &self->tokens, error) &&
         keep_tokens (self, error) && keep_certificate (account, self, error) &&
         csl_account_store (account, error);
}

static bool
look_up_device_key (SignIn *self,
                    CslAccount *account,
                    GCancellable *cancellable,
                    GError **error)
{
  GError *raw = NULL;

  g_clear_pointer (&self->device_key, csl_secret_unref);
  self->device_key =
    csl_keyring_lookup_sync (account->id, CSL_KEYRING_DEVICE_KEY, cancellable, &raw);
  if (self->device_key == NULL)
    csl_account_propagate_error (error, raw);
  return self->device_key != NULL;
}

static bool
is_who_signed_in (const SignIn *self, CslAccount *account)
{
  return strcmp (self->tokens.user, account->user) == 0 &&
         strcmp (self->tokens.organisation, account->organisation) == 0;
}

/* Two organisations may each have somebody of one name: who it is, the server says. @ret_is_other: somebody else, and the
 * credentials and tokens are theirs; several people may use one device. */
static bool
sign_in_namesake (SignIn *self,
                  CslAccount *account,
                  bool *ret_is_other,
                  GCancellable *cancellable,
                  GError **error)
{
  g_auto (CslSessionParts) opened = { .lock = -1 };
  g_autoptr (GError) raw = NULL;
  const bool has_pin = csl_account_has_pin (account);

  if ((!has_pin && !csl_account_open_parts (account, &opened, cancellable, error)) ||
      !look_up_device_key (self, account, cancellable, error))
    return false;
  if (!ask_server (self,
                   has_pin ? account->device
                           : csl_replica_get_identity (opened.replica)->device,
                   cancellable, &raw) &&
      !(has_pin &&
        g_error_matches (raw, CSL_ACCOUNT_ERROR, CSL_ACCOUNT_ERROR_UNREACHABLE))) {
    g_propagate_error (error, g_steal_pointer (&raw));
    return false;
  }
  *ret_is_other = raw == NULL && !is_who_signed_in (self, account);
  if (*ret_is_other || !has_pin)
    return *ret_is_other || go_on (self, account, &opened, error);
  g_set_error_literal (error, CSL_ACCOUNT_ERROR, CSL_ACCOUNT_ERROR_PIN_NEEDED,
                       "the key is wrapped with a PIN");
  return false;
}

/* -- somebody who has not -- */

static CslAccount *
new_account (const SignIn *self)
{
  CslAccount *account = g_object_new (CSL_TYPE_ACCOUNT, NULL);
  CslId id = csl_id_new (self->parts.env);

  account->id = g_strdup (id.text);
  account->folder = g_build_filename (self->folder, id.text, NULL);
  account->server = g_strdup (self->server);
  account->username = g_strdup (self->username);
  account->organisation = g_strdup (self->tokens.organisation);
  account->user = g_strdup (self->tokens.user);
  take_names (account, self);
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
make_account (SignIn *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (CslSecret) replica_key = csl_secret_new_random (CSL_DB_KEY_SIZE);
  g_autoptr (CslAccount) account = new_account (self);
  g_autofree char *lease = csl_account_dup_lease_path (account);
  const char *device = csl_credentials_get_device (self->parts.credentials);

  if (!make_folder (account, error) || !keep_certificate (account, self, error))
    return false;
  csl_credentials_set_lease_path (self->parts.credentials, lease);
  self->parts.lock = csl_account_lock (account, error);
  csl_account_fill_parts (account, &self->parts);
  self->parts.key = csl_secret_ref (replica_key);
  return self->parts.lock >= 0 &&
         csl_account_take_lease (account, &self->tokens, error) &&
         store_keys (account, replica_key, self->device_key, cancellable, error) &&
         make_replica (self, account, replica_key, device, error) &&
         keep_tokens (self, error) && csl_account_store (account, error) &&
         csl_account_open_reader (account, replica_key, &self->parts, error);
}

static bool
sign_in_new (SignIn *self, GCancellable *cancellable, GError **error)
{
  CslId device = csl_id_new (self->parts.env);

  g_clear_pointer (&self->device_key, csl_secret_unref);
  self->device_key = csl_device_key_new ();
  return ask_server (self, device.text, cancellable, error) &&
         make_account (self, cancellable, error);
}

static bool
sign_in (SignIn *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (GListModel) accounts = csl_account_list (self->folder);
  bool is_other = false;

  self->parts.env = csl_env_system ();
  self->parts.schema = csl_account_ref_schema ();
  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++) {
    g_autoptr (CslAccount) account = g_list_model_get_item (accounts, i);

    if (!is_namesake (self, account))
      continue;
    if (!sign_in_namesake (self, account, &is_other, cancellable, error))
      return false;
    if (!is_other)
      return true;
  }
  return is_other ? make_account (self, cancellable, error)
                  : sign_in_new (self, cancellable, error);
}

/* On the database thread. */
static void
sign_in_cb (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  bool done = sign_in (data, cancellable, &error);

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
