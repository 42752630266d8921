/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-server.c: opening a server's folder and keeping its organisations open. */
#define G_LOG_DOMAIN "caseload-server"
#include "config.h"

#include "core/base/csl-id.h"
#include "server/csd-server-private.h"
#include "server/store/sqlite/csd-sqlite-registry.h"
#include "server/store/sqlite/csd-sqlite-storage.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <sodium.h>
#include <string.h>

#define REGISTRY_FILE "caseload.db"
#define SECRETS_FILE  "secrets"

void
csd_server_config_init (CsdServerConfig *config)
{
  *config = (CsdServerConfig){ .password_cost = csd_password_cost_default,
                               .access_s = 600,
                               .page_bytes = 2 * 1024 * 1024,
                               .page_ms = 250 };
}

bool
csd_server_create (const char *folder, const CslEnv *env, GError **error)
{
  g_autofree char *registry_path = g_build_filename (folder, REGISTRY_FILE, NULL);
  g_autofree char *secrets_path = g_build_filename (folder, SECRETS_FILE, NULL);
  CsdRegistry *registry = NULL;

  if (g_mkdir_with_parents (folder, 0700) != 0) {
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s: %s", folder,
                 g_strerror (errno));
    return false;
  }
  if (g_file_test (registry_path, G_FILE_TEST_EXISTS)) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS, "%s holds a server already",
                 folder);
    return false;
  }
  if (!csd_secrets_create (secrets_path, env, error))
    return false;
  registry = csd_sqlite_registry_open (registry_path, true, error);
  if (registry == NULL)
    return false;
  csd_registry_free (registry);
  return true;
}

static void
organisation_free (gpointer data)
{
  csd_organisation_free (data);
}

/* Something to check for names that are not there; no password fits it. */
static bool
init_auth (CsdServer *self)
{
  guint8 random[24];
  char text[64];

  csl_env_random (self->env, random, sizeof random);
  sodium_bin2hex (text, sizeof text, random, sizeof random);
  self->auth = (CsdAuth){ .registry = self->registry,
                          .secrets = &self->secrets,
                          .env = self->env,
                          .cost = self->config.password_cost,
                          .access_s = self->config.access_s };
  return csd_password_hash (text, &self->auth.cost, self->auth.dummy_hash);
}

static void
warn_of_registry_ledger (CsdRegistry *registry)
{
  CsdRegistryLedger state;

  registry->get_ledger (registry, &state);
  if (state.lost)
    g_warning ("caseload.ledger was missing once: check blocked accounts and revoked "
               "computers (see caseload-server status)");
  if (state.damaged > 0)
    g_warning ("%u lines of caseload.ledger cannot be read", state.damaged);
}

CsdServer *
csd_server_open (const char *folder,
                 const CslSchema *schema,
                 const CslEnv *env,
                 const CsdServerConfig *config,
                 GError **error)
{
  g_autofree char *registry_path = g_build_filename (folder, REGISTRY_FILE, NULL);
  g_autofree char *secrets_path = g_build_filename (folder, SECRETS_FILE, NULL);
  CsdServer *self = NULL;

  if (sodium_init () < 0) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                         "libsodium does not start");
    return NULL;
  }
  self = g_new0 (CsdServer, 1);
  g_mutex_init (&self->lock);
  self->folder = g_strdup (folder);
  self->schema = csl_schema_ref ((CslSchema *) schema);
  self->env = env;
  self->config = *config;
  self->organisations =
    g_hash_table_new_full (g_str_hash, g_str_equal, NULL, organisation_free);
  if (csd_secrets_load (&self->secrets, secrets_path, env, error))
    self->registry = csd_sqlite_registry_open (registry_path, false, error);
  if (self->registry != NULL && init_auth (self)) {
    warn_of_registry_ledger (self->registry);
    return self;
  }
  if (self->registry != NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE,
                         "there is not enough memory for password hashes");
  csd_server_free (self);
  return NULL;
}

void
csd_server_free (CsdServer *self)
{
  g_hash_table_unref (self->organisations);
  g_clear_pointer (&self->registry, csd_registry_free);
  csd_secrets_clear (&self->secrets);
  g_mutex_clear (&self->lock);
  csl_schema_unref ((CslSchema *) self->schema);
  g_free (self->folder);
  g_free (self);
}

const CslSchema *
csd_server_get_schema (CsdServer *self)
{
  return self->schema;
}

void
csd_server_set_listeners (CsdServer *self,
                          CsdCommitFunc committed,
                          CsdRevokedFunc revoked,
                          gpointer data)
{
  self->committed = committed;
  self->revoked = revoked;
  self->listener_data = data;
}

char *
csd_server_dup_organisation_path (CsdServer *self, const char *id)
{
  g_autofree char *name = g_strconcat ("org-", id, ".db", NULL);

  return g_build_filename (self->folder, name, NULL);
}

/* Nobody may believe that all is in force when the file that says so is not what it was. */
static void
warn_of_ledger (CsdStorage *storage, const char *id)
{
  CsdLedgerState state = { 0 };
  g_autoptr (GError) error = NULL;

  if (!storage->get_ledger (storage, &state, &error)) {
    g_warning ("org-%s.ledger: %s", id, error->message);
    return;
  }
  if (state.gap > 0)
    g_warning ("org-%s.ledger was missing when a backup was put back: who lost access "
               "after that backup may have access again (see caseload-server status)",
               id);
  else if (state.rebuilt)
    g_warning ("org-%s.ledger was missing and was made again from the database", id);
  if (state.damaged > 0)
    g_warning ("%u lines of org-%s.ledger cannot be read", state.damaged, id);
}

static CsdOrganisation *
open_organisation (CsdServer *self, const char *id, GError **error)
{
  g_autofree char *path = csd_server_dup_organisation_path (self, id);
  CsdStorage *storage =
    csd_sqlite_storage_open (path, self->schema, self->env, false, error);
  CsdOrganisation *organisation = NULL;

  if (storage == NULL)
    return NULL;
  warn_of_ledger (storage, id);
  organisation = csd_organisation_new (id, storage, self->schema, self->env);
  g_hash_table_insert (self->organisations, organisation->id, organisation);
  return organisation;
}

CsdOrganisation *
csd_server_get_organisation (CsdServer *self, const char *id, GError **error)
{
  CsdOrganisation *organisation = NULL;

  if (!csl_id_is_valid (id)) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                         "this is no id of an organisation");
    return NULL;
  }
  g_mutex_lock (&self->lock);
  organisation = g_hash_table_lookup (self->organisations, id);
  if (organisation == NULL)
    organisation = open_organisation (self, id, error);
  g_mutex_unlock (&self->lock);
  return organisation;
}

void
csd_server_announce (CsdServer *self, CsdCommit *commit)
{
  g_auto (GStrv) users = NULL;

  if (self->committed == NULL)
    return;
  users = csd_commit_list_users (commit);
  self->committed (commit->organisation->id, commit->seq, (const char *const *) users,
                   g_hash_table_size (commit->access_changed) > 0, self->listener_data);
}

/* The newest commit of another program that nobody was told of; 0: there is none, or somebody is at work just now. */
static gint64
take_foreign (CsdOrganisation *organisation)
{
  gint64 seq = 0;

  if (!csd_organisation_try_lock (organisation))
    return 0;
  seq = organisation->foreign;
  organisation->foreign = 0;
  csd_organisation_unlock (organisation);
  return seq;
}

void
csd_server_announce_foreign (CsdServer *self)
{
  GHashTableIter iter;
  gpointer organisation = NULL;

  if (self->committed == NULL || !g_mutex_trylock (&self->lock))
    return;
  g_hash_table_iter_init (&iter, self->organisations);
  while (g_hash_table_iter_next (&iter, NULL, &organisation)) {
    const gint64 seq = take_foreign (organisation);

    if (seq > 0)
      self->committed (((CsdOrganisation *) organisation)->id, seq, NULL, false,
                       self->listener_data);
  }
  g_mutex_unlock (&self->lock);
}

bool
csd_server_has_session (CsdServer *self, const char *session)
{
  return csd_auth_is_open (&self->auth, session);
}

gint64
csd_server_get_registry_version (CsdServer *self)
{
  gint64 version = 0;

  csd_registry_lock (self->registry);
  version = self->registry->get_version (self->registry);
  csd_registry_unlock (self->registry);
  return version;
}
