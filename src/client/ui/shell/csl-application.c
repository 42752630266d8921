/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-application.c: start, command line, application actions and keys. */
#define G_LOG_DOMAIN "csl-application"

#include "config.h"

#include "client/ui/shell/csl-application.h"

#include "client/app/csl-region.h"
#include "client/ui/help/csl-help-window.h"
#include "client/ui/preferences/csl-preferences-window.h"
#include "client/ui/preferences/csl-settings.h"
#include "client/ui/shell/csl-command.h"
#include "client/ui/shell/csl-shell.h"
#include "client/ui/shell/csl-window.h"
#include "client/ui/wrap/csl-about.h"
#include "client/ui/wrap/csl-accessible-gaps.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>

GResource *csl_ui_templates_get_resource (void);
GResource *csl_ui_styles_get_resource (void);
GResource *csl_ui_icons_get_resource (void);

struct _CslApplication
{
  AdwApplication parent_instance;

  char *account;       /* (owned) (nullable): --account */
  char *server;        /* (owned) (nullable): --server */
  char *ca_file;       /* (owned) (nullable): --ca-file */
  gboolean is_offline; /* --offline */
  GSettings *settings; /* (owned) (nullable): without the installed schema */
  GSettings *desktop;  /* (owned) (nullable): of the desktop, for its clock */
};

G_DEFINE_FINAL_TYPE (CslApplication, csl_application, ADW_TYPE_APPLICATION)

/* Over the bus it may come before there is a window. */
static GtkWindow *
present_window (gpointer application)
{
  g_application_activate (G_APPLICATION (application));
  return gtk_application_get_active_window (GTK_APPLICATION (application));
}

static void
about_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  csl_about_show (present_window (user_data));
}

/* The help for the page in front, else all of it. */
static void
help_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GtkWindow *window = present_window (user_data);
  GtkWidget *shell = CSL_IS_WINDOW (window) ? csl_window_get_shell (CSL_WINDOW (window))
                                            : NULL;
  const char *page = shell != NULL ? csl_shell_get_page_name (CSL_SHELL (shell)) : NULL;

  gtk_window_present (csl_help_window_new (window, csl_help_topics_lookup_page (page)));
}

static void
preferences_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  CslApplication *self = CSL_APPLICATION (user_data);

  gtk_window_present (csl_preferences_window_new (present_window (self), self->settings));
}

/* A command of the window, for those who ask over the bus: it says where to go and nothing else. */
static void
run_in_window (GApplication *application, const char *action)
{
  g_application_activate (application);
  csl_window_run (CSL_WINDOW (
                    gtk_application_get_active_window (GTK_APPLICATION (application))),
                  action);
}

static void
new_note_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  run_in_window (user_data, "win.new-note");
}

static void
today_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  run_in_window (user_data, "win.show-section::today");
}

static void
quit_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GList *windows = g_list_copy (gtk_application_get_windows (user_data));

  /* Each window lets its pages write what is not saved yet. */
  for (GList *link = windows; link != NULL; link = link->next)
    gtk_window_close (link->data);
  g_list_free (windows);
}

/* Everybody on the session bus sees and may call these, and no others: see docs/architecture.md. */
/* clang-format off */
static const GActionEntry actions[] = {
  { "about", about_action },
  { "help", help_action },
  { "new-note", new_note_action },
  { "preferences", preferences_action },
  { "quit", quit_action },
  { "today", today_action },
};
/* clang-format on */

/* The clock of GNOME's settings; elsewhere only if somebody chose one. The portal brings it into a
 * sandbox. */
static void
follow_clock_cb (GSettings *desktop)
{
  g_autoptr (GVariant) chosen = g_settings_get_user_value (desktop, "clock-format");
  g_autofree char *form = g_settings_get_string (desktop, "clock-format");
  const char *name = g_getenv ("XDG_CURRENT_DESKTOP");

  if (chosen == NULL && (name == NULL || strstr (name, "GNOME") == NULL))
    csl_region_set_clock (CSL_REGION_CLOCK_LOCALE);
  else
    csl_region_set_clock (g_str_equal (form, "12h") ? CSL_REGION_CLOCK_12
                                                    : CSL_REGION_CLOCK_24);
}

static void
follow_desktop (CslApplication *self)
{
  g_autoptr (GSettingsSchema) schema =
    g_settings_schema_source_lookup (g_settings_schema_source_get_default (),
                                     "org.gnome.desktop.interface", TRUE);

  if (schema == NULL || !g_settings_schema_has_key (schema, "clock-format"))
    return;
  self->desktop = g_settings_new_full (schema, NULL, NULL);
  g_signal_connect_object (self->desktop, "changed::clock-format",
                           G_CALLBACK (follow_clock_cb), self->desktop,
                           G_CONNECT_SWAPPED);
  follow_clock_cb (self->desktop);
}

static void
csl_application_startup (GApplication *application)
{
  CslApplication *self = CSL_APPLICATION (application);

  csl_ui_register_resources ();
  G_APPLICATION_CLASS (csl_application_parent_class)->startup (application);
  csl_accessible_gaps_close ();

  g_action_map_add_action_entries (G_ACTION_MAP (application), actions,
                                   G_N_ELEMENTS (actions), application);
  self->settings = csl_settings_dup ();
  if (self->settings != NULL)
    csl_settings_apply (self->settings);
  else
    g_simple_action_set_enabled (G_SIMPLE_ACTION (
                                   g_action_map_lookup_action (G_ACTION_MAP (application),
                                                               "preferences")),
                                 FALSE);
  csl_command_set_accels (GTK_APPLICATION (application));
  follow_desktop (CSL_APPLICATION (application));
}

static void
csl_application_activate (GApplication *application)
{
  CslApplication *self = CSL_APPLICATION (application);
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (application));

  if (window == NULL) {
    window = csl_window_new (GTK_APPLICATION (application), self->is_offline);
    csl_window_start (CSL_WINDOW (window), &(CslWindowStart){ .account = self->account,
                                                              .server = self->server,
                                                              .ca_file = self->ca_file });
  }
  gtk_window_present (window);
}

static int
csl_application_handle_local_options (GApplication *application, GVariantDict *options)
{
  CslApplication *self = CSL_APPLICATION (application);

  if (g_variant_dict_contains (options, "version")) {
    printf ("caseload %s\n", CSL_VERSION);
    return 0;
  }
  g_variant_dict_lookup (options, "account", "s", &self->account);
  g_variant_dict_lookup (options, "server", "s", &self->server);
  g_variant_dict_lookup (options, "ca-file", "^ay", &self->ca_file);
  self->is_offline = g_variant_dict_contains (options, "offline");
  return -1;
}

static void
csl_application_finalize (GObject *object)
{
  CslApplication *self = CSL_APPLICATION (object);

  g_clear_object (&self->desktop);
  g_clear_object (&self->settings);
  g_free (self->account);
  g_free (self->server);
  g_free (self->ca_file);
  G_OBJECT_CLASS (csl_application_parent_class)->finalize (object);
}

static void
csl_application_class_init (CslApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = csl_application_finalize;
  application_class->startup = csl_application_startup;
  application_class->activate = csl_application_activate;
  application_class->handle_local_options = csl_application_handle_local_options;
}

static void
csl_application_init (CslApplication *self)
{
  /* Translated here: the main options have no catalogue of their own. */
  const GOptionEntry options[] = {
    { "version", 0, 0, G_OPTION_ARG_NONE, NULL, _ ("Show the version and leave"), NULL },
    { "account", 0, 0, G_OPTION_ARG_STRING, NULL,
      _ ("Open the account with this id or user name"), _ ("ACCOUNT") },
    { "server", 0, 0, G_OPTION_ARG_STRING, NULL,
      _ ("Fill in this server address when signing in"), _ ("ADDRESS") },
    { "ca-file", 0, 0, G_OPTION_ARG_FILENAME, NULL,
      _ ("Trust this certificate authority when signing in"), _ ("FILE") },
    { "offline", 0, 0, G_OPTION_ARG_NONE, NULL, _ ("Start without using the network"),
      NULL },
    { NULL },
  };

  g_application_add_main_option_entries (G_APPLICATION (self), options);
  g_application_set_option_context_summary (G_APPLICATION (self),
                                            _ ("Casework notes that work offline"));
}

CslApplication *
csl_application_new (void)
{
  return g_object_new (CSL_TYPE_APPLICATION, "application-id", CSL_APPLICATION_ID,
                       "resource-base-path", "/org/caseload/Caseload", NULL);
}

void
csl_ui_register_resources (void)
{
  g_resources_register (csl_ui_templates_get_resource ());
  g_resources_register (csl_ui_styles_get_resource ());
  g_resources_register (csl_ui_icons_get_resource ());
}
