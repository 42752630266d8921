/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-json-scan.c: what the guard accepts, and every hostile text it must refuse by name. */
#include "core/base/csl-json-scan.h"

#include <string.h>

typedef struct
{
  const char *name;
  const char *text;
  gssize length; /* 0: strlen */
  int code;      /* CslJsonError, or -1 when the text is good */
} Case;

#define GOOD      -1
#define SYNTAX    CSL_JSON_ERROR_SYNTAX
#define LIMIT     CSL_JSON_ERROR_LIMIT
#define DUPLICATE CSL_JSON_ERROR_DUPLICATE

static const Case cases[] = {
  { "empty-object", "{}", 0, GOOD },
  { "empty-array", "[]", 0, GOOD },
  { "bare-string", "\"a\"", 0, GOOD },
  { "bare-words", "[true,false,null]", 0, GOOD },
  { "white-space", " \t\r\n{ \"a\" :\n1 , \"b\":[ ] } \n", 0, GOOD },
  { "empty-name", "{\"\":1}", 0, GOOD },
  { "escapes", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\"", 0, GOOD },
  { "surrogate-pair", "\"\\ud83d\\ude00\"", 0, GOOD },
  { "utf8", "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\xf4\x8f\xbf\xbf\"", 0, GOOD },
  { "delete-character", "\"\x7f\"", 0, GOOD },
  { "numbers", "[0,-0,1,-1,10,1.5,-0.25,1e3,1E-3,1e+3,0.0]", 0, GOOD },
  { "int64-max", "9223372036854775807", 0, GOOD },
  { "int64-min", "-9223372036854775808", 0, GOOD },
  { "double-max", "1.7976931348623157e308", 0, GOOD },
  { "double-tiny", "1e-400", 0, GOOD },

  { "empty", "", 0, SYNTAX },
  { "only-space", "  \n", 0, SYNTAX },
  { "byte-order-mark", "\xef\xbb\xbf{}", 0, SYNTAX },
  { "two-values", "{} {}", 0, SYNTAX },
  { "two-values-glued", "1\"a\"", 0, SYNTAX },
  { "trailing-comma-object", "{\"a\":1,}", 0, SYNTAX },
  { "trailing-comma-array", "[1,]", 0, SYNTAX },
  { "leading-comma", "[,1]", 0, SYNTAX },
  { "double-comma", "[1,,2]", 0, SYNTAX },
  { "no-comma", "[1 2]", 0, SYNTAX },
  { "no-colon", "{\"a\" 1}", 0, SYNTAX },
  { "no-value", "{\"a\":}", 0, SYNTAX },
  { "no-name", "{:1}", 0, SYNTAX },
  { "bare-name", "{a:1}", 0, SYNTAX },
  { "number-name", "{1:1}", 0, SYNTAX },
  { "single-quotes", "{'a':1}", 0, SYNTAX },
  { "comment-block", "[1/* */]", 0, SYNTAX },
  { "comment-line", "// x\n1", 0, SYNTAX },
  { "wrong-end-array", "[1}", 0, SYNTAX },
  { "wrong-end-object", "{\"a\":1]", 0, SYNTAX },
  { "end-only", "]", 0, SYNTAX },
  { "cut-object", "{\"a\":1", 0, SYNTAX },
  { "cut-array", "[1,", 0, SYNTAX },
  { "cut-string", "\"abc", 0, SYNTAX },
  { "cut-escape", "\"abc\\", 0, SYNTAX },
  { "cut-unicode-escape", "\"\\u00", 0, SYNTAX },
  { "cut-word", "tru", 0, SYNTAX },
  { "cut-after-name", "{\"a\"", 0, SYNTAX },
  { "cut-after-colon", "{\"a\":", 0, SYNTAX },
  { "cut-number", "-", 0, SYNTAX },
  { "cut-fraction", "1.", 0, SYNTAX },
  { "cut-exponent", "1e", 0, SYNTAX },
  { "cut-exponent-sign", "1e+", 0, SYNTAX },
  { "word-case", "True", 0, SYNTAX },
  { "word-glued", "[truex]", 0, SYNTAX },
  { "not-a-number", "NaN", 0, SYNTAX },
  { "infinity", "-Infinity", 0, SYNTAX },
  { "leading-zero", "01", 0, SYNTAX },
  { "leading-plus", "+1", 0, SYNTAX },
  { "leading-dot", ".5", 0, SYNTAX },
  { "hex-number", "0x10", 0, SYNTAX },
  { "int64-over", "9223372036854775808", 0, SYNTAX },
  { "int64-under", "-9223372036854775809", 0, SYNTAX },
  { "integer-huge", "123456789012345678901234567890", 0, SYNTAX },
  { "double-over", "1e999", 0, SYNTAX },
  { "double-under", "-1e999", 0, SYNTAX },
  { "escape-unknown", "\"\\x41\"", 0, SYNTAX },
  { "escape-bad-hex", "\"\\u00g0\"", 0, SYNTAX },
  { "escape-nul", "\"a\\u0000b\"", 0, SYNTAX },
  { "surrogate-lone-high", "\"\\ud83d\"", 0, SYNTAX },
  { "surrogate-high-then-text", "\"\\ud83dabcdef\"", 0, SYNTAX },
  { "surrogate-high-high", "\"\\ud83d\\ud83d\"", 0, SYNTAX },
  { "surrogate-lone-low", "\"\\ude00\"", 0, SYNTAX },
  { "control-newline", "\"a\nb\"", 0, SYNTAX },
  { "control-tab", "\"a\tb\"", 0, SYNTAX },
  { "nul-in-string", "\"a\0b\"", 5, SYNTAX },
  { "nul-between", "[1,\0 2]", 7, SYNTAX },
  { "nul-after", "{}\0", 3, SYNTAX },
  { "utf8-bare-continuation", "\"\x80\"", 0, SYNTAX },
  { "utf8-cut", "\"\xe2\x82\"", 0, SYNTAX },
  { "utf8-cut-at-end", "\"\xe2\x82", 0, SYNTAX },
  { "utf8-overlong-2", "\"\xc0\xaf\"", 0, SYNTAX },
  { "utf8-overlong-3", "\"\xe0\x80\xaf\"", 0, SYNTAX },
  { "utf8-overlong-4", "\"\xf0\x80\x80\xaf\"", 0, SYNTAX },
  { "utf8-surrogate", "\"\xed\xa0\x80\"", 0, SYNTAX },
  { "utf8-above-10ffff", "\"\xf4\x90\x80\x80\"", 0, SYNTAX },
  { "utf8-five-bytes", "\"\xf8\x88\x80\x80\x80\"", 0, SYNTAX },
  { "utf8-ff", "\"\xff\"", 0, SYNTAX },
  { "utf8-outside-string", "[\xc3\xa9]", 0, SYNTAX },
  { "no-break-space", "[\xc2\xa0]", 0, SYNTAX },
  { "form-feed-space", "[\f1]", 0, SYNTAX },

  { "twice", "{\"a\":1,\"a\":2}", 0, DUPLICATE },
  { "twice-apart", "{\"b\":1,\"a\":{\"b\":1},\"c\":[],\"b\":2}", 0, DUPLICATE },
  { "twice-escaped", "{\"a\":1,\"\\u0061\":2}", 0, DUPLICATE },
  { "twice-empty", "{\"\":1,\"\":2}", 0, DUPLICATE },
  { "twice-nested", "[{\"x\":{\"a\":1,\"b\":2,\"a\":3}}]", 0, DUPLICATE },
  { "same-name-elsewhere", "{\"a\":{\"a\":1},\"b\":[{\"a\":1},{\"a\":2}]}", 0, GOOD },
  { "prefix-names", "{\"ab\":1,\"a\":2,\"abc\":3}", 0, GOOD },

  { "number-too-long",
    "0.00000000000000000000000000000000000000000000000000000000000000001", 0, LIMIT },
};

static void
check (const char *text, gsize length, const CslJsonLimits *limits, int code)
{
  g_auto (CslJson) json;
  g_autoptr (GError) error = NULL;
  /* A copy without a NUL at its end: reading past it is found by the sanitizers. */
  g_autofree char *copy = g_memdup2 (text, MAX (length, 1));

  csl_json_init (&json);
  bool good = csl_json_scan (&json, copy, length, limits, &error);
  if (code == GOOD) {
    g_assert_no_error (error);
    g_assert_true (good);
    g_assert_cmpuint (csl_json_token (&json, 0)->next, ==, json.tokens->len);
  } else {
    g_assert_error (error, CSL_JSON_ERROR, code);
    g_assert_false (good);
    g_assert_cmpuint (json.tokens->len, ==, 0);
  }
}

static void
test_case (gconstpointer data)
{
  const Case *c = data;

  check (c->text, c->length != 0 ? (gsize) c->length : strlen (c->text),
         &csl_json_limits_line, c->code);
}

static char *
repeat (const char *text, guint n)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    g_string_append (out, text);
  return g_string_free (out, FALSE);
}

static void
test_deep (void)
{
  g_autofree char *arrays = repeat ("[", 100000);
  g_autofree char *objects = repeat ("{\"a\":", 100000);
  g_autofree char *open = repeat ("[", 32), *closed = repeat ("]", 32);
  g_autofree char *just = g_strconcat (open, closed, NULL);
  g_autofree char *over = g_strconcat ("[", just, "]", NULL);
  CslJsonLimits deep = { 1 << 20, G_MAXUINT, 1 << 20, 1 << 20 };

  check (arrays, strlen (arrays), &csl_json_limits_line, LIMIT);
  check (objects, strlen (objects), &csl_json_limits_line, LIMIT);
  check (arrays, strlen (arrays), &deep, LIMIT);
  check (just, strlen (just), &csl_json_limits_line, GOOD);
  check (over, strlen (over), &csl_json_limits_line, LIMIT);
}

static void
test_sizes (void)
{
  CslJsonLimits limits = { 20, 4, 5, 6 };

  check ("[1,1,1,1,1]", 11, &limits, GOOD);
  check ("[1,1,1,1,1,1]", 13, &limits, LIMIT);
  check ("{\"a\":1,\"b\":2,\"c\":3}", 19, &limits, LIMIT);
  check ("\"12345\"", 7, &limits, GOOD);
  check ("\"123456\"", 8, &limits, LIMIT);
  check ("{\"123456\":1}", 12, &limits, LIMIT);
  check ("                  []", 20, &limits, GOOD);
  check ("                   []", 21, &limits, LIMIT);

  g_autofree char *many = repeat ("1,", 99998);
  g_autofree char *array = g_strconcat ("[", many, "1]", NULL);
  g_autofree char *array_over = g_strconcat ("[", many, "1,1]", NULL);
  check (array, strlen (array), &csl_json_limits_line, GOOD);
  check (array_over, strlen (array_over), &csl_json_limits_line, LIMIT);
}

/* Many members, in falling order so that they have to be sorted. */
static void
test_many_members (void)
{
  const guint counts[] = { 15, 16, 17, 18, 400, 40000 };

  for (guint i = 0; i < G_N_ELEMENTS (counts); i++) {
    g_autoptr (GString) text = g_string_new ("{");
    for (guint k = counts[i]; k > 0; k--)
      g_string_append_printf (text, "\"name%u\":%u,", k, k);
    gsize length = text->len;
    g_string_append (text, "\"last\":0}");
    check (text->str, text->len, &csl_json_limits_line, GOOD);
    g_string_truncate (text, length);
    g_string_append (text, "\"name2\":0}");
    check (text->str, text->len, &csl_json_limits_line, DUPLICATE);
    g_string_truncate (text, length);
    g_string_append (text, "\"n\\u0061me2\":0}");
    check (text->str, text->len, &csl_json_limits_line, DUPLICATE);
  }
}

static void
test_tape (void)
{
  static const char text[] = "{\"t\":\"a\\nb\\u20ac\\ud83d\\ude00\",\"n\":-12,\"l\":[1,{"
                             "\"x\":null},\"\"],\"d\":1.5,\"\\u006d\":true}";
  g_auto (CslJson) json;

  csl_json_init (&json);
  g_assert_true (csl_json_scan (&json, text, strlen (text), &csl_json_limits_line, NULL));
  g_assert_cmpuint (csl_json_token (&json, 0)->count, ==, 5);

  g_autofree char *t = csl_json_member_dup_string (&json, 0, "t");
  g_assert_cmpstr (t, ==, "a\nb\xe2\x82\xac\xf0\x9f\x98\x80");
  g_assert_true (csl_json_equals (&json, csl_json_member (&json, 0, "t"), t));
  g_assert_cmpint (csl_json_member_int (&json, 0, "n", 0), ==, -12);
  g_assert_cmpint (csl_json_member_int (&json, 0, "d", 77), ==, 77);
  g_assert_cmpint (csl_json_member_int (&json, 0, "t", 77), ==, 77);
  g_assert_cmpint (csl_json_member_int (&json, 0, "none", 77), ==, 77);
  g_assert_null (csl_json_member_dup_string (&json, 0, "n"));
  g_assert_cmpuint (csl_json_member (&json, 0, "none"), ==, 0);
  g_assert_cmpuint (csl_json_member (&json, 0, "nn"), ==, 0);
  g_assert_cmpint (csl_json_token (&json, csl_json_member (&json, 0, "m"))->kind, ==,
                   CSL_JSON_TRUE);

  guint list = csl_json_member (&json, 0, "l");
  g_assert_cmpuint (csl_json_token (&json, list)->count, ==, 3);
  g_assert_cmpuint (csl_json_member (&json, list, "x"), ==, 0);
  g_autofree char *source = csl_json_dup_source (&json, list);
  g_assert_cmpstr (source, ==, "[1,{\"x\":null},\"\"]");
  guint second = csl_json_token (&json, list + 1)->next;
  g_assert_cmpint (csl_json_token (&json, csl_json_member (&json, second, "x"))->kind, ==,
                   CSL_JSON_NULL);
  guint third = csl_json_token (&json, second)->next;
  g_autofree char *empty = csl_json_dup_source (&json, third);
  g_assert_cmpstr (empty, ==, "\"\"");
  g_assert_cmpuint (csl_json_token (&json, third)->depth, ==, 2);
}

static void
test_integers (void)
{
  static const struct
  {
    const char *text;
    bool good;
    gint64 number;
  } rows[] = {
    { "0", true, 0 },
    { "-0", true, 0 },
    { "9223372036854775807", true, G_MAXINT64 },
    { "-9223372036854775808", true, G_MININT64 },
    { "1.0", false, 0 },
    { "1e3", false, 0 },
    { "\"1\"", false, 0 },
    { "true", false, 0 },
  };
  g_auto (CslJson) json;

  csl_json_init (&json);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    gint64 number = 5;
    g_assert_true (csl_json_scan (&json, rows[i].text, strlen (rows[i].text),
                                  &csl_json_limits_line, NULL));
    g_assert_cmpint (csl_json_get_int (&json, 0, &number), ==, rows[i].good);
    g_assert_cmpint (number, ==, rows[i].good ? rows[i].number : 5);
  }
}

static void
test_reuse (void)
{
  g_auto (CslJson) json;

  csl_json_init (&json);
  for (int i = 0; i < 3; i++) {
    g_assert_true (csl_json_scan (&json, "[1,2,3]", 7, &csl_json_limits_line, NULL));
    g_assert_cmpuint (json.tokens->len, ==, 4);
    g_assert_false (csl_json_scan (&json, "[1,2,3", 6, &csl_json_limits_line, NULL));
    g_assert_true (csl_json_scan (&json, "7", 1, &csl_json_limits_line, NULL));
    g_assert_cmpuint (json.tokens->len, ==, 1);
  }
}

/* Whatever the guard accepts, json-glib reads; what it refuses never gets there. */
static void
test_parse_guarded (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    gsize length = cases[i].length != 0 ? (gsize) cases[i].length
                                        : strlen (cases[i].text);
    g_autoptr (JsonNode) node =
      csl_json_parse_guarded (cases[i].text, length, &csl_json_limits_line, &error);
    g_test_message ("%s", cases[i].name);
    if (cases[i].code == GOOD) {
      g_assert_no_error (error);
      g_assert_nonnull (node);
    } else {
      g_assert_error (error, CSL_JSON_ERROR, cases[i].code);
      g_assert_null (node);
    }
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat ("/base/json-scan/case/", cases[i].name, NULL);
    g_test_add_data_func (path, &cases[i], test_case);
  }
  g_test_add_func ("/base/json-scan/deep", test_deep);
  g_test_add_func ("/base/json-scan/sizes", test_sizes);
  g_test_add_func ("/base/json-scan/many-members", test_many_members);
  g_test_add_func ("/base/json-scan/tape", test_tape);
  g_test_add_func ("/base/json-scan/integers", test_integers);
  g_test_add_func ("/base/json-scan/reuse", test_reuse);
  g_test_add_func ("/base/json-scan/parse-guarded", test_parse_guarded);
  return g_test_run ();
}
