/* SPDX-License-Identifier: GPL-3.0-or-later */
/* schema-sample.c: loads the good definitions of tests/data/types. */
#include "core/schema/schema-sample.h"

#include <string.h>

void
schema_sample_set_up (SchemaSample *sample, gconstpointer data)
{
  g_autofree char *path = g_build_filename (g_getenv ("CSL_TEST_SOURCE_ROOT"), "tests",
                                            "data", "types", "good", NULL);
  g_autoptr (CslProblems) problems = csl_problems_new ();

  sample->schema = csl_schema_new_from_folder (path, problems);
  g_assert_nonnull (sample->schema);
  sample->type = csl_schema_lookup_type (sample->schema, "sample");
}

void
schema_sample_tear_down (SchemaSample *sample, gconstpointer data)
{
  csl_schema_unref (sample->schema);
}

bool
schema_sample_read (const CslField *field, const char *text, CslValue *ret_value)
{
  g_auto (CslJson) json;

  csl_json_init (&json);
  g_assert_true (csl_json_scan (&json, text, strlen (text), &csl_json_limits_line, NULL));
  return field->kind->from_json (field, &json, 0, ret_value);
}
