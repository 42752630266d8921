/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-shortcuts-window.c: writes the description of a GtkShortcutsWindow and builds it; until GTK 4.14 its groups take
 * their lines only from a description. */
#define G_LOG_DOMAIN "csl-shortcuts-window"

#include "config.h"

#include "client/ui/shell/csl-shortcuts-window.h"

#include "client/ui/shell/csl-command.h"

/* Lines of a column, of which a page has two. Everything fits on one page: GTK 4.8 mixes the groups of several up each
 * time it lays them out. */
#define COLUMN_LINES "20"

static void
append_command (GString *xml, const CslCommand *command)
{
  const char *second = command->accels[1];
  g_autofree char *keys = g_strjoin (" ", command->accels[0], second, NULL);
  g_autofree char *line =
    g_markup_printf_escaped ("<child><object class='GtkShortcutsShortcut'>"
                             "<property name='title'>%s</property>"
                             "<property name='accelerator'>%s</property>"
                             "</object></child>",
                             csl_command_get_title (command), keys);

  g_string_append (xml, line);
}

static void
append_group (GString *xml, CslCommandGroup group)
{
  guint n_commands;
  const CslCommand *commands = csl_command_list (&n_commands);
  g_autofree char *title = g_markup_escape_text (csl_command_group_get_title (group), -1);

  g_string_append_printf (xml,
                          "<child><object class='GtkShortcutsGroup'>"
                          "<property name='title'>%s</property>",
                          title);
  for (guint i = 0; i < n_commands; i++)
    if (commands[i].group == group && commands[i].accels[0] != NULL)
      append_command (xml, &commands[i]);
  g_string_append (xml, "</object></child>");
}

GtkWindow *
csl_shortcuts_window_new (GtkWindow *parent)
{
  g_autoptr (GString) xml =
    g_string_new ("<interface><object class='GtkShortcutsWindow' id='window'>"
                  "<property name='modal'>1</property>"
                  "<child><object class='GtkShortcutsSection'>"
                  "<property name='section-name'>shortcuts</property>"
                  "<property name='max-height'>" COLUMN_LINES "</property>");
  g_autoptr (GtkBuilder) builder = NULL;
  GtkWindow *window;

  for (guint i = 0; i < CSL_COMMAND_N_GROUPS; i++)
    append_group (xml, i);
  g_string_append (xml, "</object></child></object></interface>");
  builder = gtk_builder_new_from_string (xml->str, (gssize) xml->len);
  window = GTK_WINDOW (gtk_builder_get_object (builder, "window"));
  gtk_window_set_transient_for (window, parent);
  return window;
}
