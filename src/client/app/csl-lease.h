/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslLease: the server's share of a replica's key, kept beside the replica until its lease ends. */
#pragma once

#include "client/app/csl-secret.h"
#include "core/wire/csl-pull-request.h"

#include <glib.h>
#include <stdbool.h>

G_BEGIN_DECLS

#define CSL_LEASE_ERROR (csl_lease_error_quark ())
typedef enum {
  CSL_LEASE_ERROR_NONE, /* no share is kept here, or none that can be read */
  CSL_LEASE_ERROR_OVER, /* it had ended, and was removed */
  CSL_LEASE_ERROR_DISK,
} CslLeaseError;
GQuark csl_lease_error_quark (void);

#define CSL_LEASE_MOST_DAYS 30

typedef struct
{
  gint64 server_ms; /* the server's time */
  gint64 days;      /* after it; 0: no end */
  gint64 minutes;   /* that a client may be left alone before it locks; 0: no rule */
} CslLeaseTerms;

/* Keeps @share (32 bytes). */
bool csl_lease_store_sync (const char *path,
                           CslSecret *share,
                           const CslLeaseTerms *terms,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Keeps what came with @tokens, if they hold a share and a lease begun now differs by an hour or more from the one that is
 * kept: less is not worth a write. */
bool csl_lease_take_tokens_sync (const char *path,
                                 const CslTokens *tokens,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The share; the time @wall_ms is remembered when it is the latest so far. */
CslSecret *csl_lease_lookup_sync (const char *path, gint64 wall_ms, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
/* Removes what is kept; no error when there is nothing. */
bool csl_lease_remove_sync (const char *path, GError **error);
/* The organisation's rule about idle minutes; 0: none. */
gint64 csl_lease_get_minutes (const char *path);
/* The secret of 32 bytes in a member of tokens; NULL when it is not one. */
CslSecret *csl_lease_decode_share (const char *text) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
