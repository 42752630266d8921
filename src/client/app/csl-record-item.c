/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-record-item.c: one record as lists and pages see it. */
#include "client/app/csl-record-item-private.h"

#include <string.h>

typedef struct
{
  CslRecord *record; /* (owned) */
  char *title;       /* (owned) (nullable): made when asked for */
  char **texts;      /* (owned) (nullable): texts of values that are not text, by field */
} Content;

struct _CslRecordItem
{
  GObject parent_instance;

  Content *content; /* (owned) */
  GPtrArray *
    retired; /* (owned) (nullable) of Content: what it said since the main loop had its turn */
  guint let_go; /* source */
  CslRecordState state;
  guint revision;
};

G_DEFINE_FINAL_TYPE (CslRecordItem, csl_record_item, G_TYPE_OBJECT)

enum { PROP_REVISION = 1, PROP_TITLE, PROP_STATE, N_PROPS };

static GParamSpec *properties[N_PROPS];

static Content *
content_new (CslRecord *record)
{
  Content *content = g_new0 (Content, 1);

  content->record = record;
  return content;
}

static void
content_free (gpointer data)
{
  Content *content = data;

  if (content->texts != NULL)
    for (guint i = 0; i < content->record->type->n_fields; i++)
      g_free (content->texts[i]);
  g_free (content->texts);
  g_free (content->title);
  csl_record_free (content->record);
  g_free (content);
}

static gboolean
let_go_cb (gpointer data)
{
  CslRecordItem *self = data;

  g_clear_pointer (&self->retired, g_ptr_array_unref);
  self->let_go = 0;
  return G_SOURCE_REMOVE;
}

/* Any look at the database renews the items it comes by, also while somebody up the stack still reads what one said before.
 * So that stays until the main loop has its turn again. */
static void
retire (CslRecordItem *self)
{
  if (self->retired == NULL)
    self->retired = g_ptr_array_new_with_free_func (content_free);
  g_ptr_array_add (self->retired, g_steal_pointer (&self->content));
  if (self->let_go == 0)
    self->let_go = g_idle_add_full (G_PRIORITY_DEFAULT, let_go_cb, self, NULL);
}

static bool
same_content (const CslRecord *a, const CslRecord *b)
{
  if (a->rev != b->rev || g_strcmp0 (a->rest, b->rest) != 0)
    return false;
  for (guint i = 0; i < a->type->n_fields; i++)
    if (!csl_value_equal (&a->values[i], &b->values[i]))
      return false;
  return true;
}

static void
csl_record_item_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  CslRecordItem *self = CSL_RECORD_ITEM (object);

  switch (id) {
  case PROP_REVISION:
    g_value_set_uint (value, self->revision);
    break;
  case PROP_TITLE:
    g_value_set_string (value, csl_record_item_get_title (self));
    break;
  case PROP_STATE:
    g_value_set_uint (value, self->state);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
csl_record_item_finalize (GObject *object)
{
  CslRecordItem *self = CSL_RECORD_ITEM (object);

  g_clear_handle_id (&self->let_go, g_source_remove);
  g_clear_pointer (&self->retired, g_ptr_array_unref);
  content_free (self->content);
  G_OBJECT_CLASS (csl_record_item_parent_class)->finalize (object);
}

static void
csl_record_item_class_init (CslRecordItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = csl_record_item_get_property;
  object_class->finalize = csl_record_item_finalize;
  properties[PROP_REVISION] =
    g_param_spec_uint ("revision", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_STATE] =
    g_param_spec_uint ("state", NULL, NULL, 0, G_MAXUINT, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
csl_record_item_init (CslRecordItem *self)
{
}

CslRecordItem *
csl_record_item_new (CslRecord *record, CslRecordState state)
{
  CslRecordItem *self = g_object_new (CSL_TYPE_RECORD_ITEM, NULL);

  self->content = content_new (record);
  self->state = state;
  return self;
}

void
csl_record_item_renew (CslRecordItem *self, CslRecord *record, CslRecordState state)
{
  bool same_state = self->state == state;

  g_return_if_fail (record->type == self->content->record->type);
  if (same_content (self->content->record, record)) {
    csl_record_free (record);
    if (same_state)
      return;
  } else {
    retire (self);
    self->content = content_new (record);
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TITLE]);
  }
  self->state = state;
  if (!same_state)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
  self->revision++;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_REVISION]);
}

const CslRecord *
csl_record_item_get_record (CslRecordItem *self)
{
  g_return_val_if_fail (CSL_IS_RECORD_ITEM (self), NULL);
  return self->content->record;
}

const CslRecordType *
csl_record_item_get_record_type (CslRecordItem *self)
{
  g_return_val_if_fail (CSL_IS_RECORD_ITEM (self), NULL);
  return self->content->record->type;
}

const char *
csl_record_item_get_id (CslRecordItem *self)
{
  g_return_val_if_fail (CSL_IS_RECORD_ITEM (self), NULL);
  return self->content->record->id;
}

/**
 * csl_record_item_get_text:
 *
 * Returns: (nullable): the canonical text of a field, valid until the main loop runs again or the
 *   item is freed; %NULL when it has no value
 */
const char *
csl_record_item_get_text (CslRecordItem *self, const char *field)
{
  Content *content;
  const CslField *found;
  const CslValue *value;

  g_return_val_if_fail (CSL_IS_RECORD_ITEM (self), NULL);
  content = self->content;
  found = csl_record_type_lookup_field (content->record->type, field);
  g_return_val_if_fail (found != NULL, NULL);
  value = &content->record->values[found->index];
  if (csl_value_is_null (value) || csl_value_get_text (value) != NULL)
    return csl_value_get_text (value);
  if (content->texts == NULL)
    content->texts = g_new0 (char *, content->record->type->n_fields);
  if (content->texts[found->index] == NULL)
    content->texts[found->index] = found->kind->format (found, value);
  return content->texts[found->index];
}

const char *
csl_record_item_get_title (CslRecordItem *self)
{
  g_return_val_if_fail (CSL_IS_RECORD_ITEM (self), NULL);
  if (self->content->title == NULL)
    self->content->title = csl_record_dup_title (self->content->record);
  return self->content->title;
}

CslRecordState
csl_record_item_get_state (CslRecordItem *self)
{
  g_return_val_if_fail (CSL_IS_RECORD_ITEM (self), CSL_RECORD_STATE_SYNCED);
  return self->state;
}

guint
csl_record_item_get_revision (CslRecordItem *self)
{
  g_return_val_if_fail (CSL_IS_RECORD_ITEM (self), 0);
  return self->revision;
}
