/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-backup.c: copying a server's data while it works. */
#include "config.h"

#include "server/csd-admin.h"
#include "server/csd-server-private.h"
#include "server/handlers/csd-commit.h"

#include <errno.h>
#include <glib/gstdio.h>

#define TRIES 20

static void
collect_cb (const CsdOrganisationRow *row, gpointer data)
{
  g_ptr_array_add (data, g_strdup (row->id));
}

static bool
make_folder (const char *folder, GError **error)
{
  g_autoptr (GDir) dir = NULL;

  if (g_mkdir_with_parents (folder, 0700) != 0) {
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s: %s", folder,
                 g_strerror (errno));
    return false;
  }
  dir = g_dir_open (folder, 0, error);
  if (dir == NULL)
    return false;
  if (g_dir_read_name (dir) == NULL)
    return true;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS, "%s is not empty", folder);
  return false;
}

/* Everything up to the head of the copy is safe from now on. */
static bool
mark_safe (CsdOrganisation *organisation, gint64 head, GError **error)
{
  g_auto (CsdCommit) commit = { 0 };

  if (!csd_commit_begin (&commit, organisation, error))
    return false;
  if (organisation->storage->set_safe_seq (organisation->storage, head, error))
    return csd_commit_finish (&commit, error);
  csd_commit_abandon (&commit);
  return false;
}

/* A serving process may commit in the same moment; then it is tried again with what that process wrote. */
static bool
mark_safe_soon (CsdOrganisation *organisation, gint64 head, GError **error)
{
  for (guint i = 1; i < TRIES; i++) {
    g_autoptr (GError) busy = NULL;

    if (mark_safe (organisation, head, &busy))
      return true;
    csd_organisation_unlock (organisation);
    csd_organisation_lock (organisation);
  }
  return mark_safe (organisation, head, error);
}

static bool
back_up_organisation (CsdOrganisation *organisation, const char *folder, GError **error)
{
  g_autofree char *name = g_strconcat ("org-", organisation->id, ".db", NULL);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  gint64 head = organisation->storage->get_head (organisation->storage);

  return organisation->storage->back_up (organisation->storage, path, error) &&
         mark_safe_soon (organisation, head, error);
}

bool
csd_server_back_up (CsdServer *self, const char *folder, GError **error)
{
  g_autofree char *path = g_build_filename (folder, "caseload.db", NULL);
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  bool good = make_folder (folder, error);

  if (!good)
    return false;
  csd_registry_lock (self->registry);
  good = self->registry->back_up (self->registry, path, error);
  csd_registry_unlock (self->registry);
  if (!good || !csd_server_list_organisations (self, collect_cb, ids, error))
    return false;
  for (guint i = 0; i < ids->len && good; i++) {
    CsdOrganisation *organisation =
      csd_server_get_organisation (self, ids->pdata[i], error);

    if (organisation == NULL)
      return false;
    csd_organisation_lock (organisation);
    good = back_up_organisation (organisation, folder, error);
    csd_organisation_unlock (organisation);
  }
  return good;
}
