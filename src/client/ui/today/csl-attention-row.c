/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-attention-row.c: a line of "Needs you", for four kinds of items. */
#define G_LOG_DOMAIN "csl-attention-row"

#include "config.h"

#include "client/ui/today/csl-attention-row.h"

#include "client/ui/draft/csl-drafts-page.h"
#include "client/ui/list/csl-record-summary.h"
#include "client/ui/shell/csl-navigation.h"
#include "client/ui/text/csl-display.h"
#include "client/ui/today/csl-today-queries.h"

#include <glib/gi18n.h>

struct _CslAttentionRow
{
  CslRow parent_instance;

  GtkImage *image;    /* (unowned): template child */
  GtkLabel *title;    /* (unowned): template child */
  GtkLabel *subtitle; /* (unowned): template child */
};

G_DEFINE_FINAL_TYPE (CslAttentionRow, csl_attention_row, CSL_TYPE_ROW)

static bool
is_difference (CslRecordItem *item)
{
  return g_str_equal (csl_record_item_get_record_type (item)->name, "sync_conflict");
}

static void
show_texts (CslAttentionRow *self,
            const char *icon_name,
            const char *title,
            const char *subtitle)
{
  gtk_image_set_from_icon_name (self->image, icon_name);
  gtk_label_set_label (self->title, title);
  gtk_label_set_label (self->subtitle, subtitle);
  gtk_widget_set_visible (GTK_WIDGET (self->subtitle), *subtitle != '\0');
  csl_row_set_spoken (CSL_ROW (self), title);
}

static void
show_difference (CslAttentionRow *self, const CslRecord *record)
{
  CslSession *session = csl_row_get_session (CSL_ROW (self));
  g_autofree char *subject = csl_record_summary_dup_title (session, record);
  g_autofree char *kind = csl_display_field (session, record, "kind");

  show_texts (self, "view-dual-symbolic", subject, kind);
}

static bool
is_stranded (CslRecordItem *item)
{
  return g_str_equal (csl_record_item_get_record_type (item)->name, "stranded_work");
}

static void
show_stranded (CslAttentionRow *self, const CslRecord *record)
{
  CslSession *session = csl_row_get_session (CSL_ROW (self));
  g_autofree char *subject = csl_record_summary_dup_title (session, record);
  g_autofree char *title = g_strdup_printf (_ ("To take over: %s"), subject);
  g_autofree char *what = csl_record_summary_dup_subtitle (session, record);
  g_autofree char *spoken = g_strjoin (", ", title, what, NULL);

  show_texts (self, "mail-unread-symbolic", title, what);
  /* One person may have written several things about another. */
  csl_row_set_spoken (CSL_ROW (self), spoken);
}

static void
show_draft (CslAttentionRow *self, CslRecordItem *item)
{
  CslSession *session = csl_row_get_session (CSL_ROW (self));
  g_autofree char *name = csl_draft_dup_title (session, item);
  g_autofree char *title = g_strdup_printf (_ ("Draft: %s"), name);
  g_autofree char *when =
    csl_display_field (session, csl_record_item_get_record (item), "updated_at");

  show_texts (self, "document-edit-symbolic", title, when);
}

static void
show_refused (CslAttentionRow *self, CslOutboxItem *item)
{
  const char *reason = csl_outbox_item_get_reason (item);
  g_autofree char *subtitle =
    g_strjoin (" · ", csl_outbox_item_get_summary (item), reason, NULL);

  show_texts (self, "dialog-warning-symbolic", csl_outbox_item_get_title (item),
              subtitle);
}

static void
csl_attention_row_item_changed (CslRow *row)
{
  CslAttentionRow *self = CSL_ATTENTION_ROW (row);
  CslRecordItem *record = csl_row_get_record_item (row);
  gpointer item = csl_row_get_item (row);

  if (record != NULL && is_difference (record))
    show_difference (self, csl_record_item_get_record (record));
  else if (record != NULL && is_stranded (record))
    show_stranded (self, csl_record_item_get_record (record));
  else if (record != NULL)
    show_draft (self, record);
  else if (CSL_IS_OUTBOX_ITEM (item))
    show_refused (self, item);
}

static void
csl_attention_row_activated (CslRow *row)
{
  CslRecordItem *record = csl_row_get_record_item (row);

  if (record != NULL && is_difference (record))
    csl_navigation_show_difference (GTK_WIDGET (row), csl_record_item_get_id (record));
  else if (record != NULL && is_stranded (record))
    csl_navigation_open_record (GTK_WIDGET (row), "stranded_work",
                                csl_record_item_get_id (record));
  else if (record != NULL)
    csl_draft_open (GTK_WIDGET (row), csl_row_get_session (row), record);
  else
    gtk_widget_activate_action (GTK_WIDGET (row), "shell.show-section", "s", "unsent");
}

static void
csl_attention_row_class_init (CslAttentionRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  CSL_ROW_CLASS (klass)->item_changed = csl_attention_row_item_changed;
  CSL_ROW_CLASS (klass)->activated = csl_attention_row_activated;

  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/caseload/Caseload/today/csl-attention-row.ui");
  gtk_widget_class_bind_template_child (widget_class, CslAttentionRow, image);
  gtk_widget_class_bind_template_child (widget_class, CslAttentionRow, title);
  gtk_widget_class_bind_template_child (widget_class, CslAttentionRow, subtitle);
}

static void
csl_attention_row_init (CslAttentionRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static gboolean
is_refused_cb (gpointer item, gpointer user_data)
{
  const CslOutboxState state = csl_outbox_item_get_state (item);

  return state == CSL_OUTBOX_REJECTED || state == CSL_OUTBOX_ESCROW;
}

GListModel *
csl_attention_list (CslSession *session)
{
  g_autoptr (CslQuery) query = csl_today_query_differences (session);
  g_autoptr (CslQuery) waiting = csl_today_query_stranded (session);
  g_autoptr (GListModel) differences = csl_session_list (session, query);
  g_autoptr (GListModel) stranded = csl_session_list (session, waiting);
  g_autoptr (GListModel) drafts = csl_draft_list (session);
  GListStore *all = g_list_store_new (G_TYPE_LIST_MODEL);
  g_autoptr (GtkFilterListModel) refused =
    gtk_filter_list_model_new (csl_session_list_outbox (session),
                               GTK_FILTER (
                                 gtk_custom_filter_new (is_refused_cb, NULL, NULL)));

  g_list_store_append (all, differences);
  g_list_store_append (all, stranded);
  g_list_store_append (all, refused);
  g_list_store_append (all, drafts);
  return G_LIST_MODEL (gtk_flatten_list_model_new (G_LIST_MODEL (all)));
}
