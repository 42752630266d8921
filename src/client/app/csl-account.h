/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslAccount: workers known on this computer, signing in and opening their replica. Main thread.
 *
 * Folder: $XDG_DATA_HOME/caseload/<account id>/{account.ini,replica.db,keys,lease,attempts}. The key of the replica is
 * wrapped in `keys` (docs/adr/0010-lock.md); until the worker has chosen a PIN it lies in the desktop's secret service
 * under the account id. A replica that exists is never recreated: a missing key, a wrong key, a newer
 * or damaged file are states with their own CSL_ACCOUNT_ERROR code and change nothing on disk. A worker who starts again keeps
 * the old folder as <account id>.set-aside-<date>; it is no account until it has its old name again.
 */
#pragma once

#include "client/app/csl-removal-state.h"
#include "client/app/csl-session.h"

G_BEGIN_DECLS

#define CSL_ACCOUNT_ERROR (csl_account_error_quark ())
typedef enum {
  CSL_ACCOUNT_ERROR_WRONG_PASSWORD,
  CSL_ACCOUNT_ERROR_LOCKED,    /* too many attempts: wait */
  CSL_ACCOUNT_ERROR_AMBIGUOUS, /* name and password fit in several organisations */
  CSL_ACCOUNT_ERROR_UNREACHABLE,
  CSL_ACCOUNT_ERROR_CERTIFICATE,
  CSL_ACCOUNT_ERROR_SERVER,      /* answered, but not as Caseload should */
  CSL_ACCOUNT_ERROR_NO_KEYRING,  /* secret service missing or locked */
  CSL_ACCOUNT_ERROR_KEY_MISSING, /* replica exists, its key is not in the keyring */
  CSL_ACCOUNT_ERROR_WRONG_KEY,
  CSL_ACCOUNT_ERROR_NEWER, /* made by a newer Caseload */
  CSL_ACCOUNT_ERROR_DAMAGED,
  CSL_ACCOUNT_ERROR_DISK,   /* full or read-only */
  CSL_ACCOUNT_ERROR_IN_USE, /* another Caseload has it open */
  CSL_ACCOUNT_ERROR_PIN_NEEDED,
  CSL_ACCOUNT_ERROR_WRONG_PIN,
  CSL_ACCOUNT_ERROR_WAIT,       /* after wrong PINs: csl_account_get_wait_s() */
  CSL_ACCOUNT_ERROR_LEASE_OVER, /* the PIN alone does not do: the password, and the network */
  CSL_ACCOUNT_ERROR_NO_RECOVERY, /* a forgotten PIN cannot be replaced */
  CSL_ACCOUNT_ERROR_KEYS_DAMAGED,
} CslAccountError;
GQuark csl_account_error_quark (void);

#define CSL_TYPE_ACCOUNT (csl_account_get_type ())
G_DECLARE_FINAL_TYPE (CslAccount, csl_account, CSL, ACCOUNT, GObject)

/* Properties: "display-name", "username", "server", "organisation-name". */
const char *csl_account_get_id (CslAccount *self);
const char *csl_account_get_display_name (CslAccount *self);
const char *csl_account_get_username (CslAccount *self);
const char *csl_account_get_server (CslAccount *self);
const char *csl_account_get_organisation_name (CslAccount *self);
/* (nullable): certificate of the authority to trust. */
const char *csl_account_get_ca_file (CslAccount *self);
/* What the worker typed to sign in: the name, or "organisation/name". */
char *csl_account_dup_sign_in_name (CslAccount *self) G_GNUC_WARN_UNUSED_RESULT;

/* Accounts on this computer: GListModel of CslAccount. @folder NULL: the default data folder. */
GListModel *csl_account_list (const char *folder) G_GNUC_WARN_UNUSED_RESULT;
/* First sign-in on this computer: talks to the server, makes the key and the replica. */
void csl_account_sign_in_async (const char *folder,
                                const char *server,
                                const char *username,
                                const char *password,
                                const char *ca_file,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer data);
CslSession *csl_account_sign_in_finish (GAsyncResult *result, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
/* Has the worker chosen a PIN here? Then only csl_account_unlock_async() opens the replica. */
bool csl_account_has_pin (CslAccount *self);
/* Does the password help when the PIN is forgotten? */
bool csl_account_may_recover (CslAccount *self);
/* Seconds until the next PIN may be tried. */
guint csl_account_get_wait_s (CslAccount *self);
/* What opens a wrapped key: pin alone, without a network; pin and password, which begins a new lease; password and new_pin
 * when the PIN is forgotten. */
typedef struct
{
  const char *pin, *password, *new_pin; /* (nullable) */
} CslUnlockFactors;
void csl_account_unlock_async (CslAccount *self,
                               const CslUnlockFactors *factors,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer data);
CslSession *csl_account_unlock_finish (CslAccount *self,
                                       GAsyncResult *result,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Opens the replica with the key of the keyring; needs no network. CSL_ACCOUNT_ERROR_PIN_NEEDED when there is a PIN. */
void csl_account_open_async (CslAccount *self,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer data);
CslSession *csl_account_open_finish (CslAccount *self,
                                     GAsyncResult *result,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* -- copies that the organisation ordered to be removed (csl-removal.h) -- */
/* Is one of this computer still being removed? */
bool csl_account_is_removal_pending (const char *folder);
/* Goes on with each of them, until one is finished; the state says how far the last one came. Call again later until
 * none is pending. */
void csl_account_finish_removal_async (const char *folder,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer data);
CslRemovalState *csl_account_finish_removal_finish (GAsyncResult *result, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;

/* -- a replica that cannot be opened any more -- */

/* What can be read of the unsent work in it: a CslRescued. KEY_MISSING, WRONG_KEY, DAMAGED: nothing. */
typedef struct
{
  CslCopied content;
  bool complete; /* there is no more than that */
} CslRescued;
void csl_account_rescue_async (CslAccount *self,
                               GAsyncReadyCallback callback,
                               gpointer data);
gboolean csl_account_rescue_finish (CslAccount *self,
                                    GAsyncResult *result,
                                    CslRescued *ret_rescued,
                                    GError **error);
/* The same into a sealed copy: written to @file, verified, and opened by @passphrase alone. */
void csl_account_save_rescued_async (CslAccount *self,
                                     GFile *file,
                                     const char *passphrase,
                                     GAsyncReadyCallback callback,
                                     gpointer data);
gboolean csl_account_save_rescued_finish (CslAccount *self,
                                          GAsyncResult *result,
                                          CslCopied *ret_copied,
                                          GError **error);
/* Where the account's folder is kept from then on: a name with today's date that is free. */
char *csl_account_dup_aside_path (CslAccount *self) G_GNUC_WARN_UNUSED_RESULT;
/* Takes the account out of the list of this computer, with all its files as they are; nothing is deleted. Unless what can be
 * read of its unsent work @is_copied already, it is sealed to the organisation beside them, where that has a recovery key, so
 * that a later removal loses nothing (csl-aside.h). IN_USE, DISK. */
void csl_account_set_aside_async (CslAccount *self,
                                  const char *path,
                                  bool is_copied,
                                  GAsyncReadyCallback callback,
                                  gpointer data);
gboolean csl_account_set_aside_finish (CslAccount *self,
                                       GAsyncResult *result,
                                       GError **error);

/* The account that @session works with; NULL: it is gone already. */
CslAccount *csl_account_find_session (const char *folder, CslSession *session)
  G_GNUC_WARN_UNUSED_RESULT;
/* Copies of the same worker that were set aside: those that csl_account_remove_async() takes along, and those it leaves, since
 * unsent work in them may be nowhere else. */
typedef struct
{
  guint n_leaving;
  char **staying; /* (owned): paths */
} CslAsides;
void csl_asides_free (CslAsides *asides);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CslAsides, csl_asides_free)
void csl_account_find_asides_async (CslAccount *self,
                                    GAsyncReadyCallback callback,
                                    gpointer data);
CslAsides *csl_account_find_asides_finish (CslAccount *self, GAsyncResult *result)
  G_GNUC_WARN_UNUSED_RESULT;
/* Takes an account off this computer, its keys first. CSL_ACCOUNT_ERROR_IN_USE, NO_KEYRING, DISK. */
void csl_account_remove_async (CslAccount *self,
                               GAsyncReadyCallback callback,
                               gpointer data);
gboolean csl_account_remove_finish (CslAccount *self,
                                    GAsyncResult *result,
                                    GError **error);

G_END_DECLS
