/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslItemPool: the record items somebody holds, one per record, renewed when records change.
 * Main thread only. */
#pragma once

#include "client/app/csl-record-item.h"
#include "client/app/csl-type-set.h"
#include "store/csl-reader.h"

G_BEGIN_DECLS

typedef struct _CslItemPool CslItemPool;

/* @reader must outlive the pool. */
CslItemPool *csl_item_pool_new (CslReader *reader) G_GNUC_WARN_UNUSED_RESULT;
void csl_item_pool_free (CslItemPool *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CslItemPool, csl_item_pool_free)
CslReader *csl_item_pool_get_reader (CslItemPool *self);
/* The item of a record just read (transfer full): the one somebody holds, renewed, or a new one. */
CslRecordItem *csl_item_pool_take (CslItemPool *self, CslRecord *record)
  G_GNUC_WARN_UNUSED_RESULT;
/* The item of a record, read if need be; NULL when the replica does not hold it. */
CslRecordItem *csl_item_pool_lookup (CslItemPool *self,
                                     const CslRecordType *type,
                                     const char *id) G_GNUC_WARN_UNUSED_RESULT;
/* Reads every held item of @types again. */
void csl_item_pool_refresh (CslItemPool *self, const CslTypeSet *types);

G_END_DECLS
