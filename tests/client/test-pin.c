/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-pin.c: which PINs are taken, and how long somebody waits after wrong ones. */
#include "client/app/csl-attempts.h"
#include "client/app/csl-pin.h"

#include <glib/gstdio.h>

static void
test_quality (void)
{
  static const struct
  {
    const char *pin;
    CslPinQuality quality;
  } cases[] = {
    { "", CSL_PIN_TOO_SHORT },
    { "38201", CSL_PIN_TOO_SHORT },
    { "111111", CSL_PIN_TOO_SIMPLE },
    { "123456", CSL_PIN_TOO_SIMPLE },
    { "987654", CSL_PIN_TOO_SIMPLE },
    { "121212", CSL_PIN_TOO_SIMPLE },
    { "amina1", CSL_PIN_TOO_SIMPLE },
    { "AMINA2026", CSL_PIN_TOO_SIMPLE },
    { "382017", CSL_PIN_FAIR },
    { "kettle", CSL_PIN_FAIR },
    { "kettle9", CSL_PIN_GOOD },
    { "382017442", CSL_PIN_GOOD },
    { "blue kettle on", CSL_PIN_STRONG },
    { "grüne tasse 4", CSL_PIN_STRONG },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_test_message ("%s", cases[i].pin);
    g_assert_cmpint (csl_pin_judge (cases[i].pin, "amina"), ==, cases[i].quality);
  }
}

static void
test_attempts (void)
{
  g_autofree char *folder = g_dir_make_tmp ("csl-pin-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "attempts", NULL);
  static const gint64 waits_s[] = { 0, 0, 0, 5, 10, 20, 40, 80, 160, 320, 640, 900, 900 };
  gint64 now = G_GINT64_CONSTANT (1790000000000);

  for (guint i = 0; i < G_N_ELEMENTS (waits_s); i++) {
    g_assert_cmpint (csl_attempts_get_wait_ms (path, now), ==, waits_s[i] * 1000);
    now += waits_s[i] * 1000;
    g_assert_cmpint (csl_attempts_get_wait_ms (path, now), ==, 0);
    g_assert_true (csl_attempts_add (path, now));
  }
  /* Turning the clock back makes it no shorter, and time passes from there. */
  now -= 86400 * 1000;
  g_assert_cmpint (csl_attempts_get_wait_ms (path, now), ==, 900 * 1000);
  g_assert_cmpint (csl_attempts_get_wait_ms (path, now + 900 * 1000), ==, 0);
  csl_attempts_clear (path);
  g_assert_cmpint (csl_attempts_get_wait_ms (path, now), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pin/quality", test_quality);
  g_test_add_func ("/pin/attempts", test_attempts);
  return g_test_run ();
}
