/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-about.c: the only file that knows AdwAboutWindow; libadwaita 1.5 replaces it by AdwAboutDialog. */
#define ADW_DISABLE_DEPRECATION_WARNINGS
#include "config.h"

#include "client/ui/wrap/csl-about.h"

#include <adwaita.h>
#include <glib/gi18n.h>

void
csl_about_show (GtkWindow *parent)
{
  adw_show_about_window (parent, "application-name", _ ("Caseload"), "application-icon",
                         CSL_APPLICATION_ID, "version", CSL_VERSION, "comments",
                         _ ("Casework notes that work offline"), "license-type",
                         GTK_LICENSE_GPL_3_0, "developer-name",
                         _ ("The Caseload contributors"), "website",
                         "https://caseload.org", "issue-url",
                         "https://caseload.org/report", "translator-credits",
                         /* Translators: your names, one to a line */
                         _ ("translator-credits"), NULL);
}
