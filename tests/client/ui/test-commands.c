/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-commands.c: the table of commands, and that the keys, the shortcuts window and the bus say the same. */
#include "client/ui/shell/csl-application.h"
#include "client/ui/shell/csl-command.h"
#include "client/ui/shell/csl-shortcuts-window.h"
#include "client/ui/shell/csl-window.h"

#include <string.h>

/* Calls @visit for every key of the table. */
typedef void (*KeyVisitor) (const CslCommand *command,
                            guint key,
                            GdkModifierType modifiers);

static void
for_each_key (KeyVisitor visit)
{
  guint n_commands;
  const CslCommand *commands = csl_command_list (&n_commands);

  for (guint i = 0; i < n_commands; i++)
    for (guint j = 0; j < G_N_ELEMENTS (commands[i].accels); j++) {
      GdkModifierType modifiers;
      guint key;

      if (commands[i].accels[j] == NULL)
        continue;
      g_test_message ("%s: %s", commands[i].action, commands[i].accels[j]);
      g_assert_true (gtk_accelerator_parse (commands[i].accels[j], &key, &modifiers));
      visit (&commands[i], key, modifiers);
    }
}

/* Alt with a letter is for underlined letters, Super for the desktop. */
static void
assert_polite (const CslCommand *command, guint key, GdkModifierType modifiers)
{
  g_assert_cmpuint (modifiers & (GDK_SUPER_MASK | GDK_META_MASK | GDK_HYPER_MASK), ==, 0);
  if ((modifiers & GDK_ALT_MASK) != 0)
    g_assert_false (g_unichar_isalnum (gdk_keyval_to_unicode (key)));
  /* Without a modifier a key would be missing while typing. */
  if (modifiers == 0)
    g_assert_cmpuint (gdk_keyval_to_unicode (key) >= ' ' &&
                        gdk_keyval_to_unicode (key) != 0x7f,
                      ==, FALSE);
}

static void
test_keys_are_polite (void)
{
  for_each_key (assert_polite);
}

/* One key, one command; only pages, of which one is in front, may share. */
static void
assert_unique (const CslCommand *command, guint key, GdkModifierType modifiers)
{
  guint n_commands;
  const CslCommand *commands = csl_command_list (&n_commands);

  for (guint i = 0; i < n_commands; i++)
    for (guint j = 0; j < G_N_ELEMENTS (commands[i].accels); j++) {
      GdkModifierType other_modifiers;
      guint other;

      if (&commands[i] == command || commands[i].accels[j] == NULL ||
          (commands[i].scope == CSL_COMMAND_SCOPE_PAGE &&
           command->scope == CSL_COMMAND_SCOPE_PAGE))
        continue;
      gtk_accelerator_parse (commands[i].accels[j], &other, &other_modifiers);
      g_assert_false (other == key && other_modifiers == modifiers);
    }
}

static void
test_keys_are_unique (void)
{
  for_each_key (assert_unique);
}

static void
test_actions_are_unique (void)
{
  guint n_commands;
  const CslCommand *commands = csl_command_list (&n_commands);

  for (guint i = 0; i < n_commands; i++) {
    g_autofree char *name = NULL;
    g_autoptr (GVariant) target = NULL;
    g_autoptr (GError) error = NULL;

    g_assert_true (csl_command_lookup (commands[i].action) == &commands[i]);
    g_assert_true (
      g_action_parse_detailed_name (commands[i].action, &name, &target, &error));
    g_assert_no_error (error);
  }
}

/* -- The shortcuts window ---------------------------------------------------------------- */

static void
collect (GtkWidget *widget, GType type, GPtrArray *found)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type))
    g_ptr_array_add (found, widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    collect (child, type, found);
}

static bool
lists (GPtrArray *lines, const CslCommand *command)
{
  for (guint i = 0; i < lines->len; i++) {
    g_autofree char *title = NULL, *keys = NULL;
    g_autofree char *wanted =
      g_strjoin (" ", command->accels[0], command->accels[1], NULL);

    g_object_get (g_ptr_array_index (lines, i), "title", &title, "accelerator", &keys,
                  NULL);
    if (g_str_equal (title, csl_command_get_title (command)) &&
        g_str_equal (keys, wanted))
      return true;
  }
  return false;
}

/* On a second page the groups would be mixed up. */
static void
assert_one_page (GtkWidget *window)
{
  g_autoptr (GPtrArray) sections = g_ptr_array_new ();
  g_autoptr (GPtrArray) stacks = g_ptr_array_new ();
  g_autoptr (GtkSelectionModel) pages = NULL;

  collect (window, GTK_TYPE_SHORTCUTS_SECTION, sections);
  g_assert_cmpuint (sections->len, ==, 1);
  collect (g_ptr_array_index (sections, 0), GTK_TYPE_STACK, stacks);
  g_assert_cmpuint (stacks->len, ==, 1);
  pages = gtk_stack_get_pages (g_ptr_array_index (stacks, 0));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (pages)), ==, 1);
}

static void
test_shortcuts_window_lists_every_key (void)
{
  GtkWindow *window = csl_shortcuts_window_new (NULL);
  g_autoptr (GPtrArray) groups = g_ptr_array_new ();
  g_autoptr (GPtrArray) lines = g_ptr_array_new ();
  guint n_commands, n_with_keys = 0;
  const CslCommand *commands = csl_command_list (&n_commands);

  /* The window's own search has a copy of each line outside the groups. */
  collect (GTK_WIDGET (window), GTK_TYPE_SHORTCUTS_GROUP, groups);
  g_assert_cmpuint (groups->len, ==, CSL_COMMAND_N_GROUPS);
  for (guint i = 0; i < groups->len; i++) {
    g_autofree char *title = NULL;

    g_object_get (g_ptr_array_index (groups, i), "title", &title, NULL);
    g_assert_cmpstr (title, ==, csl_command_group_get_title (i));
    collect (g_ptr_array_index (groups, i), GTK_TYPE_SHORTCUTS_SHORTCUT, lines);
  }
  assert_one_page (GTK_WIDGET (window));
  for (guint i = 0; i < n_commands; i++) {
    if (commands[i].accels[0] == NULL)
      continue;
    n_with_keys++;
    g_test_message ("%s", commands[i].action);
    g_assert_true (lists (lines, &commands[i]));
  }
  g_assert_cmpuint (lines->len, ==, n_with_keys);
  gtk_window_destroy (window);
}

/* -- The program ------------------------------------------------------------------------- */

static GtkApplication *
start_application (void)
{
  GtkApplication *application = GTK_APPLICATION (csl_application_new ());
  g_autoptr (GError) error = NULL;

  g_application_set_flags (G_APPLICATION (application), G_APPLICATION_NON_UNIQUE);
  g_application_register (G_APPLICATION (application), NULL, &error);
  g_assert_no_error (error);
  return application;
}

static bool
has_accels (GtkApplication *application, const CslCommand *command)
{
  g_auto (GStrv) accels =
    gtk_application_get_accels_for_action (application, command->action);
  const char *const wanted[] = { command->accels[0], command->accels[1], NULL };

  if (command->scope == CSL_COMMAND_SCOPE_PAGE)
    return accels[0] == NULL;
  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++) {
    guint key, wanted_key;
    GdkModifierType modifiers, wanted_modifiers;

    if (wanted[i] == NULL)
      return g_strv_length (accels) == i;
    gtk_accelerator_parse (wanted[i], &wanted_key, &wanted_modifiers);
    if (accels[i] == NULL || !gtk_accelerator_parse (accels[i], &key, &modifiers) ||
        key != wanted_key || modifiers != wanted_modifiers)
      return false;
  }
  return true;
}

static void
assert_keys_of_program (GtkApplication *application)
{
  g_auto (GStrv) described = gtk_application_list_action_descriptions (application);
  guint n_commands;
  const CslCommand *commands = csl_command_list (&n_commands);

  for (guint i = 0; i < n_commands; i++) {
    g_test_message ("%s", commands[i].action);
    g_assert_true (has_accels (application, &commands[i]));
  }
  /* No key was given to an action behind the table's back. */
  for (guint i = 0; described[i] != NULL; i++)
    g_assert_nonnull (csl_command_lookup (described[i]));
}

/* What the session bus would be shown: see docs/architecture.md. */
static void
assert_exported (GtkApplication *application, GtkWindow *window)
{
  const char *const allowed[] = { "about",       "help", "new-note",
                                  "preferences", "quit", "today" };
  g_auto (GStrv) names = g_action_group_list_actions (G_ACTION_GROUP (application));
  g_auto (GStrv) of_window = g_action_group_list_actions (G_ACTION_GROUP (window));

  g_assert_cmpuint (g_strv_length (names), ==, G_N_ELEMENTS (allowed));
  for (guint i = 0; i < G_N_ELEMENTS (allowed); i++) {
    g_assert_true (g_strv_contains ((const char *const *) names, allowed[i]));
    g_assert_null (g_action_group_get_action_parameter_type (G_ACTION_GROUP (application),
                                                             allowed[i]));
  }
  g_assert_cmpuint (g_strv_length (of_window), ==, 0);
}

static void
test_program (void)
{
  GtkApplication *application = start_application ();
  GtkWindow *window = csl_window_new (application, TRUE);

  assert_keys_of_program (application);
  assert_exported (application, window);
  gtk_window_destroy (window);
  g_object_unref (application);
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  csl_ui_register_resources ();

  g_test_add_func ("/ui/command/keys-are-polite", test_keys_are_polite);
  g_test_add_func ("/ui/command/keys-are-unique", test_keys_are_unique);
  g_test_add_func ("/ui/command/actions-are-unique", test_actions_are_unique);
  g_test_add_func ("/ui/command/shortcuts-window", test_shortcuts_window_lists_every_key);
  g_test_add_func ("/ui/command/program", test_program);
  return g_test_run ();
}
