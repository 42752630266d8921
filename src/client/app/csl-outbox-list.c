/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-outbox-list.c: unsent work. Read on the database thread, made into words here. */
#include "client/app/csl-outbox-list.h"

#include "client/app/csl-outbox-item-private.h"

#include <string.h>

struct _CslOutboxList
{
  GObject parent_instance;

  CslVault *vault;   /* (owned) */
  CslItemPool *pool; /* (unowned) (nullable) */
  GPtrArray *items;  /* (owned) of CslOutboxItem */
  bool reading, again;
};

static void csl_outbox_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (CslOutboxList,
                               csl_outbox_list,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      csl_outbox_list_model_init))

typedef struct
{
  CslOutboxList *self; /* (owned): released on the main thread */
  GPtrArray *entries;  /* (owned) (nullable) */
  const CslSchema *schema;
} Reading;

static GType
csl_outbox_list_get_item_type (GListModel *model)
{
  return CSL_TYPE_OUTBOX_ITEM;
}

static guint
csl_outbox_list_get_n_items (GListModel *model)
{
  return CSL_OUTBOX_LIST (model)->items->len;
}

static gpointer
csl_outbox_list_get_item (GListModel *model, guint position)
{
  CslOutboxList *self = CSL_OUTBOX_LIST (model);

  return position < self->items->len ? g_object_ref (self->items->pdata[position]) : NULL;
}

static void
csl_outbox_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = csl_outbox_list_get_item_type;
  iface->get_n_items = csl_outbox_list_get_n_items;
  iface->get_item = csl_outbox_list_get_item;
}

static void
csl_outbox_list_finalize (GObject *object)
{
  CslOutboxList *self = CSL_OUTBOX_LIST (object);

  g_ptr_array_unref (self->items);
  g_clear_object (&self->vault);
  G_OBJECT_CLASS (csl_outbox_list_parent_class)->finalize (object);
}

static void
csl_outbox_list_class_init (CslOutboxListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = csl_outbox_list_finalize;
}

static void
csl_outbox_list_init (CslOutboxList *self)
{
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
}

static bool
is_same (const CslOutboxEntry *a, const CslOutboxEntry *b)
{
  return strcmp (a->op, b->op) == 0 && a->n == b->n && a->state == b->state &&
         strcmp (a->line, b->line) == 0 && g_strcmp0 (a->message, b->message) == 0 &&
         g_strcmp0 (a->field, b->field) == 0 && g_strcmp0 (a->decision, b->decision) == 0;
}

static CslOutboxItem *
find_same (CslOutboxList *self, const CslOutboxEntry *entry)
{
  for (guint i = 0; i < self->items->len; i++)
    if (is_same (csl_outbox_item_get_entry (self->items->pdata[i]), entry))
      return g_object_ref (self->items->pdata[i]);
  return NULL;
}

static GPtrArray *
make_items (CslOutboxList *self, const CslSchema *schema, GPtrArray *entries)
{
  GPtrArray *items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < entries->len; i++) {
    CslOutboxItem *item = find_same (self, entries->pdata[i]);

    if (item == NULL)
      item =
        csl_outbox_item_new (g_steal_pointer (&entries->pdata[i]), schema, self->pool);
    g_ptr_array_add (items, item);
  }
  return items;
}

static void
replace_items (CslOutboxList *self, GPtrArray *items)
{
  g_autoptr (GPtrArray) old = self->items;
  guint start = 0, n_old = old->len, n_new = items->len;

  while (start < n_old && start < n_new && old->pdata[start] == items->pdata[start])
    start++;
  while (n_old > start && n_new > start &&
         old->pdata[n_old - 1] == items->pdata[n_new - 1]) {
    n_old--;
    n_new--;
  }
  self->items = items;
  if (n_old > start || n_new > start)
    g_list_model_items_changed (G_LIST_MODEL (self), start, n_old - start, n_new - start);
}

/* On the database thread. */
static bool
read_entries (CslReplica *replica,
              gpointer data,
              CslVaultChanges *changes,
              GError **error)
{
  Reading *reading = data;

  reading->schema = csl_replica_get_schema (replica);
  reading->entries = csl_replica_list_outbox (replica, error);
  return reading->entries != NULL;
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Reading *reading = data;
  g_autoptr (CslOutboxList) self = reading->self;
  g_autoptr (GPtrArray) entries = reading->entries;
  bool read = csl_vault_run_finish (CSL_VAULT (source), result, NULL);

  self->reading = false;
  /* When reading fails, what is shown stays. */
  if (read && self->pool != NULL)
    replace_items (self, make_items (self, reading->schema, entries));
  g_free (reading);
  if (self->again && self->pool != NULL)
    csl_outbox_list_refresh (self);
}

CslOutboxList *
csl_outbox_list_new (CslVault *vault, CslItemPool *pool)
{
  CslOutboxList *self = g_object_new (CSL_TYPE_OUTBOX_LIST, NULL);

  self->vault = g_object_ref (vault);
  self->pool = pool;
  return self;
}

void
csl_outbox_list_refresh (CslOutboxList *self)
{
  Reading *reading;

  g_return_if_fail (CSL_IS_OUTBOX_LIST (self));
  self->again = self->reading;
  if (self->reading || self->pool == NULL)
    return;
  self->reading = true;
  reading = g_new0 (Reading, 1);
  reading->self = g_object_ref (self);
  csl_vault_run_async (self->vault, CSL_VAULT_PRIORITY_PERSON, read_entries, reading,
                       NULL, read_cb, reading);
}

void
csl_outbox_list_detach (CslOutboxList *self)
{
  g_return_if_fail (CSL_IS_OUTBOX_LIST (self));
  self->pool = NULL;
  replace_items (self, g_ptr_array_new_with_free_func (g_object_unref));
}
