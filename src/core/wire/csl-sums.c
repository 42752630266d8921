/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-sums.c: one hash over the sums of all buckets, so that an exchange without news stays small. */
#include "core/wire/csl-sums.h"

#include <sodium.h>
#include <string.h>

struct _CslSums
{
  crypto_hash_sha256_state state;
};

/**
 * csl_sums_new:
 *
 * Returns: (transfer full): a hash over no bucket yet
 */
CslSums *
csl_sums_new (void)
{
  CslSums *self = g_new (CslSums, 1);

  crypto_hash_sha256_init (&self->state);
  return self;
}

void
csl_sums_free (CslSums *self)
{
  g_free (self);
}

/**
 * csl_sums_add:
 * @bucket: name; later calls come with greater names (by bytes)
 * @count: rows; a bucket without rows counts as not there
 * @sum: sum of the record hashes
 */
void
csl_sums_add (CslSums *self, const char *bucket, gint64 count, guint64 sum)
{
  char line[192];

  g_return_if_fail (strlen (bucket) < 112);
  if (count == 0)
    return;
  int length = g_snprintf (line, sizeof line,
                           "%s %" G_GINT64_FORMAT " %016" G_GINT64_MODIFIER "x\n", bucket,
                           count, sum);
  crypto_hash_sha256_update (&self->state, (const guint8 *) line, (gsize) length);
}

/**
 * csl_sums_finish:
 *
 * Returns: (transfer full): 16 hexadecimal digits; @self can only be freed afterwards
 */
char *
csl_sums_finish (CslSums *self)
{
  guint8 digest[crypto_hash_sha256_BYTES];
  char text[CSL_SUM_LENGTH + 1];

  crypto_hash_sha256_final (&self->state, digest);
  sodium_bin2hex (text, sizeof text, digest, CSL_SUM_LENGTH / 2);
  return g_strdup (text);
}
