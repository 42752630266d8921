/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-record-row.c: any record as a line, by the list fields of its type. */
#define G_LOG_DOMAIN "csl-record-row"

#include "config.h"

#include "client/ui/list/csl-record-row.h"

#include "client/ui/list/csl-record-summary.h"
#include "client/ui/shell/csl-pill.h"
#include "client/ui/text/csl-display.h"

typedef struct
{
  GtkImage *image;    /* (unowned): template child */
  GtkLabel *title;    /* (unowned): template child */
  GtkLabel *subtitle; /* (unowned): template child */
  CslPill *state;     /* (unowned): template child */
  CslPill *status;    /* (unowned): template child */
} CslRecordRowPrivate;

struct _CslFoundRow
{
  CslRecordRow parent_instance;
};

G_DEFINE_TYPE_WITH_PRIVATE (CslRecordRow, csl_record_row, CSL_TYPE_ROW)
G_DEFINE_FINAL_TYPE (CslFoundRow, csl_found_row, CSL_TYPE_RECORD_ROW)

/* The client first, where the title does not name them. */
static char *
dup_subtitle (CslRecordRow *self, const CslRecord *record)
{
  CslSession *session = csl_row_get_session (CSL_ROW (self));
  g_autofree char *words = csl_record_summary_dup_subtitle (session, record);
  g_autofree char *client = NULL;

  if (!CSL_RECORD_ROW_GET_CLASS (self)->names_client || record->type->client_field < 0 ||
      csl_record_summary_lists_field (record->type, record->type->client_field))
    return g_steal_pointer (&words);
  client = csl_display_field (session, record,
                              record->type->fields[record->type->client_field].name);
  return g_strjoin (" · ", client, *words != '\0' ? words : NULL, NULL);
}

static void
csl_record_row_item_changed (CslRow *row)
{
  CslRecordRow *self = CSL_RECORD_ROW (row);
  CslRecordRowPrivate *priv = csl_record_row_get_instance_private (self);
  CslRecordItem *item = csl_row_get_record_item (row);
  g_autofree char *title = NULL, *subtitle = NULL, *spoken = NULL;
  const CslRecord *record;
  const CslField *status;

  if (item == NULL)
    return;
  record = csl_record_item_get_record (item);
  title = csl_record_summary_dup_title (csl_row_get_session (row), record);
  subtitle = dup_subtitle (self, record);
  status = csl_record_summary_get_status_field (record->type);
  gtk_image_set_from_icon_name (priv->image, record->type->icon);
  gtk_label_set_label (priv->title, title);
  gtk_widget_set_tooltip_text (GTK_WIDGET (priv->title), title);
  gtk_label_set_label (priv->subtitle, subtitle);
  gtk_widget_set_tooltip_text (GTK_WIDGET (priv->subtitle), subtitle);
  spoken = g_strjoin (", ", title, *subtitle != '\0' ? subtitle : NULL, NULL);
  csl_row_set_spoken (row, spoken);
  csl_pill_set_state (priv->state, csl_record_item_get_state (item));
  csl_pill_set_enum (priv->status, status != NULL ? status->options : NULL,
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
  gtk_widget_class_bind_template_child_private (widget_class, CslRecordRow, image);
  gtk_widget_class_bind_template_child_private (widget_class, CslRecordRow, title);
  gtk_widget_class_bind_template_child_private (widget_class, CslRecordRow, subtitle);
  gtk_widget_class_bind_template_child_private (widget_class, CslRecordRow, state);
  gtk_widget_class_bind_template_child_private (widget_class, CslRecordRow, status);
}

static void
csl_record_row_init (CslRecordRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
csl_found_row_class_init (CslFoundRowClass *klass)
{
  CSL_RECORD_ROW_CLASS (klass)->names_client = TRUE;
}

static void
csl_found_row_init (CslFoundRow *self)
{
}
