/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Ed25519 key of this installation. It signs every refresh of the tokens, so that copied
 * tokens are of no use elsewhere. */
#pragma once

#include "client/app/csl-secret.h"

G_BEGIN_DECLS

/* A new private key: 64 bytes, the public one is its second half. */
CslSecret *csl_device_key_new (void) G_GNUC_WARN_UNUSED_RESULT;
/* Base64 with padding. */
char *csl_device_key_dup_public (CslSecret *self) G_GNUC_WARN_UNUSED_RESULT;
/* Base64 signature over "refresh" LF @device LF @refresh_token. */
/* Signature over @text, base64. */
char *csl_device_key_sign (CslSecret *self, const char *text) G_GNUC_WARN_UNUSED_RESULT;
char *csl_device_key_sign_refresh (CslSecret *self,
                                   const char *device,
                                   const char *refresh_token) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
