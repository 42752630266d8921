/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslSecret: bytes that nobody else may see: kept out of swap and core files, wiped when the
 * last reference goes. Immutable; may be shared between threads. */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef struct _CslSecret CslSecret;

#define CSL_TYPE_SECRET (csl_secret_get_type ())
GType csl_secret_get_type (void);
CslSecret *csl_secret_new (const guint8 *bytes, gsize length) G_GNUC_WARN_UNUSED_RESULT;
/* @length bytes of the system's randomness. */
CslSecret *csl_secret_new_random (gsize length) G_GNUC_WARN_UNUSED_RESULT;
CslSecret *csl_secret_ref (CslSecret *self);
void csl_secret_unref (CslSecret *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CslSecret, csl_secret_unref)
const guint8 *csl_secret_get_bytes (const CslSecret *self);
gsize csl_secret_get_length (const CslSecret *self);
gpointer csl_secret_allocate (gsize length) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
