/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslRecordList: a lazy GListModel of CslRecordItem. It holds the keys of all rows and the items of
 * the few that are looked at. Main thread only. */
#pragma once

#include "client/app/csl-item-pool.h"
#include "client/app/csl-row-source.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define CSL_TYPE_RECORD_LIST (csl_record_list_get_type ())
G_DECLARE_FINAL_TYPE (CslRecordList, csl_record_list, CSL, RECORD_LIST, GObject)

/* @schema: of the types of the keys; @pool must outlive the list's use, see
 * csl_record_list_detach(). @source: (transfer full) */
CslRecordList *csl_record_list_new (const CslSchema *schema,
                                    CslItemPool *pool,
                                    CslRowSource *source) G_GNUC_WARN_UNUSED_RESULT;
/* Records of @types changed: reads the keys again and tells only what is different. Call after
 * csl_item_pool_refresh(). */
void csl_record_list_refresh (CslRecordList *self, const CslTypeSet *types);
/* The search index has caught up: a list by words looks again. */
void csl_record_list_refresh_search (CslRecordList *self);
/* Drops items nobody else holds, before csl_item_pool_refresh(). */
void csl_record_list_forget_items (CslRecordList *self);
/* The pool is going away: the list becomes empty and stays so. */
void csl_record_list_detach (CslRecordList *self);

G_END_DECLS
