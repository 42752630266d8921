/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ledgers that an administrator has begun anew. */
#pragma once

#include "server/store/csd-ledger.h"
#include "store/csl-db.h"

G_BEGIN_DECLS

/* Within a transaction, when @ledger says again what the database knows: both say that it was renewed. */
bool csd_sqlite_renewed_note (CslDb *db,
                              CsdLedger *ledger,
                              const CsdRenewal *renewal,
                              GError **error);
bool csd_sqlite_renewed_list (CslDb *db,
                              CsdRenewalFunc func,
                              gpointer data,
                              GError **error);

G_END_DECLS
