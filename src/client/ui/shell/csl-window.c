/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-window.c: the window holds the account page until there is a session, then the shell. */
#define G_LOG_DOMAIN "csl-window"

#include "config.h"

#include "client/ui/shell/csl-window.h"

#include "client/ui/account/csl-account-page.h"
#include "client/ui/shell/csl-shell.h"
#include "client/ui/shell/csl-window-actions.h"

struct _CslWindow
{
  AdwApplicationWindow parent_instance;

  bool is_offline;       /* start each session without the network */
  GSignalGroup *signals; /* (owned): of the session */

  GtkStack *stack;              /* (unowned): template child */
  AdwBin *shell_bin;            /* (unowned): template child */
  CslAccountPage *account_page; /* (unowned): template child */
};

G_DEFINE_FINAL_TYPE (CslWindow, csl_window, ADW_TYPE_APPLICATION_WINDOW)

/* The size is kept per user of the computer. Without the installed schema (a program run from
 * its build folder) the window starts with the size of its template. */
static void
bind_size (CslWindow *self)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema =
    source != NULL ? g_settings_schema_source_lookup (source, CSL_APPLICATION_ID, TRUE)
                   : NULL;
  g_autoptr (GSettings) settings = NULL;

  if (schema == NULL)
    return;
  settings = g_settings_new_full (schema, NULL, NULL);
  g_settings_bind (settings, "window-width", self, "default-width",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "window-height", self, "default-height",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "window-maximized", self, "maximized",
                   G_SETTINGS_BIND_DEFAULT);
}

static void
session_opened_cb (CslWindow *self, CslSession *session)
{
  csl_window_set_session (self, session);
}

static void
signed_out_cb (CslWindow *self)
{
  csl_window_set_session (self, NULL);
}

/* Offline may be chosen in the sync popover, too: the menu follows. */
static void
status_changed_cb (CslWindow *self)
{
  csl_window_actions_update (self);
}

static gboolean
csl_window_close_request (GtkWindow *window)
{
  GtkWidget *shell = csl_window_get_shell (CSL_WINDOW (window));

  if (shell != NULL)
    csl_shell_leave (CSL_SHELL (shell));
  return GTK_WINDOW_CLASS (csl_window_parent_class)->close_request (window);
}

static void
csl_window_dispose (GObject *object)
{
  CslWindow *self = CSL_WINDOW (object);

  g_clear_object (&self->signals);
  G_OBJECT_CLASS (csl_window_parent_class)->dispose (object);
}

static void
csl_window_class_init (CslWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = csl_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = csl_window_close_request;

  g_type_ensure (CSL_TYPE_ACCOUNT_PAGE);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/caseload/Caseload/shell/csl-window.ui");
  gtk_widget_class_bind_template_child (widget_class, CslWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, CslWindow, shell_bin);
  gtk_widget_class_bind_template_child (widget_class, CslWindow, account_page);
  gtk_widget_class_bind_template_callback (widget_class, session_opened_cb);
}

static void
csl_window_init (CslWindow *self)
{
  self->signals = g_signal_group_new (CSL_TYPE_SESSION);
  g_signal_group_connect_swapped (self->signals, "signed-out", G_CALLBACK (signed_out_cb),
                                  self);
  gtk_widget_init_template (GTK_WIDGET (self));
  csl_window_actions_install (self);
  bind_size (self);
}

GtkWindow *
csl_window_new (GtkApplication *application, gboolean offline)
{
  CslWindow *self = g_object_new (CSL_TYPE_WINDOW, "application", application, NULL);

  self->is_offline = offline;
  return GTK_WINDOW (self);
}

void
csl_window_start (CslWindow *self, const CslWindowStart *start)
{
  g_return_if_fail (CSL_IS_WINDOW (self));
  csl_account_page_start (self->account_page, start->account, start->server,
                          start->ca_file);
}

void
csl_window_set_session (CslWindow *self, CslSession *session)
{
  GtkWidget *shell;

  g_return_if_fail (CSL_IS_WINDOW (self));
  shell = csl_window_get_shell (self);
  if (shell != NULL)
    csl_shell_leave (CSL_SHELL (shell));
  if (session != NULL && self->is_offline)
    csl_session_set_offline (session, true);

  g_signal_group_set_target (self->signals, session);
  adw_bin_set_child (self->shell_bin, session != NULL ? csl_shell_new (session) : NULL);
  gtk_stack_set_visible_child_name (self->stack, session != NULL ? "shell" : "account");
  csl_window_actions_update (self);
  if (session != NULL)
    g_signal_connect_object (csl_session_get_sync_info (session), "notify::status",
                             G_CALLBACK (status_changed_cb), self, G_CONNECT_SWAPPED);
  if (session == NULL)
    csl_account_page_choose (self->account_page);
}

/* The shell, or NULL while nobody is signed in. */
GtkWidget *
csl_window_get_shell (CslWindow *self)
{
  g_return_val_if_fail (CSL_IS_WINDOW (self), NULL);
  return self->shell_bin != NULL ? adw_bin_get_child (self->shell_bin) : NULL;
}
