/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who made this program, and which version it is. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void csl_about_show (GtkWindow *parent);

G_END_DECLS
