/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-columns.c: one or two columns. Measuring and placing walk the children the same way, so
 * that what was measured is what is given. */
#define G_LOG_DOMAIN "csl-columns"

#include "config.h"

#include "client/ui/record/csl-columns.h"

#define SPACING      18
#define COLUMN_WIDTH 320 /* two columns from twice this on */
#define MAX_COLUMNS  2

struct _CslColumns
{
  GtkWidget parent_instance;
};

G_DEFINE_FINAL_TYPE (CslColumns, csl_columns, GTK_TYPE_WIDGET)

static int
count_columns (int width)
{
  return width >= MAX_COLUMNS * COLUMN_WIDTH + SPACING ? MAX_COLUMNS : 1;
}

static void
place (GtkWidget *child, int x, int y, int width, int height)
{
  const GtkAllocation allocation = { x, y, width, height };

  gtk_widget_size_allocate (child, &allocation, -1);
}

/* Height of all children in @width; gives them their places when @allocate. */
static int
walk (GtkWidget *widget, int width, gboolean allocate)
{
  const int columns = count_columns (width);
  const int column_width = (width - (columns - 1) * SPACING) / columns;
  int heights[MAX_COLUMNS] = { 0 };

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    const int column = columns > 1 && heights[1] < heights[0] ? 1 : 0;
    int height;

    if (!gtk_widget_should_layout (child))
      continue;
    gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, column_width, NULL, &height,
                        NULL, NULL);
    if (allocate)
      place (child, column * (column_width + SPACING), heights[column], column_width,
             height);
    heights[column] += height + SPACING;
  }
  return MAX (0, MAX (heights[0], heights[1]) - SPACING);
}

static void
csl_columns_measure (GtkWidget *widget,
                     GtkOrientation orientation,
                     int for_size,
                     int *ret_minimum,
                     int *ret_natural,
                     int *ret_minimum_baseline,
                     int *ret_natural_baseline)
{
  *ret_minimum = *ret_natural = 0;
  *ret_minimum_baseline = *ret_natural_baseline = -1;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    int minimum;

    gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL,
                        NULL);
    *ret_minimum = MAX (*ret_minimum, minimum);
  }
  *ret_natural = MAX (*ret_minimum, MAX_COLUMNS * COLUMN_WIDTH + SPACING);
  if (orientation == GTK_ORIENTATION_VERTICAL)
    *ret_minimum = *ret_natural =
      walk (widget, for_size >= 0 ? for_size : *ret_natural, FALSE);
}

static void
csl_columns_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  walk (widget, width, TRUE);
}

static GtkSizeRequestMode
csl_columns_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
csl_columns_dispose (GObject *object)
{
  csl_columns_remove_all (CSL_COLUMNS (object));
  G_OBJECT_CLASS (csl_columns_parent_class)->dispose (object);
}

static void
csl_columns_class_init (CslColumnsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = csl_columns_dispose;
  widget_class->measure = csl_columns_measure;
  widget_class->size_allocate = csl_columns_size_allocate;
  widget_class->get_request_mode = csl_columns_get_request_mode;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
csl_columns_init (CslColumns *self)
{
}

GtkWidget *
csl_columns_new (void)
{
  return g_object_new (CSL_TYPE_COLUMNS, NULL);
}

void
csl_columns_append (CslColumns *self, GtkWidget *child)
{
  g_return_if_fail (CSL_IS_COLUMNS (self));
  gtk_widget_set_parent (child, GTK_WIDGET (self));
}

void
csl_columns_remove_all (CslColumns *self)
{
  GtkWidget *child;

  g_return_if_fail (CSL_IS_COLUMNS (self));
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
}
