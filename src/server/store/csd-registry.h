/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CsdRegistry: organisations, accounts, devices and sessions; what must be known before an organisation's own
 * storage may be opened. Errors: CSL_STORE_ERROR; FALSE without @error: no such thing.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

G_BEGIN_DECLS

typedef struct
{
  char id[40];
  char code[64];  /* short name, lower case */
  char name[200]; /* for people */
} CsdOrganisationRow;

typedef struct
{
  char user[40], organisation[40];
  char username[128]; /* as written */
  char display_name[200];
  char hash[160]; /* argon2id, crypto_pwhash_str() form */
  bool disabled, must_change;
} CsdAccount;

typedef struct
{
  char id[40], user[40], organisation[40], device[40];
  gint64 created_ms;
  gint64 generation; /* of the newest refresh token */
  bool used;         /* the newest refresh token's access token was accepted */
  bool revoked;
  /* joined in by find_session() */
  bool disabled, device_revoked;
  guint8 device_key[32];
} CsdSession;

/* How the replicas of an organisation's workers are locked. */
typedef struct
{
  guint8 secret[32];
  gint64 lease_days;   /* that a device may keep its share; 0: for ever */
  gint64 lock_minutes; /* most, until an idle client locks */
  bool may_recover;    /* with the password, when the PIN is forgotten */
} CsdLockPolicy;

/* Guessing brake, by a key of name and address. */
typedef struct
{
  gint64 failures, next_ms;
} CsdAttempts;

typedef void (*CsdAccountFunc) (const CsdAccount *account, gpointer data);
typedef void (*CsdOrganisationFunc) (const CsdOrganisationRow *row, gpointer data);

typedef struct _CsdRegistry CsdRegistry;
struct _CsdRegistry
{
  void (*free) (CsdRegistry *self);
  bool (*back_up) (CsdRegistry *self, const char *path, GError **error);
  bool (*add_organisation) (CsdRegistry *self,
                            const CsdOrganisationRow *row,
                            GError **error);
  bool (*find_organisation) (CsdRegistry *self,
                             const char *id,
                             CsdOrganisationRow *ret_row,
                             GError **error);
  bool (*list_organisations) (CsdRegistry *self,
                              CsdOrganisationFunc func,
                              gpointer data,
                              GError **error);
  bool (*get_lock) (CsdRegistry *self,
                    const char *organisation,
                    CsdLockPolicy *ret_policy,
                    GError **error);
  /* All but the secret, which stays. */
  bool (*set_lock) (CsdRegistry *self,
                    const char *organisation,
                    const CsdLockPolicy *policy,
                    GError **error);
  /* Inserts, or replaces what is not the user name. */
  bool (*put_account) (CsdRegistry *self, const CsdAccount *account, GError **error);
  /* All accounts with this user name (any case), in @code's organisation or, when NULL, in all. */
  bool (*find_accounts) (CsdRegistry *self,
                         const char *code,
                         const char *username,
                         CsdAccountFunc func,
                         gpointer data,
                         GError **error);
  bool (*find_account) (CsdRegistry *self,
                        const char *user,
                        CsdAccount *ret_account,
                        GError **error);
  bool (*list_accounts) (CsdRegistry *self,
                         CsdAccountFunc func,
                         gpointer data,
                         GError **error);

  /* FALSE without @error: the device was revoked. */
  bool (*put_device) (CsdRegistry *self,
                      const char *device,
                      const CsdAccount *account,
                      const char *name,
                      const guint8 key[32],
                      gint64 now_ms,
                      GError **error);
  bool (*revoke_device) (CsdRegistry *self, const char *device, GError **error);

  bool (*add_session) (CsdRegistry *self, const CsdSession *session, GError **error);
  bool (*find_session) (CsdRegistry *self,
                        const char *id,
                        CsdSession *ret_session,
                        GError **error);
  bool (*update_session) (CsdRegistry *self, const CsdSession *session, GError **error);
  /* All of @user but @keep (nullable). @ended (nullable) gets their ids, of char*. */
  bool (*revoke_sessions) (CsdRegistry *self,
                           const char *user,
                           const char *keep,
                           GPtrArray *ended,
                           GError **error);
  /* Another number after another program has written; what this one writes does not change it. */
  gint64 (*get_version) (CsdRegistry *self);

  bool (*get_attempts) (CsdRegistry *self,
                        const char *key,
                        CsdAttempts *ret_attempts,
                        GError **error);
  bool (*set_attempts) (CsdRegistry *self,
                        const char *key,
                        const CsdAttempts *attempts,
                        gint64 now_ms,
                        GError **error);
};

static inline void
csd_registry_free (CsdRegistry *self)
{
  self->free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CsdRegistry, csd_registry_free)

G_END_DECLS
