/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-field.c: values of a field as JSON that stands by itself, or as a string inside the elements of a list. */
#include "core/schema/csl-field.h"

#include "core/base/csl-json-write.h"

#include <string.h>

/**
 * csl_field_read_json:
 * @json: (nullable): the text of one JSON value
 * @ret_value: not touched when there is no value
 *
 * Returns: FALSE for no text, for null and for what is no value of @self
 */
bool
csl_field_read_json (const CslField *self, const char *json, CslValue *ret_value)
{
  g_auto (CslJson) tape = { 0 };

  csl_json_init (&tape);
  return json != NULL &&
         csl_json_scan (&tape, json, strlen (json), &csl_json_limits_line, NULL) &&
         csl_json_token (&tape, 0)->kind != CSL_JSON_NULL &&
         self->kind->from_json (self, &tape, 0, ret_value);
}

/**
 * csl_field_read_member:
 * @object: an object of @json
 * @name: the member that csl_field_write_member() wrote
 * @ret_value: not touched when there is no value
 *
 * Returns: FALSE when the member is missing or no value of @self
 */
bool
csl_field_read_member (const CslField *self,
                       const CslJson *json,
                       guint object,
                       const char *name,
                       CslValue *ret_value)
{
  g_autofree char *text = csl_json_member_dup_string (json, object, name);

  return csl_field_read_json (self, text, ret_value);
}

/**
 * csl_field_write_member:
 * @value: (nullable): nothing is written when there is none
 *
 * Appends the member @name, a string that holds the JSON of @value: elements of lists have strings only.
 */
void
csl_field_write_member (const CslField *self,
                        GString *out,
                        const char *name,
                        const CslValue *value)
{
  g_autoptr (GString) json = NULL;

  if (value == NULL || csl_value_is_null (value))
    return;
  json = g_string_new (NULL);
  self->kind->to_json (self, value, json);
  csl_json_write_member_string (out, name, json->str);
}
