/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "caseload"

#include "client/ui/sync/csl-outbox-row.h"

#include "client/ui/shell/csl-navigation.h"
#include "client/ui/text/csl-clipboard.h"
#include "client/ui/text/csl-display-time.h"
#include "client/ui/wrap/csl-question.h"

#include <glib/gi18n.h>

struct _CslOutboxRow
{
  GtkListBoxRow parent_instance;

  CslSession *session; /* (owned) */
  CslOutboxItem *item; /* (owned) */

  /* widgets */
  GtkImage *icon;
  GtkLabel *title;
  GtkLabel *summary;
  GtkLabel *state;
  GtkButton *fix;
  GtkWidget *more; /* (unowned): template child */
};

G_DEFINE_FINAL_TYPE (CslOutboxRow, csl_outbox_row, GTK_TYPE_LIST_BOX_ROW)

/* How each state looks and reads. */
static const struct
{
  const char *icon, *style, *words;
} states[] = {
  [CSL_OUTBOX_QUEUED] = { "document-send-symbolic", "dim-label",
                          N_ ("Waiting to be sent") },
  [CSL_OUTBOX_SENT] = { "document-send-symbolic", "dim-label",
                        N_ ("Sent, waiting for the answer") },
  [CSL_OUTBOX_ACKED] = { "object-select-symbolic", "dim-label", N_ ("On the server") },
  [CSL_OUTBOX_HELD] = { "content-loading-symbolic", "warning",
                        N_ ("Waits for another change") },
  [CSL_OUTBOX_REJECTED] = { "dialog-warning-symbolic", "error", N_ ("Refused") },
  [CSL_OUTBOX_CONFLICT] = { "dialog-warning-symbolic", "warning",
                            N_ ("Two versions: you decide") },
  [CSL_OUTBOX_ESCROW] = { "avatar-default-symbolic", "warning",
                          N_ ("With a manager for review") },
  [CSL_OUTBOX_WITHDRAWN] = { "edit-delete-symbolic", "dim-label",
                             N_ ("Given up by you") },
};

static char *
dup_state_text (CslOutboxRow *self)
{
  CslOutboxState state = csl_outbox_item_get_state (self->item);
  const char *reason = csl_outbox_item_get_reason (self->item);
  g_autofree char *when = csl_display_moment (csl_outbox_item_get_saved_ms (self->item),
                                              csl_session_get_now_ms (self->session));

  if (csl_outbox_item_get_declined (self->item))
    /* Translators: who declined, and their words: "Not taken over by Dana Okoro: “Written twice.”" */
    return g_strdup_printf (_ ("Not taken over by %s"), reason);
  if (reason != NULL)
    return g_strdup_printf ("%s: %s", _ (states[state].words), reason);
  return g_strdup_printf ("%s · %s", _ (states[state].words), when);
}

static void
set_name (gpointer widget, const char *what, const char *change)
{
  g_autofree char *name = what != NULL ? g_strdup_printf ("%s: %s", what, change)
                                       : g_strdup (change);

  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  name, -1);
}

/* Lines and their buttons are told apart by the change they are about. */
static void
name_parts (CslOutboxRow *self, const char *state)
{
  const char *summary = csl_outbox_item_get_summary (self->item);
  g_autofree char *change =
    g_strjoin (", ", csl_outbox_item_get_title (self->item),
               summary != NULL && summary[0] != '\0' ? summary : state, NULL);
  g_autofree char *line = g_strjoin (", ", change, state, NULL);

  set_name (self, NULL, line);
  set_name (self->fix, gtk_button_get_label (self->fix), change);
  set_name (self->more, _ ("More about this change"), change);
}

static void
show_item (CslOutboxRow *self)
{
  CslOutboxState state = csl_outbox_item_get_state (self->item);
  g_autofree char *text = dup_state_text (self);
  const char *summary = csl_outbox_item_get_summary (self->item);

  gtk_image_set_from_icon_name (self->icon, states[state].icon);
  gtk_label_set_label (self->title, csl_outbox_item_get_title (self->item));
  gtk_label_set_label (self->summary, summary != NULL ? summary : "");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->summary), summary);
  gtk_widget_set_visible (GTK_WIDGET (self->summary),
                          summary != NULL && summary[0] != '\0');
  gtk_label_set_label (self->state, text);
  gtk_widget_add_css_class (GTK_WIDGET (self->state), states[state].style);
  gtk_widget_set_visible (GTK_WIDGET (self->fix),
                          state == CSL_OUTBOX_REJECTED || state == CSL_OUTBOX_CONFLICT);
  gtk_button_set_label (self->fix,
                        state == CSL_OUTBOX_CONFLICT ? _ ("Decide…") : _ ("Fix…"));
  name_parts (self, text);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "outbox.retry",
                                 state == CSL_OUTBOX_REJECTED ||
                                   state == CSL_OUTBOX_HELD);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "outbox.withdraw",
                                 state != CSL_OUTBOX_SENT && state != CSL_OUTBOX_ACKED &&
                                   state != CSL_OUTBOX_ESCROW &&
                                   state != CSL_OUTBOX_WITHDRAWN);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "outbox.close",
                                 state == CSL_OUTBOX_WITHDRAWN ||
                                   csl_outbox_item_get_declined (self->item));
}

/* The open difference of the record, or NULL. */
static CslRecordItem *
lookup_difference (CslOutboxRow *self)
{
  const CslRecordType *type =
    csl_schema_lookup_type (csl_session_get_schema (self->session), "sync_conflict");
  g_autoptr (CslQuery) query = csl_query_new (type);
  g_autoptr (GListModel) open = NULL;

  csl_query_add_text (query, "op", CSL_FILTER_IS, csl_outbox_item_get_op (self->item));
  open = csl_session_list (self->session, query);
  return g_list_model_get_item (open, 0);
}

static void
open_action_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CslOutboxRow *self = CSL_OUTBOX_ROW (widget);

  (void) name;
  (void) parameter;
  csl_navigation_open_record (widget, csl_outbox_item_get_type_name (self->item),
                              csl_outbox_item_get_record_id (self->item));
}

static void
fix_action_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CslOutboxRow *self = CSL_OUTBOX_ROW (widget);
  g_autoptr (CslRecordItem) difference = lookup_difference (self);

  (void) name;
  (void) parameter;
  if (difference != NULL)
    csl_navigation_show_difference (widget, csl_record_item_get_id (difference));
  else
    csl_navigation_edit_record (widget, csl_outbox_item_get_type_name (self->item),
                                csl_outbox_item_get_record_id (self->item));
}

static void
retry_action_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CslOutboxRow *self = CSL_OUTBOX_ROW (widget);

  (void) name;
  (void) parameter;
  csl_session_retry (self->session, csl_outbox_item_get_n (self->item));
}

static void
copy_action_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CslOutboxRow *self = CSL_OUTBOX_ROW (widget);
  g_autofree char *text = csl_outbox_item_dup_text (self->item);

  (void) name;
  (void) parameter;
  csl_clipboard_copy (gtk_widget_get_clipboard (widget), text, CSL_CLIPBOARD_SECONDS);
  csl_navigation_toast (widget, _ ("Copied. It can be pasted for 30 seconds."));
}

static void
withdraw_answer_cb (CslOutboxRow *self, const char *answer)
{
  if (g_strcmp0 (answer, "go") == 0)
    csl_session_withdraw (self->session, csl_outbox_item_get_n (self->item));
}

static void
withdraw_action_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  const CslQuestion question = {
    .title = _ ("Give Up This Change?"),
    .body =
      _ ("It will not be sent, and neither will changes that build on it. Copy the text "
         "first if you may need it again."),
    .stay = _ ("_Keep"),
    .go = _ ("_Give Up"),
    .is_destructive = TRUE,
  };
  GtkWidget *dialog =
    csl_question_new (GTK_WINDOW (gtk_widget_get_root (widget)), &question);

  (void) name;
  (void) parameter;
  g_signal_connect_object (dialog, "response", G_CALLBACK (withdraw_answer_cb), widget,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
close_answer_cb (CslOutboxRow *self, const char *answer)
{
  if (g_strcmp0 (answer, "go") == 0)
    csl_session_close_unsent (self->session, csl_outbox_item_get_n (self->item));
}

static void
close_action_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  const CslQuestion question = {
    .title = _ ("Remove It From This List?"),
    .body =
      _ ("This is the only copy on this computer. Copy the text first if you may need it "
         "again."),
    .stay = _ ("_Keep"),
    .go = _ ("_Remove"),
    .is_destructive = TRUE,
  };
  GtkWidget *dialog =
    csl_question_new (GTK_WINDOW (gtk_widget_get_root (widget)), &question);

  (void) name;
  (void) parameter;
  g_signal_connect_object (dialog, "response", G_CALLBACK (close_answer_cb), widget,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
dispose (GObject *object)
{
  CslOutboxRow *self = CSL_OUTBOX_ROW (object);

  g_clear_object (&self->item);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (csl_outbox_row_parent_class)->dispose (object);
}

static void
csl_outbox_row_class_init (CslOutboxRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dispose;
  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/caseload/Caseload/sync/csl-outbox-row.ui");
  gtk_widget_class_bind_template_child (widget_class, CslOutboxRow, icon);
  gtk_widget_class_bind_template_child (widget_class, CslOutboxRow, title);
  gtk_widget_class_bind_template_child (widget_class, CslOutboxRow, summary);
  gtk_widget_class_bind_template_child (widget_class, CslOutboxRow, state);
  gtk_widget_class_bind_template_child (widget_class, CslOutboxRow, fix);
  gtk_widget_class_bind_template_child (widget_class, CslOutboxRow, more);
  gtk_widget_class_install_action (widget_class, "outbox.open", NULL, open_action_cb);
  gtk_widget_class_install_action (widget_class, "outbox.fix", NULL, fix_action_cb);
  gtk_widget_class_install_action (widget_class, "outbox.retry", NULL, retry_action_cb);
  gtk_widget_class_install_action (widget_class, "outbox.copy", NULL, copy_action_cb);
  gtk_widget_class_install_action (widget_class, "outbox.withdraw", NULL,
                                   withdraw_action_cb);
  gtk_widget_class_install_action (widget_class, "outbox.close", NULL, close_action_cb);
}

static void
csl_outbox_row_init (CslOutboxRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
csl_outbox_row_new (CslSession *session, CslOutboxItem *item)
{
  CslOutboxRow *self = g_object_new (CSL_TYPE_OUTBOX_ROW, NULL);

  self->session = g_object_ref (session);
  self->item = g_object_ref (item);
  show_item (self);
  return GTK_WIDGET (self);
}
