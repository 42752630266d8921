/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes through the JSON guard. What it lets through is read with every reader it has, and is JSON for json-glib too. */
#include "core/base/csl-json-scan.h"
#include "core/base/csl-json-write.h"
#include "fuzz-target.h"

static void
read_token (const CslJson *json, guint index)
{
  const CslJsonToken *token = csl_json_token (json, index);
  g_autofree char *source = csl_json_dup_source (json, index);
  g_autofree char *text = csl_json_dup_string (json, index);
  gint64 number = 0;

  g_assert_true (token->start <= token->end && token->end <= json->length);
  g_assert_true (token->next > index && token->next <= json->tokens->len);
  g_assert_nonnull (source);
  g_assert_true ((text != NULL) == (token->kind == CSL_JSON_STRING));
  g_assert_true (text == NULL || g_utf8_validate (text, -1, NULL));
  if (csl_json_get_int (json, index, &number))
    g_assert_cmpint (token->kind, ==, CSL_JSON_NUMBER);
  if (token->kind == CSL_JSON_OBJECT) {
    guint member = csl_json_member (json, index, "d");

    g_assert_true (member == 0 || (member > index + 1 && member < token->next));
  }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_auto (CslJson) json = { 0 };

  csl_json_init (&json);
  if (!csl_json_scan (&json, text, size, &csl_json_limits_line, NULL))
    return 0;
  for (guint i = 0; i < json.tokens->len; i++)
    read_token (&json, i);

  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node =
    csl_json_parse_guarded (text, size, &csl_json_limits_line, &error);
  if (error != NULL)
    g_assert_null (node);
  return 0;
}
