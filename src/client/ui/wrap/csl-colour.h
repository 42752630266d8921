/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The colour of text in a widget, for what the widget draws itself. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void csl_colour_read (GtkWidget *widget, GdkRGBA *ret_colour);

G_END_DECLS
