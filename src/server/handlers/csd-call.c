/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-call.c: from a request to its handler: path, method, token, size, organisation. */
#define G_LOG_DOMAIN "caseload-server"
#include "config.h"

#include "server/handlers/csd-call.h"

#include "core/base/csl-time.h"
#include "core/wire/csl-pull-line.h"

#include <string.h>

#define MAX_BODY      (64 * 1024)
#define MAX_PUSH_BODY (8 * 1024 * 1024)
#define MAX_PART_BODY (1024 * 1024)
#define PULL_PATH     "/v1/sync/pull"
#define PUSH_PATH     "/v1/sync/push"
#define SEALED_PATH   "/v1/device/sealed"
#define PROTOCOL      "1"

typedef struct
{
  const char *path, *method;
  gsize max_body;
  CsdCallFunc func;
} Route;

static const Route routes[] = {
  { "/v1/sync/hello", "GET", 0, csd_call_hello },
  { PUSH_PATH, "POST", MAX_PUSH_BODY, csd_call_push },
  { PULL_PATH, "POST", MAX_BODY, csd_call_pull },
  { "/v1/sync/manifest", "POST", MAX_BODY, csd_call_manifest },
  { "/v1/sync/fetch", "POST", MAX_BODY, csd_call_fetch },
  { "/v1/sync/history", "POST", MAX_BODY, csd_call_history },
};

void
csd_call_fail (CsdResponse *response, const GError *error)
{
  g_warning ("A request failed: %s", error != NULL ? error->message : "no reason given");
  csd_response_error (response, 500, "internal", "The server could not do this.");
}

bool
csd_call_scan_body (const CsdRequest *request,
                    const CslJsonLimits *limits,
                    CslJson *json,
                    CsdResponse *response)
{
  gsize length = 0;
  const char *text = request->body != NULL ? g_bytes_get_data (request->body, &length)
                                           : "";

  csl_json_init (json);
  if (csl_json_scan (json, text, length, limits, NULL) &&
      csl_json_token (json, 0)->kind == CSL_JSON_OBJECT)
    return true;
  csd_response_error (response, 400, "bad_request", "The body is not a JSON object.");
  return false;
}

void
csd_call_refuse_members (CsdResponse *response)
{
  csd_response_error (response, 400, "bad_request", "A member is missing or malformed.");
}

char *
csd_call_dup_now (const CsdServer *server)
{
  return csl_instant_format (csl_env_wall_ms (server->env), NULL);
}

bool
csd_call_sees (CsdCall *call, const char *bucket, gint64 seq)
{
  char base[CSD_BUCKET_SIZE];
  guint bit = csd_organisation_split_bucket (call->organisation, bucket, base);

  return (call->storage->get_access (call->storage, call->claims.user, base, seq) &
          bit) != 0;
}

void
csd_call_write_head (CsdCall *call, GString *out, gint64 since, gint64 until)
{
  csl_pull_write_head (out, call->storage->get_epoch (call->storage), since, until,
                       csl_schema_get_version (call->server->schema),
                       call->storage->get_safe_seq (call->storage), NULL);
}

static gsize
body_size (const CsdRequest *request)
{
  return request->body != NULL ? g_bytes_get_size (request->body) : 0;
}

/* Method, size and encoding: what is refused before anything is read. */
static bool
check_form (const CsdRequest *request,
            CsdResponse *response,
            const char *method,
            gsize max_body)
{
  if (strcmp (request->method, method) != 0)
    csd_response_error (response, 405, "method", "This path takes another method.");
  else if (request->too_large || body_size (request) > max_body)
    csd_response_error (response, 413, "too_large", "The request is too large.");
  else if (request->encoding != NULL &&
           g_ascii_strcasecmp (request->encoding, "identity") != 0)
    csd_response_error (response, 415, "encoding", "Send the body without compression.");
  return !csd_response_has_begun (response);
}

bool
csd_server_authenticate (CsdServer *self,
                         const char *authorization,
                         CsdClaims *ret_claims)
{
  return authorization != NULL &&
         g_ascii_strncasecmp (authorization, "Bearer ", 7) == 0 &&
         csd_auth_check (&self->auth, authorization + 7, ret_claims);
}

static bool
authorize (CsdServer *self,
           const CsdRequest *request,
           CsdResponse *response,
           CsdClaims *ret_claims)
{
  if (csd_server_authenticate (self, request->authorization, ret_claims))
    return true;
  csd_call_refuse_token (self, request, response);
  return false;
}

/* Work is taken from every version; new records are given only to those who know the protocol. */
static bool
check_protocol (const CsdRequest *request, CsdResponse *response, const Route *route)
{
  if (route->func != csd_call_pull || request->protocol == NULL ||
      strcmp (request->protocol, PROTOCOL) == 0)
    return true;
  csd_response_error (response, 426, "upgrade", "This version of Caseload is too old.");
  return false;
}

static void
run_route (CsdServer *self,
           const Route *route,
           const CsdRequest *request,
           CsdResponse *response)
{
  CsdCall call = { .server = self, .body = "", .response = response };
  g_autoptr (GError) error = NULL;

  /* Of somebody unknown a large body is not kept: what is missing is the token. */
  if (request->too_large && !authorize (self, request, response, &call.claims))
    return;
  if (!check_form (request, response, route->method, route->max_body) ||
      !check_protocol (request, response, route) ||
      !authorize (self, request, response, &call.claims))
    return;
  call.organisation =
    csd_server_get_organisation (self, call.claims.organisation, &error);
  if (call.organisation == NULL) {
    csd_call_fail (response, error);
    return;
  }
  if (request->body != NULL)
    call.body = g_bytes_get_data (request->body, &call.length);
  csd_organisation_lock (call.organisation);
  call.storage = call.organisation->storage;
  route->func (&call);
  csd_organisation_unlock (call.organisation);
}

/* Is it a token of ours that is not too old? Its session may have ended. */
static bool
is_own_token (CsdServer *self, const char *authorization, CsdClaims *ret_claims)
{
  return authorization != NULL &&
         g_ascii_strncasecmp (authorization, "Bearer ", 7) == 0 &&
         csd_token_verify (&self->secrets, authorization + 7,
                           csl_env_wall_ms (self->env) / 1000, ret_claims);
}

gsize
csd_server_limit_body (CsdServer *self, const char *path, const char *authorization)
{
  CsdClaims claims;

  if (strcmp (path, SEALED_PATH) == 0)
    return MAX_PART_BODY;
  return strcmp (path, PUSH_PATH) == 0 && is_own_token (self, authorization, &claims)
           ? MAX_PUSH_BODY
           : MAX_BODY;
}

/* Signing out twice is no mistake: the token must be ours, its session need not go on. */
static bool
authorize_leaving (CsdServer *self,
                   const CsdRequest *request,
                   CsdResponse *response,
                   CsdClaims *ret_claims)
{
  if (is_own_token (self, request->authorization, ret_claims))
    return true;
  csd_response_error (response, 401, "unauthorized", "Sign in first.");
  return false;
}

static void
run_auth (CsdServer *self, const CsdRequest *request, CsdResponse *response)
{
  const char *name = request->path + strlen ("/v1/auth/");
  CsdClaims claims;

  if (!check_form (request, response, "POST", MAX_BODY))
    return;
  if (strcmp (name, "sign-in") == 0)
    csd_call_sign_in (self, request, response);
  else if (strcmp (name, "refresh") == 0)
    csd_call_refresh (self, request, response);
  else if (strcmp (name, "sign-out") == 0 &&
           authorize_leaving (self, request, response, &claims))
    csd_call_sign_out (self, &claims, response);
  else if (strcmp (name, "password") == 0 && authorize (self, request, response, &claims))
    csd_call_password (self, &claims, request, response);
}

/* Devices are the registry's: the organisation stays free meanwhile. */
static void
run_devices (CsdServer *self, const CsdRequest *request, CsdResponse *response)
{
  CsdClaims claims;

  if (strcmp (request->path, SEALED_PATH) == 0) {
    if (check_form (request, response, "POST", MAX_PART_BODY))
      csd_call_device_sealed (self, request, response);
  } else if (strcmp (request->path, "/v1/device/wiped") == 0) {
    if (check_form (request, response, "POST", MAX_BODY))
      csd_call_device_wiped (self, request, response);
  } else if (strcmp (request->path, "/v1/devices") == 0) {
    if (check_form (request, response, "GET", 0) &&
        authorize (self, request, response, &claims))
      csd_call_devices (self, &claims, response);
  } else if (strcmp (request->path, "/v1/devices/status") == 0) {
    if (check_form (request, response, "POST", MAX_BODY) &&
        authorize (self, request, response, &claims))
      csd_call_device_status (self, &claims, request, response);
  }
}

static void
check_ready (CsdServer *self, CsdResponse *response)
{
  CsdOrganisationRow row;
  g_autoptr (GError) error = NULL;

  csd_registry_lock (self->registry);
  self->registry->find_organisation (self->registry, "", &row, &error);
  csd_registry_unlock (self->registry);
  if (error == NULL)
    csd_response_json (response, 200, "{\"ready\":true}");
  else
    csd_response_error (response, 503, "busy", "The database does not answer.");
}

void
csd_server_handle (CsdServer *self, const CsdRequest *request, CsdResponse *response)
{
  for (guint i = 0; i < G_N_ELEMENTS (routes); i++) {
    if (strcmp (request->path, routes[i].path) == 0) {
      run_route (self, &routes[i], request, response);
      return;
    }
  }
  if (g_str_has_prefix (request->path, "/v1/auth/"))
    run_auth (self, request, response);
  else if (g_str_has_prefix (request->path, "/v1/device"))
    run_devices (self, request, response);
  else if (strcmp (request->path, "/healthz") == 0)
    csd_response_json (response, 200, "{\"healthy\":true}");
  else if (strcmp (request->path, "/readyz") == 0)
    check_ready (self, response);
  if (!csd_response_has_begun (response))
    csd_response_error (response, 404, "not_found", "There is nothing here.");
}
