/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making outbox items: for the list only. */
#pragma once

#include "client/app/csl-item-pool.h"
#include "client/app/csl-outbox-item.h"
#include "store/csl-replica-outbox.h"

G_BEGIN_DECLS

/* @entry: (transfer full). @pool finds the people records are about. */
CslOutboxItem *csl_outbox_item_new (CslOutboxEntry *entry,
                                    const CslSchema *schema,
                                    CslItemPool *pool) G_GNUC_WARN_UNUSED_RESULT;
const CslOutboxEntry *csl_outbox_item_get_entry (CslOutboxItem *self);

G_END_DECLS
