/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "caseload"

#include "client/ui/fields/csl-signature-pad.h"

#include "client/ui/wrap/csl-colour.h"
#include "core/base/csl-json-scan.h"

#include <glib/gi18n.h>

typedef struct
{
  int x, y;
} Point;

struct _CslSignaturePad
{
  GtkDrawingArea parent_instance;

  GPtrArray *strokes; /* (owned) of GArray of Point */
};

G_DEFINE_FINAL_TYPE (CslSignaturePad, csl_signature_pad, GTK_TYPE_DRAWING_AREA)

enum {
  DRAWN,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
add_point (CslSignaturePad *self, double x, double y)
{
  GArray *stroke = self->strokes->pdata[self->strokes->len - 1];
  int width = MAX (1, gtk_widget_get_width (GTK_WIDGET (self)));
  int height = MAX (1, gtk_widget_get_height (GTK_WIDGET (self)));
  Point point = { CLAMP ((int) (x * CSL_SIGNATURE_WIDTH / width), 0, CSL_SIGNATURE_WIDTH),
                  CLAMP ((int) (y * CSL_SIGNATURE_HEIGHT / height), 0,
                         CSL_SIGNATURE_HEIGHT) };

  g_array_append_val (stroke, point);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
begin_cb (CslSignaturePad *self, double x, double y)
{
  g_ptr_array_add (self->strokes, g_array_new (FALSE, FALSE, sizeof (Point)));
  add_point (self, x, y);
}

static void
update_cb (CslSignaturePad *self, double dx, double dy, GtkGestureDrag *drag)
{
  double x, y;

  if (gtk_gesture_drag_get_start_point (drag, &x, &y))
    add_point (self, x + dx, y + dy);
}

static void
end_cb (CslSignaturePad *self)
{
  g_signal_emit (self, signals[DRAWN], 0);
}

static void
draw (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
  CslSignaturePad *self = CSL_SIGNATURE_PAD (area);
  GdkRGBA colour;

  (void) data;
  csl_colour_read (GTK_WIDGET (area), &colour);
  cairo_scale (cr, (double) width / CSL_SIGNATURE_WIDTH,
               (double) height / CSL_SIGNATURE_HEIGHT);
  gdk_cairo_set_source_rgba (cr, &colour);
  cairo_set_line_width (cr, 1);
  cairo_move_to (cr, 24, CSL_SIGNATURE_HEIGHT - 40);
  cairo_line_to (cr, CSL_SIGNATURE_WIDTH - 24, CSL_SIGNATURE_HEIGHT - 40);
  cairo_stroke (cr);
  cairo_set_line_width (cr, 3);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  for (guint i = 0; i < self->strokes->len; i++) {
    GArray *stroke = self->strokes->pdata[i];
    for (guint k = 0; k < stroke->len; k++)
      cairo_line_to (cr, g_array_index (stroke, Point, k).x,
                     g_array_index (stroke, Point, k).y);
    cairo_stroke (cr);
  }
}

static void
finalize (GObject *object)
{
  g_ptr_array_unref (CSL_SIGNATURE_PAD (object)->strokes);
  G_OBJECT_CLASS (csl_signature_pad_parent_class)->finalize (object);
}

static void
csl_signature_pad_class_init (CslSignaturePadClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = finalize;
  signals[DRAWN] = g_signal_new ("drawn", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                 NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass),
                                        GTK_ACCESSIBLE_ROLE_IMG);
}

static void
csl_signature_pad_init (CslSignaturePad *self)
{
  GtkGesture *drag = gtk_gesture_drag_new ();

  self->strokes = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  gtk_widget_set_size_request (GTK_WIDGET (self), -1, 160);
  gtk_widget_set_hexpand (GTK_WIDGET (self), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Place to sign"), -1);
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (self), draw, NULL, NULL);
  g_signal_connect_object (drag, "drag-begin", G_CALLBACK (begin_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (drag, "drag-update", G_CALLBACK (update_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (drag, "drag-end", G_CALLBACK (end_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
}

GtkWidget *
csl_signature_pad_new (void)
{
  return g_object_new (CSL_TYPE_SIGNATURE_PAD, NULL);
}

bool
csl_signature_pad_get_drawn (CslSignaturePad *self)
{
  g_return_val_if_fail (CSL_IS_SIGNATURE_PAD (self), false);
  return self->strokes->len > 0;
}

char *
csl_signature_pad_dup_strokes (CslSignaturePad *self)
{
  GString *json = g_string_new ("[");

  g_return_val_if_fail (CSL_IS_SIGNATURE_PAD (self), NULL);
  for (guint i = 0; i < self->strokes->len; i++) {
    GArray *stroke = self->strokes->pdata[i];
    g_string_append (json, i > 0 ? ",[" : "[");
    for (guint k = 0; k < stroke->len; k++)
      g_string_append_printf (json, "%s[%d,%d]", k > 0 ? "," : "",
                              g_array_index (stroke, Point, k).x,
                              g_array_index (stroke, Point, k).y);
    g_string_append_c (json, ']');
  }
  g_string_append_c (json, ']');
  return g_string_free (json, FALSE);
}

/* Reads the points of one stroke. */
static GArray *
read_stroke (const CslJson *json, guint array)
{
  GArray *stroke = g_array_new (FALSE, FALSE, sizeof (Point));
  guint end = csl_json_token (json, array)->next;

  for (guint i = array + 1; i < end; i = csl_json_token (json, i)->next) {
    gint64 x, y;
    if (csl_json_token (json, i)->count == 2 && csl_json_get_int (json, i + 1, &x) &&
        csl_json_get_int (json, i + 2, &y)) {
      Point point = { (int) x, (int) y };
      g_array_append_val (stroke, point);
    }
  }
  return stroke;
}

void
csl_signature_pad_set_strokes (CslSignaturePad *self, const char *text)
{
  g_auto (CslJson) json = { 0 };

  g_return_if_fail (CSL_IS_SIGNATURE_PAD (self));

  g_ptr_array_set_size (self->strokes, 0);
  csl_json_init (&json);
  if (text != NULL &&
      csl_json_scan (&json, text, strlen (text), &csl_json_limits_line, NULL))
    for (guint i = 1; i < json.tokens->len; i = csl_json_token (&json, i)->next)
      if (csl_json_token (&json, i)->kind == CSL_JSON_ARRAY)
        g_ptr_array_add (self->strokes, read_stroke (&json, i));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
