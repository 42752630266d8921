/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-json-names.c: member names of one object: order and uniqueness.
 *
 * Never quadratic for many names, and without a hash somebody could aim collisions at: our own
 * writers sort members, so the first pass usually answers; else few names are compared pairwise
 * and many are sorted.
 */
#include "core/base/csl-json-internal.h"

#include <stdlib.h>
#include <string.h>

#define FEW_NAMES 16

int
csl_json_name_compare (const CslJsonName *a, const CslJsonName *b)
{
  int order = memcmp (a->text, b->text, MIN (a->length, b->length));

  return order != 0 ? order : (a->length > b->length) - (a->length < b->length);
}

static int
compare_cb (const void *a, const void *b)
{
  return csl_json_name_compare (a, b);
}

static bool
is_ascending (const CslJsonName *names, guint n)
{
  for (guint i = 1; i < n; i++) {
    if (csl_json_name_compare (&names[i - 1], &names[i]) >= 0)
      return false;
  }
  return true;
}

bool
csl_json_names_are_unique (CslJsonName *names, guint n)
{
  if (is_ascending (names, n))
    return true;
  if (n > FEW_NAMES) {
    qsort (names, n, sizeof *names, compare_cb);
    return is_ascending (names, n);
  }
  for (guint i = 1; i < n; i++) {
    for (guint k = 0; k < i; k++) {
      if (names[i].length == names[k].length &&
          memcmp (names[i].text, names[k].text, names[i].length) == 0)
        return false;
    }
  }
  return true;
}

void
csl_json_collect_names (const CslJson *json,
                        guint object,
                        GArray *names,
                        GStringChunk **arena)
{
  guint count = csl_json_token (json, object)->count;

  for (guint i = 0, index = object + 1; i < count; i++) {
    const CslJsonToken *token = csl_json_token (json, index);
    CslJsonName name = { json->text + token->start, token->end - token->start, index };

    if (token->escaped) {
      g_autofree char *decoded = g_malloc (name.length + 1);
      name.length = (guint) csl_json_decode (json, index, decoded);
      if (*arena == NULL)
        *arena = g_string_chunk_new (256);
      name.text = g_string_chunk_insert_len (*arena, decoded, name.length);
    }
    g_array_append_val (names, name);
    index = csl_json_token (json, index + 1)->next;
  }
}
