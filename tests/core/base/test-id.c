/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-id.c: ids are UUIDv7 and nothing else is one. */
#include "core/base/csl-id.h"

#include <string.h>

static gint64
fixed_wall_ms (gpointer data)
{
  return *(gint64 *) data;
}

static void
ones (gpointer data, guint8 *buffer, gsize length)
{
  memset (buffer, 0xff, length);
}

static void
test_new (void)
{
  static const struct
  {
    gint64 ms;
    const char *text;
  } cases[] = {
    { 0, "00000000-0000-7fff-bfff-ffffffffffff" },
    { -5, "00000000-0000-7fff-bfff-ffffffffffff" },
    { G_GINT64_CONSTANT (0x017F22E279B0),
      "017f22e2-79b0-7fff-bfff-ffffffffffff" }, /* RFC 9562 A.6 */
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    gint64 ms = cases[i].ms;
    CslEnv env = { .wall_ms = fixed_wall_ms, .random = ones, .data = &ms };
    CslId id = csl_id_new (&env);
    g_assert_cmpstr (id.text, ==, cases[i].text);
    g_assert_true (csl_id_is_valid (id.text));
  }
}

static void
test_valid (void)
{
  static const struct
  {
    const char *text;
    bool valid;
  } cases[] = {
    { "017f22e2-79b0-7cc3-98c4-dc0c0c07398f", true },
    { "017f22e2-79b0-7cc3-b8c4-dc0c0c07398f", true },
    { "017F22E2-79B0-7CC3-98C4-DC0C0C07398F", false }, /* upper case */
    { "017f22e2-79b0-4cc3-98c4-dc0c0c07398f", false }, /* version 4 */
    { "017f22e2-79b0-7cc3-c8c4-dc0c0c07398f", false }, /* variant */
    { "017f22e279b07cc398c4dc0c0c07398f", false },
    { "017f22e2-79b0-7cc3-98c4-dc0c0c07398", false },
    { "017f22e2-79b0-7cc3-98c4-dc0c0c07398ff", false },
    { "017f22e2-79b0-7cc3-98c4-dc0c0c07398g", false },
    { "017f22e2-79b0-7cc3-98c4_dc0c0c07398f", false },
    { "../../../../../etc/passwd/0000000000", false },
    { "", false },
    { NULL, false },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (csl_id_is_valid (cases[i].text), ==, cases[i].valid);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/id/new", test_new);
  g_test_add_func ("/base/id/valid", test_valid);
  return g_test_run ();
}
