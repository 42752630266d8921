/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names for the buttons inside library widgets, which have none of their own. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Names every widget of @type and every toggle button inside @widget; what is inside those takes their name. */
void csl_accessible_name_inner (GtkWidget *widget, GType type, const char *name);

G_END_DECLS
