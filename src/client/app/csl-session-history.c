/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-session-history.c: the history of one record: from the server when it can be reached, else what
 * was seen last; with what waits here on top. */
#include "client/app/csl-history.h"
#include "client/app/csl-session-private.h"
#include "core/base/csl-json-write.h"
#include "store/csl-replica-local.h"

#include <string.h>

typedef struct
{
  const CslRecordType *type;
  char id[40];
  char *text; /* (owned) (nullable): the answer */
  bool complete;
} Load;

static void
load_free (gpointer data)
{
  Load *load = data;

  g_free (load->text);
  g_free (load);
}

static GBytes *
make_body (const Load *load)
{
  GString *body = g_string_new ("{");

  csl_json_write_member_string (body, "k", load->type->name);
  csl_json_write_member_string (body, "id", load->id);
  g_string_append_c (body, '}');
  return g_string_free_to_bytes (body);
}

static bool
line_cb (const char *line, gsize length, gpointer data, GError **error)
{
  g_string_append_len (data, line, (gssize) length);
  g_string_append_c (data, '\n');
  return true;
}

static bool
keep_text (CslReplica *replica, gpointer data, CslVaultChanges *changes, GError **error)
{
  const Load *load = data;

  return csl_replica_put_history (replica, load->type->name, load->id, load->text, error);
}

static bool
is_whole (const Load *load, const char *text)
{
  g_autoptr (GPtrArray) entries =
    g_ptr_array_new_with_free_func ((GDestroyNotify) csl_history_entry_free);

  return csl_history_read_answer (entries, load->type, text);
}

static void
ask_server (CslSession *self, Load *load, GCancellable *cancellable)
{
  CslTransport *transport = csl_session_get_demand_transport (self, NULL);
  g_autoptr (GBytes) body = make_body (load);
  CslExchange request = { .method = "POST", .path = "/v1/sync/history", .body = body };
  g_auto (CslExchangeReply) reply = { 0 };
  g_autoptr (GString) text = g_string_new (NULL);

  if (transport == NULL ||
      !transport->exchange (transport, &request, &reply, line_cb, text, cancellable,
                            NULL) ||
      !is_whole (load, text->str))
    return;
  load->text = g_strdup (text->str);
  load->complete = true;
  /* Only for the next time without a network. */
  csl_vault_run (self->vault, CSL_VAULT_PRIORITY_IDLE, keep_text, load, NULL);
}

/* On the network thread. Not reaching the server is no error: there is what was seen last. */
static void
load_cb (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  ask_server (source, data, cancellable);
  g_task_return_boolean (task, TRUE);
}

void
csl_session_load_history_async (CslSession *self,
                                const char *type,
                                const char *id,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer data)
{
  Load *load;
  GTask *task;

  g_return_if_fail (CSL_IS_SESSION (self) && id != NULL);
  load = g_new0 (Load, 1);
  load->type = csl_schema_lookup_type (self->parts.schema, type);
  g_strlcpy (load->id, id, sizeof load->id);
  task = g_task_new (self, cancellable, callback, data);
  g_task_set_source_tag (task, csl_session_load_history_async);
  g_task_set_task_data (task, load, load_free);
  if (load->type == NULL || load->type->no_history || load->type->local ||
      self->offline) {
    g_task_return_boolean (task, TRUE);
    g_object_unref (task);
  } else
    csl_session_queue_network (self, task, load_cb);
}

static void
add_pending (CslSession *self, const Load *load, GPtrArray *entries)
{
  g_autoptr (GPtrArray) lines =
    csl_reader_list_pending (self->parts.reader, load->type->name, load->id, NULL);

  for (guint i = 0; lines != NULL && i < lines->len; i++)
    csl_history_prepend_operation (entries, self->parts.schema, lines->pdata[i]);
}

GPtrArray *
csl_session_load_history_finish (CslSession *self,
                                 GAsyncResult *result,
                                 bool *ret_complete,
                                 GError **error)
{
  g_autofree char *kept = NULL;
  GPtrArray *entries;
  Load *load;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  load = g_task_get_task_data (G_TASK (result));
  if (!g_task_propagate_boolean (G_TASK (result), error))
    return NULL;
  entries = g_ptr_array_new_with_free_func ((GDestroyNotify) csl_history_entry_free);
  if (ret_complete != NULL)
    *ret_complete = load->complete;
  if (load->type == NULL || self->parts.reader == NULL)
    return entries;
  if (!load->complete)
    kept = csl_reader_dup_history (self->parts.reader, load->type->name, load->id);
  if (load->complete || kept != NULL)
    /* What was kept was whole. */
    (void) !csl_history_read_answer (entries, load->type,
                                     load->complete ? load->text : kept);
  add_pending (self, load, entries);
  return entries;
}
