/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-widgets.c: every template builds. GTK's own tool cannot check templates that use other
 * libraries' types, so each widget is made once, with criticals being fatal. */
#include "client/ui/account/csl-account-page.h"
#include "client/ui/account/csl-sign-in-page.h"
#include "client/ui/case/csl-case-page.h"
#include "client/ui/case/csl-case-row.h"
#include "client/ui/case/csl-status-button.h"
#include "client/ui/client/csl-client-page.h"
#include "client/ui/client/csl-flag-list.h"
#include "client/ui/devices/csl-devices-window.h"
#include "client/ui/difference/csl-difference-page.h"
#include "client/ui/draft/csl-drafts-page.h"
#include "client/ui/fields/csl-reference-chooser.h"
#include "client/ui/fields/csl-signature-pad.h"
#include "client/ui/help/csl-help-window.h"
#include "client/ui/intake/csl-intake-page.h"
#include "client/ui/list/csl-groups-view.h"
#include "client/ui/list/csl-list-page.h"
#include "client/ui/list/csl-record-row.h"
#include "client/ui/list/csl-row-group.h"
#include "client/ui/list/csl-types-page.h"
#include "client/ui/note/csl-note-page.h"
#include "client/ui/preferences/csl-preferences-window.h"
#include "client/ui/record/csl-edit-page.h"
#include "client/ui/record/csl-fact-row.h"
#include "client/ui/record/csl-history-dialog.h"
#include "client/ui/record/csl-record-facts.h"
#include "client/ui/record/csl-record-page.h"
#include "client/ui/search/csl-search-row.h"
#include "client/ui/shell/csl-application.h"
#include "client/ui/shell/csl-client-bar.h"
#include "client/ui/shell/csl-natural-bin.h"
#include "client/ui/shell/csl-notice.h"
#include "client/ui/shell/csl-page-stack.h"
#include "client/ui/shell/csl-pill.h"
#include "client/ui/shell/csl-search-page.h"
#include "client/ui/shell/csl-shell.h"
#include "client/ui/shell/csl-sidebar-row.h"
#include "client/ui/shell/csl-sidebar.h"
#include "client/ui/shell/csl-split-page.h"
#include "client/ui/shell/csl-sync-button.h"
#include "client/ui/shell/csl-window.h"
#include "client/ui/stranded/csl-stranded-page.h"
#include "client/ui/sync/csl-outbox-row.h"
#include "client/ui/sync/csl-sync-panel.h"
#include "client/ui/sync/csl-unsent-page.h"
#include "client/ui/task/csl-task-row.h"
#include "client/ui/timeline/csl-timeline-row.h"
#include "client/ui/timeline/csl-timeline.h"
#include "client/ui/today/csl-agenda-page.h"
#include "client/ui/today/csl-appointment-row.h"
#include "client/ui/today/csl-attention-row.h"
#include "client/ui/today/csl-take-along.h"
#include "client/ui/today/csl-today-page.h"
#include "client/ui/visit/csl-visit-page.h"

typedef GType (*TypeFunc) (void);

/* One line per widget; the test below finds a template that is missing here. */
static const TypeFunc types[] = {
  csl_account_page_get_type,
  csl_agenda_page_get_type,
  csl_appointment_row_get_type,
  csl_attention_row_get_type,
  csl_case_page_get_type,
  csl_case_row_get_type,
  csl_client_page_get_type,
  csl_devices_window_get_type,
  csl_difference_page_get_type,
  csl_stranded_page_get_type,
  csl_drafts_page_get_type,
  csl_edit_page_get_type,
  csl_fact_row_get_type,
  csl_flag_list_get_type,
  csl_groups_view_get_type,
  csl_history_dialog_get_type,
  csl_intake_page_get_type,
  csl_list_page_get_type,
  csl_natural_bin_get_type,
  csl_note_page_get_type,
  csl_notice_get_type,
  csl_outbox_row_get_type,
  csl_page_stack_get_type,
  csl_pill_get_type,
  csl_record_facts_get_type,
  csl_record_page_get_type,
  csl_record_row_get_type,
  csl_reference_chooser_get_type,
  csl_row_group_get_type,
  csl_search_page_get_type,
  csl_search_row_get_type,
  csl_client_bar_get_type,
  csl_help_window_get_type,
  csl_take_along_get_type,
  csl_preferences_window_get_type,
  csl_shell_get_type,
  csl_sidebar_get_type,
  csl_sidebar_row_get_type,
  csl_sign_in_page_get_type,
  csl_signature_pad_get_type,
  csl_split_page_get_type,
  csl_status_button_get_type,
  csl_sync_button_get_type,
  csl_sync_panel_get_type,
  csl_task_row_get_type,
  csl_timeline_get_type,
  csl_timeline_row_get_type,
  csl_today_page_get_type,
  csl_types_page_get_type,
  csl_unsent_page_get_type,
  csl_visit_page_get_type,
  csl_window_get_type,
};

static void
test_instantiate (gconstpointer data)
{
  const GType type = GPOINTER_TO_SIZE (data);
  GObject *widget = g_object_new (type, NULL);

  if (GTK_IS_WINDOW (widget)) {
    gtk_window_destroy (GTK_WINDOW (widget));
    return;
  }
  g_object_ref_sink (widget);
  g_assert_finalize_object (widget);
}

/* "csl-case-page.ui" → "CslCasePage" */
static char *
dup_type_name (const char *file)
{
  g_autofree char *stem = g_strndup (file, strlen (file) - strlen (".ui"));
  g_auto (GStrv) words = g_strsplit (stem, "-", -1);
  GString *name = g_string_new (NULL);

  for (guint i = 0; words[i] != NULL; i++) {
    words[i][0] = g_ascii_toupper (words[i][0]);
    g_string_append (name, words[i]);
  }
  return g_string_free (name, FALSE);
}

static void
assert_templates_known (const char *folder)
{
  g_auto (GStrv) files = g_resources_enumerate_children (folder, 0, NULL);

  for (guint i = 0; files != NULL && files[i] != NULL; i++) {
    g_autofree char *name = NULL;

    if (!g_str_has_prefix (files[i], "csl-") || !g_str_has_suffix (files[i], ".ui"))
      continue;
    name = dup_type_name (files[i]);
    if (g_type_from_name (name) == G_TYPE_INVALID)
      g_error ("%s%s: add %s to the table of this test", folder, files[i], name);
  }
}

static void
test_table_is_complete (void)
{
  const char *root = "/org/caseload/Caseload/";
  g_auto (GStrv) folders = g_resources_enumerate_children (root, 0, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    g_assert_cmpuint (types[i](), !=, G_TYPE_INVALID);
  for (guint i = 0; folders[i] != NULL; i++) {
    g_autofree char *folder = g_strconcat (root, folders[i], NULL);

    if (g_str_has_suffix (folder, "/"))
      assert_templates_known (folder);
  }
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  csl_ui_register_resources ();

  for (guint i = 0; i < G_N_ELEMENTS (types); i++) {
    g_autofree char *path = g_strdup_printf ("/ui/widget/%s", g_type_name (types[i]()));

    g_test_add_data_func (path, GSIZE_TO_POINTER (types[i]()), test_instantiate);
  }
  g_test_add_func ("/ui/widget/table-is-complete", test_table_is_complete);
  return g_test_run ();
}
