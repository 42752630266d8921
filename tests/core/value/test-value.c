/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-value.c: setting, copying, moving and comparing values; one way to be absent. */
#include "core/value/csl-value.h"

static void
test_absent (void)
{
  g_auto (CslValue) value = CSL_VALUE_INIT;

  g_assert_true (csl_value_is_null (&value));
  csl_value_set_text (&value, "x");
  csl_value_set_text (&value, "");
  g_assert_true (csl_value_is_null (&value));
  csl_value_set_text (&value, NULL);
  g_assert_true (csl_value_is_null (&value));
  csl_value_take_text (&value, g_strdup (""));
  g_assert_true (csl_value_is_null (&value));
  csl_value_take_json (&value, g_strdup ("[]"));
  g_assert_true (csl_value_is_null (&value));
  csl_value_take_json (&value, g_strdup ("{}"));
  g_assert_true (csl_value_is_null (&value));
  csl_value_take_json (&value, NULL);
  g_assert_true (csl_value_is_null (&value));
  g_assert_null (csl_value_get_text (&value));
}

static void
fill (CslValue values[7])
{
  csl_value_clear (&values[0]);
  csl_value_set_bool (&values[1], false);
  csl_value_set_int (&values[2], 0);
  csl_value_set_text (&values[3], "0");
  csl_value_set_money (&values[4], 1250, "GBP");
  csl_value_set_money (&values[5], 1250, "EUR");
  csl_value_take_json (&values[6], g_strdup ("[\"a\"]"));
}

static void
test_equal (void)
{
  CslValue a[7] = { 0 }, b[7] = { 0 };

  fill (a);
  fill (b);
  for (guint i = 0; i < 7; i++) {
    for (guint k = 0; k < 7; k++)
      g_assert_cmpint (csl_value_equal (&a[i], &b[k]), ==, i == k);
  }
  for (guint i = 0; i < 7; i++) {
    csl_value_clear (&a[i]);
    csl_value_clear (&b[i]);
  }
}

static void
test_copy_and_move (void)
{
  CslValue from[7] = { 0 };

  fill (from);
  for (guint i = 0; i < 7; i++) {
    g_auto (CslValue) to = CSL_VALUE_INIT, again = CSL_VALUE_INIT;
    csl_value_set_text (&to, "before");
    csl_value_copy (&to, &from[i]);
    csl_value_copy (&to, &to);
    g_assert_true (csl_value_equal (&to, &from[i]));
    g_assert_true (to.text == NULL || to.text != from[i].text);
    csl_value_set_text (&again, "before");
    csl_value_move (&again, &from[i]);
    csl_value_move (&again, &again);
    g_assert_true (csl_value_is_null (&from[i]));
    g_assert_true (csl_value_equal (&to, &again));
  }
}

/* Setting a value from a part of itself must not read freed memory. */
static void
test_aliasing (void)
{
  g_auto (CslValue) value = CSL_VALUE_INIT;

  csl_value_set_text (&value, "abc");
  csl_value_set_text (&value, value.text + 1);
  g_assert_cmpstr (csl_value_get_text (&value), ==, "bc");
  csl_value_set_money (&value, 1, "GBP");
  csl_value_set_money (&value, 2, value.currency);
  g_assert_cmpstr (value.currency, ==, "GBP");
  g_assert_cmpint (value.number, ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/value/absent", test_absent);
  g_test_add_func ("/value/equal", test_equal);
  g_test_add_func ("/value/copy-and-move", test_copy_and_move);
  g_test_add_func ("/value/aliasing", test_aliasing);
  return g_test_run ();
}
