/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-prose.c: a text view asks for the height of its last layout. When it becomes narrower, the layout follows only after
 * the sizes were given, and the last lines would be cut until something else changes. */
#include "config.h"

#include "client/ui/text/csl-prose.h"

static gboolean
resize_cb (gpointer view)
{
  gtk_widget_queue_resize (view);
  return G_SOURCE_REMOVE;
}

/* Told with every allocation, and only a new width matters. Not now: sizes are being given. */
static void
width_changed_cb (GtkWidget *view, GParamSpec *pspec, GtkAdjustment *across)
{
  const int width = (int) gtk_adjustment_get_page_size (across);

  if (width == GPOINTER_TO_INT (g_object_get_data (G_OBJECT (across), "width")))
    return;
  g_object_set_data (G_OBJECT (across), "width", GINT_TO_POINTER (width));
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, resize_cb, g_object_ref (view),
                   g_object_unref);
}

void
csl_prose_grow (GtkTextView *view)
{
  GtkAdjustment *across = gtk_adjustment_new (0, 0, 0, 0, 0, 0);

  g_return_if_fail (GTK_IS_TEXT_VIEW (view));
  gtk_scrollable_set_hadjustment (GTK_SCROLLABLE (view), across);
  /* Its page is the width of the view. */
  g_signal_connect_object (across, "notify::page-size", G_CALLBACK (width_changed_cb),
                           view, G_CONNECT_SWAPPED);
}
