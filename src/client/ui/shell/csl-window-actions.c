/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-window-actions.c: the commands of the window; each forwards to the shell. */
#define G_LOG_DOMAIN "csl-window-actions"

#include "config.h"

#include "client/ui/shell/csl-window-actions.h"

#include "client/ui/shell/csl-navigation.h"
#include "client/ui/shell/csl-shell.h"

static CslShell *
get_shell (gpointer user_data)
{
  return (CslShell *) csl_window_get_shell (CSL_WINDOW (user_data));
}

/* The client and case of the record in front, for a new note. */
static void
note_on_item (CslShell *shell, CslRecordItem *item)
{
  const CslRecordType *type = csl_record_item_get_record_type (item);
  CslPageRequest request = { .type = "note" };

  if (g_str_equal (type->name, "client"))
    request.client = csl_record_item_get_id (item);
  else if (type->client_field >= 0)
    request.client =
      csl_record_item_get_text (item, type->fields[type->client_field].name);
  if (g_str_equal (type->name, "case"))
    request.case_id = csl_record_item_get_id (item);
  else if (type->case_field >= 0)
    request.case_id =
      csl_record_item_get_text (item, type->fields[type->case_field].name);
  csl_shell_write (shell, &request);
}

static void
new_note_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  CslShell *shell = get_shell (user_data);
  CslRecordItem *item = csl_shell_get_item (shell);

  if (item != NULL)
    note_on_item (shell, item);
  else
    csl_shell_search (shell, CSL_SEARCH_NEW_NOTE);
}

static void
new_client_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  csl_shell_write (get_shell (user_data), &(CslPageRequest){ .type = "client" });
}

static void
choose_client_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  csl_shell_search (get_shell (user_data), CSL_SEARCH_OPEN_CLIENT);
}

static void
search_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  csl_shell_search (get_shell (user_data), CSL_SEARCH_OPEN);
}

static void
find_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  csl_shell_find (get_shell (user_data));
}

static void
back_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  csl_shell_go_back (get_shell (user_data));
}

static void
toggle_sidebar_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  csl_shell_toggle_sidebar (get_shell (user_data));
}

static void
show_section_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  csl_shell_show_section (get_shell (user_data), g_variant_get_string (parameter, NULL));
}

static void
open_record_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  CslPageRequest request = { 0 };

  g_variant_get (parameter, "(&s&s)", &request.type, &request.id);
  csl_shell_open (get_shell (user_data), &request);
}

static void
sync_now_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  csl_session_sync_now (csl_shell_get_session (get_shell (user_data)));
}

static void
change_offline_action (GSimpleAction *action, GVariant *state, gpointer user_data)
{
  csl_session_set_offline (csl_shell_get_session (get_shell (user_data)),
                           g_variant_get_boolean (state));
  g_simple_action_set_state (action, state);
}

static void
switch_account_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  csl_window_set_session (CSL_WINDOW (user_data), NULL);
}

static void
close_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  gtk_window_close (GTK_WINDOW (user_data));
}

static const GActionEntry always[] = {
  { "close", close_action },
};

static const GActionEntry signed_in[] = {
  { "new-note", new_note_action },
  { "new-client", new_client_action },
  { "choose-client", choose_client_action },
  { "search", search_action },
  { "find", find_action },
  { "back", back_action },
  { "toggle-sidebar", toggle_sidebar_action },
  { "show-section", show_section_action, "s" },
  { "open-record", open_record_action, "(ss)" },
  { "sync-now", sync_now_action },
  { "work-offline", NULL, NULL, "false", change_offline_action },
  { "switch-account", switch_account_action },
};

void
csl_window_actions_install (CslWindow *window)
{
  g_action_map_add_action_entries (G_ACTION_MAP (window), always, G_N_ELEMENTS (always),
                                   window);
  g_action_map_add_action_entries (G_ACTION_MAP (window), signed_in,
                                   G_N_ELEMENTS (signed_in), window);
  csl_window_actions_update (window);
}

void
csl_window_actions_update (CslWindow *window)
{
  CslShell *shell = get_shell (window);
  GAction *offline = g_action_map_lookup_action (G_ACTION_MAP (window), "work-offline");

  for (guint i = 0; i < G_N_ELEMENTS (signed_in); i++)
    g_simple_action_set_enabled (G_SIMPLE_ACTION (
                                   g_action_map_lookup_action (G_ACTION_MAP (window),
                                                               signed_in[i].name)),
                                 shell != NULL);
  if (shell != NULL)
    g_simple_action_set_state (G_SIMPLE_ACTION (offline),
                               g_variant_new_boolean (csl_session_get_offline (
                                 csl_shell_get_session (shell))));
}
