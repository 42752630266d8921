/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-secret.c: bytes that nobody else may see. */
#include "client/app/csl-secret.h"

#include <sodium.h>
#include <string.h>

struct _CslSecret
{
  gatomicrefcount references;
  gsize length;
  guint8 *bytes; /* (owned): guarded memory */
};

G_DEFINE_BOXED_TYPE (CslSecret, csl_secret, csl_secret_ref, csl_secret_unref)

/**
 * csl_secret_allocate:
 *
 * Guarded memory for something that is on its way into or out of a secret; freed and wiped by sodium_free(). It never
 * returns NULL: without such memory no secret is handled at all.
 */
gpointer
csl_secret_allocate (gsize length)
{
  gpointer memory = NULL;

  if (sodium_init () < 0)
    g_error ("libsodium does not start");
  memory = sodium_malloc (length);
  if (memory == NULL)
    g_error ("no guarded memory left");
  return memory;
}

static CslSecret *
allocate (gsize length)
{
  CslSecret *self = g_new0 (CslSecret, 1);

  g_atomic_ref_count_init (&self->references);
  self->length = length;
  self->bytes = csl_secret_allocate (length);
  return self;
}

/** csl_secret_new: copies @bytes; wiping the original is the caller's matter. */
CslSecret *
csl_secret_new (const guint8 *bytes, gsize length)
{
  CslSecret *self = allocate (length);

  memcpy (self->bytes, bytes, length);
  return self;
}

CslSecret *
csl_secret_new_random (gsize length)
{
  CslSecret *self = allocate (length);

  randombytes_buf (self->bytes, length);
  return self;
}

CslSecret *
csl_secret_ref (CslSecret *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
csl_secret_unref (CslSecret *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  sodium_free (self->bytes);
  g_free (self);
}

const guint8 *
csl_secret_get_bytes (const CslSecret *self)
{
  return self->bytes;
}

gsize
csl_secret_get_length (const CslSecret *self)
{
  return self->length;
}
