/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-window-actions.c: the commands of the window; each forwards to the shell. */
#define G_LOG_DOMAIN "csl-window-actions"

#include "config.h"

#include "client/ui/shell/csl-window-actions.h"

#include "client/ui/account/csl-leaving.h"
#include "client/ui/account/csl-pin-page.h"
#include "client/ui/case/csl-case-facts.h"
#include "client/ui/devices/csl-devices-window.h"
#include "client/ui/shell/csl-command.h"
#include "client/ui/shell/csl-navigation.h"
#include "client/ui/shell/csl-shell.h"
#include "client/ui/shell/csl-shortcuts-window.h"

static CslShell *
get_shell (GtkWidget *widget)
{
  return (CslShell *) csl_window_get_shell (CSL_WINDOW (widget));
}

/* The client and case of the record in front, for a new note. */
static void
note_on_item (CslShell *shell, CslRecordItem *item)
{
  const CslRecordType *type = csl_record_item_get_record_type (item);
  CslPageRequest request = { .type = "note", .client = csl_item_get_client_id (item) };

  if (g_str_equal (type->name, "case"))
    request.case_id = csl_record_item_get_id (item);
  else if (type->case_field >= 0)
    request.case_id =
      csl_record_item_get_text (item, type->fields[type->case_field].name);
  csl_shell_write (shell, &request);
}

static void
new_note_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CslShell *shell = get_shell (widget);
  CslRecordItem *item = csl_shell_get_item (shell);

  if (item == NULL || csl_item_get_client_id (item) == NULL)
    item = csl_shell_get_client (shell);
  if (item != NULL)
    note_on_item (shell, item);
  else
    csl_shell_search (shell, CSL_SEARCH_NEW_NOTE);
}

static void
new_client_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  csl_shell_write (get_shell (widget), &(CslPageRequest){ .type = "client" });
}

static void
choose_client_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  csl_shell_search (get_shell (widget), CSL_SEARCH_CHOOSE_CLIENT);
}

static void
leave_client_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  csl_shell_leave_client (get_shell (widget));
}

static void
search_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  csl_shell_search (get_shell (widget), CSL_SEARCH_OPEN);
}

static void
find_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  csl_shell_find (get_shell (widget));
}

static void
back_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  csl_shell_go_back (get_shell (widget));
}

static void
toggle_sidebar_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  csl_shell_toggle_sidebar (get_shell (widget));
}

static void
show_section_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  csl_shell_show_section (get_shell (widget), g_variant_get_string (parameter, NULL));
}

static void
open_record_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CslPageRequest request = { 0 };

  g_variant_get (parameter, "(&s&s)", &request.type, &request.id);
  csl_shell_open (get_shell (widget), &request);
}

static void
sync_now_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  csl_session_sync_now (csl_shell_get_session (get_shell (widget)));
}

static void
lock_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  csl_window_lock (CSL_WINDOW (widget));
}

static void
change_pin_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_window_present (
    csl_pin_window_new (GTK_WINDOW (widget), csl_shell_get_session (get_shell (widget))));
}

static void
switch_asked_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (CslWindow) self = data;

  if (csl_leaving_ask_finish (result) && csl_window_get_shell (self) != NULL)
    csl_window_set_session (self, NULL);
}

static void
switch_account_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  csl_leaving_ask_async (GTK_WINDOW (widget), csl_shell_get_session (get_shell (widget)),
                         CSL_LEAVING_SWITCH, switch_asked_cb, g_object_ref (widget));
}

static void
removed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (CslWindow) self = data;
  g_autoptr (GError) error = NULL;

  if (!csl_account_remove_finish (CSL_ACCOUNT (source), result, &error))
    g_warning ("An account is not wholly removed: %s", error->message);
  csl_window_choose_account (self);
}

static void
signed_out_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (CslWindow) self = data;
  g_autoptr (CslAccount) account = csl_account_find_session (NULL, CSL_SESSION (source));

  csl_session_sign_out_finish (CSL_SESSION (source), result);
  csl_window_set_session (self, NULL);
  if (account != NULL)
    csl_account_remove_async (account, removed_cb, g_object_ref (self));
}

static void
sign_out_asked_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (CslWindow) self = data;
  GtkWidget *shell = csl_window_get_shell (self);

  if (csl_leaving_ask_finish (result) && shell != NULL)
    csl_session_sign_out_async (csl_shell_get_session (CSL_SHELL (shell)), signed_out_cb,
                                g_object_ref (self));
}

static void
sign_out_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  csl_leaving_ask_async (GTK_WINDOW (widget), csl_shell_get_session (get_shell (widget)),
                         CSL_LEAVING_SIGN_OUT, sign_out_asked_cb, g_object_ref (widget));
}

static void
show_computers_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_window_present (
    csl_devices_window_new (GTK_WINDOW (widget),
                            csl_shell_get_session (get_shell (widget))));
}

static void
close_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_window_close (GTK_WINDOW (widget));
}

static void
undo_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (widget));

  /* Who is writing takes back what was written. */
  if (focus != NULL && (GTK_IS_TEXT (focus) || GTK_IS_TEXT_VIEW (focus)))
    gtk_widget_activate_action (focus, "text.undo", NULL);
  else
    csl_navigation_undo (GTK_WIDGET (get_shell (widget)));
}

static void
show_menu_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  csl_shell_show_menu (get_shell (widget));
}

static void
show_shortcuts_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_window_present (csl_shortcuts_window_new (GTK_WINDOW (widget)));
}

static const struct
{
  const char *name;
  const char *parameter_type;
  GtkWidgetActionActivateFunc activate;
  gboolean signed_in; /* only then */
} actions[] = {
  { "win.close", NULL, close_action },
  { "win.show-help-overlay", NULL, show_shortcuts_action },
  { "win.new-note", NULL, new_note_action, TRUE },
  { "win.new-client", NULL, new_client_action, TRUE },
  { "win.choose-client", NULL, choose_client_action, TRUE },
  { "win.leave-client", NULL, leave_client_action, TRUE },
  { "win.search", NULL, search_action, TRUE },
  { "win.find", NULL, find_action, TRUE },
  { "win.back", NULL, back_action, TRUE },
  { "win.undo", NULL, undo_action, TRUE },
  { "win.toggle-sidebar", NULL, toggle_sidebar_action, TRUE },
  { "win.show-menu", NULL, show_menu_action, TRUE },
  { "win.show-section", "s", show_section_action, TRUE },
  { "win.open-record", "(ss)", open_record_action, TRUE },
  { "win.sync-now", NULL, sync_now_action, TRUE },
  { "win.lock", NULL, lock_action, TRUE },
  { "win.change-pin", NULL, change_pin_action, TRUE },
  { "win.switch-account", NULL, switch_account_action, TRUE },
  { "win.show-computers", NULL, show_computers_action, TRUE },
  { "win.sign-out", NULL, sign_out_action, TRUE },
};

void
csl_window_actions_install (GtkWidgetClass *klass)
{
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (klass, actions[i].name, actions[i].parameter_type,
                                     actions[i].activate);
  gtk_widget_class_install_property_action (klass, "win.work-offline", "work-offline");
}

/* What the worker's role does not allow is not offered. */
static gboolean
is_allowed (CslWindow *window, const char *action)
{
  const CslCommand *command = csl_command_lookup (action);

  return csl_window_get_shell (window) != NULL &&
         (command == NULL ||
          csl_command_is_allowed (command, csl_shell_get_session (
                                             get_shell (GTK_WIDGET (window)))));
}

void
csl_window_actions_update (CslWindow *window)
{
  const gboolean is_signed_in = csl_window_get_shell (window) != NULL;

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    if (actions[i].signed_in)
      gtk_widget_action_set_enabled (GTK_WIDGET (window), actions[i].name,
                                     is_allowed (window, actions[i].name));
  gtk_widget_action_set_enabled (GTK_WIDGET (window), "win.work-offline", is_signed_in);
  gtk_widget_action_set_enabled (GTK_WIDGET (window), "win.leave-client",
                                 is_signed_in && csl_shell_get_client (get_shell (
                                                   GTK_WIDGET (window))) != NULL);
}
