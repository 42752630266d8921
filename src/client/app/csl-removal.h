/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Removing a worker's copy from this computer by order of the organisation (docs/adr/0011-lost-computers.md).
 *
 *   order comes ──► kept in the replica ──► unsent work sealed, journal written ──► key, files gone ──► handed in, told
 *                   csl_removal_take_order   csl_removal_prepare                    csl_removal_run_sync
 *
 * A program that dies at any point goes on from there at its next start.
 */
#pragma once

#include "client/app/csl-credentials.h"
#include "client/app/csl-removal-state.h"
#include "core/wire/csl-pull-request.h"
#include "store/csl-replica.h"

G_BEGIN_DECLS

/* -- in the replica -- */

/* Keeps the keys of the organisation that came with @tokens: the first ones, or, after a password, these. */
bool csl_removal_pin_keys (CslReplica *replica,
                           const CslTokens *tokens,
                           bool password,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Takes an order if it is signed by the organisation, for this copy, and newer than all before. FALSE with
 * CSL_WIRE_ERROR: it is none of ours, and nothing happens; CSL_STORE_ERROR. */
bool csl_removal_take_order (CslReplica *replica, const char *order, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
bool csl_removal_is_ordered (CslReplica *replica);

/* Where and how this copy is kept; texts are borrowed. */
typedef struct
{
  const char *folder; /* of the account */
  const char *server;
  const char *ca_file;      /* (nullable) */
  const char *organisation; /* name, for people */
  CslCredentials *credentials;
} CslRemovalPlace;

/* Seals what was not sent and writes the journal; from then on the copy is as good as gone. */
bool csl_removal_prepare (CslReplica *replica,
                          const CslRemovalPlace *place,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* -- afterwards -- */

/* Is the copy in this account's folder being removed? */
bool csl_removal_is_pending (const char *folder);
/* Folders in @folder (of all accounts) whose copies are being removed. */
GPtrArray *csl_removal_list (const char *folder) G_GNUC_WARN_UNUSED_RESULT;
/* Goes on as far as possible. Waits for disk, keyring and network: never on the main thread. */
void csl_removal_run_sync (const char *folder,
                           CslRemovalState *ret_state,
                           GCancellable *cancellable);

G_END_DECLS
