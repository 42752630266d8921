/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What library widgets do not tell screen readers by themselves: names of the buttons inside, and what is wrong. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Names every widget of @type and every toggle button inside @widget; what is inside those takes their name. */
void csl_accessible_name_inner (GtkWidget *widget, GType type, const char *name);
/* What was typed into @entry is wrong, and @sentence says why; NULL: it may be right now. */
void csl_accessible_set_problem (GtkEditable *entry, GtkWidget *sentence);

G_END_DECLS
