/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-admin-lock.c: an organisation's rules for locked replicas. */
#include "config.h"

#include "server/csd-admin.h"
#include "server/csd-server-private.h"

bool
csd_server_set_lock (CsdServer *self,
                     const char *organisation,
                     const CsdLockPolicy *policy,
                     GError **error)
{
  bool done;

  g_return_val_if_fail (self != NULL && organisation != NULL, false);
  if (policy->lease_days < 0 || policy->lease_days > CSD_MOST_LEASE_DAYS ||
      policy->lock_minutes < 1 || policy->lock_minutes > CSD_MOST_LOCK_MINUTES) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 "a lease has 0 to %d days, an idle client 1 to %d minutes",
                 CSD_MOST_LEASE_DAYS, CSD_MOST_LOCK_MINUTES);
    return false;
  }
  csd_registry_lock (self->registry);
  done = self->registry->set_lock (self->registry, organisation, policy, error);
  csd_registry_unlock (self->registry);
  return done;
}

bool
csd_server_get_lock (CsdServer *self,
                     const char *organisation,
                     CsdLockPolicy *ret_policy,
                     GError **error)
{
  bool done;

  g_return_val_if_fail (self != NULL && organisation != NULL, false);
  csd_registry_lock (self->registry);
  done = self->registry->get_lock (self->registry, organisation, ret_policy, error);
  csd_registry_unlock (self->registry);
  return done;
}
