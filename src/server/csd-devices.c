/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-devices.c: the list of computers, and what becomes of one that is lost. */
#include "config.h"

#include "server/csd-devices.h"

#include "server/csd-server-private.h"

#include <string.h>

static const char *const status_names[] = {
  [CSD_DEVICE_ENROLLED] = "enrolled",
  [CSD_DEVICE_SUSPENDED] = "suspended",
  [CSD_DEVICE_WIPE_PENDING] = "wipe_pending",
  [CSD_DEVICE_WIPED] = "wiped",
};

const char *
csd_device_status_to_text (CsdDeviceStatus status)
{
  g_return_val_if_fail ((guint) status < G_N_ELEMENTS (status_names), "");
  return status_names[status];
}

bool
csd_device_status_from_text (const char *text, CsdDeviceStatus *ret_status)
{
  for (guint i = 0; i < G_N_ELEMENTS (status_names); i++) {
    if (strcmp (status_names[i], text) == 0) {
      *ret_status = (CsdDeviceStatus) i;
      return true;
    }
  }
  return false;
}

static void
collect_cb (const CsdDevice *device, gpointer data)
{
  g_array_append_vals (data, device, 1);
}

static bool
collect (CsdServer *self,
         const char *organisation,
         const char *user,
         GArray *devices,
         GError **error)
{
  bool good = false;

  csd_registry_lock (self->registry);
  good = self->registry->list_devices (self->registry, organisation, user, collect_cb,
                                       devices, error);
  csd_registry_unlock (self->registry);
  return good;
}

/* FALSE: nothing is known, or it cannot be read; the list goes on without it. */
static bool
find_note (CsdServer *self, const CsdDevice *device, CsdDeviceNote *note)
{
  CsdOrganisation *organisation =
    csd_server_get_organisation (self, device->organisation, NULL);
  bool found = false;

  if (organisation == NULL)
    return false;
  csd_organisation_lock (organisation);
  found = organisation->storage->find_device_note (organisation->storage, device->id,
                                                   device->user, note, NULL);
  csd_organisation_unlock (organisation);
  return found;
}

bool
csd_server_list_devices (CsdServer *self,
                         const char *organisation,
                         const char *user,
                         CsdDeviceReportFunc func,
                         gpointer data,
                         GError **error)
{
  g_autoptr (GArray) devices = g_array_new (FALSE, TRUE, sizeof (CsdDevice));

  if (!collect (self, organisation, user, devices, error))
    return false;
  for (guint i = 0; i < devices->len; i++) {
    const CsdDevice *device = &g_array_index (devices, CsdDevice, i);
    CsdDeviceNote note;
    bool known = find_note (self, device, &note);

    func (device, known ? &note : NULL, data);
  }
  return true;
}

static bool
check_change (CsdServer *self,
              const CsdDevice *device,
              CsdDeviceStatus status,
              GError **error)
{
  g_auto (CsdRecoveryKey) key = { 0 };
  bool has_key = false;

  if (device->status == CSD_DEVICE_WIPED) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED,
                         "this computer has wiped its copy; signing in makes a new one");
    return false;
  }
  if (status != CSD_DEVICE_WIPE_PENDING)
    return true;
  has_key =
    self->registry->find_recovery_key (self->registry, device->organisation, &key, NULL);
  if (!has_key)
    g_set_error_literal (
      error, G_IO_ERROR, G_IO_ERROR_NOT_INITIALIZED,
      "the organisation has no recovery key to which unsent work could "
      "be sealed: make one first (caseload-server recovery-key make)");
  return has_key;
}

/* With the lock of the registry held. */
static bool
change (CsdServer *self,
        const CsdDevice *device,
        CsdDeviceStatus status,
        GPtrArray *ended,
        GError **error)
{
  return check_change (self, device, status, error) &&
         (device->status == status ||
          self->registry->set_device_status (self->registry, device, status,
                                             csl_env_wall_ms (self->env), ended, error));
}

bool
csd_server_set_device_status (CsdServer *self,
                              const char *id,
                              const char *user,
                              CsdDeviceStatus status,
                              GError **error)
{
  g_autoptr (GArray) devices = g_array_new (FALSE, TRUE, sizeof (CsdDevice));
  g_autoptr (GPtrArray) ended = g_ptr_array_new_with_free_func (g_free);
  bool good = true;
  guint n = 0;

  if (!collect (self, NULL, user, devices, error))
    return false;
  csd_registry_lock (self->registry);
  for (guint i = 0; good && i < devices->len; i++) {
    const CsdDevice *device = &g_array_index (devices, CsdDevice, i);

    if (strcmp (device->id, id) != 0)
      continue;
    n++;
    good = change (self, device, status, ended, error);
  }
  csd_registry_unlock (self->registry);
  if (good && n == 0)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "there is no computer “%s”",
                 id);
  for (guint i = 0;
       status != CSD_DEVICE_ENROLLED && self->revoked != NULL && i < ended->len; i++)
    self->revoked (g_ptr_array_index (ended, i), self->listener_data);
  return good && n > 0;
}
