/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signing in, staying signed in, signing out: rules over the registry, without HTTP. */
#pragma once

#include "server/auth/csd-password.h"
#include "server/auth/csd-token.h"
#include "server/store/csd-registry.h"

G_BEGIN_DECLS

typedef struct
{
  CsdRegistry *registry;     /* (unowned) */
  const CsdSecrets *secrets; /* (unowned) */
  const CslEnv *env;         /* (unowned) */
  CsdPasswordCost cost;
  gint64 access_s; /* life of an access token */
  char dummy_hash
    [CSD_PASSWORD_HASH_SIZE]; /* checked for unknown names: same time, same answer */
} CsdAuth;

typedef enum {
  CSD_AUTH_OK,
  CSD_AUTH_CREDENTIALS,
  CSD_AUTH_LOCKED,
  CSD_AUTH_AMBIGUOUS, /* fits in several organisations */
  CSD_AUTH_WAIT,      /* too many attempts: retry_s */
  CSD_AUTH_EXPIRED,
  CSD_AUTH_REUSED,
  CSD_AUTH_SIGNATURE,
  CSD_AUTH_SUSPENDED, /* the device is refused for now */
  CSD_AUTH_WIPE,      /* the device was reported lost: order */
  CSD_AUTH_WEAK,      /* new password not good enough: message */
  CSD_AUTH_FAILED,    /* the registry failed */
} CsdAuthResult;

typedef struct
{
  const char *organisation; /* (nullable) short name or id */
  const char *username, *password;
  CsdDevice device;   /* id, name, platform, app and key */
  const char *remote; /* (nullable) */
} CsdSignIn;

typedef struct
{
  CsdAccount account;
  CsdSession session;
  CsdOrganisationRow organisation;
  CsdDevice device;
  CsdRecoveryKey recovery; /* organisation "": none */
  char *order;             /* (owned) (nullable): CSD_AUTH_WIPE: JSON */
  guint retry_s;
  const char *message; /* (unowned) */
  GPtrArray *ended; /* (owned) (nullable) of char*: other sessions that ended with it */
} CsdAuthOutcome;

typedef struct
{
  const char *old_password, *new_password;
  const char *remote; /* (nullable) */
} CsdPasswordChange;

void csd_auth_outcome_clear (CsdAuthOutcome *outcome);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CsdAuthOutcome, csd_auth_outcome_clear)

CsdAuthResult csd_auth_sign_in (CsdAuth *self,
                                const CsdSignIn *request,
                                CsdAuthOutcome *ret);
CsdAuthResult csd_auth_refresh (CsdAuth *self,
                                const char *token,
                                const char *device,
                                const char *signature,
                                CsdAuthOutcome *ret);
/* Is this access token good now? Marks the refresh token it came with as used. */
bool csd_auth_check (CsdAuth *self, const char *token, CsdClaims *ret_claims);
/* Why csd_auth_check() refuses: EXPIRED, SUSPENDED or WIPE. */
CsdAuthResult csd_auth_explain (CsdAuth *self, const char *token, CsdAuthOutcome *ret);
/* The device signed @text; its row goes to @ret_device. */
bool csd_auth_check_device (CsdAuth *self,
                            const char *device,
                            const char *user,
                            const char *text,
                            const char *signature,
                            CsdDevice *ret_device);
/* Does this session still go on? */
bool csd_auth_is_open (CsdAuth *self, const char *session);
bool csd_auth_sign_out (CsdAuth *self, const char *session);
/* Ends every other session of the user. */
CsdAuthResult csd_auth_change_password (CsdAuth *self,
                                        const CsdClaims *claims,
                                        const CsdPasswordChange *change,
                                        CsdAuthOutcome *ret);

G_END_DECLS
