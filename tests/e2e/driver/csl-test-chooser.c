/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-test-chooser.c: the only file of the driver that knows the toolkit's own file chooser, which GTK 4.10 calls old. */
#define GDK_DISABLE_DEPRECATION_WARNINGS
#include "csl-test-driver.h"

/* How often the answer "not yet" was given since the chooser was last asked. It reads folders in its own time, and to ask again breaks that off:
 * so it is asked once and then, if nothing came of it, only now and again. */
#define TRIES         "csl-test-tries"
#define TRIES_PER_ASK 30

/* The toolkit says "Operation was cancelled" in a dialog of its own when another folder is asked for while it still reads one. */
static gboolean
close_toolkit_message (GtkWidget *window)
{
  GtkWindow *parent = NULL;

  if (GTK_IS_MESSAGE_DIALOG (window))
    parent = gtk_window_get_transient_for (GTK_WINDOW (window));
  if (parent == NULL || !GTK_IS_FILE_CHOOSER (parent))
    return FALSE;
  g_object_set_data (G_OBJECT (parent), TRIES, NULL);
  gtk_dialog_response (GTK_DIALOG (window), GTK_RESPONSE_CLOSE);
  return TRUE;
}

static void
ask_chooser (GtkFileChooser *chooser, GFile *wanted)
{
  g_autoptr (GFile) folder = g_file_get_parent (wanted);
  g_autofree char *name = g_file_get_basename (wanted);
  guint tries = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (chooser), TRIES));

  g_object_set_data (G_OBJECT (chooser), TRIES, GUINT_TO_POINTER (tries + 1));
  if (tries % TRIES_PER_ASK != 0)
    return;
  if (gtk_file_chooser_get_action (chooser) == GTK_FILE_CHOOSER_ACTION_SAVE) {
    gtk_file_chooser_set_current_folder (chooser, folder, NULL);
    gtk_file_chooser_set_current_name (chooser, name);
  } else {
    gtk_file_chooser_set_file (chooser, wanted, NULL);
  }
}

JsonObject *
csl_test_choose_file (GtkWidget *window, const char *path, char **ret_error)
{
  g_autoptr (GFile) wanted = g_file_new_for_path (path);
  g_autoptr (GFile) chosen = NULL;

  if (close_toolkit_message (window)) {
    *ret_error = g_strdup ("the file chooser was still reading a folder");
    return NULL;
  }
  if (!GTK_IS_FILE_CHOOSER (window) || !GTK_IS_DIALOG (window)) {
    *ret_error = g_strdup ("no file chooser is in front");
    return NULL;
  }
  chosen = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (window));
  if (chosen != NULL && g_file_equal (chosen, wanted)) {
    gtk_dialog_response (GTK_DIALOG (window), GTK_RESPONSE_ACCEPT);
    return json_object_new ();
  }
  ask_chooser (GTK_FILE_CHOOSER (window), wanted);
  *ret_error = g_strdup ("it is not chosen yet");
  return NULL;
}
