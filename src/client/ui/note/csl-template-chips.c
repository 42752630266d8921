/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "caseload"

#include "client/ui/note/csl-template-chips.h"

#define MOST_CHIPS 8

/* What a chip needs; freed with it. */
typedef struct
{
  CslRecordItem *template; /* (owned) */
  CslRecordDraft *note;    /* (owned) */
  GtkTextView *content;    /* (unowned): on the same page */
} Chip;

static void
chip_free (gpointer data, GClosure *closure)
{
  Chip *chip = data;

  (void) closure;
  g_object_unref (chip->template);
  g_object_unref (chip->note);
  g_free (chip);
}

/* A template's text goes where the cursor is; nothing written is replaced. */
static void
clicked_cb (Chip *chip)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (chip->content);
  const char *body = csl_record_item_get_text (chip->template, "body");
  const char *kind = csl_record_item_get_text (chip->template, "kind");
  g_auto (CslValue) value = CSL_VALUE_INIT;

  if (body != NULL)
    gtk_text_buffer_insert_at_cursor (buffer, body, -1);
  csl_value_set_text (&value, csl_record_item_get_id (chip->template));
  csl_field_binding_set_value (csl_record_draft_get_binding (chip->note, "template"),
                               &value);
  if (kind != NULL)
    csl_field_binding_set_text (csl_record_draft_get_binding (chip->note, "kind"), kind);
  gtk_widget_grab_focus (GTK_WIDGET (chip->content));
}

static bool
is_of_visit (CslRecordDraft *note)
{
  return csl_record_get_text (csl_record_draft_get_record (note), "visit") != NULL;
}

/* The note of a visit stays one. */
static GListModel *
list_templates (CslRecordDraft *note)
{
  CslSession *session = csl_record_draft_get_session (note);
  const CslRecordType *type =
    csl_schema_lookup_type (csl_session_get_schema (session), "note_template");
  g_autoptr (CslQuery) query = csl_query_new (type);

  if (is_of_visit (note))
    csl_query_add_text (query, "kind", CSL_FILTER_IS, "visit");
  csl_query_set_sort (query, "name", false);
  query->limit = MOST_CHIPS;
  return csl_session_list (session, query);
}

void
csl_template_chips_add (CslWrapBox *box, CslRecordDraft *note, GtkTextView *content)
{
  g_autoptr (GListModel) templates = list_templates (note);

  for (guint i = 0; i < g_list_model_get_n_items (templates); i++) {
    Chip *chip = g_new0 (Chip, 1);
    GtkWidget *button;

    chip->template = g_list_model_get_item (templates, i);
    chip->note = g_object_ref (note);
    chip->content = content;
    button = gtk_button_new_with_label (csl_record_item_get_title (chip->template));
    gtk_widget_add_css_class (button, "chip");
    g_signal_connect_data (button, "clicked", G_CALLBACK (clicked_cb), chip, chip_free,
                           G_CONNECT_SWAPPED);
    csl_wrap_box_append (box, button);
  }
  gtk_widget_set_visible (GTK_WIDGET (box), g_list_model_get_n_items (templates) > 0);
}
