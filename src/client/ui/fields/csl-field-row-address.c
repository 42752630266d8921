/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A postal address in five lines, shown folded in one. */
#define G_LOG_DOMAIN "caseload"

#include "client/ui/fields/csl-field-row-common.h"
#include "core/base/csl-json-write.h"
#include "core/schema/csl-label.h"

#include <glib/gi18n.h>

/* In the order people write them; members of the wire form. */
static const struct
{
  const char *member, *label;
} lines[] = {
  { "line1", N_ ("Street and number") },
  { "line2", N_ ("Flat or floor") },
  { "city", N_ ("Town") },
  { "postcode", N_ ("Postcode") },
  { "country", N_ ("Country") },
};

static GtkEditable *
get_line (GtkWidget *row, const char *member)
{
  return GTK_EDITABLE (g_object_get_data (G_OBJECT (row), member));
}

static void
show_summary (AdwExpanderRow *row)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
    const char *line =
      gtk_editable_get_text (get_line (GTK_WIDGET (row), lines[i].member));
    if (line[0] != '\0')
      g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", line);
  }
  adw_expander_row_set_subtitle (row, text->len > 0 ? text->str : _ ("Not given"));
}

static void
typed_cb (GtkWidget *row)
{
  CslFieldBinding *binding = g_object_get_data (G_OBJECT (row), "binding");
  g_autoptr (GString) json = g_string_new ("{");
  g_auto (CslValue) value = CSL_VALUE_INIT;

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
    g_autofree char *line =
      g_strstrip (g_strdup (gtk_editable_get_text (get_line (row, lines[i].member))));
    if (line[0] != '\0')
      csl_json_write_member_string (json, lines[i].member, line);
  }
  g_string_append_c (json, '}');
  csl_value_take_json (&value, csl_field_row_dup_canonical (json->str));
  csl_field_binding_set_value (binding, &value);
  show_summary (ADW_EXPANDER_ROW (row));
}

static void
text_changed_cb (GtkWidget *row, GParamSpec *pspec, CslFieldBinding *binding)
{
  const char *json = csl_value_get_text (csl_field_binding_get_value (binding));
  g_auto (CslJson) tape = { 0 };
  bool readable;

  (void) pspec;
  csl_json_init (&tape);
  readable = json != NULL &&
             csl_json_scan (&tape, json, strlen (json), &csl_json_limits_line, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
    GtkEditable *entry = get_line (row, lines[i].member);
    g_autofree char *line =
      readable ? csl_json_member_dup_string (&tape, 0, lines[i].member) : NULL;
    g_autofree char *shown = g_strstrip (g_strdup (gtk_editable_get_text (entry)));

    if (g_strcmp0 (shown, line != NULL ? line : "") != 0)
      gtk_editable_set_text (entry, line != NULL ? line : "");
  }
  show_summary (ADW_EXPANDER_ROW (row));
}

GtkWidget *
csl_field_row_address_new (CslFieldBinding *binding)
{
  GtkWidget *row = adw_expander_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row),
                                 csl_label_field (csl_field_binding_get_field (binding)));
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  g_object_set_data_full (G_OBJECT (row), "binding", g_object_ref (binding),
                          g_object_unref);
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
    GtkWidget *entry = adw_entry_row_new ();
    adw_preferences_row_set_title (ADW_PREFERENCES_ROW (entry), _ (lines[i].label));
    adw_expander_row_add_row (ADW_EXPANDER_ROW (row), entry);
    g_object_set_data (G_OBJECT (row), lines[i].member, entry);
  }
  text_changed_cb (row, NULL, binding);
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    g_signal_connect_object (get_line (row, lines[i].member), "changed",
                             G_CALLBACK (typed_cb), row, G_CONNECT_SWAPPED);
  g_signal_connect_object (binding, "notify::text", G_CALLBACK (text_changed_cb), row,
                           G_CONNECT_SWAPPED);
  csl_field_row_prepare (row, row, binding);
  return row;
}
