/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Access tokens (claims in 32 bytes, HMAC-SHA-256) and refresh tokens (session, generation, MAC). Pure: no storage, no clock. */
#pragma once

#include "server/auth/csd-secrets.h"

G_BEGIN_DECLS

typedef struct
{
  char session[40];
  char user[40], organisation[40], device[40]; /* of the session; not in the token */
  gint64 generation;                           /* of the refresh token it came with */
  gint64 expires_s;                            /* seconds since 1970 */
} CsdClaims;

char *csd_token_print (const CsdSecrets *secrets, const CsdClaims *claims)
  G_GNUC_WARN_UNUSED_RESULT;
/* FALSE when it is not ours or is over at @now_s. Who it is for, only the session knows: left empty. */
bool csd_token_verify (const CsdSecrets *secrets,
                       const char *token,
                       gint64 now_s,
                       CsdClaims *ret_claims);

/* The same text for the same session and generation: a lost answer can be given again. */
char *csd_refresh_print (const CsdSecrets *secrets,
                         const char *session,
                         gint64 generation) G_GNUC_WARN_UNUSED_RESULT;
bool csd_refresh_verify (const CsdSecrets *secrets,
                         const char *token,
                         char ret_session[40],
                         gint64 *ret_generation);
/* Ed25519 over "refresh" LF device LF token. @signature: base64. */
bool csd_refresh_check_signature (const guint8 device_key[32],
                                  const char *device,
                                  const char *token,
                                  const char *signature);

G_END_DECLS
