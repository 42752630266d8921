/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-registry.c: what every registry does in the same way. */
#include "config.h"

#include "server/store/csd-registry.h"

char *
csd_registry_fold_name (const char *username)
{
  g_autofree char *normal = g_utf8_normalize (username, -1, G_NORMALIZE_NFKC);

  return g_utf8_casefold (normal != NULL ? normal : username, -1);
}
