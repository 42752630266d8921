/* SPDX-License-Identifier: GPL-3.0-or-later */
/* main.c: starts the desktop client. */
#include "config.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <locale.h>

static void
activate_cb (GApplication *application, gpointer user_data)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (application));

  if (window == NULL)
    window = g_object_new (ADW_TYPE_APPLICATION_WINDOW, "application", application,
                           "title", _ ("Caseload"), NULL);
  gtk_window_present (window);
}

int
main (int argc, char **argv)
{
  g_autoptr (AdwApplication) application = NULL;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, CSL_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  application = adw_application_new (CSL_APPLICATION_ID, G_APPLICATION_DEFAULT_FLAGS);
  /* The application owns no pointer to user data and outlives the handler. */
  g_signal_connect (application, "activate", G_CALLBACK (activate_cb), NULL);
  return g_application_run (G_APPLICATION (application), argc, argv);
}
