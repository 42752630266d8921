/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-search-item.c: see the header; nothing of it changes. */
#define G_LOG_DOMAIN "csl-search-item"

#include "config.h"

#include "client/ui/search/csl-search-item.h"

struct _CslSearchItem
{
  GObject parent_instance;

  const char *heading;       /* (unowned): static */
  CslRecordItem *record;     /* (owned) (nullable) */
  const CslCommand *command; /* (unowned) (nullable): static */
};

G_DEFINE_FINAL_TYPE (CslSearchItem, csl_search_item, G_TYPE_OBJECT)

static void
csl_search_item_dispose (GObject *object)
{
  g_clear_object (&CSL_SEARCH_ITEM (object)->record);
  G_OBJECT_CLASS (csl_search_item_parent_class)->dispose (object);
}

static void
csl_search_item_class_init (CslSearchItemClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = csl_search_item_dispose;
}

static void
csl_search_item_init (CslSearchItem *self)
{
}

CslSearchItem *
csl_search_item_new_record (const char *heading, CslRecordItem *record)
{
  CslSearchItem *self = g_object_new (CSL_TYPE_SEARCH_ITEM, NULL);

  self->heading = heading;
  self->record = g_object_ref (record);
  return self;
}

CslSearchItem *
csl_search_item_new_command (const char *heading, const CslCommand *command)
{
  CslSearchItem *self = g_object_new (CSL_TYPE_SEARCH_ITEM, NULL);

  self->heading = heading;
  self->command = command;
  return self;
}

const char *
csl_search_item_get_heading (CslSearchItem *self)
{
  g_return_val_if_fail (CSL_IS_SEARCH_ITEM (self), NULL);
  return self->heading;
}

CslRecordItem *
csl_search_item_get_record (CslSearchItem *self)
{
  g_return_val_if_fail (CSL_IS_SEARCH_ITEM (self), NULL);
  return self->record;
}

const CslCommand *
csl_search_item_get_command (CslSearchItem *self)
{
  g_return_val_if_fail (CSL_IS_SEARCH_ITEM (self), NULL);
  return self->command;
}
