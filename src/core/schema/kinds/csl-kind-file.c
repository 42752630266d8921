/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-kind-file.c: what is known of a file kept beside the records: name, type, size, SHA-256.
 *
 * The name is one path component a person can read, never a path. Text form: the canonical JSON.
 */
#include "config.h"

#include "core/base/csl-json-write.h"
#include "core/schema/kinds/csl-kinds.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define NAME_BYTES    255
#define TYPE_BYTES    127
#define SHA256_DIGITS 64
#define MOST_BYTES    G_GINT64_CONSTANT (104857600) /* */

static bool
is_name (const char *name)
{
  if (name == NULL || *name == '\0' || strlen (name) > NAME_BYTES ||
      strcmp (name, ".") == 0 || strcmp (name, "..") == 0)
    return false;
  for (; *name != '\0'; name++) {
    if ((guchar) *name < 0x20 || *name == 0x7f || *name == '/' || *name == '\\')
      return false;
  }
  return true;
}

/* "application/pdf": two parts of the characters RFC 6838 allows. */
static bool
is_media_type (const char *type)
{
  static const char allowed[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    "!#$&-^_.+";

  if (type == NULL || strlen (type) > TYPE_BYTES)
    return false;
  gsize first = strspn (type, allowed);
  if (first == 0 || type[first] != '/')
    return false;
  gsize second = strspn (type + first + 1, allowed);
  return second > 0 && type[first + 1 + second] == '\0';
}

static bool
is_sha256 (const char *hash)
{
  return hash != NULL && strlen (hash) == SHA256_DIGITS &&
         strspn (hash, "0123456789abcdef") == SHA256_DIGITS;
}

static bool
from_json (const CslField *field, const CslJson *json, guint index, CslValue *ret_value)
{
  g_autofree char *name = csl_json_member_dup_string (json, index, "name");
  g_autofree char *type = csl_json_member_dup_string (json, index, "type");
  g_autofree char *hash = csl_json_member_dup_string (json, index, "sha256");

  if (csl_json_token (json, index)->count != 4 || !is_name (name) ||
      !is_media_type (type) || !is_sha256 (hash) ||
      csl_json_member_int (json, index, "size", -1) < 0)
    return false;
  g_autoptr (GString) text = g_string_new (NULL);
  csl_json_write_canonical (text, json, index);
  csl_value_take_json (ret_value, g_string_free (g_steal_pointer (&text), FALSE));
  return true;
}

static void
validate (const CslField *field, const CslValue *value, CslProblems *problems)
{
  g_auto (CslJson) json;

  csl_kind_json_validate (field, value, problems);
  csl_json_init (&json);
  if (csl_json_scan (&json, value->text, strlen (value->text), &csl_json_limits_line,
                     NULL) &&
      csl_json_member_int (&json, 0, "size", 0) > MOST_BYTES)
    csl_problems_add (problems, field->name, "R-62",
                      _ ("%s: the file is larger than 100 MB."), csl_kind_label (field));
}

const CslFieldKind csl_kind_file = {
  .name = "file",
  .value_type = CSL_VALUE_JSON,
  .parse = csl_kind_json_parse,
  .format = csl_kind_json_format,
  .validate = validate,
  .from_json = from_json,
  .to_json = csl_kind_json_to_json,
  .sql_check = csl_kind_json_sql_check,
  .compare = csl_kind_bytes_compare,
};
