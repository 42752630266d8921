/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a line of a pull. A record that is taken is written and hashed as a replica does, and reads back as itself. */
#include "core/schema/csl-schema.h"
#include "core/wire/csl-pull-line.h"
#include "core/wire/csl-wire-record.h"
#include "fuzz-target.h"

static void
check_again (const CslRecord *record, const char *id)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GString) text_again = g_string_new (NULL);
  g_autoptr (CslRecord) again = csl_record_new (record->type, id);
  g_autoptr (GError) error = NULL;
  g_auto (CslJson) json = { 0 };

  csl_wire_record_write (record, text);
  csl_json_init (&json);
  /* Letters that are escaped no longer may make a line shorter, never longer. */
  g_assert_true (
    csl_json_scan (&json, text->str, text->len, &csl_json_limits_line, &error));
  g_assert_true (csl_wire_record_read (again, &json, 0, &error));
  csl_wire_record_write (again, text_again);
  g_assert_cmpstr (text->str, ==, text_again->str);
  again->rev = record->rev;
  g_assert_cmpuint (csl_wire_record_hash (record), ==, csl_wire_record_hash (again));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  static CslSchema *schema;
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_auto (CslPullLine) line;
  const CslRecordType *type;

  if (schema == NULL)
    schema = csl_schema_new_builtin ();

  csl_pull_line_init (&line);
  if (!csl_pull_line_parse (&line, text, size, NULL) || line.kind != CSL_LINE_PUT)
    return 0;
  type = csl_schema_lookup_type (schema, line.type);
  if (type == NULL)
    return 0;

  g_autoptr (CslRecord) record = csl_record_new (type, line.id);
  if (csl_wire_record_read (record, &line.json, line.d, NULL)) {
    record->rev = line.rev;
    check_again (record, line.id);
  }
  return 0;
}
