/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What this version of the toolkit leaves unsaid to screen readers, said for every window. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Once, when the application starts. Widgets of all windows are corrected as they come on screen. */
void csl_accessible_gaps_close (void);
/* Calls @button, whose label is not enough to tell it from others, @name; call again after a change of its label. */
void csl_accessible_name_button (GtkWidget *button, const char *name);

G_END_DECLS
