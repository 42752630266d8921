/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-natural-bin.c: a bin whose natural width is a property. */
#define G_LOG_DOMAIN "csl-natural-bin"

#include "config.h"

#include "client/ui/shell/csl-natural-bin.h"

struct _CslNaturalBin
{
  AdwBin parent_instance;
  int width; /* pixels */
};

G_DEFINE_FINAL_TYPE (CslNaturalBin, csl_natural_bin, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_WIDTH,
};

static void
csl_natural_bin_measure (GtkWidget *widget,
                         GtkOrientation orientation,
                         int for_size,
                         int *ret_minimum,
                         int *ret_natural,
                         int *ret_minimum_baseline,
                         int *ret_natural_baseline)
{
  CslNaturalBin *self = CSL_NATURAL_BIN (widget);
  GtkWidget *child = adw_bin_get_child (ADW_BIN (widget));

  if (child != NULL)
    gtk_widget_measure (child, orientation, for_size, ret_minimum, ret_natural, NULL,
                        NULL);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    *ret_natural = MAX (*ret_minimum, self->width);
  *ret_minimum_baseline = *ret_natural_baseline = -1;
}

static void
csl_natural_bin_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  GtkWidget *child = adw_bin_get_child (ADW_BIN (widget));

  if (child != NULL)
    gtk_widget_allocate (child, width, height, baseline, NULL);
}

static void
csl_natural_bin_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_WIDTH)
    g_value_set_int (value, CSL_NATURAL_BIN (object)->width);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
csl_natural_bin_set_property (GObject *object,
                              guint id,
                              const GValue *value,
                              GParamSpec *pspec)
{
  if (id == PROP_WIDTH) {
    CSL_NATURAL_BIN (object)->width = g_value_get_int (value);
    gtk_widget_queue_resize (GTK_WIDGET (object));
  } else {
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
csl_natural_bin_class_init (CslNaturalBinClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = csl_natural_bin_get_property;
  object_class->set_property = csl_natural_bin_set_property;
  widget_class->measure = csl_natural_bin_measure;
  widget_class->size_allocate = csl_natural_bin_size_allocate;
  g_object_class_install_property (object_class, PROP_WIDTH,
                                   g_param_spec_int ("width", NULL, NULL, 0, G_MAXINT, 0,
                                                     G_PARAM_READWRITE |
                                                       G_PARAM_STATIC_STRINGS));
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
csl_natural_bin_init (CslNaturalBin *self)
{
  /* A layout manager would answer instead of the functions above. */
  gtk_widget_set_layout_manager (GTK_WIDGET (self), NULL);
}
