/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-auth-calls.c: POST /v1/auth/…: sign-in, refresh, sign-out, password. */
#define G_LOG_DOMAIN "caseload-server"
#include "config.h"

#include "core/base/csl-id.h"
#include "core/base/csl-json-scan.h"
#include "core/wire/csl-pull-request.h"
#include "server/auth/csd-lock.h"
#include "server/auth/csd-order.h"
#include "server/handlers/csd-call.h"

#include <sodium.h>
#include <string.h>

#define MAX_NAME 120

static const struct
{
  guint status;
  const char *code, *message;
} refusals[] = {
  [CSD_AUTH_OK] = { 200, "", "" },
  [CSD_AUTH_CREDENTIALS] = { 401, "credentials", "User name and password do not fit." },
  [CSD_AUTH_LOCKED] = { 403, "locked", "This account or computer is blocked." },
  [CSD_AUTH_AMBIGUOUS] = { 409, "organisation", "Say which organisation." },
  [CSD_AUTH_WAIT] = { 429, "busy", "Too many attempts. Wait a little." },
  [CSD_AUTH_EXPIRED] = { 401, "expired", "Sign in again." },
  [CSD_AUTH_REUSED] = { 401, "reused", "Sign in again." },
  [CSD_AUTH_SIGNATURE] = { 401, "signature", "The signature does not fit." },
  [CSD_AUTH_SUSPENDED] = { 403, "device", "This computer is not let in at present." },
  [CSD_AUTH_WIPE] = { 403, "device", "This computer was removed by its organisation." },
  [CSD_AUTH_WEAK] = { 422, "weak", "Choose another password." },
  [CSD_AUTH_FAILED] = { 500, "internal", "The server could not do this." },
};

static void
refuse (CsdResponse *response, CsdAuthResult result, const CsdAuthOutcome *outcome)
{
  const char *message = refusals[result].message;

  if (result == CSD_AUTH_WAIT)
    response->retry_after_s = outcome->retry_s;
  if (result == CSD_AUTH_WEAK && outcome->message != NULL)
    message = outcome->message;
  csd_response_refuse (response, refusals[result].status, refusals[result].code, message,
                       outcome->order);
}

void
csd_call_refuse_token (CsdServer *server,
                       const CsdRequest *request,
                       CsdResponse *response)
{
  const char *header = request->authorization;
  g_auto (CsdAuthOutcome) outcome = { 0 };
  CsdAuthResult result = CSD_AUTH_EXPIRED;

  if (header != NULL && g_ascii_strncasecmp (header, "Bearer ", 7) == 0)
    result = csd_auth_explain (&server->auth, header + 7, &outcome);
  if (result == CSD_AUTH_EXPIRED)
    csd_response_error (response, 401, "unauthorized", "Sign in first.");
  else
    refuse (response, result, &outcome);
}

static void
answer_tokens (CsdServer *server,
               const CsdAuthOutcome *outcome,
               bool recovery,
               CsdResponse *response)
{
  CsdClaims claims = { .generation = outcome->session.generation };
  g_auto (CslTokens) tokens = { 0 };
  g_autofree char *text = NULL;

  g_strlcpy (claims.session, outcome->session.id, sizeof claims.session);
  claims.expires_s = csl_env_wall_ms (server->env) / 1000 + server->auth.access_s;
  tokens.access_token = csd_token_print (&server->secrets, &claims);
  tokens.refresh_token =
    csd_refresh_print (&server->secrets, claims.session, claims.generation);
  tokens.expires_in = server->auth.access_s;
  tokens.organisation = g_strdup (outcome->session.organisation);
  tokens.organisation_name = g_strdup (outcome->organisation.name);
  tokens.user = g_strdup (outcome->session.user);
  tokens.display_name = g_strdup (outcome->account.display_name);
  if (outcome->account.must_change)
    tokens.must_change = g_strdup ("password");
  if (!csd_lock_fill_tokens (&server->auth, outcome, recovery, &tokens)) {
    csd_call_fail (response, NULL);
    return;
  }
  tokens.order_key = csd_order_dup_key (&server->secrets, outcome->session.organisation);
  tokens.order_counter = outcome->device.counter;
  if (*outcome->recovery.organisation != '\0')
    tokens.recovery_key =
      g_base64_encode (outcome->recovery.public_key, sizeof outcome->recovery.public_key);
  text = csl_tokens_print (&tokens);
  csd_response_json (response, 200, text);
}

static bool
read_key (const char *text, guint8 key[32])
{
  gsize length = 0;

  return text != NULL &&
         sodium_base642bin (key, 32, text, strlen (text), NULL, &length, NULL,
                            sodium_base64_VARIANT_ORIGINAL) == 0 &&
         length == 32;
}

/* A name of at most @size - 1 bytes; what is longer ends at a whole character. */
static void
copy_name (char *buffer, gsize size, const CslJson *json, const char *member)
{
  g_autofree char *name = csl_json_member_dup_string (json, 0, member);

  if (name == NULL)
    return;
  if (strlen (name) >= size)
    *g_utf8_find_prev_char (name, name + size) = '\0';
  g_strlcpy (buffer, name, size);
}

static bool
read_device (CsdDevice *device, const CslJson *json)
{
  g_autofree char *id = csl_json_member_dup_string (json, 0, "device");
  g_autofree char *key = csl_json_member_dup_string (json, 0, "public_key");

  if (id == NULL || !csl_id_is_valid (id) || !read_key (key, device->public_key))
    return false;
  g_strlcpy (device->id, id, sizeof device->id);
  copy_name (device->name, sizeof device->name, json, "device_name");
  copy_name (device->platform, sizeof device->platform, json, "platform");
  copy_name (device->app, sizeof device->app, json, "app");
  return true;
}

void
csd_call_sign_in (CsdServer *server, const CsdRequest *request, CsdResponse *response)
{
  g_auto (CslJson) json = { 0 };
  g_autofree char *organisation = NULL;
  g_autofree char *username = NULL;
  g_autofree char *password = NULL;
  CsdSignIn attempt = { .remote = request->remote };
  g_auto (CsdAuthOutcome) outcome = { 0 };
  CsdAuthResult result = CSD_AUTH_FAILED;

  if (!csd_call_scan_body (request, &csl_json_limits_request, &json, response))
    return;
  organisation = csl_json_member_dup_string (&json, 0, "organisation");
  username = csl_json_member_dup_string (&json, 0, "username");
  password = csl_json_member_dup_string (&json, 0, "password");
  if (username == NULL || password == NULL || strlen (username) > MAX_NAME ||
      !read_device (&attempt.device, &json)) {
    csd_call_refuse_members (response);
    return;
  }
  attempt.organisation = organisation != NULL && *organisation != '\0' ? organisation
                                                                       : NULL;
  attempt.username = username;
  attempt.password = password;
  result = csd_auth_sign_in (&server->auth, &attempt, &outcome);
  sodium_memzero (password, strlen (password));
  if (result == CSD_AUTH_OK)
    answer_tokens (server, &outcome, true, response);
  else
    refuse (response, result, &outcome);
}

void
csd_call_refresh (CsdServer *server, const CsdRequest *request, CsdResponse *response)
{
  g_auto (CslJson) json = { 0 };
  g_autofree char *token = NULL;
  g_autofree char *device = NULL;
  g_autofree char *signature = NULL;
  g_auto (CsdAuthOutcome) outcome = { 0 };
  CsdAuthResult result = CSD_AUTH_FAILED;

  if (!csd_call_scan_body (request, &csl_json_limits_request, &json, response))
    return;
  token = csl_json_member_dup_string (&json, 0, "refresh_token");
  device = csl_json_member_dup_string (&json, 0, "device");
  signature = csl_json_member_dup_string (&json, 0, "signature");
  if (token == NULL || device == NULL || signature == NULL) {
    csd_call_refuse_members (response);
    return;
  }
  result = csd_auth_refresh (&server->auth, token, device, signature, &outcome);
  if (result == CSD_AUTH_REUSED && server->revoked != NULL)
    server->revoked (outcome.session.id, server->listener_data);
  if (result == CSD_AUTH_OK)
    answer_tokens (server, &outcome, false, response);
  else
    refuse (response, result, &outcome);
}

void
csd_call_sign_out (CsdServer *server, const CsdClaims *claims, CsdResponse *response)
{
  if (!csd_auth_sign_out (&server->auth, claims->session)) {
    csd_call_fail (response, NULL);
    return;
  }
  if (server->revoked != NULL)
    server->revoked (claims->session, server->listener_data);
  csd_response_begin (response, 204, NULL);
}

void
csd_call_password (CsdServer *server,
                   const CsdClaims *claims,
                   const CsdRequest *request,
                   CsdResponse *response)
{
  g_auto (CslJson) json = { 0 };
  g_autofree char *old_password = NULL;
  g_autofree char *new_password = NULL;
  g_auto (CsdAuthOutcome) outcome = { 0 };
  CsdPasswordChange change = { .remote = request->remote };
  CsdAuthResult result = CSD_AUTH_FAILED;

  if (!csd_call_scan_body (request, &csl_json_limits_request, &json, response))
    return;
  old_password = csl_json_member_dup_string (&json, 0, "password");
  new_password = csl_json_member_dup_string (&json, 0, "new_password");
  if (old_password == NULL || new_password == NULL) {
    csd_call_refuse_members (response);
    return;
  }
  change.old_password = old_password;
  change.new_password = new_password;
  result = csd_auth_change_password (&server->auth, claims, &change, &outcome);
  sodium_memzero (old_password, strlen (old_password));
  sodium_memzero (new_password, strlen (new_password));
  if (result != CSD_AUTH_OK) {
    refuse (response, result, &outcome);
    return;
  }
  for (guint i = 0; server->revoked != NULL && i < outcome.ended->len; i++)
    server->revoked (g_ptr_array_index (outcome.ended, i), server->listener_data);
  csd_response_begin (response, 204, NULL);
}
