/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbered migrations: NNNN-slug.sql in a GResource; the number of the last one run is PRAGMA user_version. */
#include "config.h"

#include "store/csl-db.h"

#include <string.h>

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const char *const *) a, *(const char *const *) b);
}

/* Names of the scripts, sorted; the number of each is its position + 1. */
static char **
list_scripts (GResource *resource, const char *folder)
{
  char **names = g_resource_enumerate_children (resource, folder, 0, NULL);
  guint n = names != NULL ? g_strv_length (names) : 0;

  if (n > 1)
    qsort (names, n, sizeof (char *), compare_names);
  for (guint i = 0; i < n; i++)
    g_assert_cmpuint (g_ascii_strtoull (names[i], NULL, 10), ==, i + 1);
  return names;
}

gint64
csl_db_newest_version (GResource *resource, const char *folder)
{
  g_auto (GStrv) names = list_scripts (resource, folder);

  return names != NULL ? g_strv_length (names) : 0;
}

static bool
run_script (CslDb *self,
            GResource *resource,
            const char *path,
            gint64 number,
            GError **error)
{
  g_autoptr (GBytes) script = g_resource_lookup_data (resource, path, 0, error);
  g_autofree char *text = NULL;
  g_autofree char *mark =
    g_strdup_printf ("PRAGMA user_version = %" G_GINT64_FORMAT, number);

  if (script == NULL)
    return false;
  text = g_strndup (g_bytes_get_data (script, NULL), g_bytes_get_size (script));
  if (!csl_db_begin (self, error))
    return false;
  if (csl_db_execute (self, text, error) && csl_db_execute (self, mark, error))
    return csl_db_commit (self, error);
  csl_db_rollback (self);
  return false;
}

bool
csl_db_migrate (CslDb *self, GResource *resource, const char *folder, GError **error)
{
  g_auto (GStrv) names = list_scripts (resource, folder);
  gint64 newest = names != NULL ? g_strv_length (names) : 0;
  gint64 version = csl_db_get_version (self);

  if (version < 0) {
    g_set_error_literal (error, CSL_STORE_ERROR, CSL_STORE_ERROR_DAMAGED,
                         "The version cannot be read");
    return false;
  }
  if (version > newest) {
    g_set_error (error, CSL_STORE_ERROR, CSL_STORE_ERROR_NEWER,
                 "The database has version %" G_GINT64_FORMAT
                 ", this program knows up to %" G_GINT64_FORMAT,
                 version, newest);
    return false;
  }
  for (gint64 i = version; i < newest; i++) {
    g_autofree char *path = g_build_path ("/", folder, names[i], NULL);

    if (!run_script (self, resource, path, i + 1, error)) {
      g_prefix_error (error, "%s: ", names[i]);
      return false;
    }
  }
  return true;
}
