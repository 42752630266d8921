/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-task-row.c: a task as a line. Ticking it saves at once and offers Undo. */
#define G_LOG_DOMAIN "csl-task-row"

#include "config.h"

#include "client/ui/task/csl-task-row.h"

#include "client/ui/shell/csl-navigation.h"
#include "client/ui/shell/csl-pill.h"
#include "client/ui/text/csl-display-time.h"
#include "client/ui/text/csl-display.h"
#include "client/ui/text/csl-error-text.h"
#include "core/base/csl-time.h"

#include <glib/gi18n.h>

struct _CslTaskRow
{
  CslRow parent_instance;

  bool is_filling; /* the tick is set from the record, not by a person */

  GtkCheckButton *done; /* (unowned): template child */
  GtkLabel *title;      /* (unowned): template child */
  GtkLabel *subtitle;   /* (unowned): template child */
  CslPill *state;       /* (unowned): template child */
  CslPill *due;         /* (unowned): template child */
};

G_DEFINE_FINAL_TYPE (CslTaskRow, csl_task_row, CSL_TYPE_ROW)

static bool
is_done (const CslRecord *record)
{
  return g_strcmp0 (csl_record_get_text (record, "status"), "completed") == 0;
}

static void
show_due (CslTaskRow *self, const CslRecord *record)
{
  const gint64 now_ms = csl_session_get_now_ms (csl_row_get_session (CSL_ROW (self)));
  g_autofree char *text = NULL;
  gint64 due_ms;
  bool is_late;

  if (!csl_instant_parse (csl_record_get_text (record, "due_at"), &due_ms, NULL)) {
    csl_pill_set (self->due, NULL, NULL, NULL);
    return;
  }
  is_late = csl_display_days_until (due_ms, now_ms) < 0 && !is_done (record);
  text = csl_display_day (due_ms, now_ms);
  csl_pill_set (self->due, is_late ? "error" : "dim",
                is_late ? "dialog-warning-symbolic" : "x-office-calendar-symbolic", text);
}

static void
name_tick (CslTaskRow *self, const char *task)
{
  /* Translators: a tick that marks a task as done; then the task. */
  g_autofree char *name = g_strdup_printf (_ ("Done: %s"), task);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self->done),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
csl_task_row_item_changed (CslRow *row)
{
  CslTaskRow *self = CSL_TASK_ROW (row);
  CslRecordItem *item = csl_row_get_record_item (row);
  g_autofree char *client = NULL, *spoken = NULL, *due = NULL;
  const CslRecord *record;

  if (item == NULL)
    return;
  record = csl_record_item_get_record (item);
  client = csl_display_field (csl_row_get_session (row), record, "client");
  gtk_label_set_label (self->title, csl_record_get_text (record, "title"));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->title),
                               csl_record_get_text (record, "title"));
  gtk_label_set_label (self->subtitle, client);
  csl_pill_set_state (self->state, csl_record_item_get_state (item));
  show_due (self, record);
  self->is_filling = true;
  gtk_check_button_set_active (self->done, is_done (record));
  self->is_filling = false;

  if (csl_record_get_text (record, "due_at") != NULL)
    due = csl_display_instant (csl_record_get_text (record, "due_at"),
                               csl_session_get_now_ms (csl_row_get_session (row)));
  spoken = g_strjoin (", ", csl_record_get_text (record, "title"),
                      *client != '\0' ? client : due, *client != '\0' ? due : NULL, NULL);
  csl_row_set_spoken (row, spoken);
  name_tick (self, spoken);
}

typedef struct
{
  GtkWidget *anchor; /* (owned): stays when the line leaves the list */
  CslTaskRow *row;   /* (owned) */
  CslEdit *edit;     /* (owned) */
} Saving;

static void
saved_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Saving *saving = user_data;
  g_autoptr (GtkWidget) anchor = saving->anchor;
  g_autoptr (CslTaskRow) self = saving->row;
  g_autoptr (CslEdit) edit = saving->edit;
  g_autoptr (GError) error = NULL;
  CslErrorText text;

  g_free (saving);
  if (csl_session_save_finish (CSL_SESSION (object), result, &error)) {
    const CslRecord *after = csl_edit_get_after (edit, 0);

    csl_navigation_toast_undo (anchor, CSL_SESSION (object),
                               is_done (after) ? _ ("Task done") : _ ("Task to do again"),
                               edit);
  } else if (csl_error_text_lookup (error, &text)) {
    csl_navigation_toast (anchor, text.sentence);
    csl_task_row_item_changed (CSL_ROW (self));
  }
}

static void
done_changed_cb (CslTaskRow *self)
{
  CslSession *session = csl_row_get_session (CSL_ROW (self));
  CslRecordItem *item = csl_row_get_record_item (CSL_ROW (self));
  g_autoptr (CslRecord) after = NULL;
  g_autofree char *now = NULL;
  Saving *saving;
  bool done;

  if (self->is_filling || item == NULL)
    return;
  done = gtk_check_button_get_active (self->done);
  after = csl_record_copy (csl_record_item_get_record (item));
  now =
    csl_instant_format (csl_session_get_now_ms (session), csl_session_get_zone (session));
  csl_record_set_text (after, "status", done ? "completed" : "pending");
  csl_record_set_text (after, "completed_at", done ? now : NULL);

  saving = g_new0 (Saving, 1);
  saving->anchor =
    g_object_ref (gtk_widget_get_ancestor (GTK_WIDGET (self), ADW_TYPE_TOAST_OVERLAY));
  saving->row = g_object_ref (self);
  saving->edit = csl_edit_new ();
  csl_edit_add (saving->edit, csl_record_item_get_record (item), after);
  csl_session_save_async (session, saving->edit, NULL, saved_cb, saving);
}

static void
csl_task_row_class_init (CslTaskRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  CSL_ROW_CLASS (klass)->item_changed = csl_task_row_item_changed;

  g_type_ensure (CSL_TYPE_PILL);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/caseload/Caseload/task/csl-task-row.ui");
  gtk_widget_class_bind_template_child (widget_class, CslTaskRow, done);
  gtk_widget_class_bind_template_child (widget_class, CslTaskRow, title);
  gtk_widget_class_bind_template_child (widget_class, CslTaskRow, subtitle);
  gtk_widget_class_bind_template_child (widget_class, CslTaskRow, state);
  gtk_widget_class_bind_template_child (widget_class, CslTaskRow, due);
  gtk_widget_class_bind_template_callback (widget_class, done_changed_cb);
}

/* In a list view the tick has the focus instead of its line: Space ticks, Enter opens the line. */
static void
open_with_enter (GtkWidget *tick)
{
  GtkEventController *keys = gtk_shortcut_controller_new ();

  gtk_shortcut_controller_add_shortcut (
    GTK_SHORTCUT_CONTROLLER (keys),
    gtk_shortcut_new (gtk_shortcut_trigger_parse_string ("Return|KP_Enter"),
                      gtk_named_action_new ("row.open")));
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  gtk_widget_add_controller (tick, keys);
}

static void
csl_task_row_init (CslTaskRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  open_with_enter (GTK_WIDGET (self->done));
}
