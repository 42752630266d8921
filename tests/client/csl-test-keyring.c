/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-test-keyring.c: which keyring a test uses. */
#include "csl-test-keyring.h"

void
csl_test_keyring_use_file (const char *password)
{
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "t.keyring", NULL);

  g_setenv ("SECRET_BACKEND", "file", TRUE);
  g_setenv ("SECRET_FILE_TEST_PATH", path, TRUE);
  g_setenv ("SECRET_FILE_TEST_PASSWORD", password, TRUE);
}
