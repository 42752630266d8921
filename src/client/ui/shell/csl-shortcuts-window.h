/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window that lists every key, made from the table of commands. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

GtkWindow *csl_shortcuts_window_new (GtkWindow *parent) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
