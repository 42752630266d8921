/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-spec.c: reading definition files piece by piece, with paths in every problem. */
#include "core/schema/csl-spec.h"

#include <string.h>

#define IDENTIFIER_LENGTH 63

static void
append_path (const CslSpec *self, GString *path)
{
  if (self->parent == NULL)
    return;
  append_path (self->parent, path);
  if (self->name == NULL) {
    g_string_append_printf (path, "[%u]", self->position);
  } else {
    if (self->parent->parent != NULL)
      g_string_append_c (path, '.');
    g_string_append (path, self->name);
  }
}

void
csl_spec_problem (const CslSpec *self, const char *format, ...)
{
  g_autoptr (GString) path = g_string_new (self->file);
  g_autofree char *message = NULL;
  va_list arguments;

  if (self->parent != NULL)
    g_string_append (path, ": ");
  append_path (self, path);
  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  csl_problems_add (self->problems, path->str, "definition", "%s", message);
}

static bool
is_listed (const char *text, const char *const *list)
{
  return g_strv_contains (list, text);
}

bool
csl_spec_check_object (const CslSpec *self, const char *const *members)
{
  if (self->node == NULL || !JSON_NODE_HOLDS_OBJECT (self->node)) {
    csl_spec_problem (self, self->node == NULL ? "is missing" : "must be an object");
    return false;
  }
  JsonObjectIter iter;
  const char *name;
  json_object_iter_init_ordered (&iter, json_node_get_object (self->node));
  while (json_object_iter_next_ordered (&iter, &name, NULL)) {
    if (!is_listed (name, members))
      csl_spec_problem (self, "unknown member “%.63s”", name);
  }
  return true;
}

CslSpec
csl_spec_member (const CslSpec *self, const char *name)
{
  CslSpec member = { .parent = self,
                     .file = self->file,
                     .name = name,
                     .problems = self->problems };

  if (self->node != NULL && JSON_NODE_HOLDS_OBJECT (self->node))
    member.node = json_object_get_member (json_node_get_object (self->node), name);
  return member;
}

guint
csl_spec_get_length (const CslSpec *self)
{
  if (self->node == NULL)
    return 0;
  if (JSON_NODE_HOLDS_OBJECT (self->node))
    return json_object_get_size (json_node_get_object (self->node));
  if (JSON_NODE_HOLDS_ARRAY (self->node))
    return json_array_get_length (json_node_get_array (self->node));
  csl_spec_problem (self, "must be a list");
  return 0;
}

/* Of an array; elements of an object are reached by name. */
CslSpec
csl_spec_element (const CslSpec *self, guint position)
{
  CslSpec element = { .parent = self,
                      .file = self->file,
                      .position = position,
                      .problems = self->problems };

  if (self->node != NULL && JSON_NODE_HOLDS_ARRAY (self->node))
    element.node = json_array_get_element (json_node_get_array (self->node), position);
  return element;
}

static const char *
get_string (const CslSpec *self)
{
  if (self->node == NULL || !JSON_NODE_HOLDS_VALUE (self->node) ||
      json_node_get_value_type (self->node) != G_TYPE_STRING)
    return NULL;
  return json_node_get_string (self->node);
}

char *
csl_spec_dup_text (const CslSpec *self, guint longest)
{
  const char *text = get_string (self);

  if (text == NULL || *text == '\0') {
    csl_spec_problem (self, self->node == NULL ? "is missing" : "must be a text");
    return NULL;
  }
  if (strlen (text) > longest) {
    csl_spec_problem (self, "is longer than %u bytes", longest);
    return NULL;
  }
  for (const char *p = text; *p != '\0'; p++) {
    if ((guchar) *p < 0x20 || *p == 0x7f) {
      csl_spec_problem (self, "has control characters");
      return NULL;
    }
  }
  return g_strdup (text);
}

char *
csl_spec_dup_optional (const CslSpec *self, guint longest)
{
  return self->node != NULL ? csl_spec_dup_text (self, longest) : NULL;
}

bool
csl_spec_is_identifier (const char *text)
{
  gsize length = strnlen (text, IDENTIFIER_LENGTH + 1);

  return length <= IDENTIFIER_LENGTH && text[0] >= 'a' && text[0] <= 'z' &&
         strspn (text, "abcdefghijklmnopqrstuvwxyz0123456789_") == length;
}

char *
csl_spec_dup_identifier (const CslSpec *self)
{
  g_autofree char *text = csl_spec_dup_text (self, 200);

  if (text == NULL || csl_spec_is_identifier (text))
    return g_steal_pointer (&text);
  csl_spec_problem (self, "“%s” is not a name ([a-z][a-z0-9_]*, at most %d characters)",
                    text, IDENTIFIER_LENGTH);
  return NULL;
}

bool
csl_spec_get_bool (const CslSpec *self, bool fallback)
{
  if (self->node == NULL)
    return fallback;
  if (JSON_NODE_HOLDS_VALUE (self->node) &&
      json_node_get_value_type (self->node) == G_TYPE_BOOLEAN)
    return json_node_get_boolean (self->node);
  csl_spec_problem (self, "must be true or false");
  return fallback;
}

gint64
csl_spec_get_int (const CslSpec *self, gint64 least, gint64 most, gint64 fallback)
{
  if (self->node == NULL)
    return fallback;
  if (!JSON_NODE_HOLDS_VALUE (self->node) ||
      json_node_get_value_type (self->node) != G_TYPE_INT64) {
    csl_spec_problem (self, "must be a whole number");
    return fallback;
  }
  gint64 number = json_node_get_int (self->node);
  if (number >= least && number <= most)
    return number;
  csl_spec_problem (self, "must be between %" G_GINT64_FORMAT " and %" G_GINT64_FORMAT,
                    least, most);
  return fallback;
}

int
csl_spec_get_choice (const CslSpec *self, const char *const *choices, int fallback)
{
  if (self->node == NULL)
    return fallback;
  const char *text = get_string (self);
  for (int i = 0; text != NULL && choices[i] != NULL; i++) {
    if (strcmp (text, choices[i]) == 0)
      return i;
  }
  g_autofree char *list = g_strjoinv (", ", (char **) choices);
  csl_spec_problem (self, "must be one of: %s", list);
  return fallback;
}

const CslField *
csl_spec_get_field (const CslSpec *self, const CslRecordType *type)
{
  g_autofree char *name = csl_spec_dup_identifier (self);

  if (name == NULL)
    return NULL;
  const CslField *field = csl_record_type_lookup_field (type, name);
  if (field == NULL)
    csl_spec_problem (self, "“%s” has no field “%s”", type->name, name);
  return field;
}

bool
csl_spec_get_value (const CslSpec *self, const CslField *field, CslValue *ret_value)
{
  g_autoptr (CslProblems) problems = csl_problems_new ();
  g_auto (CslValue) value = CSL_VALUE_INIT;
  g_auto (CslJson) json;

  csl_json_init (&json);
  if ((field->kind->flags & CSL_KIND_NEEDS_OPTIONS) != 0 && field->options == NULL)
    return false; /* the missing list has been reported */
  g_autofree char *text = self->node != NULL ? json_to_string (self->node, FALSE)
                                             : g_strdup ("");
  if (!csl_json_scan (&json, text, strlen (text), &csl_json_limits_line, NULL) ||
      !field->kind->from_json (field, &json, 0, &value) || csl_value_is_null (&value)) {
    csl_spec_problem (self, "is no value of “%s” (%s)", field->name, field->kind->name);
    return false;
  }
  field->kind->validate (field, &value, problems);
  if (csl_problems_get_size (problems) > 0) {
    csl_spec_problem (self, "is no value of “%s”: %s", field->name,
                      csl_problems_get (problems, 0)->message);
    return false;
  }
  csl_value_move (ret_value, &value);
  return true;
}
