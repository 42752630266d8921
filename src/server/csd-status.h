/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an administrator should know of a server's data: how far it is, whether a backup was put back, and whether what was
 * taken away is still in force.
 */
#pragma once

#include "server/csd-server.h"
#include "server/store/csd-ledger.h"

G_BEGIN_DECLS

typedef struct
{
  char code[64];   /* short name of the organisation; "" for accounts and computers */
  gint64 head;     /* its newest commit */
  gint64 restored; /* head a backup was put back with; 0: never */
  gint64 withheld; /* see CsdLedgerState */
  gint64 gap;      /* likewise; 1 for accounts and computers when their ledger was lost */
  guint damaged;   /* lines of the ledger that cannot be read */
} CsdStatus;

typedef void (*CsdStatusFunc) (const CsdStatus *status, gpointer data);

/* Accounts and computers first, then every organisation. */
bool csd_server_list_status (CsdServer *self,
                             CsdStatusFunc func,
                             gpointer data,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The state of one ledger: of the organisation with the short name @code, or, NULL, of accounts and computers. FALSE when
 * there is nothing wrong with it: G_IO_ERROR_INVALID_ARGUMENT. */
bool csd_server_check_ledger (CsdServer *self,
                              const char *code,
                              CsdStatus *ret_status,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Begins it anew from what the database knows: the status says from then on that it is good. Remembered for ever. May run
 * beside a serving process. */
bool csd_server_renew_ledger (CsdServer *self, const char *code, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
/* @code: "" for accounts and computers. */
typedef void (*CsdServerRenewalFunc) (const char *code,
                                      const CsdRenewal *renewal,
                                      gpointer data);
bool csd_server_list_renewals (CsdServer *self,
                               CsdServerRenewalFunc func,
                               gpointer data,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
