/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-kind-enum-set.c: several values of a reference list, sorted by bytes, none twice.
 *
 * Text form: values or labels with commas between them.
 */
#include "config.h"

#include "core/base/csl-json-write.h"
#include "core/schema/kinds/csl-kinds.h"

#include <string.h>

static int
compare_text_cb (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Sorts @values, drops doubles, and sets the canonical text. */
static void
take_values (CslValue *ret_value, GPtrArray *values)
{
  g_autoptr (GString) text = g_string_new ("[");
  const char *last = NULL;

  g_ptr_array_sort (values, compare_text_cb);
  for (guint i = 0; i < values->len; i++) {
    const char *value = g_ptr_array_index (values, i);
    if (last != NULL && strcmp (value, last) == 0)
      continue;
    if (last != NULL)
      g_string_append_c (text, ',');
    csl_json_write_string (text, value);
    last = value;
  }
  g_string_append_c (text, ']');
  csl_value_take_json (ret_value, g_string_free (g_steal_pointer (&text), FALSE));
}

static bool
parse (const CslField *field,
       const char *text,
       CslValue *ret_value,
       CslProblems *problems)
{
  g_auto (GStrv) words = g_strsplit (text != NULL ? text : "", ",", -1);
  g_autoptr (GPtrArray) values = g_ptr_array_new ();

  for (guint i = 0; words[i] != NULL; i++) {
    g_autofree char *word = csl_kind_dup_trimmed (words[i]);
    if (word == NULL)
      continue;
    const CslEnumValue *known = csl_kind_find_option (field->options, word);
    if (known == NULL) {
      csl_kind_add_unknown (field, word, problems);
      return false;
    }
    g_ptr_array_add (values, known->value);
  }
  take_values (ret_value, values);
  return true;
}

/* (transfer full): the values, or NULL when the token is not an array of words. */
static GPtrArray *
read_values (const CslJson *json, guint index)
{
  g_autoptr (GPtrArray) values = g_ptr_array_new_with_free_func (g_free);
  const CslJsonToken *token = csl_json_token (json, index);

  if (token->kind != CSL_JSON_ARRAY)
    return NULL;
  for (guint i = index + 1; i < token->next; i = csl_json_token (json, i)->next) {
    g_autofree char *value = csl_json_dup_string (json, i);
    if (value == NULL || *value == '\0')
      return NULL;
    g_ptr_array_add (values, g_steal_pointer (&value));
  }
  return g_steal_pointer (&values);
}

static bool
from_json (const CslField *field, const CslJson *json, guint index, CslValue *ret_value)
{
  g_autoptr (GPtrArray) values = read_values (json, index);

  if (values == NULL)
    return false;
  take_values (ret_value, values);
  return true;
}

/* (transfer full): the values of a set in its canonical text. */
static GPtrArray *
list_values (const CslValue *value)
{
  g_auto (CslJson) json;
  GPtrArray *values = NULL;

  csl_json_init (&json);
  if (!csl_value_is_null (value) &&
      csl_json_scan (&json, value->text, strlen (value->text), &csl_json_limits_line,
                     NULL))
    values = read_values (&json, 0);
  return values != NULL ? values : g_ptr_array_new ();
}

static char *
format (const CslField *field, const CslValue *value)
{
  g_autoptr (GPtrArray) values = list_values (value);

  g_ptr_array_add (values, NULL);
  return g_strjoinv (", ", (char **) values->pdata);
}

static void
validate (const CslField *field, const CslValue *value, CslProblems *problems)
{
  g_autoptr (GPtrArray) values = list_values (value);

  csl_kind_json_validate (field, value, problems);
  for (guint i = 0; i < values->len; i++) {
    const char *text = g_ptr_array_index (values, i);
    if (csl_enum_lookup (field->options, text) == NULL)
      csl_kind_add_unknown (field, text, problems);
  }
}

const CslFieldKind csl_kind_enum_set = {
  .name = "enum_set",
  .value_type = CSL_VALUE_JSON,
  .flags = CSL_KIND_NEEDS_OPTIONS | CSL_KIND_SET,
  .parse = parse,
  .format = format,
  .validate = validate,
  .from_json = from_json,
  .to_json = csl_kind_json_to_json,
  .sql_check = csl_kind_json_sql_check,
  .compare = csl_kind_bytes_compare,
};
