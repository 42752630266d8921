/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A keyring for one test. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Secrets go into a file of this test. To be called first: libsecret chooses its backend once. */
void csl_test_keyring_use_file (const char *password);

G_END_DECLS
