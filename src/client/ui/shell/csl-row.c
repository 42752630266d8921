/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-row.c: the base of list lines. */
#define G_LOG_DOMAIN "csl-row"

#include "config.h"

#include "client/ui/shell/csl-row.h"

#include "client/ui/shell/csl-navigation.h"

typedef struct
{
  CslSession *session;   /* (owned) (nullable) */
  GObject *item;         /* (owned) (nullable) */
  GObject *previous;     /* (owned) (nullable) */
  GSignalGroup *signals; /* (owned): of a record item */
} CslRowPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (CslRow, csl_row, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_SESSION,
  PROP_ITEM,
  PROP_PREVIOUS,
  PROP_REVISION,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void
content_changed_cb (CslRow *self)
{
  CslRowClass *klass = CSL_ROW_GET_CLASS (self);

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_REVISION]);
  if (klass->item_changed != NULL)
    klass->item_changed (self);
}

static void
set_item (CslRow *self, GObject *item)
{
  CslRowPrivate *priv = csl_row_get_instance_private (self);

  if (!g_set_object (&priv->item, item))
    return;
  g_signal_group_set_target (priv->signals, CSL_IS_RECORD_ITEM (item) ? item : NULL);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ITEM]);
  content_changed_cb (self);
}

static bool
is_shortened (GtkWidget *widget)
{
  return GTK_IS_LABEL (widget) &&
         pango_layout_is_ellipsized (gtk_label_get_layout (GTK_LABEL (widget)));
}

/* The first shortened text of the line, or NULL. */
static GtkWidget *
lookup_shortened (GtkWidget *widget)
{
  if (is_shortened (widget))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    GtkWidget *found = lookup_shortened (child);

    if (found != NULL)
      return found;
  }
  return NULL;
}

/* What did not fit is said in full. */
static gboolean
csl_row_query_tooltip (GtkWidget *widget,
                       int x,
                       int y,
                       gboolean is_keyboard,
                       GtkTooltip *tooltip)
{
  GtkWidget *place = is_keyboard ? lookup_shortened (widget)
                                 : gtk_widget_pick (widget, x, y, GTK_PICK_DEFAULT);

  if (place == NULL || !is_shortened (place))
    return GTK_WIDGET_CLASS (csl_row_parent_class)
      ->query_tooltip (widget, x, y, is_keyboard, tooltip);
  gtk_tooltip_set_text (tooltip, gtk_label_get_text (GTK_LABEL (place)));
  return TRUE;
}

static void
csl_row_dispose (GObject *object)
{
  CslRowPrivate *priv = csl_row_get_instance_private (CSL_ROW (object));

  g_clear_object (&priv->signals);
  g_clear_object (&priv->item);
  g_clear_object (&priv->previous);
  g_clear_object (&priv->session);
  G_OBJECT_CLASS (csl_row_parent_class)->dispose (object);
}

static void
csl_row_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  CslRowPrivate *priv = csl_row_get_instance_private (CSL_ROW (object));

  switch (id) {
  case PROP_SESSION:
    g_value_set_object (value, priv->session);
    break;
  case PROP_ITEM:
    g_value_set_object (value, priv->item);
    break;
  case PROP_PREVIOUS:
    g_value_set_object (value, priv->previous);
    break;
  case PROP_REVISION:
    if (CSL_IS_RECORD_ITEM (priv->item))
      g_value_set_uint (value,
                        csl_record_item_get_revision (CSL_RECORD_ITEM (priv->item)));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
csl_row_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  CslRow *self = CSL_ROW (object);
  CslRowPrivate *priv = csl_row_get_instance_private (self);

  switch (id) {
  case PROP_SESSION:
    if (g_set_object (&priv->session, g_value_get_object (value)))
      g_object_notify_by_pspec (object, pspec);
    break;
  case PROP_ITEM:
    set_item (self, g_value_get_object (value));
    break;
  case PROP_PREVIOUS:
    if (g_set_object (&priv->previous, g_value_get_object (value)))
      g_object_notify_by_pspec (object, pspec);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

/* Screen readers and switches have no Enter key: for them each line has an action. */
static void
open_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GtkWidget *line = gtk_widget_get_parent (widget);

  if (line != NULL)
    gtk_widget_activate (line);
}

static void
csl_row_class_init (CslRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY |
                            G_PARAM_STATIC_STRINGS;

  GTK_WIDGET_CLASS (klass)->query_tooltip = csl_row_query_tooltip;
  object_class->dispose = csl_row_dispose;
  object_class->get_property = csl_row_get_property;
  object_class->set_property = csl_row_set_property;

  properties[PROP_SESSION] =
    g_param_spec_object ("session", NULL, NULL, CSL_TYPE_SESSION, flags);
  properties[PROP_ITEM] = g_param_spec_object ("item", NULL, NULL, G_TYPE_OBJECT, flags);
  properties[PROP_PREVIOUS] =
    g_param_spec_object ("previous", NULL, NULL, G_TYPE_OBJECT, flags);
  /* Notified whenever the line must be read again. */
  properties[PROP_REVISION] =
    g_param_spec_uint ("revision", NULL, NULL, 0, G_MAXUINT, 0,
                       G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  gtk_widget_class_install_action (GTK_WIDGET_CLASS (klass), "row.open", NULL,
                                   open_action);
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass),
                                        GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
csl_row_init (CslRow *self)
{
  CslRowPrivate *priv = csl_row_get_instance_private (self);

  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  priv->signals = g_signal_group_new (CSL_TYPE_RECORD_ITEM);
  g_signal_group_connect_swapped (priv->signals, "notify",
                                  G_CALLBACK (content_changed_cb), self);
}

CslSession *
csl_row_get_session (CslRow *self)
{
  CslRowPrivate *priv = csl_row_get_instance_private (self);

  g_return_val_if_fail (CSL_IS_ROW (self), NULL);
  return priv->session;
}

gpointer
csl_row_get_item (CslRow *self)
{
  CslRowPrivate *priv = csl_row_get_instance_private (self);

  g_return_val_if_fail (CSL_IS_ROW (self), NULL);
  return priv->item;
}

CslRecordItem *
csl_row_get_record_item (CslRow *self)
{
  gpointer item = csl_row_get_item (self);

  return CSL_IS_RECORD_ITEM (item) ? item : NULL;
}

gpointer
csl_row_get_previous (CslRow *self)
{
  CslRowPrivate *priv = csl_row_get_instance_private (self);

  g_return_val_if_fail (CSL_IS_ROW (self), NULL);
  return priv->previous;
}

void
csl_row_set_spoken (CslRow *self, const char *text)
{
  GtkWidget *parent;

  g_return_if_fail (CSL_IS_ROW (self));
  parent = gtk_widget_get_parent (GTK_WIDGET (self));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  text, -1);
  if (parent != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (parent),
                                    GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

void
csl_row_activate (CslRow *self)
{
  CslRowClass *klass;
  CslRecordItem *item;

  g_return_if_fail (CSL_IS_ROW (self));
  klass = CSL_ROW_GET_CLASS (self);
  item = csl_row_get_record_item (self);
  if (klass->activated != NULL)
    klass->activated (self);
  else if (item != NULL)
    csl_navigation_open_record (GTK_WIDGET (self),
                                csl_record_item_get_record_type (item)->name,
                                csl_record_item_get_id (item));
}
