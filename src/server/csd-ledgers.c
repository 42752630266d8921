/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-ledgers.c: ledgers that were lost or damaged, and begun anew by an administrator. */
#include "config.h"

#include "core/base/csl-time.h"
#include "server/csd-admin.h"
#include "server/csd-server-private.h"
#include "server/csd-status.h"

typedef struct
{
  const char *code; /* (unowned): "" for accounts and computers */
  CsdStatus status;
  bool found;
} Search;

static void
search_cb (const CsdStatus *status, gpointer data)
{
  Search *search = data;

  if (g_ascii_strcasecmp (status->code, search->code) != 0)
    return;
  search->status = *status;
  search->found = true;
}

bool
csd_server_check_ledger (CsdServer *self,
                         const char *code,
                         CsdStatus *ret_status,
                         GError **error)
{
  Search search = { .code = code != NULL ? code : "" };

  if (!csd_server_list_status (self, search_cb, &search, error))
    return false;
  if (!search.found) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "there is no organisation “%s”",
                 search.code);
    return false;
  }
  *ret_status = search.status;
  if (search.status.gap > 0 || search.status.damaged > 0)
    return true;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                       "this ledger is good; there is nothing to renew");
  return false;
}

static bool
renew_registry (CsdServer *self, const char *at, GError **error)
{
  bool good;

  csd_registry_lock (self->registry);
  good = self->registry->renew_ledger (self->registry, at, error);
  csd_registry_unlock (self->registry);
  return good;
}

static bool
renew_organisation (CsdServer *self, const char *code, const char *at, GError **error)
{
  g_autofree char *id = csd_server_dup_organisation_id (self, code, error);
  CsdOrganisation *organisation =
    id != NULL ? csd_server_get_organisation (self, id, error) : NULL;
  bool good;

  if (organisation == NULL)
    return false;
  csd_organisation_lock (organisation);
  good = organisation->storage->renew_ledger (organisation->storage, at, error);
  csd_organisation_unlock (organisation);
  return good;
}

bool
csd_server_renew_ledger (CsdServer *self, const char *code, GError **error)
{
  g_autofree char *at = csl_instant_format (csl_env_wall_ms (self->env), NULL);
  CsdStatus status;

  if (!csd_server_check_ledger (self, code, &status, error))
    return false;
  return code != NULL ? renew_organisation (self, code, at, error)
                      : renew_registry (self, at, error);
}

typedef struct
{
  const char *code; /* (unowned) */
  CsdServerRenewalFunc func;
  gpointer data;
} List;

static void
renewal_cb (const CsdRenewal *renewal, gpointer data)
{
  const List *list = data;

  list->func (list->code, renewal, list->data);
}

static void
collect_cb (const CsdOrganisationRow *row, gpointer data)
{
  g_array_append_vals (data, row, 1);
}

static bool
list_of_organisation (CsdServer *self, const char *id, List *list, GError **error)
{
  CsdOrganisation *organisation = csd_server_get_organisation (self, id, error);
  bool good;

  if (organisation == NULL)
    return false;
  csd_organisation_lock (organisation);
  good =
    organisation->storage->list_renewals (organisation->storage, renewal_cb, list, error);
  csd_organisation_unlock (organisation);
  return good;
}

bool
csd_server_list_renewals (CsdServer *self,
                          CsdServerRenewalFunc func,
                          gpointer data,
                          GError **error)
{
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (CsdOrganisationRow));
  List list = { .code = "", .func = func, .data = data };
  bool good;

  if (!csd_server_list_organisations (self, collect_cb, rows, error))
    return false;
  csd_registry_lock (self->registry);
  good = self->registry->list_renewals (self->registry, renewal_cb, &list, error);
  csd_registry_unlock (self->registry);
  for (guint i = 0; good && i < rows->len; i++) {
    const CsdOrganisationRow *row = &g_array_index (rows, CsdOrganisationRow, i);

    list.code = row->code;
    good = list_of_organisation (self, row->id, &list, error);
  }
  return good;
}
