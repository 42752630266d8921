/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-page.c: the base of every page. It knows the session, a title and one record, and tells
 * its subclass when that record changes. */
#define G_LOG_DOMAIN "csl-page"

#include "config.h"

#include "client/ui/shell/csl-page.h"

typedef struct
{
  CslSession *session;   /* (owned) (nullable) */
  CslRecordItem *item;   /* (owned) (nullable) */
  CslRecordItem *client; /* (owned) (nullable) */
  GSignalGroup *signals; /* (owned): of the item */
  char *title;           /* (owned) (nullable) */
  bool can_go_back;
} CslPagePrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (CslPage, csl_page, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_SESSION,
  PROP_TITLE,
  PROP_ITEM,
  PROP_CAN_GO_BACK,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void
item_changed_cb (CslPage *self)
{
  CslPageClass *klass = CSL_PAGE_GET_CLASS (self);

  if (klass->item_changed != NULL)
    klass->item_changed (self);
}

static void
csl_page_dispose (GObject *object)
{
  CslPagePrivate *priv = csl_page_get_instance_private (CSL_PAGE (object));

  g_clear_object (&priv->signals);
  g_clear_object (&priv->item);
  g_clear_object (&priv->client);
  g_clear_object (&priv->session);
  g_clear_pointer (&priv->title, g_free);
  G_OBJECT_CLASS (csl_page_parent_class)->dispose (object);
}

static void
csl_page_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  CslPagePrivate *priv = csl_page_get_instance_private (CSL_PAGE (object));

  switch (id) {
  case PROP_SESSION:
    g_value_set_object (value, priv->session);
    break;
  case PROP_TITLE:
    g_value_set_string (value, priv->title);
    break;
  case PROP_ITEM:
    g_value_set_object (value, priv->item);
    break;
  case PROP_CAN_GO_BACK:
    g_value_set_boolean (value, priv->can_go_back);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
csl_page_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  CslPage *self = CSL_PAGE (object);
  CslPagePrivate *priv = csl_page_get_instance_private (self);

  switch (id) {
  case PROP_SESSION:
    priv->session = g_value_dup_object (value);
    break;
  case PROP_TITLE:
    csl_page_set_title (self, g_value_get_string (value));
    break;
  case PROP_ITEM:
    csl_page_set_item (self, g_value_get_object (value));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
csl_page_class_init (CslPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = csl_page_dispose;
  object_class->get_property = csl_page_get_property;
  object_class->set_property = csl_page_set_property;

  properties[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, CSL_TYPE_SESSION,
                                                  G_PARAM_READWRITE |
                                                    G_PARAM_CONSTRUCT_ONLY |
                                                    G_PARAM_STATIC_STRINGS);
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL,
                                                G_PARAM_READWRITE |
                                                  G_PARAM_EXPLICIT_NOTIFY |
                                                  G_PARAM_STATIC_STRINGS);
  properties[PROP_ITEM] = g_param_spec_object ("item", NULL, NULL, CSL_TYPE_RECORD_ITEM,
                                               G_PARAM_READWRITE |
                                                 G_PARAM_EXPLICIT_NOTIFY |
                                                 G_PARAM_STATIC_STRINGS);
  properties[PROP_CAN_GO_BACK] =
    g_param_spec_boolean ("can-go-back", NULL, NULL, FALSE,
                          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass),
                                        GTK_ACCESSIBLE_ROLE_REGION);
}

static void
csl_page_init (CslPage *self)
{
  CslPagePrivate *priv = csl_page_get_instance_private (self);

  priv->signals = g_signal_group_new (CSL_TYPE_RECORD_ITEM);
  g_signal_group_connect_swapped (priv->signals, "notify::revision",
                                  G_CALLBACK (item_changed_cb), self);
  gtk_widget_set_hexpand (GTK_WIDGET (self), TRUE);
  gtk_widget_set_vexpand (GTK_WIDGET (self), TRUE);
}

CslSession *
csl_page_get_session (CslPage *self)
{
  CslPagePrivate *priv = csl_page_get_instance_private (self);

  g_return_val_if_fail (CSL_IS_PAGE (self), NULL);
  return priv->session;
}

CslRecordItem *
csl_page_get_item (CslPage *self)
{
  CslPagePrivate *priv = csl_page_get_instance_private (self);

  g_return_val_if_fail (CSL_IS_PAGE (self), NULL);
  return priv->item;
}

void
csl_page_set_item (CslPage *self, CslRecordItem *item)
{
  CslPagePrivate *priv = csl_page_get_instance_private (self);

  g_return_if_fail (CSL_IS_PAGE (self));
  if (!g_set_object (&priv->item, item))
    return;
  g_signal_group_set_target (priv->signals, item);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ITEM]);
  item_changed_cb (self);
}

/* The client the worker has chosen to work with, or NULL. */
CslRecordItem *
csl_page_get_client (CslPage *self)
{
  CslPagePrivate *priv = csl_page_get_instance_private (self);

  g_return_val_if_fail (CSL_IS_PAGE (self), NULL);
  return priv->client;
}

/* Pages that list records of many clients show those of @client only. */
void
csl_page_set_client (CslPage *self, CslRecordItem *client)
{
  CslPagePrivate *priv = csl_page_get_instance_private (self);
  CslPageClass *klass;

  g_return_if_fail (CSL_IS_PAGE (self));
  klass = CSL_PAGE_GET_CLASS (self);
  if (g_set_object (&priv->client, client) && klass->client_changed != NULL)
    klass->client_changed (self);
}

const char *
csl_page_get_title (CslPage *self)
{
  CslPagePrivate *priv = csl_page_get_instance_private (self);

  g_return_val_if_fail (CSL_IS_PAGE (self), NULL);
  return priv->title;
}

void
csl_page_set_title (CslPage *self, const char *title)
{
  CslPagePrivate *priv = csl_page_get_instance_private (self);

  g_return_if_fail (CSL_IS_PAGE (self));
  if (g_strcmp0 (priv->title, title) == 0)
    return;
  g_free (priv->title);
  priv->title = g_strdup (title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  title != NULL ? title : "", -1);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TITLE]);
}

/* For subclasses that implement go_back. */
void
csl_page_set_can_go_back (CslPage *self, gboolean can_go_back)
{
  CslPagePrivate *priv = csl_page_get_instance_private (self);

  g_return_if_fail (CSL_IS_PAGE (self));
  if (priv->can_go_back == can_go_back)
    return;
  priv->can_go_back = can_go_back;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CAN_GO_BACK]);
}

/* Puts the focus into the page's own search. FALSE: it has none. */
gboolean
csl_page_find (CslPage *self)
{
  CslPageClass *klass;

  g_return_val_if_fail (CSL_IS_PAGE (self), FALSE);
  klass = CSL_PAGE_GET_CLASS (self);
  return klass->find != NULL && klass->find (self);
}

/* One step back inside the page. FALSE: the page itself is the last step. */
gboolean
csl_page_go_back (CslPage *self)
{
  CslPageClass *klass;

  g_return_val_if_fail (CSL_IS_PAGE (self), FALSE);
  klass = CSL_PAGE_GET_CLASS (self);
  return klass->go_back != NULL && klass->go_back (self);
}

/* Called once before the page is taken out of the window. */
void
csl_page_leave (CslPage *self)
{
  CslPageClass *klass;

  g_return_if_fail (CSL_IS_PAGE (self));
  klass = CSL_PAGE_GET_CLASS (self);
  if (klass->leave != NULL)
    klass->leave (self);
}
