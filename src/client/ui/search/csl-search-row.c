/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-search-row.c: a record in two lines, or a command with its key. */
#define G_LOG_DOMAIN "csl-search-row"

#include "config.h"

#include "client/ui/search/csl-search-row.h"

#include "client/ui/list/csl-record-summary.h"
#include "client/ui/search/csl-search-item.h"
#include "client/ui/shell/csl-pill.h"
#include "client/ui/text/csl-display.h"

struct _CslSearchRow
{
  CslRow parent_instance;

  GtkLabel *heading;  /* (unowned): template child */
  GtkImage *image;    /* (unowned): template child */
  GtkLabel *title;    /* (unowned): template child */
  GtkLabel *subtitle; /* (unowned): template child */
  GtkLabel *key;      /* (unowned): template child */
  CslPill *state;     /* (unowned): template child */
  CslPill *status;    /* (unowned): template child */
};

G_DEFINE_FINAL_TYPE (CslSearchRow, csl_search_row, CSL_TYPE_ROW)

/* The client first, where the title does not name them. */
static char *
dup_subtitle (CslSession *session, const CslRecord *record)
{
  g_autofree char *words = csl_record_summary_dup_subtitle (session, record);
  const int client_field = record->type->client_field;
  g_autofree char *client = NULL;

  if (client_field < 0 ||
      csl_record_summary_lists_field (record->type, (guint) client_field))
    return g_steal_pointer (&words);
  client = csl_display_field (session, record, record->type->fields[client_field].name);
  return g_strjoin (" · ", client, *words != '\0' ? words : NULL, NULL);
}

static void
show_record (CslSearchRow *self, CslRecordItem *item)
{
  CslSession *session = csl_row_get_session (CSL_ROW (self));
  const CslRecord *record = csl_record_item_get_record (item);
  const CslField *status = csl_record_summary_get_status_field (record->type);
  g_autofree char *title = csl_record_summary_dup_title (session, record);
  g_autofree char *subtitle = dup_subtitle (session, record);

  gtk_image_set_from_icon_name (self->image, record->type->icon);
  gtk_label_set_label (self->title, title);
  gtk_label_set_label (self->subtitle, subtitle);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->subtitle), subtitle);
  csl_pill_set_state (self->state, csl_record_item_get_state (item));
  csl_pill_set_enum (self->status, status != NULL ? status->options : NULL,
                     status != NULL ? csl_record_get_text (record, status->name) : NULL);
}

static void
show_command (CslSearchRow *self, const CslCommand *command)
{
  g_autofree char *key = csl_command_dup_key (command);

  gtk_image_set_from_icon_name (self->image, command->icon_name);
  gtk_label_set_label (self->title, csl_command_get_title (command));
  gtk_label_set_label (self->subtitle, "");
  gtk_label_set_label (self->key, key != NULL ? key : "");
  csl_pill_set_state (self->state, CSL_RECORD_STATE_SYNCED);
  csl_pill_set_enum (self->status, NULL, NULL);
}

static void
csl_search_row_item_changed (CslRow *row)
{
  CslSearchRow *self = CSL_SEARCH_ROW (row);
  CslSearchItem *item = csl_row_get_item (row);
  g_autofree char *spoken = NULL;

  if (item == NULL)
    return;
  if (csl_search_item_get_record (item) != NULL)
    show_record (self, csl_search_item_get_record (item));
  else
    show_command (self, csl_search_item_get_command (item));
  gtk_widget_set_visible (GTK_WIDGET (self->subtitle),
                          *gtk_label_get_label (self->subtitle) != '\0');
  gtk_widget_set_visible (GTK_WIDGET (self->key),
                          csl_search_item_get_command (item) != NULL);
  spoken = csl_search_row_dup_spoken (csl_row_get_session (row), item);
  csl_row_set_spoken (row, spoken);
}

/* "previous" is set after "item". */
static void
previous_changed_cb (CslSearchRow *self)
{
  CslSearchItem *item = csl_row_get_item (CSL_ROW (self));
  CslSearchItem *previous = csl_row_get_previous (CSL_ROW (self));
  const char *heading = item != NULL ? csl_search_item_get_heading (item) : NULL;
  const char *above = previous != NULL ? csl_search_item_get_heading (previous) : NULL;

  gtk_label_set_label (self->heading, heading != NULL ? heading : "");
  gtk_widget_set_visible (GTK_WIDGET (self->heading),
                          heading != NULL && g_strcmp0 (heading, above) != 0);
}

static void
csl_search_row_class_init (CslSearchRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  CSL_ROW_CLASS (klass)->item_changed = csl_search_row_item_changed;

  g_type_ensure (CSL_TYPE_PILL);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/caseload/Caseload/search/csl-search-row.ui");
  gtk_widget_class_bind_template_child (widget_class, CslSearchRow, heading);
  gtk_widget_class_bind_template_child (widget_class, CslSearchRow, image);
  gtk_widget_class_bind_template_child (widget_class, CslSearchRow, title);
  gtk_widget_class_bind_template_child (widget_class, CslSearchRow, subtitle);
  gtk_widget_class_bind_template_child (widget_class, CslSearchRow, key);
  gtk_widget_class_bind_template_child (widget_class, CslSearchRow, state);
  gtk_widget_class_bind_template_child (widget_class, CslSearchRow, status);
}

static void
csl_search_row_init (CslSearchRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (self, "notify::item", G_CALLBACK (previous_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self, "notify::previous", G_CALLBACK (previous_changed_cb),
                           self, G_CONNECT_SWAPPED);
}

char *
csl_search_row_dup_spoken (CslSession *session, gpointer item)
{
  CslRecordItem *record = csl_search_item_get_record (item);
  const char *heading = csl_search_item_get_heading (item);

  if (record != NULL) {
    const CslRecord *content = csl_record_item_get_record (record);
    g_autofree char *title = csl_record_summary_dup_title (session, content);
    g_autofree char *subtitle = dup_subtitle (session, content);

    return g_strjoin (", ", title, heading, *subtitle != '\0' ? subtitle : NULL, NULL);
  }
  return g_strjoin (", ", csl_command_get_title (csl_search_item_get_command (item)),
                    heading, NULL);
}
