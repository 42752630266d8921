/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-record-row.c: any record as a line, by the list fields of its type. */
#define G_LOG_DOMAIN "csl-record-row"

#include "config.h"

#include "client/ui/list/csl-record-row.h"

#include "client/ui/list/csl-record-summary.h"
#include "client/ui/shell/csl-pill.h"

struct _CslRecordRow
{
  CslRow parent_instance;

  GtkImage *image;    /* (unowned): template child */
  GtkLabel *title;    /* (unowned): template child */
  GtkLabel *subtitle; /* (unowned): template child */
  CslPill *state;     /* (unowned): template child */
  CslPill *status;    /* (unowned): template child */
};

G_DEFINE_FINAL_TYPE (CslRecordRow, csl_record_row, CSL_TYPE_ROW)

static void
csl_record_row_item_changed (CslRow *row)
{
  CslRecordRow *self = CSL_RECORD_ROW (row);
  CslRecordItem *item = csl_row_get_record_item (row);
  g_autofree char *title = NULL, *subtitle = NULL;
  const CslRecord *record;
  const CslField *status;

  if (item == NULL)
    return;
  record = csl_record_item_get_record (item);
  title = csl_record_summary_dup_title (csl_row_get_session (row), record);
  subtitle = csl_record_summary_dup_subtitle (csl_row_get_session (row), record);
  status = csl_record_summary_get_status_field (record->type);
  gtk_image_set_from_icon_name (self->image, record->type->icon);
  gtk_label_set_label (self->title, title);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->title), title);
  gtk_label_set_label (self->subtitle, subtitle);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->subtitle), subtitle);
  csl_pill_set_state (self->state, csl_record_item_get_state (item));
  csl_pill_set_enum (self->status, status != NULL ? status->options : NULL,
                     status != NULL ? csl_record_get_text (record, status->name) : NULL);
}

static void
csl_record_row_class_init (CslRecordRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  CSL_ROW_CLASS (klass)->item_changed = csl_record_row_item_changed;

  g_type_ensure (CSL_TYPE_PILL);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/caseload/Caseload/list/csl-record-row.ui");
  gtk_widget_class_bind_template_child (widget_class, CslRecordRow, image);
  gtk_widget_class_bind_template_child (widget_class, CslRecordRow, title);
  gtk_widget_class_bind_template_child (widget_class, CslRecordRow, subtitle);
  gtk_widget_class_bind_template_child (widget_class, CslRecordRow, state);
  gtk_widget_class_bind_template_child (widget_class, CslRecordRow, status);
}

static void
csl_record_row_init (CslRecordRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
