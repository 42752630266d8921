/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-session-outbox.c: unsent work as the person handles it. */
#include "client/app/csl-outbox-item-private.h"
#include "client/app/csl-session-private.h"

GListModel *
csl_session_list_outbox (CslSession *self)
{
  g_return_val_if_fail (CSL_IS_SESSION (self) && self->outbox != NULL, NULL);
  csl_outbox_list_refresh (self->outbox);
  return G_LIST_MODEL (g_object_ref (self->outbox));
}

typedef bool (*Handle) (CslReplica *replica, gint64 n, GError **error);

typedef struct
{
  Handle handle;
  gint64 n;
} Handling;

static bool
handle_entry (CslReplica *replica,
              gpointer data,
              CslVaultChanges *changes,
              GError **error)
{
  const Handling *handling = data;

  csl_type_set_add_all (&changes->types);
  changes->outbox = true;
  return handling->handle (replica, handling->n, error);
}

static void
handled_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (CslSession) self = CSL_SESSION (data);

  /* A failure shows in the list: the entry stays as it was. */
  if (csl_vault_run_finish (CSL_VAULT (source), result, NULL) && self->driver != NULL)
    csl_sync_driver_wake (self->driver);
}

static void
handle (CslSession *self, Handle func, gint64 n)
{
  Handling *handling = g_new0 (Handling, 1);

  handling->handle = func;
  handling->n = n;
  csl_vault_run_async (self->vault, CSL_VAULT_PRIORITY_PERSON, handle_entry, handling,
                       g_free, handled_cb, g_object_ref (self));
}

void
csl_session_retry (CslSession *self, gint64 n)
{
  g_return_if_fail (CSL_IS_SESSION (self));
  handle (self, csl_replica_retry, n);
}

void
csl_session_withdraw (CslSession *self, gint64 n)
{
  g_return_if_fail (CSL_IS_SESSION (self));
  handle (self, csl_replica_withdraw, n);
}

void
csl_session_close_unsent (CslSession *self, gint64 n)
{
  g_return_if_fail (CSL_IS_SESSION (self));
  handle (self, csl_replica_close, n);
}

/* -- differences -- */

guint
csl_session_count_differences (CslSession *self)
{
  const CslRecordType *type =
    csl_schema_lookup_type (self->parts.schema, "sync_conflict");
  g_autoptr (CslQuery) query = NULL;

  if (type == NULL)
    return 0;
  query = csl_query_new (type);
  csl_query_add_text (query, "state", CSL_FILTER_IS, "open");
  return (guint) MAX (0, csl_reader_count (self->parts.reader, query, NULL));
}

static bool
is_decided (CslSession *self, const CslOutboxEntry *entry)
{
  const CslRecordType *type =
    csl_schema_lookup_type (self->parts.schema, "sync_conflict");
  g_autoptr (CslRecord) conflict = NULL;

  if (entry->state == CSL_OUTBOX_ESCROW)
    return g_strcmp0 (entry->decision, "accepted") == 0;
  if (entry->state != CSL_OUTBOX_CONFLICT || *entry->conflict == '\0' || type == NULL)
    return false;
  conflict = csl_reader_get (self->parts.reader, type, entry->conflict, NULL);
  return conflict != NULL &&
         g_strcmp0 (csl_record_get_text (conflict, "state"), "open") != 0;
}

/* The difference was decided, or the work taken over, here or elsewhere: its unsent-work entry has nothing more to say. */
void
csl_session_close_decided (CslSession *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->outbox));

  for (guint i = 0; i < n; i++) {
    g_autoptr (CslOutboxItem) item =
      g_list_model_get_item (G_LIST_MODEL (self->outbox), i);
    const CslOutboxEntry *entry = csl_outbox_item_get_entry (item);

    if (is_decided (self, entry))
      handle (self, csl_replica_close, entry->n);
  }
}
