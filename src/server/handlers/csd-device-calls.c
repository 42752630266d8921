/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-device-calls.c: POST /v1/device/…: what a computer that was ordered to wipe its copy still says. It has no tokens any
 * more: each call carries a signature of the device key that was made before that key was destroyed.
 */
#define G_LOG_DOMAIN "caseload-server"
#include "config.h"

#include "core/base/csl-id.h"
#include "core/base/csl-json-scan.h"
#include "server/handlers/csd-call.h"

#include <sodium.h>
#include <string.h>

#define MAX_SEALED (64 * 1024 * 1024)
#define MAX_PART   (512 * 1024)

typedef struct
{
  CsdServer *server; /* (unowned) */
  CslJson json;
  CsdDevice device;
  CsdSealed sealed;
  CsdResponse *response; /* (unowned) */
} DeviceCall;

static void
device_call_clear (DeviceCall *call)
{
  csl_json_clear (&call->json);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DeviceCall, device_call_clear)

static bool
read_text (DeviceCall *call, const char *member, char *buffer, gsize size)
{
  g_autofree char *text = csl_json_member_dup_string (&call->json, 0, member);

  return text != NULL && g_strlcpy (buffer, text, size) < size;
}

static bool
read_number (DeviceCall *call, const char *member, gint64 *ret_number)
{
  guint value = csl_json_member (&call->json, 0, member);

  return value != 0 && csl_json_get_int (&call->json, value, ret_number) &&
         *ret_number >= 0;
}

/* Only a device that was ordered to go has something to say here. */
static bool
check_signature (DeviceCall *call, const char *text)
{
  g_autofree char *signature = csl_json_member_dup_string (&call->json, 0, "signature");

  if (signature != NULL &&
      csd_auth_check_device (&call->server->auth, call->sealed.device, call->sealed.user,
                             text, signature, &call->device) &&
      call->device.counter > 0)
    return true;
  csd_response_error (call->response, 401, "signature", "The signature does not fit.");
  return false;
}

static bool
begin (DeviceCall *call, const CsdRequest *request)
{
  if (!csd_call_scan_body (request, &csl_json_limits_line, &call->json, call->response))
    return false;
  if (read_text (call, "device", call->sealed.device, sizeof call->sealed.device) &&
      read_text (call, "user", call->sealed.user, sizeof call->sealed.user))
    return true;
  csd_call_refuse_members (call->response);
  return false;
}

/* -- sealed work -- */

static bool
read_sealed (DeviceCall *call)
{
  CsdSealed *sealed = &call->sealed;
  CslId id = csl_id_new (call->server->env);
  g_autofree char *text = NULL;

  if (!read_text (call, "hash", sealed->hash, sizeof sealed->hash) ||
      strlen (sealed->hash) != 64 || !read_number (call, "size", &sealed->size) ||
      sealed->size == 0 || !read_number (call, "entries", &sealed->entries)) {
    csd_call_refuse_members (call->response);
    return false;
  }
  if (sealed->size > MAX_SEALED) {
    csd_response_error (call->response, 413, "too_large",
                        "The sealed work is too large.");
    return false;
  }
  text = g_strdup_printf ("sealed\n%s\n%s\n%s\n%" G_GINT64_FORMAT "\n%" G_GINT64_FORMAT,
                          sealed->device, sealed->user, sealed->hash, sealed->size,
                          sealed->entries);
  if (!check_signature (call, text))
    return false;
  g_strlcpy (sealed->id, id.text, sizeof sealed->id);
  g_strlcpy (sealed->organisation, call->device.organisation,
             sizeof sealed->organisation);
  sealed->begun_ms = csl_env_wall_ms (call->server->env);
  return true;
}

/* NULL: there is no part in this call, or it is none. */
static GBytes *
read_part (DeviceCall *call)
{
  g_autofree char *text = csl_json_member_dup_string (&call->json, 0, "data");
  gsize size = text != NULL ? strlen (text) / 4 * 3 + 3 : 0;
  g_autofree guint8 *bytes = g_malloc (size + 1);
  gsize length = 0;

  if (text == NULL || size > MAX_PART + 3 ||
      sodium_base642bin (bytes, size, text, strlen (text), NULL, &length, NULL,
                         sodium_base64_VARIANT_ORIGINAL) != 0 ||
      length == 0)
    return NULL;
  return g_bytes_new_take (g_steal_pointer (&bytes), length);
}

/* With the lock held. How far the sealed work has come. */
static bool
count_parts (DeviceCall *call,
             CsdSealed *ret_sealed,
             gint64 *ret_parts,
             gint64 *ret_bytes)
{
  CsdRegistry *registry = call->server->registry;

  *ret_sealed = call->sealed;
  *ret_sealed->id = '\0';
  *ret_parts = *ret_bytes = 0;
  return registry->find_sealed (registry, ret_sealed, ret_parts, ret_bytes, NULL);
}

static bool
take_part (DeviceCall *call, GError **error)
{
  CsdRegistry *registry = call->server->registry;
  g_autoptr (GBytes) data = read_part (call);
  CsdSealed known;
  gint64 part = 0;
  gint64 parts = 0;
  gint64 bytes = 0;

  count_parts (call, &known, &parts, &bytes);
  if (data == NULL || !read_number (call, "part", &part) || part != parts ||
      bytes + (gint64) g_bytes_get_size (data) > call->sealed.size)
    return true;
  return registry->add_sealed_part (registry, &call->sealed, part, data, error);
}

/* All bytes are there: are they the right ones? */
static bool
complete (CsdServer *server, CsdSealed *sealed, GError **error)
{
  g_autoptr (GBytes) whole =
    server->registry->dup_sealed (server->registry, sealed->id, error);
  g_autofree char *hash = NULL;

  if (whole == NULL)
    return false;
  hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, whole);
  if (strcmp (hash, sealed->hash) != 0)
    return server->registry->drop_sealed (server->registry, sealed->id, error);
  sealed->complete_ms = csl_env_wall_ms (server->env);
  g_message ("Sealed work of a lost computer is here: %s", sealed->id);
  return server->registry->mark_sealed (server->registry, sealed, error);
}

static void
answer_sealed (DeviceCall *call)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  CsdSealed known;
  gint64 parts = 0;
  gint64 bytes = 0;

  csd_registry_lock (call->server->registry);
  if (take_part (call, &error) && count_parts (call, &known, &parts, &bytes) &&
      known.complete_ms == 0 && bytes == known.size)
    complete (call->server, &known, &error);
  if (error == NULL)
    count_parts (call, &known, &parts, &bytes);
  csd_registry_unlock (call->server->registry);
  if (error != NULL) {
    csd_call_fail (call->response, error);
    return;
  }
  text = g_strdup_printf ("{\"parts\":%" G_GINT64_FORMAT ",\"complete\":%s}", parts,
                          known.complete_ms != 0 ? "true" : "false");
  csd_response_json (call->response, 200, text);
}

void
csd_call_device_sealed (CsdServer *server,
                        const CsdRequest *request,
                        CsdResponse *response)
{
  g_auto (DeviceCall) call = { .server = server, .response = response };

  if (begin (&call, request) && read_sealed (&call))
    answer_sealed (&call);
}

/* -- the receipt -- */

void
csd_call_device_wiped (CsdServer *server,
                       const CsdRequest *request,
                       CsdResponse *response)
{
  g_auto (DeviceCall) call = { .server = server, .response = response };
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  gint64 counter = 0;

  if (!begin (&call, request))
    return;
  if (!read_number (&call, "counter", &counter)) {
    csd_call_refuse_members (response);
    return;
  }
  text = g_strdup_printf ("wiped\n%s\n%s\n%" G_GINT64_FORMAT, call.sealed.device,
                          call.sealed.user, counter);
  if (!check_signature (&call, text))
    return;
  csd_registry_lock (server->registry);
  if (call.device.status != CSD_DEVICE_WIPED && counter <= call.device.counter)
    server->registry->set_device_status (server->registry, &call.device, CSD_DEVICE_WIPED,
                                         csl_env_wall_ms (server->env), NULL, &error);
  csd_registry_unlock (server->registry);
  if (error != NULL) {
    csd_call_fail (response, error);
    return;
  }
  g_message ("A computer has wiped its copy: %s", call.sealed.device);
  csd_response_begin (response, 204, NULL);
}
