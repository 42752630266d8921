/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-display.c: values as people read them, by a table of kinds. */
#define G_LOG_DOMAIN "csl-display"

#include "config.h"

#include "client/ui/text/csl-display.h"

#include "client/app/csl-region.h"
#include "client/ui/text/csl-display-time.h"
#include "core/base/csl-json-scan.h"
#include "core/base/csl-time.h"
#include "core/schema/csl-label.h"

#include <glib/gi18n.h>
#include <gtk/gtk.h>
#include <stdbool.h>
#include <string.h>

/* Unicode's way to say: what is between has a direction of its own. */
#define FIRST_STRONG_ISOLATE "\342\201\250"
#define POP_ISOLATE          "\342\201\251"

typedef char *(*DisplayFunc) (CslSession *session,
                              const CslField *field,
                              const CslValue *value);

static gint64
now_ms (CslSession *session)
{
  return session != NULL ? csl_session_get_now_ms (session) : 0;
}

static char *
display_text (CslSession *session, const CslField *field, const CslValue *value)
{
  return g_strdup (csl_value_get_text (value));
}

/* @text takes the unit after it; it is freed. */
static char *
take_with_unit (char *text, const CslField *field)
{
  g_autofree char *number = text;

  if (csl_label_unit (field) == NULL)
    return g_steal_pointer (&number);
  /* Translators: a number and what it counts: "12 miles". */
  return g_strdup_printf (C_ ("number, unit", "%s %s"), number, csl_label_unit (field));
}

static char *
display_number (CslSession *session, const CslField *field, const CslValue *value)
{
  return take_with_unit (csl_region_number (value->number, 0), field);
}

static char *
display_decimal (CslSession *session, const CslField *field, const CslValue *value)
{
  return take_with_unit (csl_region_number (value->number, field->decimals), field);
}

static char *
display_money (CslSession *session, const CslField *field, const CslValue *value)
{
  return csl_region_money (value->number, value->currency);
}

static char *
display_boolean (CslSession *session, const CslField *field, const CslValue *value)
{
  return g_strdup (value->number != 0 ? _ ("Yes") : _ ("No"));
}

static char *
display_date (CslSession *session, const CslField *field, const CslValue *value)
{
  return csl_display_date (csl_value_get_text (value), now_ms (session));
}

static char *
display_instant (CslSession *session, const CslField *field, const CslValue *value)
{
  return csl_display_instant (csl_value_get_text (value), now_ms (session));
}

static char *
display_duration (CslSession *session, const CslField *field, const CslValue *value)
{
  return csl_display_duration (value->number);
}

static char *
display_enum (CslSession *session, const CslField *field, const CslValue *value)
{
  return g_strdup (csl_label_value (field->options, csl_value_get_text (value)));
}

static char *
display_reference (CslSession *session, const CslField *field, const CslValue *value)
{
  return csl_display_reference (session, field->target->name, csl_value_get_text (value));
}

static char *
display_enum_set (CslSession *session, const CslField *field, const CslValue *value)
{
  const char *text = csl_value_get_text (value);
  g_auto (CslJson) json = { 0 };
  g_autoptr (GString) out = g_string_new (NULL);

  csl_json_init (&json);
  if (!csl_json_scan (&json, text, strlen (text), &csl_json_limits_line, NULL))
    return g_strdup ("");
  for (guint i = 1; i < csl_json_token (&json, 0)->next;
       i = csl_json_token (&json, i)->next) {
    g_autofree char *element = csl_json_dup_string (&json, i);

    if (out->len > 0)
      g_string_append (out, ", ");
    g_string_append (out, csl_label_value (field->options, element));
  }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

static char *
display_list (CslSession *session, const CslField *field, const CslValue *value)
{
  const char *text = csl_value_get_text (value);
  g_auto (CslJson) json = { 0 };
  guint count;

  csl_json_init (&json);
  if (!csl_json_scan (&json, text, strlen (text), &csl_json_limits_line, NULL))
    return g_strdup ("");
  count = csl_json_token (&json, 0)->count;
  return g_strdup_printf (ngettext ("%u line", "%u lines", count), count);
}

static char *
display_address (CslSession *session, const CslField *field, const CslValue *value)
{
  static const char *const members[] = { "line1", "line2", "city", "postcode",
                                         "country" };
  const char *text = csl_value_get_text (value);
  g_auto (CslJson) json = { 0 };
  g_autoptr (GString) out = g_string_new (NULL);

  csl_json_init (&json);
  if (!csl_json_scan (&json, text, strlen (text), &csl_json_limits_line, NULL))
    return g_strdup ("");
  for (guint i = 0; i < G_N_ELEMENTS (members); i++) {
    g_autofree char *part = csl_json_member_dup_string (&json, 0, members[i]);

    if (part != NULL)
      g_string_append_printf (out, "%s%s", out->len > 0 ? ", " : "", part);
  }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

static char *
display_member (const CslValue *value, const char *member, const char *fallback)
{
  const char *text = csl_value_get_text (value);
  g_auto (CslJson) json = { 0 };
  char *part;

  csl_json_init (&json);
  if (!csl_json_scan (&json, text, strlen (text), &csl_json_limits_line, NULL))
    return g_strdup (fallback);
  part = csl_json_member_dup_string (&json, 0, member);
  return part != NULL ? part : g_strdup (fallback);
}

static char *
display_signature (CslSession *session, const CslField *field, const CslValue *value)
{
  g_autofree char *name = display_member (value, "signed_by", _ ("unknown"));

  return g_strdup_printf (_ ("Signed by %s"), name);
}

static char *
display_file (CslSession *session, const CslField *field, const CslValue *value)
{
  return display_member (value, "name", _ ("A file"));
}

/* Every kind has a row; the test walks csl_field_kinds. */
static const struct
{
  const char *kind;
  DisplayFunc display;
} displays[] = {
  { "text", display_text },           { "long_text", display_text },
  { "integer", display_number },      { "money", display_money },
  { "decimal", display_decimal },     { "boolean", display_boolean },
  { "date", display_date },           { "instant", display_instant },
  { "duration", display_duration },   { "enum", display_enum },
  { "reference", display_reference }, { "enum_set", display_enum_set },
  { "object_list", display_list },    { "email", display_text },
  { "phone", display_text },          { "address", display_address },
  { "signature", display_signature }, { "file", display_file },
};

static DisplayFunc
lookup_display (const CslFieldKind *kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (displays); i++)
    if (g_str_equal (displays[i].kind, kind->name))
      return displays[i].display;
  return NULL;
}

char *
csl_display_value (CslSession *session, const CslField *field, const CslValue *value)
{
  DisplayFunc display;
  g_autofree char *text = NULL;

  if (csl_value_is_null (value))
    return g_strdup ("");
  display = lookup_display (field->kind);
  g_return_val_if_fail (display != NULL, g_strdup (""));
  text = display (session, field, value);
  return csl_display_isolate (text);
}

char *
csl_display_field (CslSession *session, const CslRecord *record, const char *name)
{
  const CslField *field = csl_record_type_lookup_field (record->type, name);

  g_return_val_if_fail (field != NULL, g_strdup (""));
  return csl_display_value (session, field, &record->values[field->index]);
}

char *
csl_display_canonical (CslSession *session, const CslField *field, const char *text)
{
  g_auto (CslValue) value = CSL_VALUE_INIT;
  g_autoptr (CslProblems) problems = csl_problems_new ();

  if (text == NULL || *text == '\0')
    return g_strdup ("");
  if (field->kind->value_type == CSL_VALUE_JSON)
    csl_value_take_json (&value, g_strdup (text));
  else if (field->kind->value_type == CSL_VALUE_TEXT)
    csl_value_set_text (&value, text);
  else if (!field->kind->parse (field, text, &value, problems))
    return g_strdup (text);
  return csl_display_value (session, field, &value);
}

char *
csl_display_reference (CslSession *session, const char *type, const char *id)
{
  g_autoptr (CslRecordItem) item =
    session != NULL && id != NULL ? csl_session_lookup (session, type, id) : NULL;

  return g_strdup (item != NULL ? csl_record_item_get_title (item)
                                : _ ("Not on this computer"));
}

char *
csl_display_worker (CslSession *session, const char *user)
{
  CslRecordItem *me = session != NULL ? csl_session_get_user (session) : NULL;

  if (user == NULL)
    return g_strdup (_ ("Somebody"));
  if (me != NULL && g_strcmp0 (csl_record_item_get_id (me), user) == 0)
    return g_strdup (_ ("You"));
  return csl_display_reference (session, "user", user);
}

char *
csl_display_isolate (const char *text)
{
  if (*text == '\0' || gtk_widget_get_default_direction () != GTK_TEXT_DIR_RTL ||
      g_str_has_prefix (text, FIRST_STRONG_ISOLATE))
    return g_strdup (text);
  return g_strconcat (FIRST_STRONG_ISOLATE, text, POP_ISOLATE, NULL);
}

/* Cut marks would take the rest of the line with them; whoever joins texts puts them back. */
static char *
dup_without_marks (const char *text)
{
  if (g_str_has_prefix (text, FIRST_STRONG_ISOLATE) &&
      g_str_has_suffix (text, POP_ISOLATE))
    return g_strndup (text + strlen (FIRST_STRONG_ISOLATE),
                      strlen (text) - strlen (FIRST_STRONG_ISOLATE POP_ISOLATE));
  return g_strdup (text);
}

char *
csl_display_excerpt (const char *text, guint characters)
{
  g_autofree char *line = dup_without_marks (text != NULL ? text : "");

  g_strdelimit (line, "\n\r\t", ' ');
  g_strstrip (line);
  if (g_utf8_strlen (line, -1) > (glong) characters) {
    g_autofree char *cut = g_utf8_substring (line, 0, characters);

    g_autofree char *whole = g_strconcat (g_strchomp (cut), "…", NULL);

    return csl_display_isolate (whole);
  }
  return csl_display_isolate (line);
}

char *
csl_display_path (const char *path)
{
  g_autofree char *home = g_strconcat (g_get_home_dir (), G_DIR_SEPARATOR_S, NULL);

  return g_str_has_prefix (path, home)
           ? g_strconcat ("~" G_DIR_SEPARATOR_S, path + strlen (home), NULL)
           : g_strdup (path);
}

gint64
csl_display_record_time (const CslRecord *record)
{
  const char *text = NULL;
  gint64 when_ms;

  if (record->type->when_field >= 0)
    text = csl_value_get_text (&record->values[record->type->when_field]);
  if (text == NULL)
    text = csl_record_get_text (record, "created_at");
  return text != NULL && csl_instant_parse (text, &when_ms, NULL) ? when_ms : 0;
}
