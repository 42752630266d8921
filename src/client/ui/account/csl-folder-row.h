/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a folder is, for dialogs: a line that can be selected, and a button that copies the whole path. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Floating: a list of one row. @title says what is kept there. */
GtkWidget *csl_folder_row_new (const char *title, const char *path)
  G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
