/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A signature drawn with pen, finger or mouse, kept as strokes; the name is typed beside it, so that whoever cannot
 * draw can sign with a typed name and a witness. */
#define G_LOG_DOMAIN "caseload"

#include "client/ui/fields/csl-field-row-common.h"
#include "client/ui/fields/csl-signature-pad.h"
#include "client/ui/wrap/csl-expander.h"
#include "core/base/csl-json-write.h"
#include "core/base/csl-time.h"
#include "core/schema/csl-label.h"

#include <glib/gi18n.h>

typedef struct
{
  CslFieldBinding *binding; /* (owned) */
  CslSignaturePad *pad;     /* (unowned) */
  GtkEditable *name;        /* (unowned) */
  bool writing;
} Signature;

static void
signature_free (gpointer data)
{
  Signature *self = data;

  g_object_unref (self->binding);
  g_free (self);
}

/* Name or strokes changed: into the value. */
static void
written_cb (GtkWidget *row)
{
  Signature *self = g_object_get_data (G_OBJECT (row), "signature");
  CslSession *session = csl_field_binding_get_session (self->binding);
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (self->name)));
  g_autofree char *strokes = csl_signature_pad_dup_strokes (self->pad);
  g_autofree char *now =
    csl_instant_format (csl_session_get_now_ms (session), csl_session_get_zone (session));
  g_autoptr (GString) json = g_string_new ("{");
  g_auto (CslValue) value = CSL_VALUE_INIT;

  if (self->writing)
    return;
  if (name[0] != '\0' || csl_signature_pad_get_drawn (self->pad)) {
    csl_json_write_member_int (json, "height", CSL_SIGNATURE_HEIGHT);
    csl_json_write_member_string (json, "signed_at", now);
    csl_json_write_member_string (json, "signed_by", name[0] != '\0' ? name : "—");
    csl_json_write_name (json, "strokes");
    g_string_append (json, strokes);
    csl_json_write_member_int (json, "width", CSL_SIGNATURE_WIDTH);
  }
  g_string_append_c (json, '}');
  csl_value_take_json (&value, csl_field_row_dup_canonical (json->str));
  self->writing = true;
  csl_field_binding_set_value (self->binding, &value);
  self->writing = false;
}

/* The value changed elsewhere: into name and strokes. */
static void
value_changed_cb (GtkWidget *row)
{
  Signature *self = g_object_get_data (G_OBJECT (row), "signature");
  const char *text = csl_value_get_text (csl_field_binding_get_value (self->binding));
  g_auto (CslJson) json = { 0 };
  g_autofree char *name = NULL;
  g_autofree char *strokes = NULL;
  guint member;

  if (self->writing)
    return;
  csl_json_init (&json);
  if (text != NULL &&
      csl_json_scan (&json, text, strlen (text), &csl_json_limits_line, NULL)) {
    name = csl_json_member_dup_string (&json, 0, "signed_by");
    member = csl_json_member (&json, 0, "strokes");
    strokes = member != 0 ? csl_json_dup_source (&json, member) : NULL;
  }
  self->writing = true;
  gtk_editable_set_text (self->name, name != NULL ? name : "");
  csl_signature_pad_set_strokes (self->pad, strokes);
  self->writing = false;
}

static void
clear_cb (GtkWidget *row)
{
  Signature *self = g_object_get_data (G_OBJECT (row), "signature");

  csl_signature_pad_set_strokes (self->pad, NULL);
  written_cb (row);
}

GtkWidget *
csl_field_row_signature_new (CslFieldBinding *binding)
{
  const CslField *field = csl_field_binding_get_field (binding);
  GtkWidget *row = adw_expander_row_new ();
  GtkWidget *name = adw_entry_row_new ();
  GtkWidget *pad = csl_signature_pad_new ();
  GtkWidget *clear = gtk_button_new_with_label (_ ("Clear"));
  Signature *self = g_new0 (Signature, 1);

  self->binding = g_object_ref (binding);
  self->pad = CSL_SIGNATURE_PAD (pad);
  self->name = GTK_EDITABLE (name);
  g_object_set_data_full (G_OBJECT (row), "signature", self, signature_free);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), csl_label_field (field));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (name), _ ("Name of who signs"));
  gtk_widget_set_valign (clear, GTK_ALIGN_CENTER);
  csl_expander_add_button (ADW_EXPANDER_ROW (row), clear);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (row), name);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (row), pad);
  value_changed_cb (row);
  g_signal_connect_object (clear, "clicked", G_CALLBACK (clear_cb), row,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (name, "changed", G_CALLBACK (written_cb), row,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (pad, "drawn", G_CALLBACK (written_cb), row, G_CONNECT_SWAPPED);
  g_signal_connect_object (binding, "notify::text", G_CALLBACK (value_changed_cb), row,
                           G_CONNECT_SWAPPED);
  csl_field_row_prepare (row, row, binding);
  return row;
}
