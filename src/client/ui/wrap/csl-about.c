/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-about.c: the only file that knows AdwAboutWindow; libadwaita 1.5 replaces it by AdwAboutDialog. */
#define ADW_DISABLE_DEPRECATION_WARNINGS
#include "config.h"

#include "client/ui/wrap/csl-about.h"

#include <adwaita.h>
#include <glib/gi18n.h>

/* For reports: versions and the kind of computer; no names, addresses or folders. */
static char *
dup_debug_info (GtkWindow *parent)
{
  g_autofree char *system = g_get_os_info (G_OS_INFO_KEY_PRETTY_NAME);
  GdkDisplay *display = gtk_widget_get_display (GTK_WIDGET (parent));
  const char *const *languages = g_get_language_names ();

  return g_strdup_printf (
    "Caseload %s\nGTK %u.%u.%u, libadwaita %u.%u.%u, GLib %u.%u.%u\n"
    "System: %s\nSandbox: %s\nDisplay: %s, scale %d\nRenderer: %s\nLanguage: %s\n",
    CSL_VERSION, gtk_get_major_version (), gtk_get_minor_version (),
    gtk_get_micro_version (), adw_get_major_version (), adw_get_minor_version (),
    adw_get_micro_version (), glib_major_version, glib_minor_version, glib_micro_version,
    system != NULL ? system : "unknown",
    g_file_test ("/.flatpak-info", G_FILE_TEST_EXISTS) ? "Flatpak" : "none",
    G_OBJECT_TYPE_NAME (display), gtk_widget_get_scale_factor (GTK_WIDGET (parent)),
    G_OBJECT_TYPE_NAME (gtk_native_get_renderer (GTK_NATIVE (parent))), languages[0]);
}

void
csl_about_show (GtkWindow *parent)
{
  g_autofree char *debug_info = dup_debug_info (parent);

  adw_show_about_window (parent, "application-name", _ ("Caseload"), "application-icon",
                         CSL_APPLICATION_ID, "version", CSL_VERSION, "comments",
                         _ ("Casework notes that work offline"), "license-type",
                         GTK_LICENSE_GPL_3_0, "developer-name",
                         _ ("The Caseload contributors"), "website",
                         "https://caseload.org", "issue-url",
                         "https://caseload.org/report", "translator-credits",
                         /* Translators: your names, one to a line */
                         _ ("translator-credits"), "debug-info", debug_info,
                         "debug-info-filename", "caseload-debug.txt", NULL);
}
