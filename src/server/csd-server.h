/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CsdServer: the whole server without sockets: a folder of data and a function from request to answer. The same library
 * runs behind SoupServer and inside simulated tests.
 *
 *   folder/caseload.db     organisations, accounts, sessions
 *   folder/secrets         the server's keys (0600)
 *   folder/org-<id>.db     one organisation's records; org-<id>.epoch and org-<id>.ledger beside it
 *
 * csd_server_handle() may be called from several threads; requests of one organisation take turns.
 */
#pragma once

#include "core/base/csl-env.h"
#include "core/schema/csl-schema.h"
#include "server/auth/csd-auth.h"
#include "server/http/csd-request.h"

G_BEGIN_DECLS

typedef struct
{
  CsdPasswordCost password_cost;
  gint64 access_s;   /* life of an access token */
  gint64 page_bytes; /* a page of a pull, when the client does not say */
  gint64 page_ms;    /* work for one page */
} CsdServerConfig;

typedef struct _CsdServer CsdServer;

/* A commit was made: it concerns these users; NULL: it may concern everybody. Called in the thread that made it. */
typedef void (*CsdCommitFunc) (const char *organisation,
                               gint64 seq,
                               const char *const *users,
                               bool access,
                               gpointer data);
/* A session was ended. */
typedef void (*CsdRevokedFunc) (const char *session, gpointer data);

void csd_server_config_init (CsdServerConfig *config);

/* Makes @folder (mode 0700) with keys and an empty registry. Fails when it holds a server already. */
bool csd_server_create (const char *folder, const CslEnv *env, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
/* @env outlives the server. */
CsdServer *csd_server_open (const char *folder,
                            const CslSchema *schema,
                            const CslEnv *env,
                            const CsdServerConfig *config,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
void csd_server_free (CsdServer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CsdServer, csd_server_free)

const CslSchema *csd_server_get_schema (CsdServer *self);
void csd_server_handle (CsdServer *self,
                        const CsdRequest *request,
                        CsdResponse *response);
/* Value of an Authorization header. */
bool csd_server_authenticate (CsdServer *self,
                              const char *authorization,
                              CsdClaims *ret_claims);
/* Most bytes of a request's body, by its path and Authorization header: what is long is taken only from
 * somebody with a token. Any thread. */
gsize csd_server_limit_body (CsdServer *self,
                             const char *path,
                             const char *authorization);
/* Does a session still go on? Any thread. */
bool csd_server_has_session (CsdServer *self, const char *session);
/* Another number after another program has changed accounts or sessions. Any thread. */
gint64 csd_server_get_registry_version (CsdServer *self);
/* Tells the listener of commits that other programs (an administrator's command) have made. To be called now and then, by one
 * thread; it does not wait for requests that are being answered: what they keep is told the next time. */
void csd_server_announce_foreign (CsdServer *self);
/* Before the first request. @committed and @revoked may be NULL. */
void csd_server_set_listeners (CsdServer *self,
                               CsdCommitFunc committed,
                               CsdRevokedFunc revoked,
                               gpointer data);

G_END_DECLS
