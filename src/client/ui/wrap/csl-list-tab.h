/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One stop for Tab in each list, however long it is. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* From now on Tab and Shift+Tab go out of @list, a scrolled list view or list box; the arrow keys stay inside. Safe to
 * call again. */
void csl_list_tab_leave (GtkWidget *list);

G_END_DECLS
