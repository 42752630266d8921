/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-history-dialog.c: the changes of a record in sentences: "Maria Lopez changed Phone from …
 * to …, Tue 24 Nov 14:02". */
#define G_LOG_DOMAIN "csl-history-dialog"

#include "config.h"

#include "client/ui/record/csl-history-dialog.h"

#include "client/ui/text/csl-display-time.h"
#include "client/ui/text/csl-display.h"
#include "client/ui/text/csl-error-text.h"
#include "core/base/csl-time.h"
#include "core/schema/csl-label.h"

#include <glib/gi18n.h>

struct _CslHistoryDialog
{
  AdwWindow parent_instance;

  CslSession *session;       /* (owned) (nullable) */
  CslRecordItem *item;       /* (owned) (nullable) */
  GCancellable *cancellable; /* (owned) */

  GtkLabel *notice;     /* (unowned): template child */
  GtkStack *stack;      /* (unowned): template child */
  GtkListBox *list;     /* (unowned): template child */
  AdwStatusPage *empty; /* (unowned): template child */
};

G_DEFINE_FINAL_TYPE (CslHistoryDialog, csl_history_dialog, ADW_TYPE_WINDOW)

/* Who changed it; and who took it over, when its author had lost access. */
static char *
dup_author (CslHistoryDialog *self, const CslHistoryEntry *entry)
{
  g_autofree char *author = csl_display_worker (self->session, entry->user);
  g_autofree char *other = NULL;

  if (entry->accepted_by == NULL)
    return g_steal_pointer (&author);
  other = csl_display_worker (self->session, entry->accepted_by);
  /* Translators: who wrote something, and who took it over into the file; begins a sentence that goes on "… changed Phone" */
  return g_strdup_printf (_ ("%s (taken over by %s)"), author, other);
}

static char *
dup_sentence (CslHistoryDialog *self, const CslHistoryEntry *entry)
{
  const CslField *field =
    csl_record_type_lookup_field (csl_record_item_get_record_type (self->item),
                                  entry->field);
  const char *label = field != NULL ? csl_label_field (field) : entry->field;
  g_autofree char *who = dup_author (self, entry);
  g_autofree char *was =
    field != NULL ? csl_display_canonical (self->session, field, entry->was) : NULL;
  g_autofree char *now =
    field != NULL ? csl_display_canonical (self->session, field, entry->now) : NULL;

  if (entry->was == NULL)
    /* Translators: who filled in which field with what. */
    return g_strdup_printf (_ ("%s filled in %s: %s"), who, label,
                            now != NULL ? now : "");
  if (entry->now == NULL)
    /* Translators: who emptied which field, and what was there. */
    return g_strdup_printf (_ ("%s removed %s, which was: %s"), who, label,
                            was != NULL ? was : "");
  /* Translators: who changed which field, from what, to what. */
  return g_strdup_printf (_ ("%s changed %s from “%s” to “%s”"), who, label,
                          was != NULL ? was : "", now != NULL ? now : "");
}

static GtkWidget *
create_row (CslHistoryDialog *self, const CslHistoryEntry *entry)
{
  g_autofree char *sentence = dup_sentence (self, entry);
  g_autofree char *markup = g_markup_escape_text (sentence, -1);
  g_autofree char *moment =
    csl_display_instant (entry->when, csl_session_get_now_ms (self->session));
  g_autofree char *subtitle =
    g_strjoin (" · ", moment, entry->unsent ? _ ("not sent yet") : NULL, NULL);
  GtkWidget *row = adw_action_row_new ();
  gint64 when_ms;

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), markup);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  if (csl_instant_parse (entry->when, &when_ms, NULL)) {
    g_autofree char *exact = csl_display_exact (when_ms);

    gtk_widget_set_tooltip_text (row, exact);
  }
  return row;
}

static void
loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CslHistoryDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  bool is_complete = false;
  g_autoptr (GPtrArray) entries =
    csl_session_load_history_finish (CSL_SESSION (object), result, &is_complete, &error);
  CslErrorText text;

  if (entries == NULL) {
    if (csl_error_text_lookup (error, &text)) {
      adw_status_page_set_title (self->empty, text.title);
      adw_status_page_set_description (self->empty, text.sentence);
      gtk_stack_set_visible_child_name (self->stack, "empty");
    }
    return;
  }
  for (guint i = 0; i < entries->len; i++)
    gtk_list_box_append (self->list, create_row (self, g_ptr_array_index (entries, i)));
  gtk_label_set_label (self->notice,
                       _ ("The server cannot be asked right now. This is what "
                          "this computer knows."));
  gtk_widget_set_visible (GTK_WIDGET (self->notice), !is_complete);
  gtk_stack_set_visible_child_name (self->stack, entries->len > 0 ? "list" : "empty");
  gtk_widget_child_focus (GTK_WIDGET (self->stack), GTK_DIR_TAB_FORWARD);
}

static void
csl_history_dialog_dispose (GObject *object)
{
  CslHistoryDialog *self = CSL_HISTORY_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->item);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (csl_history_dialog_parent_class)->dispose (object);
}

static void
csl_history_dialog_class_init (CslHistoryDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = csl_history_dialog_dispose;
  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/caseload/Caseload/record/csl-history-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, CslHistoryDialog, notice);
  gtk_widget_class_bind_template_child (widget_class, CslHistoryDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, CslHistoryDialog, list);
  gtk_widget_class_bind_template_child (widget_class, CslHistoryDialog, empty);
}

static void
csl_history_dialog_init (CslHistoryDialog *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
csl_history_dialog_present (GtkWidget *from, CslSession *session, CslRecordItem *item)
{
  CslHistoryDialog *self = g_object_new (CSL_TYPE_HISTORY_DIALOG, "transient-for",
                                         gtk_widget_get_root (from), NULL);

  self->session = g_object_ref (session);
  self->item = g_object_ref (item);
  csl_session_load_history_async (session, csl_record_item_get_record_type (item)->name,
                                  csl_record_item_get_id (item), self->cancellable,
                                  loaded_cb, g_object_ref (self));
  gtk_window_present (GTK_WINDOW (self));
}
