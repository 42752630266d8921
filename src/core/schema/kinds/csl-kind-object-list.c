/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-kind-object-list.c: a short list of objects with an id each: agenda points, list of fields.
 *
 * Every element is checked by the kinds of the columns; members this version does not know are
 * kept. The order of elements is the writer's. Text form: the canonical JSON.
 */
#include "config.h"

#include "core/base/csl-json-write.h"
#include "core/schema/kinds/csl-kinds.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MOST_ELEMENTS 500
#define ID_LENGTH     64

static const CslField *
lookup_column (const CslField *field, const CslJson *json, guint name)
{
  for (guint i = 0; i < field->n_columns; i++) {
    if (csl_json_equals (json, name, field->columns[i].name))
      return &field->columns[i];
  }
  return NULL;
}

static bool
take_id (const CslJson *json, guint element, GHashTable *ids)
{
  g_autofree char *id = csl_json_member_dup_string (json, element, "id");
  gsize length = id != NULL ? strlen (id) : 0;

  return length > 0 && length <= ID_LENGTH &&
         g_hash_table_add (ids, g_steal_pointer (&id));
}

/* Appends one member; NULL members are left out. FALSE when the column's kind refuses it. */
static bool
write_member (const CslField *field, const CslJson *json, guint name, GString *out)
{
  const CslField *column = lookup_column (field, json, name);
  g_autofree char *text = csl_json_dup_string (json, name);
  g_auto (CslValue) value = CSL_VALUE_INIT;

  if (csl_json_token (json, name + 1)->kind == CSL_JSON_NULL)
    return true;
  if (column == NULL) {
    csl_json_write_name (out, text);
    csl_json_write_canonical (out, json, name + 1);
    return true;
  }
  if (!column->kind->from_json (column, json, name + 1, &value))
    return false;
  if (!csl_value_is_null (&value)) {
    csl_json_write_name (out, text);
    column->kind->to_json (column, &value, out);
  }
  return true;
}

/* @json is canonical already as far as order and white space go. */
static bool
write_elements (const CslField *field, const CslJson *json, GString *out)
{
  g_autoptr (GHashTable) ids =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  const CslJsonToken *root = csl_json_token (json, 0);

  if (root->kind != CSL_JSON_ARRAY || root->count > MOST_ELEMENTS)
    return false;
  g_string_append_c (out, '[');
  for (guint i = 1; i < root->next; i = csl_json_token (json, i)->next) {
    const CslJsonToken *element = csl_json_token (json, i);
    if (element->kind != CSL_JSON_OBJECT || !take_id (json, i, ids))
      return false;
    g_string_append (out, i > 1 ? ",{" : "{");
    for (guint k = i + 1; k < element->next; k = csl_json_token (json, k + 1)->next) {
      if (!write_member (field, json, k, out))
        return false;
    }
    g_string_append_c (out, '}');
  }
  g_string_append_c (out, ']');
  return true;
}

static bool
from_json (const CslField *field, const CslJson *json, guint index, CslValue *ret_value)
{
  g_autoptr (GString) sorted = g_string_new (NULL), text = g_string_new (NULL);
  g_auto (CslJson) again;

  csl_json_init (&again);
  csl_json_write_canonical (sorted, json, index);
  if (!csl_json_scan (&again, sorted->str, sorted->len, &csl_json_limits_line, NULL) ||
      !write_elements (field, &again, text))
    return false;
  csl_value_take_json (ret_value, g_string_free (g_steal_pointer (&text), FALSE));
  return true;
}

/* Problems of one element, under the path "field[2].column". */
static void
validate_element (const CslField *field,
                  const CslJson *json,
                  guint element,
                  guint number,
                  CslProblems *problems)
{
  g_autoptr (CslProblems) found = csl_problems_new ();

  for (guint i = 0; i < field->n_columns; i++) {
    const CslField *column = &field->columns[i];
    g_auto (CslValue) value = CSL_VALUE_INIT;
    guint member = csl_json_member (json, element, column->name);
    if (member != 0 && column->kind->from_json (column, json, member, &value) &&
        !csl_value_is_null (&value))
      column->kind->validate (column, &value, found);
    else if ((column->flags & CSL_FIELD_REQUIRED) != 0)
      csl_problems_add (found, column->name, "required", _ ("%s: please fill this in."),
                        csl_kind_label (column));
  }
  for (guint i = 0; i < csl_problems_get_size (found); i++) {
    const CslProblem *problem = csl_problems_get (found, i);
    g_autofree char *path =
      g_strdup_printf ("%s[%u].%s", field->name, number, problem->path);
    csl_problems_add (problems, path, problem->code, "%s", problem->message);
  }
}

static void
validate (const CslField *field, const CslValue *value, CslProblems *problems)
{
  g_auto (CslJson) json;
  guint before = csl_problems_get_size (problems), number = 0;

  csl_kind_json_validate (field, value, problems);
  csl_json_init (&json);
  if (csl_problems_get_size (problems) != before ||
      !csl_json_scan (&json, value->text, strlen (value->text), &csl_json_limits_line,
                      NULL))
    return;
  for (guint i = 1; i < json.tokens->len; i = csl_json_token (&json, i)->next)
    validate_element (field, &json, i, number++, problems);
}

const CslFieldKind csl_kind_object_list = {
  .name = "object_list",
  .value_type = CSL_VALUE_JSON,
  .flags = CSL_KIND_NEEDS_COLUMNS,
  .parse = csl_kind_json_parse,
  .format = csl_kind_json_format,
  .validate = validate,
  .from_json = from_json,
  .to_json = csl_kind_json_to_json,
  .sql_check = csl_kind_json_sql_check,
  .compare = csl_kind_bytes_compare,
};
