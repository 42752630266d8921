/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-differences.c: values of any kind inside the elements of a list. */
#include "config.h"

#include "server/handlers/csd-differences.h"

#include "core/base/csl-json-write.h"

#include <string.h>

void
csd_differences_append_text (GString *out,
                             const char *name,
                             const CslField *field,
                             const CslValue *value)
{
  g_autoptr (GString) json = NULL;

  if (value == NULL || csl_value_is_null (value))
    return;
  json = g_string_new (NULL);
  field->kind->to_json (field, value, json);
  csl_json_write_member_string (out, name, json->str);
}

bool
csd_differences_set (CslRecord *record, const char *name, const char *json)
{
  const CslField *field = csl_record_type_lookup_field (record->type, name);
  g_auto (CslJson) tape = { 0 };
  CslValue value = CSL_VALUE_INIT;
  bool read = false;

  csl_json_init (&tape);
  read = csl_json_scan (&tape, json, strlen (json), &csl_json_limits_line, NULL) &&
         field->kind->from_json (field, &tape, 0, &value);
  if (read)
    csl_value_move (&record->values[field->index], &value);
  csl_value_clear (&value);
  return read;
}
