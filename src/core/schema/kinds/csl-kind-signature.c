/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-kind-signature.c: a signature drawn with a pen: who, when, and the strokes.
 *
 * Points are [x,y] inside width × height. Text form: the canonical JSON.
 */
#include "core/base/csl-json-write.h"
#include "core/base/csl-time.h"
#include "core/schema/kinds/csl-kinds.h"

#include <string.h>

#define NAME_LENGTH 200
#define SIDE_MOST   10000
#define MOST_POINTS 20000

static bool
is_point (const CslJson *json, guint index, gint64 width, gint64 height)
{
  gint64 x, y;

  return csl_json_token (json, index)->kind == CSL_JSON_ARRAY &&
         csl_json_token (json, index)->count == 2 &&
         csl_json_get_int (json, index + 1, &x) &&
         csl_json_get_int (json, index + 2, &y) && x >= 0 && x <= width && y >= 0 &&
         y <= height;
}

static bool
strokes_are_good (const CslJson *json, guint index, gint64 width, gint64 height)
{
  const CslJsonToken *strokes = csl_json_token (json, index);
  guint n_points = 0;

  if (strokes->kind != CSL_JSON_ARRAY || strokes->count == 0)
    return false;
  for (guint i = index + 1; i < strokes->next; i = csl_json_token (json, i)->next) {
    const CslJsonToken *stroke = csl_json_token (json, i);
    n_points += stroke->count;
    if (stroke->kind != CSL_JSON_ARRAY || stroke->count == 0 || n_points > MOST_POINTS)
      return false;
    for (guint k = i + 1; k < stroke->next; k = csl_json_token (json, k)->next) {
      if (!is_point (json, k, width, height))
        return false;
    }
  }
  return true;
}

static bool
from_json (const CslField *field, const CslJson *json, guint index, CslValue *ret_value)
{
  g_autofree char *who = csl_json_member_dup_string (json, index, "signed_by");
  g_autofree char *when = csl_json_member_dup_string (json, index, "signed_at");
  g_autofree char *name = csl_kind_dup_trimmed (who);
  gint64 width = csl_json_member_int (json, index, "width", 0);
  gint64 height = csl_json_member_int (json, index, "height", 0);
  guint strokes = csl_json_member (json, index, "strokes");

  if (csl_json_token (json, index)->count != 5 || name == NULL ||
      strcmp (name, who) != 0 || g_utf8_strlen (name, -1) > NAME_LENGTH ||
      !csl_instant_parse (when, NULL, NULL) || width < 1 || width > SIDE_MOST ||
      height < 1 || height > SIDE_MOST || strokes == 0 ||
      !strokes_are_good (json, strokes, width, height))
    return false;
  g_autoptr (GString) text = g_string_new (NULL);
  csl_json_write_canonical (text, json, index);
  csl_value_take_json (ret_value, g_string_free (g_steal_pointer (&text), FALSE));
  return true;
}

const CslFieldKind csl_kind_signature = {
  .name = "signature",
  .value_type = CSL_VALUE_JSON,
  .parse = csl_kind_json_parse,
  .format = csl_kind_json_format,
  .validate = csl_kind_json_validate,
  .from_json = from_json,
  .to_json = csl_kind_json_to_json,
  .sql_check = csl_kind_json_sql_check,
  .compare = csl_kind_bytes_compare,
};
