/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-jobs.c: what changes because a day has come: access, as a commit with a number like any other, and how far back
 * tombstones go. Clocks are compared here and nowhere else.
 */
#include "config.h"

#include "server/jobs/csd-jobs.h"

#include "core/base/csl-error.h"
#include "server/csd-admin.h"
#include "server/csd-server-private.h"
#include "server/handlers/csd-commit.h"

#include <string.h>

/* Tombstones forgotten at once: a moment's work for the disk. */
#define MAX_GONE 5000
#define DAY_MS   (24 * 3600 * G_GINT64_CONSTANT (1000))

static void
collect_cb (const CsdOrganisationRow *row, gpointer data)
{
  g_ptr_array_add (data, g_strdup (row->id));
}

static void
add_users (CsdCommit *commit, GHashTable *users)
{
  GHashTableIter iter;
  gpointer user = NULL;

  g_hash_table_iter_init (&iter, users);
  while (g_hash_table_iter_next (&iter, &user, NULL))
    g_hash_table_add (commit->users, g_strdup (user));
}

/* Everybody who has a role now, and everybody who has access. */
static bool
touch_users (CsdCommit *commit, GError **error)
{
  CsdOrganisation *organisation = commit->organisation;
  g_autofree char *bucket = g_strconcat ("a:", organisation->id, NULL);
  g_autoptr (GHashTable) now =
    organisation->storage->list_bucket_users (organisation->storage, bucket, error);
  const CsdDirectory *directory = NULL;

  csd_organisation_forget_directory (organisation);
  directory = csd_organisation_get_directory (organisation, error);
  if (now == NULL || directory == NULL)
    return false;
  add_users (commit, now);
  add_users (commit, directory->members);
  return true;
}

static bool
update (CsdServer *server, CsdOrganisation *organisation, GError **error)
{
  g_auto (CsdCommit) commit = { 0 };

  /* Within a day only commits change access, and they do it themselves: computing it again would only keep others
   * waiting. */
  if (csd_organisation_get_directory (organisation, error) == NULL)
    return false;
  if (strcmp (organisation->checked, organisation->today) == 0)
    return true;
  if (!csd_commit_begin (&commit, organisation, error))
    return false;
  if (!csd_commit_open (&commit, error) || !touch_users (&commit, error) ||
      !csd_commit_close (&commit, error)) {
    csd_commit_abandon (&commit);
    return false;
  }
  if (g_hash_table_size (commit.access_changed) == 0) {
    csd_commit_abandon (&commit);
  } else {
    if (!csd_commit_finish (&commit, error))
      return false;
    csd_server_announce (server, &commit);
  }
  return csd_organisation_get_directory (organisation, error) != NULL &&
         g_strlcpy (organisation->checked, organisation->today,
                    sizeof organisation->checked) > 0;
}

typedef bool (*Work) (CsdServer *server,
                      CsdOrganisation *organisation,
                      gint64 keep_days,
                      GError **error);

static bool
update_access (CsdServer *server,
               CsdOrganisation *organisation,
               gint64 keep_days,
               GError **error)
{
  return update (server, organisation, error);
}

static bool
forget (CsdServer *server,
        CsdOrganisation *organisation,
        gint64 keep_days,
        GError **error)
{
  CsdStorage *storage = organisation->storage;

  return storage->forget (storage, csl_env_wall_ms (server->env) / DAY_MS, keep_days,
                          MAX_GONE, error);
}

static bool
do_work (CsdServer *server, const char *id, Work work, gint64 keep_days, GError **error)
{
  CsdOrganisation *organisation = csd_server_get_organisation (server, id, error);
  bool done = false;

  if (organisation == NULL)
    return false;
  csd_organisation_lock (organisation);
  done = work (server, organisation, keep_days, error);
  csd_organisation_unlock (organisation);
  return done;
}

/* What is wrong with one organisation is no reason to leave the others as they are. @error: the first one. */
static bool
for_each_organisation (CsdServer *server, Work work, gint64 keep_days, GError **error)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  GError *first = NULL;

  if (!csd_server_list_organisations (server, collect_cb, ids, error))
    return false;
  for (guint i = 0; i < ids->len; i++)
    (void) do_work (server, ids->pdata[i], work, keep_days,
                    first == NULL ? &first : NULL);
  return csl_error_pass (&first, error);
}

bool
csd_jobs_update_access (CsdServer *server, GError **error)
{
  return for_each_organisation (server, update_access, 0, error);
}

bool
csd_jobs_forget (CsdServer *server, gint64 keep_days, GError **error)
{
  return for_each_organisation (server, forget, keep_days, error);
}
