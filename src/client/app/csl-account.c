/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-account.c: workers known on this computer, one folder each. */
#include "client/app/csl-account-private.h"
#include "client/app/csl-aside.h"
#include "client/app/csl-lease.h"
#include "client/app/csl-removal.h"

#include <glib/gstdio.h>

#define FILE_NAME "account.ini"
#define GROUP     "account"

G_DEFINE_FINAL_TYPE (CslAccount, csl_account, G_TYPE_OBJECT)

enum {
  PROP_DISPLAY_NAME = 1,
  PROP_USERNAME,
  PROP_SERVER,
  PROP_ORGANISATION_NAME,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
csl_account_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  CslAccount *self = CSL_ACCOUNT (object);

  switch (id) {
  case PROP_DISPLAY_NAME:
    g_value_set_string (value, self->display_name);
    break;
  case PROP_USERNAME:
    g_value_set_string (value, self->username);
    break;
  case PROP_SERVER:
    g_value_set_string (value, self->server);
    break;
  case PROP_ORGANISATION_NAME:
    g_value_set_string (value, self->organisation_name);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
csl_account_finalize (GObject *object)
{
  CslAccount *self = CSL_ACCOUNT (object);

  g_free (self->folder);
  g_free (self->id);
  g_free (self->server);
  g_free (self->ca_file);
  g_free (self->username);
  g_free (self->display_name);
  g_free (self->organisation);
  g_free (self->organisation_name);
  g_free (self->organisation_code);
  g_free (self->user);
  g_free (self->device);
  g_clear_pointer (&self->damaged_key, csl_secret_unref);
  G_OBJECT_CLASS (csl_account_parent_class)->finalize (object);
}

static void
csl_account_class_init (CslAccountClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = csl_account_get_property;
  object_class->finalize = csl_account_finalize;
  properties[PROP_DISPLAY_NAME] =
    g_param_spec_string ("display-name", NULL, NULL, NULL, flags);
  properties[PROP_USERNAME] = g_param_spec_string ("username", NULL, NULL, NULL, flags);
  properties[PROP_SERVER] = g_param_spec_string ("server", NULL, NULL, NULL, flags);
  properties[PROP_ORGANISATION_NAME] =
    g_param_spec_string ("organisation-name", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
csl_account_init (CslAccount *self)
{
}

CslSchema *
csl_account_ref_schema (void)
{
  static gsize schema;

  if (g_once_init_enter (&schema))
    g_once_init_leave (&schema, (gsize) csl_schema_new_builtin ());
  return csl_schema_ref ((CslSchema *) schema);
}

/* -- files -- */

char *
csl_account_dup_default_folder (void)
{
  return g_build_filename (g_get_user_data_dir (), "caseload", NULL);
}

char *
csl_account_dup_replica_path (CslAccount *self)
{
  return g_build_filename (self->folder, "replica.db", NULL);
}

char *
csl_account_dup_keys_path (CslAccount *self)
{
  return g_build_filename (self->folder, "keys", NULL);
}

char *
csl_account_dup_lease_path (CslAccount *self)
{
  return g_build_filename (self->folder, "lease", NULL);
}

char *
csl_account_dup_attempts_path (CslAccount *self)
{
  return g_build_filename (self->folder, "attempts", NULL);
}

bool
csl_account_take_lease (CslAccount *self, const CslTokens *tokens, GError **error)
{
  g_autofree char *path = csl_account_dup_lease_path (self);
  g_autoptr (GError) raw = NULL;

  if (csl_lease_take_tokens_sync (path, tokens, &raw))
    return true;
  g_set_error_literal (error, CSL_ACCOUNT_ERROR, CSL_ACCOUNT_ERROR_DISK, raw->message);
  return false;
}

static char *
read_text (GKeyFile *file, const char *name)
{
  return g_key_file_get_string (file, GROUP, name, NULL);
}

/* A name alone is a file in the account's folder. */
static char *
read_ca_file (GKeyFile *file, const char *folder)
{
  g_autofree char *name = read_text (file, "ca_file");

  if (name == NULL || g_path_is_absolute (name))
    return g_steal_pointer (&name);
  return g_build_filename (folder, name, NULL);
}

CslAccount *
csl_account_load (const char *folder)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *path = g_build_filename (folder, FILE_NAME, NULL);
  g_autoptr (CslAccount) self = NULL;

  /* What is being removed is no account any more. */
  if (csl_removal_is_pending (folder) || csl_aside_is (folder) ||
      !g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL))
    return NULL;
  self = g_object_new (CSL_TYPE_ACCOUNT, NULL);
  self->folder = g_strdup (folder);
  self->id = g_path_get_basename (folder);
  self->server = read_text (file, "server");
  self->ca_file = read_ca_file (file, folder);
  self->username = read_text (file, "username");
  self->display_name = read_text (file, "display_name");
  self->organisation = read_text (file, "organisation");
  self->organisation_name = read_text (file, "organisation_name");
  self->organisation_code = read_text (file, "organisation_code");
  self->user = read_text (file, "user");
  self->device = read_text (file, "device");
  if (self->server == NULL || self->username == NULL || self->user == NULL ||
      self->organisation == NULL)
    return NULL;
  return g_steal_pointer (&self);
}

static void
write_text (GKeyFile *file, const char *name, const char *text)
{
  if (text != NULL)
    g_key_file_set_string (file, GROUP, name, text);
}

bool
csl_account_store (CslAccount *self, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *path = g_build_filename (self->folder, FILE_NAME, NULL);
  g_autofree char *kept = g_build_filename (self->folder, CSL_ACCOUNT_CA_NAME, NULL);
  g_autofree char *text = NULL;
  GError *raw = NULL;

  write_text (file, "server", self->server);
  write_text (file, "ca_file",
              g_strcmp0 (self->ca_file, kept) == 0 ? CSL_ACCOUNT_CA_NAME : self->ca_file);
  write_text (file, "username", self->username);
  write_text (file, "display_name", self->display_name);
  write_text (file, "organisation", self->organisation);
  write_text (file, "organisation_name", self->organisation_name);
  write_text (file, "organisation_code", self->organisation_code);
  write_text (file, "user", self->user);
  write_text (file, "device", self->device);
  text = g_key_file_to_data (file, NULL, NULL);
  if (g_file_set_contents_full (path, text, -1,
                                G_FILE_SET_CONTENTS_CONSISTENT |
                                  G_FILE_SET_CONTENTS_DURABLE,
                                0600, &raw))
    return true;
  csl_account_propagate_error (error, raw);
  return false;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(char *const *) a, *(char *const *) b);
}

/* -- public -- */

const char *
csl_account_get_id (CslAccount *self)
{
  g_return_val_if_fail (CSL_IS_ACCOUNT (self), NULL);
  return self->id;
}

const char *
csl_account_get_display_name (CslAccount *self)
{
  g_return_val_if_fail (CSL_IS_ACCOUNT (self), NULL);
  return self->display_name != NULL ? self->display_name : self->username;
}

const char *
csl_account_get_username (CslAccount *self)
{
  g_return_val_if_fail (CSL_IS_ACCOUNT (self), NULL);
  return self->username;
}

const char *
csl_account_get_server (CslAccount *self)
{
  g_return_val_if_fail (CSL_IS_ACCOUNT (self), NULL);
  return self->server;
}

const char *
csl_account_get_ca_file (CslAccount *self)
{
  g_return_val_if_fail (CSL_IS_ACCOUNT (self), NULL);
  return self->ca_file;
}

char *
csl_account_dup_sign_in_name (CslAccount *self)
{
  g_return_val_if_fail (CSL_IS_ACCOUNT (self), NULL);
  return self->organisation_code != NULL
           ? g_strconcat (self->organisation_code, "/", self->username, NULL)
           : g_strdup (self->username);
}

const char *
csl_account_get_organisation_name (CslAccount *self)
{
  g_return_val_if_fail (CSL_IS_ACCOUNT (self), NULL);
  return self->organisation_name;
}

/**
 * csl_account_list:
 * @folder: (nullable): of all accounts; %NULL: the default one
 *
 * Returns: (transfer full): the accounts of this computer, a #GListModel of #CslAccount, oldest first
 */
GListModel *
csl_account_list (const char *folder)
{
  GListStore *accounts = g_list_store_new (CSL_TYPE_ACCOUNT);
  g_autofree char *chosen = folder != NULL ? g_strdup (folder)
                                           : csl_account_dup_default_folder ();
  g_autoptr (GDir) dir = g_dir_open (chosen, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_build_filename (chosen, name, NULL));
  /* Ids begin with the time they were made at. */
  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len; i++) {
    g_autoptr (CslAccount) account = csl_account_load (names->pdata[i]);

    if (account != NULL)
      g_list_store_append (accounts, account);
  }
  return G_LIST_MODEL (accounts);
}

/* -- copies that are being removed -- */

/* Up to the first that is finished, so that each is told; one that cannot be finished keeps nobody waiting. */
static void
finish_removal_cb (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_autoptr (GPtrArray) pending = csl_removal_list (data);
  CslRemovalState *state = g_new0 (CslRemovalState, 1);

  for (guint i = 0; i < pending->len && !state->finished; i++) {
    csl_removal_state_clear (state);
    csl_removal_run_sync (pending->pdata[i], state, cancellable);
  }
  g_task_return_pointer (task, state, (GDestroyNotify) csl_removal_state_free);
}

bool
csl_account_is_removal_pending (const char *folder)
{
  g_autofree char *chosen = folder != NULL ? g_strdup (folder)
                                           : csl_account_dup_default_folder ();
  g_autoptr (GPtrArray) pending = csl_removal_list (chosen);

  return pending->len > 0;
}

void
csl_account_finish_removal_async (const char *folder,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, data);

  g_task_set_source_tag (task, csl_account_finish_removal_async);
  g_task_set_task_data (task,
                        folder != NULL ? g_strdup (folder)
                                       : csl_account_dup_default_folder (),
                        g_free);
  g_task_run_in_thread (task, finish_removal_cb);
  g_object_unref (task);
}

CslRemovalState *
csl_account_finish_removal_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
