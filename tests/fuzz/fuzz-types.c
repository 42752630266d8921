/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as definition files: a line "== types/work/thing.json" begins each of them. They are wrong with a list of problems, or
 * they are a schema whose types make records.
 */
#include "core/schema/csl-record.h"
#include "core/schema/csl-schema-internal.h"
#include "fuzz-target.h"

#include <string.h>

static void
add_file (GPtrArray *files, const char *part, CslProblems *problems)
{
  const char *end = strchr (part, '\n');
  g_autofree char *path = NULL;

  if (end == NULL || !g_utf8_validate (part, end - part, NULL))
    return;
  path = g_strndup (part, (gsize) (end - part));
  csl_definition_files_add (files, path, end + 1, strlen (end + 1), problems);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_auto (GStrv) parts = g_strsplit (text, "== ", 50);
  g_autoptr (GPtrArray) files = csl_definition_files_new ();
  g_autoptr (CslProblems) problems = csl_problems_new ();
  g_autoptr (CslSchema) schema = csl_schema_new_empty ();
  guint before;
  bool good;

  for (guint i = 0; parts[i] != NULL; i++)
    add_file (files, parts[i], problems);
  before = csl_problems_get_size (problems);
  good = csl_schema_load (schema, files, problems);
  g_assert_true (good == (csl_problems_get_size (problems) == before));
  for (guint i = 0; good && i < csl_schema_get_n_types (schema); i++) {
    g_autoptr (CslRecord) record =
      csl_record_new (csl_schema_get_type (schema, i),
                      "01976b1e-0000-7abc-8def-000000000001");
    g_autofree char *title = csl_record_dup_title (record);

    g_assert_nonnull (title);
  }
  return 0;
}
