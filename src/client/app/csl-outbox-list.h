/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslOutboxList: unsent work as a GListModel of CslOutboxItem; main thread. */
#pragma once

#include "client/app/csl-item-pool.h"
#include "client/app/csl-vault.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define CSL_TYPE_OUTBOX_LIST (csl_outbox_list_get_type ())
G_DECLARE_FINAL_TYPE (CslOutboxList, csl_outbox_list, CSL, OUTBOX_LIST, GObject)

/* Empty until the first refresh. @pool: borrowed until csl_outbox_list_detach(). */
CslOutboxList *csl_outbox_list_new (CslVault *vault, CslItemPool *pool)
  G_GNUC_WARN_UNUSED_RESULT;
/* Reads it again; what did not change keeps its item. */
void csl_outbox_list_refresh (CslOutboxList *self);
void csl_outbox_list_detach (CslOutboxList *self);

G_END_DECLS
