/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CsdRegistry: organisations, accounts, devices and sessions; what must be known before an organisation's own
 * storage may be opened. Errors: CSL_STORE_ERROR; FALSE without @error: no such thing.
 */
#pragma once

#include "server/store/csd-ledger.h"

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

typedef enum {
  CSD_DEVICE_ENROLLED,
  CSD_DEVICE_SUSPENDED,    /* refused until somebody lets it in again */
  CSD_DEVICE_WIPE_PENDING, /* gets the order to wipe when it comes back */
  CSD_DEVICE_WIPED,        /* has said that it did */
} CsdDeviceStatus;

/* One person's copy on one computer. */
typedef struct
{
  char id[40], user[40], organisation[40];
  char name[128], platform[128], app[64];
  guint8 public_key[32];
  CsdDeviceStatus status;
  gint64 counter;                        /* of the newest order */
  gint64 added_ms, ordered_ms, wiped_ms; /* 0: never */
} CsdDevice;

typedef struct
{
  char organisation[40];
  guint8 public_key[32];
  GBytes *wrapped; /* (owned) (nullable): the private half under a passphrase */
} CsdRecoveryKey;

/* Work of a lost computer, sealed to the recovery key. */
typedef struct
{
  char id[40], organisation[40], user[40], device[40];
  char hash[65]; /* SHA-256 of the whole, in hex */
  gint64 size, entries;
  gint64 begun_ms, complete_ms, imported_ms; /* 0: not yet */
} CsdSealed;

typedef struct
{
  char id[40], user[40], organisation[40], device[40];
  gint64 created_ms;
  gint64 generation; /* of the newest refresh token */
  bool used;         /* the newest refresh token's access token was accepted */
  bool revoked;
  /* joined in by find_session() */
  bool disabled;
  CsdDeviceStatus device_status;
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

/* Of the file that keeps in force what an old backup does not know. */
typedef struct
{
  bool lost; /* it was gone once */
  guint damaged;
} CsdRegistryLedger;

typedef void (*CsdAccountFunc) (const CsdAccount *account, gpointer data);
typedef void (*CsdOrganisationFunc) (const CsdOrganisationRow *row, gpointer data);

typedef void (*CsdDeviceFunc) (const CsdDevice *device, gpointer data);
typedef void (*CsdSealedFunc) (const CsdSealed *sealed, gpointer data);

typedef struct _CsdRegistry CsdRegistry;
struct _CsdRegistry
{
  GMutex mutex; /* held around every use */
  void (*free) (CsdRegistry *self);
  /* With the mutex held: when its disk has failed it, or its file was damaged, and is whole again, it is opened again. */
  void (*heal) (CsdRegistry *self);
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
  /* A password that its person has chosen. FALSE without @error: it is not that of @old any more, or the account is
   * blocked. */
  bool (*change_hash) (CsdRegistry *self,
                       const char *user,
                       const char *old,
                       const char *hash,
                       GError **error);
  /* All accounts with this user name (any case), in the organisation of this short name or id or, when NULL, in all. */
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

  /* Takes id, user, organisation, name, platform, app and key of @device. FALSE without @error: it is not enrolled any
   * more. */
  bool (*put_device) (CsdRegistry *self,
                      const CsdDevice *device,
                      gint64 now_ms,
                      GError **error);
  bool (*find_device) (CsdRegistry *self,
                       const char *id,
                       const char *user,
                       CsdDevice *ret_device,
                       GError **error);
  /* Of one organisation, or one user, or all (both NULL); by user, then age. */
  bool (*list_devices) (CsdRegistry *self,
                        const char *organisation,
                        const char *user,
                        CsdDeviceFunc func,
                        gpointer data,
                        GError **error);
  /* Sets the status and raises the counter. @ended (nullable) gets the ids of its open sessions, of char*. */
  bool (*set_device_status) (CsdRegistry *self,
                             const CsdDevice *device,
                             CsdDeviceStatus status,
                             gint64 now_ms,
                             GPtrArray *ended,
                             GError **error);

  bool (*put_recovery_key) (CsdRegistry *self,
                            const CsdRecoveryKey *key,
                            gint64 now_ms,
                            GError **error);
  bool (*find_recovery_key) (CsdRegistry *self,
                             const char *organisation,
                             CsdRecoveryKey *ret_key,
                             GError **error);
  /* Adds a part (in order, from 0) to the sealed work with device, user and hash of @sealed, made when missing. */
  bool (*add_sealed_part) (CsdRegistry *self,
                           const CsdSealed *sealed,
                           gint64 part,
                           GBytes *data,
                           GError **error);
  /* By id, or by device, user and hash when id is "". *ret_parts: those that are there; *ret_bytes: together. */
  bool (*find_sealed) (CsdRegistry *self,
                       CsdSealed *sealed,
                       gint64 *ret_parts,
                       gint64 *ret_bytes,
                       GError **error);
  GBytes *(*dup_sealed) (CsdRegistry *self, const char *id, GError **error);
  /* complete_ms and imported_ms of @sealed. */
  bool (*mark_sealed) (CsdRegistry *self, const CsdSealed *sealed, GError **error);
  /* Forgets what came of it. */
  bool (*drop_sealed) (CsdRegistry *self, const char *id, GError **error);
  bool (*list_sealed) (CsdRegistry *self,
                       CsdSealedFunc func,
                       gpointer data,
                       GError **error);

  /* For whoever has given the password of @hash. FALSE without @error: the account has another one by now, or is blocked. */
  bool (*add_session) (CsdRegistry *self,
                       const CsdSession *session,
                       const char *hash,
                       GError **error);
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

  void (*get_ledger) (CsdRegistry *self, CsdRegistryLedger *ret_state);
  /* At @at (an instant): the ledger says again what the registry knows, and nothing is missing in it from then on. */
  bool (*renew_ledger) (CsdRegistry *self, const char *at, GError **error);
  bool (*list_renewals) (CsdRegistry *self,
                         CsdRenewalFunc func,
                         gpointer data,
                         GError **error);

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

/* Around every use. What has failed goes on by itself as soon as it is well. */
static inline void
csd_registry_lock (CsdRegistry *self)
{
  g_mutex_lock (&self->mutex);
  self->heal (self);
}

static inline void
csd_registry_unlock (CsdRegistry *self)
{
  g_mutex_unlock (&self->mutex);
}

static inline void
csd_recovery_key_clear (CsdRecoveryKey *key)
{
  g_clear_pointer (&key->wrapped, g_bytes_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CsdRecoveryKey, csd_recovery_key_clear)

/* What user names are compared by: two spellings of one account's name give the same text. */
char *csd_registry_fold_name (const char *username) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
