/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-wire-rest.c: members of a newer version laid over those kept already. */
#include "core/base/csl-json-write.h"
#include "core/wire/csl-wire-record.h"

#include <string.h>

/* Values by name, of one canonical object. */
static void
collect (GTree *values, const char *object)
{
  g_auto (CslJson) json = { 0 };

  csl_json_init (&json);
  if (object == NULL ||
      !csl_json_scan (&json, object, strlen (object), &csl_json_limits_line, NULL) ||
      csl_json_token (&json, 0)->kind != CSL_JSON_OBJECT)
    return;
  guint count = csl_json_token (&json, 0)->count;
  for (guint i = 0, name = 1; i < count; i++) {
    guint value = name + 1;
    GString *text = g_string_new (NULL);
    csl_json_write_canonical (text, &json, value);
    g_tree_replace (values, csl_json_dup_string (&json, name),
                    g_string_free (text, FALSE));
    name = csl_json_token (&json, value)->next;
  }
}

static gboolean
write_member_cb (gpointer name, gpointer value, gpointer data)
{
  GString *out = data;

  if (strcmp (value, "null") != 0) {
    csl_json_write_name (out, name);
    g_string_append (out, value);
  }
  return FALSE;
}

static int
compare_cb (gconstpointer a, gconstpointer b, gpointer data)
{
  return strcmp (a, b);
}

/**
 * csl_wire_rest_overlay:
 * @rest: (nullable): unknown members of a record, a canonical object
 * @set: (nullable): unknown members an operation sets; null removes
 *
 * Returns: (transfer full) (nullable): the canonical object of both, or %NULL when nothing is left
 */
char *
csl_wire_rest_overlay (const char *rest, const char *set)
{
  g_autoptr (GTree) values = g_tree_new_full (compare_cb, NULL, g_free, g_free);
  g_autoptr (GString) out = g_string_new ("{");

  collect (values, rest);
  collect (values, set);
  g_tree_foreach (values, write_member_cb, out);
  if (out->len == 1)
    return NULL;
  g_string_append_c (out, '}');
  return g_string_free (g_steal_pointer (&out), FALSE);
}
