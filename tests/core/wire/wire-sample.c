/* SPDX-License-Identifier: GPL-3.0-or-later */
/* wire-sample.c: the definitions and vectors the wire tests work with. */
#include "core/wire/wire-sample.h"

static char *
data_path (const char *name)
{
  return g_build_filename (g_getenv ("CSL_TEST_SOURCE_ROOT"), "tests", "data", "wire",
                           name, NULL);
}

CslSchema *
sample_schema_new (void)
{
  g_autofree char *path = data_path ("definitions");
  g_autoptr (CslProblems) problems = csl_problems_new ();
  CslSchema *schema = csl_schema_new_from_folder (path, problems);
  g_autofree char *text = csl_problems_dup_text (problems);

  g_assert_cmpstr (text, ==, "");
  g_assert_nonnull (schema);
  return schema;
}

JsonNode *
sample_load_vectors (const char *name)
{
  g_autofree char *path = data_path (name);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;

  json_parser_load_from_file (parser, path, &error);
  g_assert_no_error (error);
  return json_parser_steal_root (parser);
}
