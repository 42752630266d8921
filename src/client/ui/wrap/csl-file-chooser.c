/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-file-chooser.c: the only file that knows GtkFileChooserNative; GTK 4.10 replaces it by GtkFileDialog. */
#define GDK_DISABLE_DEPRECATION_WARNINGS
#include "client/ui/wrap/csl-file-chooser.h"

static GtkNativeDialog *
create (GtkWindow *parent,
        const char *title,
        GtkFileChooserAction action,
        const char *accept)
{
  return GTK_NATIVE_DIALOG (
    gtk_file_chooser_native_new (title, parent, action, accept, NULL));
}

GtkNativeDialog *
csl_file_chooser_new_open (GtkWindow *parent, const char *title, const char *accept)
{
  return create (parent, title, GTK_FILE_CHOOSER_ACTION_OPEN, accept);
}

GtkNativeDialog *
csl_file_chooser_new_save (GtkWindow *parent,
                           const char *title,
                           const char *accept,
                           const char *name)
{
  GtkNativeDialog *chooser = create (parent, title, GTK_FILE_CHOOSER_ACTION_SAVE, accept);

  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), name);
  return chooser;
}

GFile *
csl_file_chooser_dup_file (GtkNativeDialog *chooser, int response)
{
  if (response != GTK_RESPONSE_ACCEPT)
    return NULL;
  return gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
}
