/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file's name and size. Choosing one is the matter of the screens that own files. */
#define G_LOG_DOMAIN "caseload"

#include "client/ui/fields/csl-field-row-common.h"
#include "core/schema/csl-label.h"

#include <glib/gi18n.h>

static char *
describe (CslFieldBinding *binding)
{
  const char *json = csl_value_get_text (csl_field_binding_get_value (binding));
  g_auto (CslJson) tape = { 0 };
  g_autofree char *name = NULL;
  g_autofree char *size = NULL;

  csl_json_init (&tape);
  if (json == NULL ||
      !csl_json_scan (&tape, json, strlen (json), &csl_json_limits_line, NULL))
    return g_strdup (_ ("No file"));
  name = csl_json_member_dup_string (&tape, 0, "name");
  size = g_format_size (csl_json_member_int (&tape, 0, "size", 0));
  return g_strdup_printf ("%s, %s", name != NULL ? name : _ ("File"), size);
}

static void
text_changed_cb (AdwActionRow *row, GParamSpec *pspec, CslFieldBinding *binding)
{
  g_autofree char *text = describe (binding);

  (void) pspec;
  adw_action_row_set_subtitle (row, text);
}

GtkWidget *
csl_field_row_file_new (CslFieldBinding *binding)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row),
                                 csl_label_field (csl_field_binding_get_field (binding)));
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  text_changed_cb (ADW_ACTION_ROW (row), NULL, binding);
  g_signal_connect_object (binding, "notify::text", G_CALLBACK (text_changed_cb), row,
                           G_CONNECT_SWAPPED);
  csl_field_row_prepare (row, row, binding);
  return row;
}
