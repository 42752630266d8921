/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslKeyring: secrets of an account in the desktop's secret service. Calls block, and may wait
 * for the person to unlock the keyring: never on the main thread. */
#pragma once

#include "client/app/csl-secret.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define CSL_KEYRING_ERROR (csl_keyring_error_quark ())
typedef enum {
  CSL_KEYRING_ERROR_NO_SERVICE, /* there is none, or it does not answer */
  CSL_KEYRING_ERROR_LOCKED,     /* and the person did not unlock it */
  CSL_KEYRING_ERROR_MISSING,    /* it is open and does not have the secret */
} CslKeyringError;
GQuark csl_keyring_error_quark (void);

/* What a secret is for; one account has at most one of each. */
typedef enum {
  CSL_KEYRING_REPLICA_KEY, /* 32 bytes; only until there is a PIN */
  CSL_KEYRING_DEVICE_KEY,  /* Ed25519 private key, 64 bytes */
  CSL_KEYRING_LOCK_SECRET, /* 32 bytes: a part of what wraps the replica's key */
  CSL_KEYRING_N_PURPOSES,
} CslKeyringPurpose;

/* So long a call waits for the service, and for the person whom the service asks. */
#define CSL_KEYRING_PATIENCE_S 60

gboolean csl_keyring_store_sync (const char *account,
                                 CslKeyringPurpose purpose,
                                 CslSecret *secret,
                                 GCancellable *cancellable,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
CslSecret *csl_keyring_lookup_sync (const char *account,
                                    CslKeyringPurpose purpose,
                                    GCancellable *cancellable,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* TRUE also when there was nothing. */
gboolean csl_keyring_clear_sync (const char *account,
                                 CslKeyringPurpose purpose,
                                 GCancellable *cancellable,
                                 GError **error);
/* Forgets every secret of @account. Goes on after one that cannot be cleared; @error is the last one then. */
gboolean csl_keyring_clear_all_sync (const char *account,
                                     GCancellable *cancellable,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
