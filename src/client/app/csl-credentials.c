/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-credentials.c: the tokens of a signed-in worker on this device.
 *
 * A refresh whose answer is lost is simply repeated: the server gives the same successor until
 * it was used. The new refresh token must be on the disk before the new access token is used, so
 * the driver stores it first (csl_credentials_refresh() only keeps it).
 */
#include "config.h"

#include "client/app/csl-credentials.h"

#include "client/app/csl-device-key.h"
#include "client/app/csl-lease.h"
#include "core/base/csl-json-write.h"

#include <string.h>

struct _CslCredentials
{
  gatomicrefcount references;
  GMutex lock;
  char *device;        /* (owned) */
  CslSecret *key;      /* (owned) */
  char *access_token;  /* (owned) (nullable) */
  char *refresh_token; /* (owned) (nullable) */
  char *lease_path;    /* (owned) (nullable) */
};

CslCredentials *
csl_credentials_new (const char *device, CslSecret *device_key, const char *refresh_token)
{
  CslCredentials *self = g_new0 (CslCredentials, 1);

  g_atomic_ref_count_init (&self->references);
  g_mutex_init (&self->lock);
  self->device = g_strdup (device);
  self->key = csl_secret_ref (device_key);
  self->refresh_token = g_strdup (refresh_token);
  return self;
}

CslCredentials *
csl_credentials_ref (CslCredentials *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
csl_credentials_unref (CslCredentials *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  csl_credentials_forget (self);
  csl_secret_unref (self->key);
  g_free (self->device);
  g_free (self->lease_path);
  g_mutex_clear (&self->lock);
  g_free (self);
}

const char *
csl_credentials_get_device (CslCredentials *self)
{
  return self->device;
}

void
csl_credentials_set_lease_path (CslCredentials *self, const char *path)
{
  g_free (self->lease_path);
  self->lease_path = g_strdup (path);
}

char *
csl_credentials_dup_access (gpointer data)
{
  CslCredentials *self = data;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return g_strdup (self->access_token);
}

char *
csl_credentials_dup_refresh (CslCredentials *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return g_strdup (self->refresh_token);
}

static void
keep (CslCredentials *self, const char *access, const char *refresh)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  g_free (self->access_token);
  g_free (self->refresh_token);
  self->access_token = g_strdup (access);
  self->refresh_token = g_strdup (refresh);
}

void
csl_credentials_forget (CslCredentials *self)
{
  keep (self, NULL, NULL);
}

static bool
tokens_line_cb (const char *line, gsize length, gpointer data, GError **error)
{
  CslTokens *tokens = data;

  csl_tokens_clear (tokens);
  return csl_tokens_parse (tokens, line, length, error);
}

static bool
ask (CslCredentials *self,
     CslTransport *transport,
     const CslExchange *request,
     CslTokens *tokens,
     CslExchangeReply *reply,
     GCancellable *cancellable,
     GError **error)
{
  if (!transport->exchange (transport, request, reply, tokens_line_cb, tokens,
                            cancellable, error))
    return false;
  if (tokens->access_token == NULL || tokens->refresh_token == NULL) {
    g_set_error (error, CSL_NET_ERROR, CSL_NET_ERROR_GARBAGE, "an answer without tokens");
    return false;
  }
  keep (self, tokens->access_token, tokens->refresh_token);
  return true;
}

void
csl_credentials_take_lease (CslCredentials *self, const CslTokens *tokens)
{
  /* A lease that cannot be written is renewed with the next tokens; work goes on. */
  if (self->lease_path != NULL &&
      !csl_lease_take_tokens_sync (self->lease_path, tokens, NULL))
    g_debug ("the lease was not renewed");
}

char *
csl_credentials_dup_signature (CslCredentials *self, const char *text)
{
  return csl_device_key_sign (self->key, text);
}

static GBytes *
make_refresh_body (CslCredentials *self, const char *refresh_token)
{
  g_autofree char *signature =
    csl_device_key_sign_refresh (self->key, self->device, refresh_token);
  GString *body = g_string_new ("{");

  csl_json_write_member_string (body, "refresh_token", refresh_token);
  csl_json_write_member_string (body, "device", self->device);
  csl_json_write_member_string (body, "signature", signature);
  g_string_append_c (body, '}');
  return g_string_free_to_bytes (body);
}

bool
csl_credentials_refresh (CslCredentials *self,
                         CslTransport *transport,
                         CslTokens *ret_tokens,
                         CslExchangeReply *ret_reply,
                         GCancellable *cancellable,
                         GError **error)
{
  g_autofree char *refresh_token = csl_credentials_dup_refresh (self);
  g_autoptr (GBytes) body = NULL;
  CslExchange request = { .method = "POST",
                          .path = "/v1/auth/refresh",
                          .anonymous = true };

  if (refresh_token == NULL) {
    g_set_error (error, CSL_NET_ERROR, CSL_NET_ERROR_UNAUTHORIZED, "not signed in");
    return false;
  }
  body = make_refresh_body (self, refresh_token);
  request.body = body;
  if (!ask (self, transport, &request, ret_tokens, ret_reply, cancellable, error))
    return false;
  csl_credentials_take_lease (self, ret_tokens);
  return true;
}

static GBytes *
make_sign_in_body (CslCredentials *self, const CslSignIn *sign_in)
{
  g_autofree char *public_key = csl_device_key_dup_public (self->key);
  g_autofree char *platform = g_get_os_info (G_OS_INFO_KEY_PRETTY_NAME);
  GString *body = g_string_new ("{");

  if (sign_in->organisation != NULL)
    csl_json_write_member_string (body, "organisation", sign_in->organisation);
  csl_json_write_member_string (body, "username", sign_in->username);
  csl_json_write_member_string (body, "password", sign_in->password);
  csl_json_write_member_string (body, "device", self->device);
  csl_json_write_member_string (body, "device_name", sign_in->device_name);
  csl_json_write_member_string (body, "public_key", public_key);
  csl_json_write_member_string (body, "platform", platform != NULL ? platform : "");
  csl_json_write_member_string (body, "app", CSL_VERSION);
  g_string_append_c (body, '}');
  return g_string_free_to_bytes (body);
}

bool
csl_credentials_sign_in (CslCredentials *self,
                         const CslSignIn *sign_in,
                         CslTransport *transport,
                         CslTokens *ret_tokens,
                         CslExchangeReply *ret_reply,
                         GCancellable *cancellable,
                         GError **error)
{
  g_autoptr (GBytes) body = make_sign_in_body (self, sign_in);
  CslExchange request = { .method = "POST",
                          .path = "/v1/auth/sign-in",
                          .body = body,
                          .anonymous = true };

  return ask (self, transport, &request, ret_tokens, ret_reply, cancellable, error);
}
