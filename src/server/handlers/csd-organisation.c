/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-organisation.c: one organisation while the server runs. */
#define G_LOG_DOMAIN "caseload-server"
#include "config.h"

#include "server/handlers/csd-organisation.h"

#include "core/base/csl-id.h"
#include "core/base/csl-time.h"

#include <string.h>

#define CACHE_MAX 20000
#define DAY_MS    (24 * 3600 * G_GINT64_CONSTANT (1000))

static void
case_free (gpointer data)
{
  csd_case_info_clear (data);
  g_free (data);
}

static void
collect_tiers (CsdOrganisation *self)
{
  for (guint i = 0; i < csl_schema_get_n_types (self->schema); i++) {
    const char *tier = csl_schema_get_type (self->schema, i)->tier;
    bool known = tier == NULL;

    for (guint j = 0; j < self->n_tiers && !known; j++)
      known = strcmp (self->tiers[j], tier) == 0;
    if (known)
      continue;
    g_return_if_fail (self->n_tiers < CSD_MAX_TIERS);
    self->tiers[self->n_tiers++] = tier;
  }
}

CsdOrganisation *
csd_organisation_new (const char *id,
                      CsdStorage *storage,
                      const CslSchema *schema,
                      const CslEnv *env)
{
  CsdOrganisation *self = g_new0 (CsdOrganisation, 1);

  g_strlcpy (self->id, id, sizeof self->id);
  self->storage = storage;
  self->schema = schema;
  self->env = env;
  g_mutex_init (&self->lock);
  self->cases = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, case_free);
  self->clients = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  self->known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->digests = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  collect_tiers (self);
  return self;
}

void
csd_organisation_free (CsdOrganisation *self)
{
  g_clear_pointer (&self->directory, csd_directory_free);
  g_hash_table_unref (self->cases);
  g_hash_table_unref (self->clients);
  g_hash_table_unref (self->known);
  g_hash_table_unref (self->digests);
  csd_storage_free (self->storage);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* With the lock held. Another storage takes the place of one that has failed; it may find that the last commit is there, or
 * that it is not. */
static bool
heal (CsdOrganisation *self)
{
  g_autoptr (GError) error = NULL;
  CsdStorage *again = NULL;

  if (!self->storage->has_failed (self->storage))
    return false;
  again = self->storage->open_again (self->storage, &error);
  if (again == NULL) {
    if (!self->told)
      g_warning ("org-%s.db cannot be used: %s", self->id, error->message);
    self->told = true;
    return false;
  }
  csd_storage_free (self->storage);
  self->storage = again;
  self->told = false;
  g_message ("org-%s.db had failed, and was opened again", self->id);
  return true;
}

/* With the lock held. What is in the file without a word from here is foreign. */
static void
refresh (CsdOrganisation *self)
{
  const gint64 head = self->storage->get_head (self->storage);

  if (!heal (self) && !self->storage->refresh (self->storage))
    return;
  csd_organisation_forget_all (self);
  if (self->storage->get_head (self->storage) > head)
    self->foreign = self->storage->get_head (self->storage);
}

void
csd_organisation_lock (CsdOrganisation *self)
{
  g_mutex_lock (&self->lock);
  refresh (self);
}

bool
csd_organisation_try_lock (CsdOrganisation *self)
{
  if (!g_mutex_trylock (&self->lock))
    return false;
  refresh (self);
  return true;
}

void
csd_organisation_unlock (CsdOrganisation *self)
{
  g_mutex_unlock (&self->lock);
}

const CsdDirectory *
csd_organisation_get_directory (CsdOrganisation *self, GError **error)
{
  g_autofree char *today =
    csl_date_from_days ((int) (csl_env_wall_ms (self->env) / DAY_MS));

  if (self->directory != NULL && strcmp (self->today, today) == 0)
    return self->directory;
  csd_organisation_forget_directory (self);
  self->directory = csd_directory_load (self->storage, self->schema, today, error);
  g_strlcpy (self->today, today, sizeof self->today);
  return self->directory;
}

void
csd_organisation_forget_directory (CsdOrganisation *self)
{
  g_clear_pointer (&self->directory, csd_directory_free);
}

const CsdCaseInfo *
csd_organisation_get_case (CsdOrganisation *self, const char *id)
{
  CsdCaseInfo *info = g_hash_table_lookup (self->cases, id);

  if (info != NULL)
    return info;
  if (g_hash_table_size (self->cases) >= CACHE_MAX)
    g_hash_table_remove_all (self->cases);
  info = g_new0 (CsdCaseInfo, 1);
  if (!self->storage->load_case (self->storage, id, info, NULL)) {
    g_free (info);
    return NULL;
  }
  g_hash_table_insert (self->cases, info->id, info);
  return info;
}

const CsdClientInfo *
csd_organisation_get_client (CsdOrganisation *self, const char *id)
{
  CsdClientInfo *info = g_hash_table_lookup (self->clients, id);

  if (info != NULL)
    return info;
  if (g_hash_table_size (self->clients) >= CACHE_MAX)
    g_hash_table_remove_all (self->clients);
  info = g_new0 (CsdClientInfo, 1);
  if (!self->storage->load_client (self->storage, id, info, NULL)) {
    g_free (info);
    return NULL;
  }
  g_hash_table_insert (self->clients, info->id, info);
  return info;
}

void
csd_organisation_forget_case (CsdOrganisation *self, const char *id)
{
  g_hash_table_remove (self->cases, id);
}

void
csd_organisation_forget_client (CsdOrganisation *self, const char *id)
{
  g_hash_table_remove (self->clients, id);
}

void
csd_organisation_forget_all (CsdOrganisation *self)
{
  csd_organisation_forget_directory (self);
  g_hash_table_remove_all (self->cases);
  g_hash_table_remove_all (self->clients);
  g_hash_table_remove_all (self->known);
  g_hash_table_remove_all (self->digests);
}

bool
csd_organisation_has_record (CsdOrganisation *self,
                             const CslRecordType *type,
                             const char *id,
                             GError **error)
{
  if (g_hash_table_lookup (self->known, id) == type)
    return true;
  if (!self->storage->exists (self->storage, type, id, error))
    return false;
  if (g_hash_table_size (self->known) >= CACHE_MAX)
    g_hash_table_remove_all (self->known);
  g_hash_table_insert (self->known, g_strdup (id), (gpointer) type);
  return true;
}

/* "c:" and an id; what follows is ":" and the tier. */
#define BASE_LENGTH (2 + CSL_ID_LENGTH)

guint
csd_organisation_split_bucket (const CsdOrganisation *self,
                               const char *bucket,
                               char ret_base[CSD_BUCKET_SIZE])
{
  gsize length = strlen (bucket);

  g_strlcpy (ret_base, bucket, MIN (length, BASE_LENGTH) + 1);
  if (length <= BASE_LENGTH)
    return 1;
  for (guint i = 0; i < self->n_tiers; i++)
    if (strcmp (bucket + BASE_LENGTH + 1, self->tiers[i]) == 0)
      return 2u << i;
  return 0;
}

char *
csd_organisation_join_bucket (const CsdOrganisation *self, const char *base, guint bit)
{
  for (guint i = 0; i < self->n_tiers; i++)
    if (bit == 2u << i)
      return g_strconcat (base, ":", self->tiers[i], NULL);
  return g_strdup (base);
}
