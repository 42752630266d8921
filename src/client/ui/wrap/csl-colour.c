/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-colour.c: the only file that knows GtkStyleContext; GTK 4.10 replaces it by gtk_widget_get_color(). */
#define GDK_DISABLE_DEPRECATION_WARNINGS
#include "client/ui/wrap/csl-colour.h"

void
csl_colour_read (GtkWidget *widget, GdkRGBA *ret_colour)
{
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), ret_colour);
}
