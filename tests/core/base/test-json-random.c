/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-json-random.c: random JSON, and random damage to it. The seed is printed by the test
 * program; --seed=… repeats a run.
 *
 * Good text: scanned, written canonically, scanned again: the same canonical text. Damaged text:
 * refused or read, never a crash; what is read, json-glib reads too.
 */
#include "core/base/csl-json-write.h"

#include <string.h>

#define N_TEXTS   3000
#define N_DAMAGES 20

static void
append_space (GString *out)
{
  static const char *const spaces[] = { "", "", "", " ", "\n", "\t ", "\r\n" };

  g_string_append (out, spaces[g_test_rand_int_range (0, G_N_ELEMENTS (spaces))]);
}

static void
append_string (GString *out)
{
  static const char *const pieces[] = { "a",
                                        "Z",
                                        "0",
                                        " ",
                                        "\\n",
                                        "\\\"",
                                        "\\\\",
                                        "\\/",
                                        "\\u0001",
                                        "\\u20ac",
                                        "\xc3\xa9",
                                        "\xe2\x82\xac",
                                        "\xf0\x9f\x98\x80",
                                        "\\ud83d\\ude00",
                                        "longer piece" };
  int n = g_test_rand_int_range (0, 12);

  g_string_append_c (out, '"');
  for (int i = 0; i < n; i++)
    g_string_append (out, pieces[g_test_rand_int_range (0, G_N_ELEMENTS (pieces))]);
  g_string_append_c (out, '"');
}

static void
append_number (GString *out)
{
  static const char *const odd[] = { "0",
                                     "-0",
                                     "1.5",
                                     "-0.25",
                                     "1e3",
                                     "2E-7",
                                     "1e+20",
                                     "0.1",
                                     "9223372036854775807",
                                     "-9223372036854775808",
                                     "1.7976931348623157e308",
                                     "5e-324",
                                     "123456789.123456789" };

  if (g_test_rand_int_range (0, 2) == 0)
    g_string_append (out, odd[g_test_rand_int_range (0, G_N_ELEMENTS (odd))]);
  else
    g_string_append_printf (out, "%d", g_test_rand_int ());
}

static void append_value (GString *out, int depth);

static void
append_object (GString *out, int depth)
{
  int n = g_test_rand_int_range (0, g_test_rand_int_range (0, 10) == 0 ? 60 : 6);

  g_string_append_c (out, '{');
  for (int i = 0; i < n; i++) {
    append_space (out);
    /* The number keeps the names apart. */
    g_string_append_printf (out, "%s\"%c%s%d\"", i > 0 ? "," : "",
                            'a' + g_test_rand_int_range (0, 26),
                            g_test_rand_int_range (0, 4) == 0 ? "\\u0062" : "", i);
    append_space (out);
    g_string_append_c (out, ':');
    append_value (out, depth + 1);
  }
  append_space (out);
  g_string_append_c (out, '}');
}

static void
append_array (GString *out, int depth)
{
  int n = g_test_rand_int_range (0, 6);

  g_string_append_c (out, '[');
  for (int i = 0; i < n; i++) {
    if (i > 0)
      g_string_append_c (out, ',');
    append_value (out, depth + 1);
  }
  append_space (out);
  g_string_append_c (out, ']');
}

static void
append_value (GString *out, int depth)
{
  static const char *const words[] = { "true", "false", "null" };

  append_space (out);
  switch (g_test_rand_int_range (0, depth < 6 ? 6 : 3)) {
  case 0:
    g_string_append (out, words[g_test_rand_int_range (0, 3)]);
    break;
  case 1:
    append_number (out);
    break;
  case 2:
    append_string (out);
    break;
  case 3:
  case 4:
    append_object (out, depth);
    break;
  default:
    append_array (out, depth);
  }
  append_space (out);
}

static char *
canonical (CslJson *json, const char *text, gsize length)
{
  GString *out = g_string_new (NULL);

  g_assert_true (csl_json_scan (json, text, length, &csl_json_limits_line, NULL));
  csl_json_write_canonical (out, json, 0);
  return g_string_free (out, FALSE);
}

static void
test_round_trip (void)
{
  g_auto (CslJson) json;

  csl_json_init (&json);
  for (int i = 0; i < N_TEXTS; i++) {
    g_autoptr (GString) text = g_string_new (NULL);
    append_value (text, 0);
    g_autofree char *once = canonical (&json, text->str, text->len);
    g_autofree char *twice = canonical (&json, once, strlen (once));
    g_assert_cmpstr (once, ==, twice);
  }
}

/* Changes, drops or doubles a few bytes, or cuts the end off. */
static void
damage (GString *text)
{
  static const char bytes[] =
    "{}[]\",:\\u0123456789eE+-.truefalsn \t\n\x01\x7f\x80\xc0\xe2\xed\xf4\xff";
  int n = g_test_rand_int_range (1, 4);

  for (int i = 0; i < n && text->len > 0; i++) {
    gssize at = g_test_rand_int_range (0, (gint32) text->len);
    char byte = bytes[g_test_rand_int_range (0, sizeof bytes)];
    switch (g_test_rand_int_range (0, 4)) {
    case 0:
      text->str[at] = byte;
      break;
    case 1:
      g_string_insert_c (text, at, byte);
      break;
    case 2:
      g_string_erase (text, at, 1);
      break;
    default:
      g_string_truncate (text, (gsize) at);
    }
  }
}

static void
test_damage (void)
{
  g_auto (CslJson) json;
  guint accepted = 0;

  csl_json_init (&json);
  for (int i = 0; i < N_TEXTS; i++) {
    g_autoptr (GString) text = g_string_new (NULL);
    append_value (text, 2);
    for (int k = 0; k < N_DAMAGES; k++) {
      g_autoptr (GString) worse = g_string_new_len (text->str, (gssize) text->len);
      damage (worse);
      /* Exactly as long as the text: the sanitizers see a read past its end. */
      g_autofree char *exact = g_memdup2 (worse->str, MAX (worse->len, 1));
      if (!csl_json_scan (&json, exact, worse->len, &csl_json_limits_line, NULL))
        continue;
      accepted++;
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonNode) node =
        csl_json_parse_guarded (exact, worse->len, &csl_json_limits_line, &error);
      g_assert_no_error (error);
      g_assert_nonnull (node);
      g_autofree char *once = canonical (&json, exact, worse->len);
      g_autofree char *twice = canonical (&json, once, strlen (once));
      g_assert_cmpstr (once, ==, twice);
    }
  }
  g_test_message ("%u of %u damaged texts were still JSON", accepted,
                  N_TEXTS * N_DAMAGES);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/json-random/round-trip", test_round_trip);
  g_test_add_func ("/base/json-random/damage", test_damage);
  return g_test_run ();
}
