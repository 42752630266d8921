/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-item-pool.c: the record items somebody holds, one per record.
 *
 * The pool holds no reference. Sharing one item per record lets a list view find its selected row
 * again after rows moved, and makes every place that shows a record change at once.
 */
#include "client/app/csl-item-pool.h"

#include "client/app/csl-record-item-private.h"

#include <string.h>

struct _CslItemPool
{
  CslReader *reader; /* (unowned) */
  GHashTable *items; /* (owned) Key → CslRecordItem (unowned) */
};

typedef struct
{
  CslItemPool *pool; /* (unowned) */
  const CslRecordType *type;
  char id[40];
} Key;

static guint
hash_key (gconstpointer data)
{
  const Key *key = data;

  return g_str_hash (key->id) ^ g_direct_hash (key->type);
}

static gboolean
equal_keys (gconstpointer a, gconstpointer b)
{
  const Key *x = a, *y = b;

  return x->type == y->type && strcmp (x->id, y->id) == 0;
}

static void
item_gone_cb (gpointer data, GObject *item)
{
  Key *key = data;

  g_hash_table_remove (key->pool->items, key);
}

static CslRecordItem *
find (CslItemPool *self, const CslRecordType *type, const char *id)
{
  Key key = { .type = type };

  g_strlcpy (key.id, id, sizeof key.id);
  return g_hash_table_lookup (self->items, &key);
}

static void
remember (CslItemPool *self, CslRecordItem *item)
{
  Key *key = g_new0 (Key, 1);

  key->pool = self;
  key->type = csl_record_item_get_record_type (item);
  g_strlcpy (key->id, csl_record_item_get_id (item), sizeof key->id);
  g_hash_table_insert (self->items, key, item);
  g_object_weak_ref (G_OBJECT (item), item_gone_cb, key);
}

CslItemPool *
csl_item_pool_new (CslReader *reader)
{
  CslItemPool *self = g_new0 (CslItemPool, 1);

  self->reader = reader;
  self->items = g_hash_table_new_full (hash_key, equal_keys, g_free, NULL);
  return self;
}

void
csl_item_pool_free (CslItemPool *self)
{
  GHashTableIter iter;
  gpointer key, item;

  if (self == NULL)
    return;
  g_hash_table_iter_init (&iter, self->items);
  while (g_hash_table_iter_next (&iter, &key, &item))
    g_object_weak_unref (item, item_gone_cb, key);
  g_hash_table_unref (self->items);
  g_free (self);
}

CslReader *
csl_item_pool_get_reader (CslItemPool *self)
{
  return self->reader;
}

CslRecordItem *
csl_item_pool_take (CslItemPool *self, CslRecord *record)
{
  CslRecordState state =
    (CslRecordState) csl_reader_get_state (self->reader, record->type, record->id);
  CslRecordItem *item = find (self, record->type, record->id);

  if (item != NULL) {
    csl_record_item_renew (item, record, state);
    return g_object_ref (item);
  }
  item = csl_record_item_new (record, state);
  remember (self, item);
  return item;
}

CslRecordItem *
csl_item_pool_lookup (CslItemPool *self, const CslRecordType *type, const char *id)
{
  CslRecord *record = csl_reader_get (self->reader, type, id, NULL);

  return record != NULL ? csl_item_pool_take (self, record) : NULL;
}

static bool
is_concerned (gpointer key, const CslTypeSet *types)
{
  return csl_type_set_has (types, ((const Key *) key)->type);
}

void
csl_item_pool_refresh (CslItemPool *self, const CslTypeSet *types)
{
  g_autoptr (GPtrArray) held = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer key, item;

  /* Renewing notifies, and whoever listens may let items go or look up new ones. */
  g_hash_table_iter_init (&iter, self->items);
  while (g_hash_table_iter_next (&iter, &key, &item))
    if (is_concerned (key, types))
      g_ptr_array_add (held, g_object_ref (item));
  for (guint i = 0; i < held->len; i++) {
    CslRecordItem *each = held->pdata[i];
    CslRecord *record = csl_reader_get (self->reader,
                                        csl_record_item_get_record_type (each),
                                        csl_record_item_get_id (each), NULL);

    if (record != NULL)
      g_object_unref (csl_item_pool_take (self, record));
  }
}
