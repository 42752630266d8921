/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "caseload"

#include "client/ui/visit/csl-visit-agenda.h"

#include "client/ui/fields/csl-field-rows.h"
#include "client/ui/shell/csl-navigation.h"
#include "core/base/csl-time.h"

#include <glib/gi18n.h>

#define MAX_TASKS 8

char *
csl_visit_agenda_dup_hour_later (const char *instant)
{
  g_autofree char *zone = NULL;
  gint64 ms;

  if (instant == NULL || !csl_instant_parse (instant, &ms, &zone))
    return NULL;
  return csl_instant_format (ms + 60 * 60 * 1000, zone);
}

static void
ticked_done_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GtkCheckButton) tick = data;

  if (!csl_session_save_finish (CSL_SESSION (source), result, NULL)) {
    gtk_check_button_set_active (tick, FALSE);
    csl_navigation_toast (GTK_WIDGET (tick),
                          _ ("The task could not be saved on this computer"));
  }
}

/* Ticking completes the task at once; taking the tick away opens it again. */
static void
ticked_cb (GtkCheckButton *tick, CslRecordItem *task)
{
  CslSession *session = g_object_get_data (G_OBJECT (tick), "session");
  const CslRecord *before = csl_record_item_get_record (task);
  g_autoptr (CslRecord) after = csl_record_copy (before);
  g_autoptr (CslEdit) edit = csl_edit_new ();
  bool done = gtk_check_button_get_active (tick);
  g_autofree char *now =
    csl_instant_format (csl_session_get_now_ms (session), csl_session_get_zone (session));

  if (done == (g_strcmp0 (csl_record_get_text (before, "status"), "completed") == 0))
    return;
  csl_record_set_text (after, "status", done ? "completed" : "pending");
  csl_record_set_text (after, "completed_at", done ? now : NULL);
  csl_edit_add (edit, before, after);
  csl_session_save_async (session, edit, NULL, ticked_done_cb, g_object_ref (tick));
}

static void
add_task (AdwPreferencesGroup *group, CslSession *session, CslRecordItem *task)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *tick = gtk_check_button_new ();
  const char *title = csl_record_item_get_title (task);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  gtk_widget_set_valign (tick, GTK_ALIGN_CENTER);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), tick);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), tick);
  g_object_set_data_full (G_OBJECT (tick), "session", g_object_ref (session),
                          g_object_unref);
  g_signal_connect_data (tick, "toggled", G_CALLBACK (ticked_cb), g_object_ref (task),
                         (GClosureNotify) (void (*) (void)) g_object_unref, 0);
  adw_preferences_group_add (group, row);
}

static GListModel *
list_tasks (CslVisitSheet *sheet)
{
  CslSession *session = csl_visit_sheet_get_session (sheet);
  const CslRecordType *type =
    csl_schema_lookup_type (csl_session_get_schema (session), "task");
  g_autoptr (CslQuery) query = csl_query_new (type);

  csl_query_add_text (query, "client", CSL_FILTER_IS,
                      csl_record_item_get_id (csl_visit_sheet_get_client (sheet)));
  csl_query_add_text (query, "status", CSL_FILTER_NOT_IN, "completed,cancelled");
  csl_query_set_sort (query, "due_at", false);
  query->limit = MAX_TASKS;
  return csl_session_list (session, query);
}

GtkWidget *
csl_visit_agenda_new (CslVisitSheet *sheet)
{
  GtkWidget *group = adw_preferences_group_new ();
  CslRecordDraft *visit = csl_visit_sheet_get_draft (sheet, CSL_VISIT_PART_VISIT);
  g_autoptr (GListModel) tasks = list_tasks (sheet);

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), _ ("On this visit"));
  for (guint i = 0; i < g_list_model_get_n_items (tasks); i++) {
    g_autoptr (CslRecordItem) task = g_list_model_get_item (tasks, i);
    add_task (ADW_PREFERENCES_GROUP (group), csl_visit_sheet_get_session (sheet), task);
  }
  csl_field_row_add (ADW_PREFERENCES_GROUP (group),
                     csl_record_draft_get_binding (visit, "agenda"));
  return group;
}
