/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslCredentials: the tokens of a signed-in worker on this device. Used from several threads. */
#pragma once

#include "client/app/csl-secret.h"
#include "core/wire/csl-pull-request.h"
#include "core/wire/csl-transport.h"

G_BEGIN_DECLS

typedef struct _CslCredentials CslCredentials;

/* What a person types to sign in; texts are borrowed. */
typedef struct
{
  const char *organisation; /* (nullable): short name */
  const char *username, *password;
  const char *device_name;
} CslSignIn;

/* @refresh_token: NULL when the person has to sign in first. */
CslCredentials *csl_credentials_new (const char *device,
                                     CslSecret *device_key,
                                     const char *refresh_token) G_GNUC_WARN_UNUSED_RESULT;
CslCredentials *csl_credentials_ref (CslCredentials *self);
void csl_credentials_unref (CslCredentials *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CslCredentials, csl_credentials_unref)
/* Where the share that comes with tokens is kept (csl-lease.h); before any are asked for. */
void csl_credentials_set_lease_path (CslCredentials *self, const char *path);
const char *csl_credentials_get_device (CslCredentials *self);
/* The access token, or NULL; a CslTokenFunc. */
char *csl_credentials_dup_access (gpointer self) G_GNUC_WARN_UNUSED_RESULT;
char *csl_credentials_dup_refresh (CslCredentials *self) G_GNUC_WARN_UNUSED_RESULT;
/* Forgets both tokens: the person has to sign in again. */
void csl_credentials_forget (CslCredentials *self);
/* The device's signature over @text, base64. */
char *csl_credentials_dup_signature (CslCredentials *self, const char *text)
  G_GNUC_WARN_UNUSED_RESULT;
/* Asks the server for new tokens and keeps them, and the share; the caller stores the new refresh token.
 * CSL_NET_ERROR_UNAUTHORIZED: the person has to sign in. @ret_reply: what the server said, also on failure. */
bool csl_credentials_refresh (CslCredentials *self,
                              CslTransport *transport,
                              CslTokens *ret_tokens,
                              CslExchangeReply *ret_reply,
                              GCancellable *cancellable,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Keeps the share that came with @tokens. Somebody else's would lock the owner of the records out. */
void csl_credentials_take_lease (CslCredentials *self, const CslTokens *tokens);
/* @ret_tokens: who signed in where; is it who was expected, the caller takes the lease. @ret_reply: what the server said, also on failure. */
bool csl_credentials_sign_in (CslCredentials *self,
                              const CslSignIn *sign_in,
                              CslTransport *transport,
                              CslTokens *ret_tokens,
                              CslExchangeReply *ret_reply,
                              GCancellable *cancellable,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
