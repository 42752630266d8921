/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-json-write.c: escaping and the canonical form. */
#include "core/base/csl-json-write.h"

#include <string.h>

static char *
canonical (const char *text)
{
  g_auto (CslJson) json;
  g_autoptr (GError) error = NULL;
  GString *out = g_string_new (NULL);

  csl_json_init (&json);
  g_assert_true (
    csl_json_scan (&json, text, strlen (text), &csl_json_limits_line, &error));
  g_assert_no_error (error);
  csl_json_write_canonical (out, &json, 0);
  return g_string_free (out, FALSE);
}

static void
test_canonical (void)
{
  static const struct
  {
    const char *text, *canonical;
  } cases[] = {
    { " { } ", "{}" },
    { "[ ]", "[]" },
    { "{\"b\":1, \"a\":[ true , null,false ],\"ab\":{}}",
      "{\"a\":[true,null,false],\"ab\":{},\"b\":1}" },
    { "{\"B\":1,\"a\":2,\"\\u0041\":3,\"\":4}", "{\"\":4,\"A\":3,\"B\":1,\"a\":2}" },
    { "{\"\xc3\xa9\":1,\"z\":2}", "{\"z\":2,\"\xc3\xa9\":1}" },
    { "\"\\u00e9\\/\\u007f\"", "\"\xc3\xa9/\x7f\"" },
    { "\"\\u0001\\u001F\\b\\f\\n\\r\\t\\\"\\\\\"",
      "\"\\u0001\\u001f\\b\\f\\n\\r\\t\\\"\\\\\"" },
    { "[-0,9223372036854775807,-9223372036854775808]",
      "[0,9223372036854775807,-9223372036854775808]" },
    { "[1.0,-0.0,0.1,1e3,1e300,0.30000000000000004,1e-7]",
      "[1,0,0.1,1000,1e+300,0.30000000000000004,1e-07]" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *once = canonical (cases[i].text);
    g_autofree char *twice = canonical (once);
    g_assert_cmpstr (once, ==, cases[i].canonical);
    g_assert_cmpstr (twice, ==, once);
  }
}

static void
test_many_members (void)
{
  g_autoptr (GString) falling = g_string_new ("{"), rising = g_string_new ("{");

  for (int i = 999; i >= 100; i--)
    g_string_append_printf (falling, "%s\"n%d\":[{\"b\":1,\"a\":2}]", i < 999 ? "," : "",
                            i);
  for (int i = 100; i <= 999; i++)
    g_string_append_printf (rising, "%s\"n%d\":[{\"a\":2,\"b\":1}]", i > 100 ? "," : "",
                            i);
  g_string_append_c (falling, '}');
  g_string_append_c (rising, '}');
  g_autofree char *text = canonical (falling->str);
  g_assert_cmpstr (text, ==, rising->str);
}

static void
test_members (void)
{
  g_autoptr (GString) out = g_string_new ("{");

  csl_json_write_member_string (out, "a", "x\"y");
  csl_json_write_member_int (out, "b", G_MININT64);
  csl_json_write_name (out, "c");
  g_string_append (out, "[{");
  csl_json_write_member_string (out, "d", "");
  g_string_append (out, "}]}");
  g_assert_cmpstr (out->str, ==,
                   "{\"a\":\"x\\\"y\",\"b\":-9223372036854775808,\"c\":[{\"d\":\"\"}]}");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/json-write/canonical", test_canonical);
  g_test_add_func ("/base/json-write/many-members", test_many_members);
  g_test_add_func ("/base/json-write/members", test_members);
  return g_test_run ();
}
