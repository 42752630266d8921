/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as definition files: a line "== types/work/thing.json" begins each of them. They are wrong with a list of problems, or
 * they are a schema whose types make records.
 */
#include "core/schema/csl-record.h"
#include "core/schema/csl-schema-internal.h"
#include "fuzz-target.h"

#include <string.h>

static const CslJsonLimits file_limits = { 256 << 10, 24, 4 << 10, 20000 };

static void
file_free_cb (gpointer data)
{
  CslDefinitionFile *file = data;

  g_free (file->path);
  json_node_unref (file->root);
  g_free (file);
}

static void
add_file (GPtrArray *files, const char *part)
{
  const char *end = strchr (part, '\n');
  CslDefinitionFile *file;
  JsonNode *root;

  if (end == NULL || !g_utf8_validate (part, end - part, NULL))
    return;
  root = csl_json_parse_guarded (end + 1, strlen (end + 1), &file_limits, NULL);
  if (root == NULL)
    return;
  file = g_new0 (CslDefinitionFile, 1);
  file->path = g_strndup (part, (gsize) (end - part));
  file->root = root;
  g_ptr_array_add (files, file);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_auto (GStrv) parts = g_strsplit (text, "== ", 50);
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (file_free_cb);
  g_autoptr (CslProblems) problems = csl_problems_new ();
  g_autoptr (CslSchema) schema = csl_schema_new_empty ();
  bool good;

  for (guint i = 0; parts[i] != NULL; i++)
    add_file (files, parts[i]);
  good = csl_schema_load (schema, files, problems);
  g_assert_true (good == (csl_problems_get_size (problems) == 0));
  for (guint i = 0; good && i < csl_schema_get_n_types (schema); i++) {
    g_autoptr (CslRecord) record =
      csl_record_new (csl_schema_get_type (schema, i),
                      "01976b1e-0000-7abc-8def-000000000001");
    g_autofree char *title = csl_record_dup_title (record);

    g_assert_nonnull (title);
  }
  return 0;
}
