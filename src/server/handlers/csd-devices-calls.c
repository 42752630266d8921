/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-devices-calls.c: /v1/devices: the computers of the caller, or of the whole organisation for those whose role says so
 * (area "devices"), and removing one of them.
 */
#include "config.h"

#include "core/base/csl-json-write.h"
#include "core/base/csl-time.h"
#include "server/csd-devices.h"
#include "server/handlers/csd-call.h"
#include "server/handlers/csd-rights.h"

#include <string.h>

#define AREA "devices"

static bool
may (CsdServer *server, const CsdClaims *claims, CslAction action)
{
  CsdOrganisation *organisation =
    csd_server_get_organisation (server, claims->organisation, NULL);
  g_autofree char *bucket = g_strconcat ("a:", claims->organisation, NULL);
  const CsdDirectory *directory = NULL;
  const CsdMember *member = NULL;
  bool allowed = false;

  if (organisation == NULL)
    return false;
  csd_organisation_lock (organisation);
  directory = csd_organisation_get_directory (organisation, NULL);
  if (directory != NULL)
    member = csd_directory_lookup (directory, claims->user);
  if (member != NULL)
    allowed = csd_rights_may (organisation, member, AREA, action, bucket, NULL);
  csd_organisation_unlock (organisation);
  return allowed;
}

typedef struct
{
  CsdServer *server; /* (unowned) */
  GString *out;      /* (unowned) */
} List;

static void
write_instant (GString *out, const char *member, gint64 ms)
{
  g_autofree char *text = NULL;

  if (ms == 0)
    return;
  text = csl_instant_format (ms, NULL);
  csl_json_write_member_string (out, member, text);
}

static void
write_owner (List *list, const CsdDevice *device)
{
  CsdRegistry *registry = list->server->registry;
  CsdAccount account;
  bool found = false;

  csd_registry_lock (list->server->registry);
  found = registry->find_account (registry, device->user, &account, NULL);
  csd_registry_unlock (list->server->registry);
  csl_json_write_member_string (list->out, "user", device->user);
  csl_json_write_member_string (list->out, "user_name",
                                found ? account.display_name : "");
}

static void
write_device_cb (const CsdDevice *device, const CsdDeviceNote *note, gpointer data)
{
  List *list = data;
  GString *out = list->out;

  g_string_append_c (out, '{');
  csl_json_write_member_string (out, "t", "device");
  csl_json_write_member_string (out, "id", device->id);
  write_owner (list, device);
  csl_json_write_member_string (out, "name", device->name);
  csl_json_write_member_string (out, "platform", device->platform);
  csl_json_write_member_string (out, "app", device->app);
  csl_json_write_member_string (out, "status",
                                csd_device_status_to_text (device->status));
  write_instant (out, "added_at", device->added_ms);
  write_instant (out, "ordered_at", device->ordered_ms);
  write_instant (out, "wiped_at", device->wiped_ms);
  if (note != NULL) {
    csl_json_write_member_string (out, "last_sync_at", note->at);
    csl_json_write_member_int (out, "last_seq", note->acked);
    csl_json_write_member_int (out, "unsent", note->unsent);
  }
  g_string_append (out, "}\n");
}

void
csd_call_devices (CsdServer *server, const CsdClaims *claims, CsdResponse *response)
{
  bool all = may (server, claims, CSL_ACTION_READ);
  g_autoptr (GString) out = g_string_new (NULL);
  List list = { server, out };
  g_autoptr (GError) error = NULL;

  if (!csd_server_list_devices (server, all ? claims->organisation : NULL,
                                all ? NULL : claims->user, write_device_cb, &list,
                                &error)) {
    csd_call_fail (response, error);
    return;
  }
  g_string_append (out, "{\"t\":\"done\"}\n");
  csd_response_begin (response, 200, CSD_TYPE_NDJSON);
  csd_response_flush (response, out);
}

/* -- removing one -- */

typedef struct
{
  char *device, *user, *status; /* (owned) (nullable) */
  CsdDeviceStatus wanted;
} Change;

static void
change_clear (Change *change)
{
  g_free (change->device);
  g_free (change->user);
  g_free (change->status);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Change, change_clear)

static bool
read_change (Change *change, const CslJson *json)
{
  change->device = csl_json_member_dup_string (json, 0, "device");
  change->user = csl_json_member_dup_string (json, 0, "user");
  change->status = csl_json_member_dup_string (json, 0, "status");
  return change->device != NULL && change->user != NULL && change->status != NULL &&
         csd_device_status_from_text (change->status, &change->wanted) &&
         change->wanted != CSD_DEVICE_WIPED;
}

/* One's own computer may be reported lost; everything else is for those whose role says so. A computer of another
 * organisation is not there. */
static bool
is_allowed (CsdServer *server, const CsdClaims *claims, const Change *change)
{
  CsdDevice device;
  bool found = false;

  csd_registry_lock (server->registry);
  found = server->registry->find_device (server->registry, change->device, change->user,
                                         &device, NULL);
  csd_registry_unlock (server->registry);
  if (!found || strcmp (device.organisation, claims->organisation) != 0)
    return false;
  return (strcmp (change->user, claims->user) == 0 &&
          change->wanted == CSD_DEVICE_WIPE_PENDING) ||
         may (server, claims, CSL_ACTION_UPDATE);
}

void
csd_call_device_status (CsdServer *server,
                        const CsdClaims *claims,
                        const CsdRequest *request,
                        CsdResponse *response)
{
  g_auto (CslJson) json = { 0 };
  g_auto (Change) change = { 0 };
  g_autoptr (GError) error = NULL;

  if (!csd_call_scan_body (request, &csl_json_limits_request, &json, response))
    return;
  if (!read_change (&change, &json))
    csd_call_refuse_members (response);
  else if (!is_allowed (server, claims, &change))
    csd_response_error (response, 404, "not_found", "There is no such computer for you.");
  else if (csd_server_set_device_status (server, change.device, change.user,
                                         change.wanted, &error))
    csd_response_begin (response, 204, NULL);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_INITIALIZED))
    csd_response_error (response, 409, "no_recovery_key",
                        "The organisation has no recovery key.");
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED))
    csd_response_error (response, 409, "wiped", "This computer has wiped its copy.");
  else
    csd_call_fail (response, error);
}
