/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-merge-set.c: two people may add to and remove from the same list without getting into each
 * other's way; only one and the same element, changed on both sides, needs a person.
 *
 * Lists are short (a form's worth), so elements are looked up by walking.
 */
#include "core/merge/csl-merge-set.h"

#include "core/base/csl-json-write.h"

#include <string.h>

static void
element_free (gpointer data)
{
  CslElement *element = data;

  g_free (element->key);
  g_free (element->text);
  g_free (element);
}

static GPtrArray *
elements_new (void)
{
  return g_ptr_array_new_with_free_func (element_free);
}

static CslElement *
element_copy (const CslElement *element)
{
  CslElement *copy = g_new (CslElement, 1);

  copy->key = g_strdup (element->key);
  copy->text = g_strdup (element->text);
  return copy;
}

static CslElement *
element_read (const CslJson *json, guint token)
{
  CslElement *element = g_new (CslElement, 1);
  GString *text = g_string_new (NULL);

  csl_json_write_canonical (text, json, token);
  element->text = g_string_free (text, FALSE);
  element->key = csl_json_token (json, token)->kind == CSL_JSON_OBJECT
                   ? csl_json_member_dup_string (json, token, "id")
                   : NULL;
  if (element->key == NULL)
    element->key = g_strdup (element->text);
  return element;
}

/**
 * csl_elements_read:
 * @value: an enum set or an object list
 *
 * Returns: (transfer full) (element-type CslElement): its elements in order
 */
GPtrArray *
csl_elements_read (const CslValue *value)
{
  GPtrArray *elements = elements_new ();
  const char *text = csl_value_get_text (value);
  g_auto (CslJson) json = { 0 };

  csl_json_init (&json);
  if (text == NULL ||
      !csl_json_scan (&json, text, strlen (text), &csl_json_limits_line, NULL) ||
      csl_json_token (&json, 0)->kind != CSL_JSON_ARRAY)
    return elements;
  guint end = csl_json_token (&json, 0)->next;
  for (guint token = 1; token < end; token = csl_json_token (&json, token)->next)
    g_ptr_array_add (elements, element_read (&json, token));
  return elements;
}

static const CslElement *
lookup (const GPtrArray *elements, const char *key)
{
  for (guint i = 0; i < elements->len; i++) {
    const CslElement *element = g_ptr_array_index (elements, i);
    if (strcmp (element->key, key) == 0)
      return element;
  }
  return NULL;
}

static bool
same (const CslElement *a, const CslElement *b)
{
  return a == NULL || b == NULL ? a == b : strcmp (a->text, b->text) == 0;
}

/* What becomes of one element: the one to keep, or NULL for none. */
static const CslElement *
merge_one (const CslElement *current,
           const CslElement *was,
           const CslElement *mine,
           bool *clean)
{
  if (same (mine, was) || same (current, mine))
    return current; /* only the other side changed it, or both the same way */
  if (same (current, was))
    return mine; /* only this side changed it */
  *clean = false;
  return current;
}

static int
compare_cb (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(CslElement *const *) a)->text, (*(CslElement *const *) b)->text);
}

static void
write_elements (const GPtrArray *elements, CslValue *ret_value)
{
  GString *out = g_string_new ("[");

  for (guint i = 0; i < elements->len; i++) {
    const CslElement *element = g_ptr_array_index (elements, i);
    if (i > 0)
      g_string_append_c (out, ',');
    g_string_append (out, element->text);
  }
  g_string_append_c (out, ']');
  csl_value_take_json (ret_value, g_string_free (out, FALSE));
}

bool
csl_merge_elements (CslValue *current,
                    const CslValue *was,
                    const CslValue *mine,
                    bool sorted)
{
  g_autoptr (GPtrArray) theirs = csl_elements_read (current);
  g_autoptr (GPtrArray) before = csl_elements_read (was);
  g_autoptr (GPtrArray) ours = csl_elements_read (mine);
  g_autoptr (GPtrArray) result = elements_new ();
  bool clean = true;

  for (guint i = 0; i < theirs->len; i++) {
    const CslElement *element = g_ptr_array_index (theirs, i);
    const CslElement *kept = merge_one (element, lookup (before, element->key),
                                        lookup (ours, element->key), &clean);
    if (kept != NULL)
      g_ptr_array_add (result, element_copy (kept));
  }
  for (guint i = 0; i < ours->len; i++) {
    const CslElement *element = g_ptr_array_index (ours, i);
    if (lookup (theirs, element->key) != NULL)
      continue;
    const CslElement *kept =
      merge_one (NULL, lookup (before, element->key), element, &clean);
    if (kept != NULL)
      g_ptr_array_add (result, element_copy (kept));
  }
  if (sorted)
    g_ptr_array_sort (result, compare_cb);
  write_elements (result, current);
  return clean;
}
