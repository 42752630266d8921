/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prose: a label and a generous text view that grows with what is typed. */
#define G_LOG_DOMAIN "caseload"

#include "client/ui/fields/csl-field-row-common.h"
#include "client/ui/text/csl-prose.h"
#include "core/schema/csl-label.h"

GtkWidget *
csl_field_row_long_text_new (CslFieldBinding *binding)
{
  const CslField *field = csl_field_binding_get_field (binding);
  GtkWidget *row = adw_preferences_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *label = gtk_label_new (csl_label_field (field));
  GtkWidget *view = gtk_text_view_new ();

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "caption");
  gtk_widget_add_css_class (label, "dim-label");
  gtk_text_view_set_wrap_mode (GTK_TEXT_VIEW (view), GTK_WRAP_WORD_CHAR);
  gtk_text_view_set_accepts_tab (GTK_TEXT_VIEW (view), FALSE);
  gtk_widget_set_size_request (view, -1, 72);
  csl_prose_grow (GTK_TEXT_VIEW (view));
  gtk_widget_add_css_class (view, "prose");
  gtk_widget_add_css_class (box, "prose-row");
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), view);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  /* The line itself does nothing: the focus goes into the text at once. */
  gtk_widget_set_focusable (row, FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  csl_label_field (field), -1);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), csl_label_field (field));
  g_object_bind_property (binding, "text",
                          gtk_text_view_get_buffer (GTK_TEXT_VIEW (view)), "text",
                          G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL);
  csl_field_row_prepare (row, view, binding);
  return row;
}
