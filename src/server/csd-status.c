/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-status.c: what an administrator should know of a server's data. */
#include "config.h"

#include "server/csd-status.h"

#include "server/csd-admin.h"
#include "server/csd-server-private.h"

static void
collect_cb (const CsdOrganisationRow *row, gpointer data)
{
  g_array_append_vals (data, row, 1);
}

static bool
read_status (CsdServer *self,
             const CsdOrganisationRow *row,
             CsdStatus *ret_status,
             GError **error)
{
  CsdOrganisation *organisation = csd_server_get_organisation (self, row->id, error);
  CsdLedgerState state = { 0 };
  CsdStorage *storage = NULL;
  bool good;

  if (organisation == NULL)
    return false;
  csd_organisation_lock (organisation);
  storage = organisation->storage;
  good = storage->get_ledger (storage, &state, error);
  *ret_status = (CsdStatus){ .head = storage->get_head (storage),
                             .restored = storage->get_restored (storage),
                             .withheld = state.withheld,
                             .gap = state.gap,
                             .damaged = state.damaged };
  csd_organisation_unlock (organisation);
  g_strlcpy (ret_status->code, row->code, sizeof ret_status->code);
  return good;
}

static void
tell_registry (CsdServer *self, CsdStatusFunc func, gpointer data)
{
  CsdRegistryLedger state;
  CsdStatus status = { 0 };

  csd_registry_lock (self->registry);
  self->registry->get_ledger (self->registry, &state);
  csd_registry_unlock (self->registry);
  status.gap = state.lost ? 1 : 0;
  status.damaged = state.damaged;
  func (&status, data);
}

bool
csd_server_list_status (CsdServer *self,
                        CsdStatusFunc func,
                        gpointer data,
                        GError **error)
{
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (CsdOrganisationRow));

  if (!csd_server_list_organisations (self, collect_cb, rows, error))
    return false;
  tell_registry (self, func, data);
  for (guint i = 0; i < rows->len; i++) {
    CsdStatus status;

    if (!read_status (self, &g_array_index (rows, CsdOrganisationRow, i), &status, error))
      return false;
    func (&status, data);
  }
  return true;
}
