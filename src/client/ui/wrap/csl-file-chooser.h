/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asking for one file; in a sandbox the portal does it and lends the file to the program. What was chosen does not enter the
 * desktop's list of recently used files: its name and place may say who works with whom. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* (transfer full): not shown yet; it emits "response" once. @accept is the label of the button. */
GtkNativeDialog *csl_file_chooser_new_open (GtkWindow *parent,
                                            const char *title,
                                            const char *accept);
/* @name is proposed for the new file. */
GtkNativeDialog *csl_file_chooser_new_save (GtkWindow *parent,
                                            const char *title,
                                            const char *accept,
                                            const char *name);
/* (transfer full) (nullable): what was chosen when @response came; NULL when nothing was. */
GFile *csl_file_chooser_dup_file (GtkNativeDialog *chooser, int response);

G_END_DECLS
