/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-command.c: the table of commands and what is made of it. A key that is not in this table is nobody's: the tests
 * compare it with the program's keys and with the shortcuts window, and press every one. Alt with a letter belongs to the
 * underlined letters of labels and Super to the desktop. */
#define G_LOG_DOMAIN "csl-command"

#include "config.h"

#include "client/ui/shell/csl-command.h"

#include <glib/gi18n.h>

/* clang-format off */
static const CslCommand commands[] = {
  { "win.search", N_("Search everything"), N_("find command open"), "system-search-symbolic", { "<Control>k" } },
  { "win.find", N_("Search this page"), N_("filter list"), "edit-find-symbolic", { "<Control>f" } },
  { "win.choose-client", N_("Choose a client to work with"), N_("switch person"), "system-users-symbolic", { "<Control>j" }, .area = "clients", .right = CSL_ACTION_READ },
  { "win.leave-client", N_("Stop working with one client"), N_("all clients everybody"), "edit-clear-symbolic", .area = "clients", .right = CSL_ACTION_READ },
  { "win.sync-now", N_("Sync now"), N_("send receive update refresh"), "emblem-synchronizing-symbolic", { "<Control>r", "F5" } },
  { "win.work-offline", N_("Work offline, or go online again"), N_("network connection"), "network-offline-symbolic" },
  { "app.preferences", N_("Preferences"), N_("settings options dark text size"), "preferences-system-symbolic", { "<Control>comma" } },
  { "win.show-help-overlay", N_("Keyboard shortcuts"), N_("keys"), "input-keyboard-symbolic", { "<Control>question" } },
  { "app.help", N_("Help"), N_("how manual question"), "help-browser-symbolic", { "F1" } },
  { "app.about", N_("About Caseload"), N_("version licence"), "help-about-symbolic" },
  { "win.show-computers", N_("Computers you use"), N_("devices lost laptop remove"), "computer-symbolic" },
  { "win.lock", N_("Lock"), N_("leave away screen PIN"), "system-lock-screen-symbolic", { "<Control>l" } },
  { "win.change-pin", N_("Change the PIN"), N_("passphrase lock"), "dialog-password-symbolic" },
  { "win.switch-account", N_("Switch worker"), N_("account user"), "system-switch-user-symbolic" },
  { "win.sign-out", N_("Sign out"), N_("leave remove account fresh copy start again"), "system-log-out-symbolic" },

  { "win.new-note", N_("New note"), N_("write visit call letter"), "document-edit-symbolic", { "<Control>n" }, CSL_COMMAND_GROUP_WRITING, .area = "notes", .right = CSL_ACTION_CREATE },
  { "win.new-client", N_("New client"), N_("register person intake"), "contact-new-symbolic", { "<Control><Shift>n" }, CSL_COMMAND_GROUP_WRITING, .area = "clients", .right = CSL_ACTION_CREATE },
  { "win.undo", N_("Undo"), N_("take back"), "edit-undo-symbolic", { "<Control>z" }, CSL_COMMAND_GROUP_WRITING },
  { "record.save", N_("Save the form"), NULL, NULL, { "<Control>s", "<Control>Return" }, CSL_COMMAND_GROUP_WRITING, CSL_COMMAND_SCOPE_PAGE },
  { "note.finish", N_("Finish the note"), NULL, NULL, { "<Control>Return" }, CSL_COMMAND_GROUP_WRITING, CSL_COMMAND_SCOPE_PAGE },
  { "visit.check-out", N_("Check out of the visit"), NULL, NULL, { "<Control>Return" }, CSL_COMMAND_GROUP_WRITING, CSL_COMMAND_SCOPE_PAGE },
  { "intake.save", N_("Save the new client"), NULL, NULL, { "<Control>s" }, CSL_COMMAND_GROUP_WRITING, CSL_COMMAND_SCOPE_PAGE },
  { "stranded.accept", N_("Take over what somebody wrote"), NULL, NULL, { "<Control>Return" }, CSL_COMMAND_GROUP_WRITING, CSL_COMMAND_SCOPE_PAGE },
  { "difference.apply", N_("Apply what you decided"), NULL, NULL, { "<Control>Return" }, CSL_COMMAND_GROUP_WRITING, CSL_COMMAND_SCOPE_PAGE },

  { "win.show-section::today", N_("Today"), N_("go start home"), "daytime-sunrise-symbolic", { "<Control>1" }, CSL_COMMAND_GROUP_PLACES },
  { "win.show-section::cases", N_("My cases"), N_("go caseload"), "folder-symbolic", { "<Control>2" }, CSL_COMMAND_GROUP_PLACES, .area = "cases", .right = CSL_ACTION_READ },
  { "win.show-section::clients", N_("Clients"), N_("go people"), "system-users-symbolic", { "<Control>3" }, CSL_COMMAND_GROUP_PLACES, .area = "clients", .right = CSL_ACTION_READ },
  { "win.show-section::calendar", N_("Calendar"), N_("go appointments agenda"), "x-office-calendar-symbolic", { "<Control>4" }, CSL_COMMAND_GROUP_PLACES, .area = "appointments", .right = CSL_ACTION_READ },
  { "win.show-section::tasks", N_("Tasks"), N_("go to-do due"), "object-select-symbolic", { "<Control>5" }, CSL_COMMAND_GROUP_PLACES, .area = "tasks", .right = CSL_ACTION_READ },
  { "win.show-section::unsent", N_("Unsent"), N_("go waiting outbox refused"), "document-send-symbolic", { "<Control>6" }, CSL_COMMAND_GROUP_PLACES },
  { "win.show-section::differences", N_("Differences"), N_("go two versions decide"), "view-dual-symbolic", { "<Control>7" }, CSL_COMMAND_GROUP_PLACES, .area = "conflicts", .right = CSL_ACTION_READ },
  { "win.show-section::drafts", N_("Drafts"), N_("go unfinished"), "document-edit-symbolic", { "<Control>8" }, CSL_COMMAND_GROUP_PLACES },
  { "win.show-section::stranded", N_("Work to take over"), N_("go former access decide accept"), "mail-unread-symbolic", { NULL }, CSL_COMMAND_GROUP_PLACES, .area = "stranded", .right = CSL_ACTION_READ },
  { "win.show-section::more", N_("More records"), N_("go types goals consents"), "view-more-symbolic", { "<Control>9" }, CSL_COMMAND_GROUP_PLACES },

  { "win.back", N_("Back"), N_("return previous"), "go-previous-symbolic", { "<Alt>Left" }, CSL_COMMAND_GROUP_WINDOW },
  { "nav.back", N_("Leave this page"), NULL, NULL, { "Escape" }, CSL_COMMAND_GROUP_WINDOW, CSL_COMMAND_SCOPE_PAGE },
  { "win.toggle-sidebar", N_("Show or hide the places"), N_("sidebar"), "sidebar-show-symbolic", { "F9" }, CSL_COMMAND_GROUP_WINDOW },
  { "win.show-menu", N_("Main menu"), NULL, "open-menu-symbolic", { "F10" }, CSL_COMMAND_GROUP_WINDOW },
  { "win.close", N_("Close the window"), NULL, "window-close-symbolic", { "<Control>w" }, CSL_COMMAND_GROUP_WINDOW },
  { "app.quit", N_("Quit"), N_("end leave"), "application-exit-symbolic", { "<Control>q" }, CSL_COMMAND_GROUP_WINDOW },
};
/* clang-format on */

static const char *const group_titles[CSL_COMMAND_N_GROUPS] = {
  [CSL_COMMAND_GROUP_GENERAL] = N_ ("General"),
  [CSL_COMMAND_GROUP_WRITING] = N_ ("Writing"),
  [CSL_COMMAND_GROUP_PLACES] = N_ ("Places"),
  [CSL_COMMAND_GROUP_WINDOW] = N_ ("Getting About"),
};

const CslCommand *
csl_command_list (guint *ret_n_commands)
{
  *ret_n_commands = G_N_ELEMENTS (commands);
  return commands;
}

const CslCommand *
csl_command_lookup (const char *action)
{
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_strcmp0 (commands[i].action, action) == 0)
      return &commands[i];
  return NULL;
}

const char *
csl_command_group_get_title (CslCommandGroup group)
{
  g_return_val_if_fail (group < CSL_COMMAND_N_GROUPS, NULL);
  return _ (group_titles[group]);
}

const char *
csl_command_get_title (const CslCommand *self)
{
  return _ (self->title);
}

char *
csl_command_dup_key (const CslCommand *self)
{
  GdkModifierType modifiers;
  guint key;

  if (self->accels[0] == NULL ||
      !gtk_accelerator_parse (self->accels[0], &key, &modifiers))
    return NULL;
  return gtk_accelerator_get_label (key, modifiers);
}

bool
csl_command_is_allowed (const CslCommand *self, CslSession *session)
{
  return self->area == NULL || csl_session_may (session, self->area, self->right);
}

void
csl_command_set_accels (GtkApplication *application)
{
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++) {
    const char *const accels[] = { commands[i].accels[0], commands[i].accels[1], NULL };

    if (commands[i].scope == CSL_COMMAND_SCOPE_PROGRAM && accels[0] != NULL)
      gtk_application_set_accels_for_action (application, commands[i].action, accels);
  }
}

void
csl_command_bind (GtkWidgetClass *klass, const char *action)
{
  const CslCommand *command = csl_command_lookup (action);

  g_return_if_fail (command != NULL && command->scope == CSL_COMMAND_SCOPE_PAGE);
  for (guint i = 0; i < G_N_ELEMENTS (command->accels); i++) {
    GdkModifierType modifiers;
    guint key;

    if (command->accels[i] != NULL &&
        gtk_accelerator_parse (command->accels[i], &key, &modifiers))
      gtk_widget_class_add_binding_action (klass, key, modifiers, action, NULL);
  }
}

void
csl_command_bind_first (GtkWidget *widget, const char *action)
{
  const CslCommand *command = csl_command_lookup (action);
  GtkEventController *controller = gtk_shortcut_controller_new ();

  g_return_if_fail (command != NULL && command->scope == CSL_COMMAND_SCOPE_PAGE);
  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  for (guint i = 0; i < G_N_ELEMENTS (command->accels); i++)
    if (command->accels[i] != NULL)
      gtk_shortcut_controller_add_shortcut (
        GTK_SHORTCUT_CONTROLLER (controller),
        gtk_shortcut_new (gtk_shortcut_trigger_parse_string (command->accels[i]),
                          gtk_named_action_new (action)));
  gtk_widget_add_controller (widget, controller);
}
