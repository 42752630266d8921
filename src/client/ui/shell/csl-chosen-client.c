/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-chosen-client.c: who is worked with, and who was looked at; it shows nothing. */
#define G_LOG_DOMAIN "csl-chosen-client"

#include "config.h"

#include "client/ui/shell/csl-chosen-client.h"

/* More clients than this nobody calls recent. */
#define MOST_RECENT 12

struct _CslChosenClient
{
  GObject parent_instance;

  CslRecordItem *item; /* (owned) (nullable) */
  GPtrArray *recent;   /* (owned) of char*: ids, newest first */
};

G_DEFINE_FINAL_TYPE (CslChosenClient, csl_chosen_client, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_ITEM,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void
csl_chosen_client_finalize (GObject *object)
{
  CslChosenClient *self = CSL_CHOSEN_CLIENT (object);

  g_clear_object (&self->item);
  g_ptr_array_unref (self->recent);
  G_OBJECT_CLASS (csl_chosen_client_parent_class)->finalize (object);
}

static void
csl_chosen_client_get_property (GObject *object,
                                guint id,
                                GValue *value,
                                GParamSpec *pspec)
{
  if (id == PROP_ITEM)
    g_value_set_object (value, CSL_CHOSEN_CLIENT (object)->item);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
csl_chosen_client_class_init (CslChosenClientClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = csl_chosen_client_finalize;
  object_class->get_property = csl_chosen_client_get_property;
  properties[PROP_ITEM] = g_param_spec_object ("item", NULL, NULL, CSL_TYPE_RECORD_ITEM,
                                               G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
csl_chosen_client_init (CslChosenClient *self)
{
  self->recent = g_ptr_array_new_with_free_func (g_free);
}

CslChosenClient *
csl_chosen_client_new (void)
{
  return g_object_new (CSL_TYPE_CHOSEN_CLIENT, NULL);
}

void
csl_chosen_client_set_item (CslChosenClient *self, CslRecordItem *item)
{
  g_return_if_fail (CSL_IS_CHOSEN_CLIENT (self));
  if (g_set_object (&self->item, item))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ITEM]);
}

CslRecordItem *
csl_chosen_client_get_item (CslChosenClient *self)
{
  g_return_val_if_fail (CSL_IS_CHOSEN_CLIENT (self), NULL);
  return self->item;
}

void
csl_chosen_client_check (CslChosenClient *self, CslSession *session)
{
  g_autoptr (CslRecordItem) held = NULL;

  g_return_if_fail (CSL_IS_CHOSEN_CLIENT (self));
  if (self->item != NULL)
    held = csl_session_lookup (session, "client", csl_record_item_get_id (self->item));
  if (held == NULL)
    csl_chosen_client_set_item (self, NULL);
}

void
csl_chosen_client_remember (CslChosenClient *self, const char *id)
{
  guint position;

  g_return_if_fail (CSL_IS_CHOSEN_CLIENT (self) && id != NULL);
  if (g_ptr_array_find_with_equal_func (self->recent, id, g_str_equal, &position))
    g_ptr_array_remove_index (self->recent, position);
  g_ptr_array_insert (self->recent, 0, g_strdup (id));
  if (self->recent->len > MOST_RECENT)
    g_ptr_array_set_size (self->recent, MOST_RECENT);
}

GPtrArray *
csl_chosen_client_dup_recent (CslChosenClient *self)
{
  GPtrArray *copy = g_ptr_array_new_with_free_func (g_free);

  g_return_val_if_fail (CSL_IS_CHOSEN_CLIENT (self), copy);
  for (guint i = 0; i < self->recent->len; i++)
    g_ptr_array_add (copy, g_strdup (g_ptr_array_index (self->recent, i)));
  return copy;
}
