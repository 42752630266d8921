/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-session-devices.c: asks the server about computers, and reports one lost. */
#include "client/app/csl-session-devices.h"

#include "client/app/csl-session-private.h"
#include "client/app/csl-task.h"
#include "core/base/csl-json-scan.h"
#include "core/base/csl-json-write.h"

#include <string.h>

void
csl_device_entry_free (CslDeviceEntry *entry)
{
  g_free (entry->id);
  g_free (entry->user);
  g_free (entry->user_name);
  g_free (entry->name);
  g_free (entry->platform);
  g_free (entry->app);
  g_free (entry->last_sync_at);
  g_free (entry);
}

/* -- listing -- */

typedef struct
{
  GPtrArray *entries; /* (owned) */
  char user[40], device[40];
} List;

static void
list_free (gpointer data)
{
  List *list = data;

  g_ptr_array_unref (list->entries);
  g_free (list);
}

static CslDeviceState
read_state (const char *status)
{
  if (g_strcmp0 (status, "enrolled") == 0)
    return CSL_DEVICE_IN_USE;
  if (g_strcmp0 (status, "suspended") == 0)
    return CSL_DEVICE_SUSPENDED;
  return g_strcmp0 (status, "wiped") == 0 ? CSL_DEVICE_GONE : CSL_DEVICE_LEAVING;
}

static char *
dup_text (const CslJson *json, const char *member)
{
  char *text = csl_json_member_dup_string (json, 0, member);

  return text != NULL ? text : g_strdup ("");
}

static CslDeviceEntry *
read_entry (const List *list, const CslJson *json)
{
  g_autofree char *status = dup_text (json, "status");
  CslDeviceEntry *entry = g_new0 (CslDeviceEntry, 1);

  entry->id = dup_text (json, "id");
  entry->user = dup_text (json, "user");
  entry->user_name = dup_text (json, "user_name");
  entry->name = dup_text (json, "name");
  entry->platform = dup_text (json, "platform");
  entry->app = dup_text (json, "app");
  entry->last_sync_at = csl_json_member_dup_string (json, 0, "last_sync_at");
  entry->unsent = csl_json_member_int (json, 0, "unsent", 0);
  entry->state = read_state (status);
  entry->is_own = strcmp (entry->user, list->user) == 0;
  entry->is_here = entry->is_own && strcmp (entry->id, list->device) == 0;
  return entry;
}

static bool
device_line_cb (const char *line, gsize length, gpointer data, GError **error)
{
  List *list = data;
  g_auto (CslJson) json = { 0 };
  g_autofree char *kind = NULL;

  csl_json_init (&json);
  if (!csl_json_scan (&json, line, length, &csl_json_limits_request, error))
    return false;
  kind = csl_json_member_dup_string (&json, 0, "t");
  if (g_strcmp0 (kind, "device") == 0)
    g_ptr_array_add (list->entries, read_entry (list, &json));
  return true;
}

static bool
copy_device (CslReplica *replica, gpointer data, CslVaultChanges *changes, GError **error)
{
  g_strlcpy (data, csl_replica_get_identity (replica)->device, 40);
  return true;
}

/* On the network thread. */
static void
list_cb (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  CslSession *self = source;
  List *list = data;
  GError *error = NULL;
  CslTransport *transport = csl_session_get_demand_transport (self, &error);
  const CslExchange request = { .method = "GET", .path = "/v1/devices" };
  g_auto (CslExchangeReply) reply = { 0 };
  bool done = transport != NULL &&
              csl_vault_run (self->vault, CSL_VAULT_PRIORITY_PERSON, copy_device,
                             list->device, &error) &&
              transport->exchange (transport, &request, &reply, device_line_cb, list,
                                   cancellable, &error);

  csl_task_answer (task, done, error);
}

void
csl_session_list_devices_async (CslSession *self,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer data)
{
  List *list;
  GTask *task;

  g_return_if_fail (CSL_IS_SESSION (self));
  list = g_new0 (List, 1);
  list->entries = g_ptr_array_new_with_free_func ((GDestroyNotify) csl_device_entry_free);
  g_strlcpy (list->user, self->parts.user, sizeof list->user);
  task = g_task_new (self, cancellable, callback, data);
  g_task_set_source_tag (task, csl_session_list_devices_async);
  g_task_set_task_data (task, list, list_free);
  csl_session_queue_network (self, task, list_cb);
}

GPtrArray *
csl_session_list_devices_finish (CslSession *self, GAsyncResult *result, GError **error)
{
  List *list;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  if (!g_task_propagate_boolean (G_TASK (result), error))
    return NULL;
  list = g_task_get_task_data (G_TASK (result));
  return g_ptr_array_ref (list->entries);
}

/* -- removing -- */

typedef struct
{
  GBytes *body; /* (owned) */
  bool no_key;
} Removing;

static void
removing_free (gpointer data)
{
  Removing *removing = data;

  g_bytes_unref (removing->body);
  g_free (removing);
}

/* On the network thread. */
static void
remove_cb (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Removing *removing = data;
  GError *error = NULL;
  CslTransport *transport = csl_session_get_demand_transport (source, &error);
  const CslExchange request = { .method = "POST",
                                .path = "/v1/devices/status",
                                .body = removing->body };
  g_auto (CslExchangeReply) reply = { 0 };

  if (transport != NULL && transport->exchange (transport, &request, &reply, NULL, NULL,
                                                cancellable, &error)) {
    g_task_return_boolean (task, TRUE);
    return;
  }
  removing->no_key = g_strcmp0 (reply.error_code, "no_recovery_key") == 0;
  g_task_return_error (task, error);
}

void
csl_session_remove_device_async (CslSession *self,
                                 const CslDeviceEntry *entry,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer data)
{
  GString *body = g_string_new ("{");
  Removing *removing;
  GTask *task;

  g_return_if_fail (CSL_IS_SESSION (self));
  csl_json_write_member_string (body, "device", entry->id);
  csl_json_write_member_string (body, "user", entry->user);
  csl_json_write_member_string (body, "status", "wipe_pending");
  g_string_append_c (body, '}');
  removing = g_new0 (Removing, 1);
  removing->body = g_string_free_to_bytes (body);
  task = g_task_new (self, cancellable, callback, data);
  g_task_set_source_tag (task, csl_session_remove_device_async);
  g_task_set_task_data (task, removing, removing_free);
  csl_session_queue_network (self, task, remove_cb);
}

gboolean
csl_session_remove_device_finish (CslSession *self,
                                  GAsyncResult *result,
                                  bool *ret_no_key,
                                  GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  *ret_no_key = ((Removing *) g_task_get_task_data (G_TASK (result)))->no_key;
  return g_task_propagate_boolean (G_TASK (result), error);
}
