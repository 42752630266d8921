/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-test-chooser.c: the only file of the driver that knows the toolkit's own file chooser, which GTK 4.10 calls old. */
#define GDK_DISABLE_DEPRECATION_WARNINGS
#include "csl-test-driver.h"

JsonObject *
csl_test_choose_file (GtkWidget *window, const char *path, char **ret_error)
{
  g_autoptr (GFile) wanted = g_file_new_for_path (path);
  g_autoptr (GFile) folder = g_file_get_parent (wanted);
  g_autofree char *name = g_file_get_basename (wanted);
  g_autoptr (GFile) chosen = NULL;

  if (!GTK_IS_FILE_CHOOSER (window) || !GTK_IS_DIALOG (window)) {
    *ret_error = g_strdup ("no file chooser is in front");
    return NULL;
  }
  chosen = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (window));
  if (chosen != NULL && g_file_equal (chosen, wanted)) {
    gtk_dialog_response (GTK_DIALOG (window), GTK_RESPONSE_ACCEPT);
    return json_object_new ();
  }
  if (gtk_file_chooser_get_action (GTK_FILE_CHOOSER (window)) ==
      GTK_FILE_CHOOSER_ACTION_SAVE) {
    gtk_file_chooser_set_current_folder (GTK_FILE_CHOOSER (window), folder, NULL);
    gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (window), name);
  } else {
    gtk_file_chooser_set_file (GTK_FILE_CHOOSER (window), wanted, NULL);
  }
  *ret_error = g_strdup ("it is not chosen yet");
  return NULL;
}
