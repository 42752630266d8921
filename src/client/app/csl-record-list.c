/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-record-list.c: a lazy list of records.
 *
 * Invariant: n_items is always keys->len; a change of the keys and its items-changed happen
 * together, hunk by hunk, so that every state a listener sees is a whole list. Items are read in
 * pages of 64 rows around the row asked for, and the oldest are let go beyond 2,048.
 */
#include "client/app/csl-record-list.h"

#include "client/app/csl-record-item-private.h"
#include "client/app/csl-row-diff.h"

#define PAGE_ROWS 64
#define MAX_ITEMS 2048

struct _CslRecordList
{
  GObject parent_instance;

  const CslSchema *schema; /* (unowned): the pool's owner keeps it */
  CslItemPool *pool;       /* (unowned) (nullable): none when detached */
  CslRowSource *source;    /* (owned) */
  GArray *keys;            /* (owned) of gint64 */
  GHashTable *items;       /* (owned) key → CslRecordItem (owned) */
  GQueue order;            /* (owned) keys of @items, the oldest first */
};

static void csl_record_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (CslRecordList,
                               csl_record_list,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      csl_record_list_model_init))

static gint64
key_at (CslRecordList *self, guint position)
{
  return g_array_index (self->keys, gint64, position);
}

static const CslRecordType *
key_type (CslRecordList *self, gint64 key)
{
  return csl_schema_get_type (self->schema, (guint) (key >> CSL_ROW_BITS));
}

static void
keep_item (CslRecordList *self, gint64 key, CslRecordItem *item)
{
  gint64 *copy = g_memdup2 (&key, sizeof key);

  g_hash_table_insert (self->items, copy, item);
  g_queue_push_tail (&self->order, copy);
  if (self->order.length > MAX_ITEMS)
    g_hash_table_remove (self->items, g_queue_pop_head (&self->order));
}

/* Reads the rows of one type among @keys (at least the first) and takes them out of it. */
static void
load_first_type (CslRecordList *self, GArray *keys)
{
  const CslRecordType *type = key_type (self, g_array_index (keys, gint64, 0));
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GPtrArray) records = NULL;

  for (guint i = 0; i < keys->len;) {
    gint64 key = g_array_index (keys, gint64, i);
    gint64 row = key & (((gint64) 1 << CSL_ROW_BITS) - 1);

    if (key_type (self, key) == type) {
      g_array_append_val (rows, row);
      g_array_remove_index (keys, i);
    } else
      i++;
  }
  records = csl_reader_get_rows (csl_item_pool_get_reader (self->pool), type,
                                 (const gint64 *) (gpointer) rows->data, rows->len, NULL);
  for (guint i = 0; records != NULL && i < rows->len; i++) {
    CslRecord *record = g_steal_pointer (&records->pdata[i]);

    if (record != NULL)
      keep_item (self, csl_row_key (type, g_array_index (rows, gint64, i)),
                 csl_item_pool_take (self->pool, record));
  }
}

static void
load_page (CslRecordList *self, guint position)
{
  guint start = position / PAGE_ROWS * PAGE_ROWS;
  guint end = MIN (start + PAGE_ROWS, self->keys->len);
  g_autoptr (GArray) missing = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = start; i < end; i++) {
    gint64 key = key_at (self, i);

    if (!g_hash_table_contains (self->items, &key))
      g_array_append_val (missing, key);
  }
  while (missing->len > 0)
    load_first_type (self, missing);
}

static GType
csl_record_list_get_item_type (GListModel *model)
{
  return CSL_TYPE_RECORD_ITEM;
}

static guint
csl_record_list_get_n_items (GListModel *model)
{
  return CSL_RECORD_LIST (model)->keys->len;
}

static gpointer
csl_record_list_get_item (GListModel *model, guint position)
{
  CslRecordList *self = CSL_RECORD_LIST (model);
  CslRecordItem *item;
  gint64 key;

  if (position >= self->keys->len)
    return NULL;
  key = key_at (self, position);
  item = g_hash_table_lookup (self->items, &key);
  if (item == NULL) {
    load_page (self, position);
    item = g_hash_table_lookup (self->items, &key);
  }
  if (item != NULL)
    return g_object_ref (item);
  /* The row went a moment ago; the refresh that takes it out of the list is on its way. */
  return csl_record_item_new (csl_record_new (key_type (self, key), NULL),
                              CSL_RECORD_STATE_SYNCED);
}

static void
csl_record_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = csl_record_list_get_item_type;
  iface->get_n_items = csl_record_list_get_n_items;
  iface->get_item = csl_record_list_get_item;
}

static void
csl_record_list_finalize (GObject *object)
{
  CslRecordList *self = CSL_RECORD_LIST (object);

  g_queue_clear (&self->order);
  g_hash_table_unref (self->items);
  g_array_unref (self->keys);
  self->source->free (self->source);
  G_OBJECT_CLASS (csl_record_list_parent_class)->finalize (object);
}

static void
csl_record_list_class_init (CslRecordListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = csl_record_list_finalize;
}

static void
csl_record_list_init (CslRecordList *self)
{
  self->keys = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->items =
    g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_object_unref);
  g_queue_init (&self->order);
}

static void
apply_hunk (CslRecordList *self, const CslRowHunk *hunk, const GArray *keys)
{
  if (hunk->removed > 0)
    g_array_remove_range (self->keys, hunk->position, hunk->removed);
  if (hunk->added > 0)
    g_array_insert_vals (self->keys, hunk->position,
                         &g_array_index (keys, gint64, hunk->position), hunk->added);
  g_list_model_items_changed (G_LIST_MODEL (self), hunk->position, hunk->removed,
                              hunk->added);
}

static void
apply_keys (CslRecordList *self, const GArray *keys)
{
  g_autoptr (GArray) hunks =
    csl_row_diff ((const gint64 *) (gpointer) self->keys->data, self->keys->len,
                  (const gint64 *) (gpointer) keys->data, keys->len);

  for (guint i = 0; i < hunks->len; i++)
    apply_hunk (self, &g_array_index (hunks, CslRowHunk, i), keys);
}

CslRecordList *
csl_record_list_new (const CslSchema *schema, CslItemPool *pool, CslRowSource *source)
{
  CslRecordList *self = g_object_new (CSL_TYPE_RECORD_LIST, NULL);
  GArray *keys;

  self->schema = schema;
  self->pool = pool;
  self->source = source;
  keys = source->list (source, csl_item_pool_get_reader (pool), NULL);
  if (keys != NULL) {
    g_array_unref (self->keys);
    self->keys = keys;
  }
  return self;
}

static void
list_again (CslRecordList *self)
{
  g_autoptr (GArray) keys =
    self->source->list (self->source, csl_item_pool_get_reader (self->pool), NULL);
  /* When reading fails, what is shown stays: absence is never deletion. */
  if (keys != NULL)
    apply_keys (self, keys);
}

void
csl_record_list_refresh (CslRecordList *self, const CslTypeSet *types)
{
  g_return_if_fail (CSL_IS_RECORD_LIST (self));
  if (self->pool != NULL && self->source->concerns (self->source, types))
    list_again (self);
}

void
csl_record_list_refresh_search (CslRecordList *self)
{
  g_return_if_fail (CSL_IS_RECORD_LIST (self));
  if (self->pool != NULL && self->source->by_words)
    list_again (self);
}

void
csl_record_list_forget_items (CslRecordList *self)
{
  g_return_if_fail (CSL_IS_RECORD_LIST (self));
  g_queue_clear (&self->order);
  g_hash_table_remove_all (self->items);
}

void
csl_record_list_detach (CslRecordList *self)
{
  g_autoptr (GArray) nothing = g_array_new (FALSE, FALSE, sizeof (gint64));

  g_return_if_fail (CSL_IS_RECORD_LIST (self));
  csl_record_list_forget_items (self);
  apply_keys (self, nothing);
  self->pool = NULL;
}
