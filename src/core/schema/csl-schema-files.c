/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-schema-files.c: finding, guarding and parsing definition files, in a folder or compiled in. */
#include "core/schema/csl-schema-internal.h"

#include <string.h>

#define RESOURCE_PREFIX "/org/caseload/Caseload/"
#define MOST_FILES      2000

static const CslJsonLimits file_limits = { 256 << 10, 24, 4 << 10, 20000 };
static const char *const folders[] = { "enums", "roles", "types", "workflows", NULL };

static void
file_free_cb (gpointer data)
{
  CslDefinitionFile *file = data;

  g_free (file->path);
  json_node_unref (file->root);
  g_free (file);
}

GPtrArray *
csl_definition_files_new (void)
{
  return g_ptr_array_new_with_free_func (file_free_cb);
}

void
csl_definition_files_add (GPtrArray *files,
                          const char *path,
                          const char *text,
                          gsize length,
                          CslProblems *problems)
{
  g_autoptr (GError) error = NULL;

  if (files->len >= MOST_FILES) {
    csl_problems_add (problems, path, "definition", "there are more than %d files",
                      MOST_FILES);
    return;
  }
  JsonNode *root = csl_json_parse_guarded (text, length, &file_limits, &error);
  if (root == NULL) {
    csl_problems_add (problems, path, "definition", "%s", error->message);
    return;
  }
  CslDefinitionFile *file = g_new0 (CslDefinitionFile, 1);
  file->path = g_strdup (path);
  file->root = root;
  g_ptr_array_add (files, file);
}

static int
compare_text_cb (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Names in a folder, sorted; empty when it cannot be read. */
static GPtrArray *
list_folder (const char *path)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_text_cb);
  return names;
}

static void
add_folder (GPtrArray *files,
            const char *base,
            const char *folder,
            bool modules,
            CslProblems *problems)
{
  g_autofree char *path = g_build_filename (base, folder, NULL);
  g_autoptr (GPtrArray) names = list_folder (path);

  for (guint i = 0; i < names->len; i++) {
    const char *name = g_ptr_array_index (names, i);
    g_autofree char *inner = g_strconcat (folder, "/", name, NULL);
    g_autofree char *full = g_build_filename (base, inner, NULL);
    if (g_file_test (full, G_FILE_TEST_IS_DIR)) {
      if (modules)
        add_folder (files, base, inner, false, problems);
      continue;
    }
    g_autofree char *text = NULL;
    g_autoptr (GError) error = NULL;
    gsize length;
    if (!g_str_has_suffix (name, ".json") || *name == '.')
      continue;
    if (g_file_get_contents (full, &text, &length, &error))
      csl_definition_files_add (files, inner, text, length, problems);
    else
      csl_problems_add (problems, inner, "definition", "%s", error->message);
  }
}

GPtrArray *
csl_definition_files_from_folder (const char *path, CslProblems *problems)
{
  GPtrArray *files = csl_definition_files_new ();

  for (guint i = 0; folders[i] != NULL; i++)
    add_folder (files, path, folders[i], strcmp (folders[i], "types") == 0, problems);
  return files;
}

static void
add_resource_folder (GPtrArray *files,
                     GResource *resource,
                     const char *path,
                     CslProblems *problems)
{
  g_auto (GStrv) names = g_resource_enumerate_children (resource, path, 0, NULL);

  for (guint i = 0; names != NULL && names[i] != NULL; i++) {
    g_autofree char *inner = g_strconcat (path, names[i], NULL);
    if (g_str_has_suffix (inner, "/")) {
      add_resource_folder (files, resource, inner, problems);
      continue;
    }
    g_autoptr (GBytes) bytes = g_resource_lookup_data (resource, inner, 0, NULL);
    gsize length = 0;
    const char *text = bytes != NULL ? g_bytes_get_data (bytes, &length) : NULL;
    csl_definition_files_add (files, inner + strlen (RESOURCE_PREFIX), text, length,
                              problems);
  }
}

static int
compare_files_cb (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(CslDefinitionFile *const *) a)->path,
                 (*(CslDefinitionFile *const *) b)->path);
}

GPtrArray *
csl_definition_files_from_resource (GResource *resource, CslProblems *problems)
{
  GPtrArray *files = csl_definition_files_new ();

  for (guint i = 0; folders[i] != NULL; i++) {
    g_autofree char *path = g_strconcat (RESOURCE_PREFIX, folders[i], "/", NULL);
    add_resource_folder (files, resource, path, problems);
  }
  g_ptr_array_sort (files, compare_files_cb);
  return files;
}
