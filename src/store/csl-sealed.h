/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sealed files: bytes that leave the program's own storage, readable with a passphrase or with the private half of a key
 * only. The format is in docs/sealed-copy.md. No names, dates or numbers are readable from outside; the length is rounded
 * up to whole 4 KiB.
 */
#pragma once

#include "core/base/csl-env.h"
#include "core/base/csl-error.h"

#include <stdbool.h>

G_BEGIN_DECLS

#define CSL_SEALED_KEY_SIZE 32 /* X25519, public or private */

typedef enum {
  CSL_SEALED_PASSPHRASE = 1, /* argon2id */
  CSL_SEALED_PUBLIC_KEY = 2, /* a random key, sealed to a public one */
} CslSealedLock;

/* Which lock a file has. CSL_SEALED_ERROR_{FOREIGN,NEWER,DAMAGED}. */
bool csl_sealed_get_lock (GBytes *file, CslSealedLock *ret_lock, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;

/* The file for @content. Takes about a second: not on the main thread. CSL_SEALED_ERROR_MEMORY. */
GBytes *csl_sealed_write (const CslEnv *env,
                          const char *passphrase,
                          GBytes *content,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The content again; all or nothing. Not on the main thread. Every CSL_SEALED_ERROR. */
GBytes *csl_sealed_read (const char *passphrase, GBytes *file, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;

/* The same for whoever has the private half of @public_key (CSL_SEALED_KEY_SIZE bytes). */
GBytes *csl_sealed_write_to_key (const CslEnv *env,
                                 const guint8 *public_key,
                                 GBytes *content,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
GBytes *csl_sealed_read_with_key (const guint8 *public_key,
                                  const guint8 *private_key,
                                  GBytes *file,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
