/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-wrap-box.c: lines of children. Measuring and placing walk the children the same way, so that what was measured is
 * what is given. */
#define G_LOG_DOMAIN "csl-wrap-box"

#include "config.h"

#include "client/ui/shell/csl-wrap-box.h"

#define SPACING 6

struct _CslWrapBox
{
  GtkWidget parent_instance;
};

static void buildable_init (GtkBuildableIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (CslWrapBox,
                               csl_wrap_box,
                               GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE, buildable_init))

static GtkBuildableIface *parent_buildable;

static void
add_child (GtkBuildable *buildable, GtkBuilder *builder, GObject *child, const char *type)
{
  if (GTK_IS_WIDGET (child))
    csl_wrap_box_append (CSL_WRAP_BOX (buildable), GTK_WIDGET (child));
  else
    parent_buildable->add_child (buildable, builder, child, type);
}

static void
buildable_init (GtkBuildableIface *iface)
{
  parent_buildable = g_type_interface_peek_parent (iface);
  iface->add_child = add_child;
}

/* Lower than its line: in the middle of it. */
static void
place (GtkWidget *widget, GtkWidget *child, GtkAllocation area, int full_width)
{
  if (gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL)
    area.x = full_width - area.x - area.width;
  gtk_widget_size_allocate (child, &area, -1);
}

typedef struct
{
  GtkWidget *first; /* (unowned) (nullable): of the next line */
  int height;       /* of this line */
} Line;

/* The children of one line of @width, from @first on; gives them their places at @y when @height is not negative. */
static Line
walk_line (GtkWidget *widget, GtkWidget *first, int width, int y, int height)
{
  Line line = { NULL, 0 };
  int x = 0;

  for (GtkWidget *child = first; child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    int minimum, natural, needed;

    if (!gtk_widget_should_layout (child))
      continue;
    gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &natural, NULL,
                        NULL);
    natural = MAX (minimum, MIN (natural, width));
    if (x > 0 && x + natural > width) {
      line.first = child;
      break;
    }
    gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, natural, NULL, &needed, NULL,
                        NULL);
    if (height >= 0)
      place (widget, child,
             (GtkAllocation){ x, y + (height - needed) / 2, natural, needed }, width);
    line.height = MAX (line.height, needed);
    x += natural + SPACING;
  }
  return line;
}

/* The height of all lines; gives the children their places when @allocate. */
static int
walk (GtkWidget *widget, int width, gboolean allocate)
{
  GtkWidget *first = gtk_widget_get_first_child (widget);
  int y = 0;

  while (first != NULL) {
    const Line line = walk_line (widget, first, width, y, -1);

    if (allocate)
      walk_line (widget, first, width, y, line.height);
    y += line.height + (line.height > 0 ? SPACING : 0);
    first = line.first;
  }
  return MAX (0, y - SPACING);
}

static void
csl_wrap_box_measure (GtkWidget *widget,
                      GtkOrientation orientation,
                      int for_size,
                      int *ret_minimum,
                      int *ret_natural,
                      int *ret_minimum_baseline,
                      int *ret_natural_baseline)
{
  int minimum = 0, natural = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    int least, most;

    if (!gtk_widget_should_layout (child))
      continue;
    gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &least, &most, NULL, NULL);
    minimum = MAX (minimum, least);
    natural += most + (natural > 0 ? SPACING : 0);
  }
  *ret_minimum = minimum;
  *ret_natural = MAX (minimum, natural);
  *ret_minimum_baseline = *ret_natural_baseline = -1;
  if (orientation == GTK_ORIENTATION_VERTICAL)
    *ret_minimum = *ret_natural =
      walk (widget, for_size >= 0 ? for_size : MAX (minimum, natural), FALSE);
}

static void
csl_wrap_box_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  walk (widget, width, TRUE);
}

static GtkSizeRequestMode
csl_wrap_box_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
csl_wrap_box_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (csl_wrap_box_parent_class)->dispose (object);
}

static void
csl_wrap_box_class_init (CslWrapBoxClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = csl_wrap_box_dispose;
  widget_class->measure = csl_wrap_box_measure;
  widget_class->size_allocate = csl_wrap_box_size_allocate;
  widget_class->get_request_mode = csl_wrap_box_get_request_mode;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
csl_wrap_box_init (CslWrapBox *self)
{
}

void
csl_wrap_box_append (CslWrapBox *self, GtkWidget *child)
{
  g_return_if_fail (CSL_IS_WRAP_BOX (self));
  gtk_widget_set_parent (child, GTK_WIDGET (self));
}
