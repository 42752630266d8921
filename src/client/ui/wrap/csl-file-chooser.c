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

/* Without a portal GTK itself notes the file among the recently used ones, a moment after the answer; it is taken out
 * before GTK writes that list, a quarter of a second later. */
#define LOOK_EVERY_MS 20
#define LOOK_TIMES    250

typedef struct
{
  char *uri; /* (owned) */
  guint n_looks;
} Note;

static void
note_free (gpointer data)
{
  g_free (((Note *) data)->uri);
  g_free (data);
}

static gboolean
look_cb (gpointer data)
{
  Note *note = data;

  if (gtk_recent_manager_remove_item (gtk_recent_manager_get_default (), note->uri, NULL))
    return G_SOURCE_REMOVE;
  return ++note->n_looks < LOOK_TIMES ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static void
forget (GFile *file)
{
  Note *note = g_new0 (Note, 1);

  note->uri = g_file_get_uri (file);
  g_timeout_add_full (G_PRIORITY_DEFAULT, LOOK_EVERY_MS, look_cb, note, note_free);
}

GFile *
csl_file_chooser_dup_file (GtkNativeDialog *chooser, int response)
{
  GFile *file;

  if (response != GTK_RESPONSE_ACCEPT)
    return NULL;
  file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  if (file != NULL)
    forget (file);
  return file;
}
