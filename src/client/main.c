/* SPDX-License-Identifier: GPL-3.0-or-later */
/* main.c: starts the desktop client. */
#include "config.h"

#include "client/ui/shell/csl-application.h"

#include <glib/gi18n.h>
#include <locale.h>

int
main (int argc, char **argv)
{
  g_autoptr (CslApplication) application = NULL;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, CSL_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  application = csl_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
