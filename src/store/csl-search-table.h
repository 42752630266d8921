/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslSearchTable: the full-text index of one record type in a replica.
 *
 * Taking the words of one text out costs some milliseconds, because secure-delete looks each of them up. So a changed text
 * is left as it is in the index until there is time (renew); _stale holds what the index says of it. Only words that
 * must leave are taken out at once (remove).
 *
 * For each row up to the type's mark: index = _stale, if the row is there, else index = row.
 *
 * Belongs to one connection; free it before the connection. Everything runs inside the caller's transaction.
 */
#pragma once

#include "core/schema/csl-record.h"
#include "store/csl-ddl.h"

G_BEGIN_DECLS

typedef struct _CslSearchTable CslSearchTable;

/* @type: one with search fields */
CslSearchTable *csl_search_table_new (CslDb *db, const CslRecordType *type)
  G_GNUC_WARN_UNUSED_RESULT;
void csl_search_table_free (CslSearchTable *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CslSearchTable, csl_search_table_free)

/* @record is the next row after the last indexed one. */
bool csl_search_table_add (CslSearchTable *self,
                           const CslRecord *record,
                           gint64 order,
                           GError **error);
/* Before the indexed row @row becomes @record: keeps what the index says of it, unless that is kept already or no word
 * changes. *ret_kept is set to TRUE when something was kept, and left alone otherwise. */
bool csl_search_table_keep (CslSearchTable *self,
                            const CslRecord *record,
                            gint64 row,
                            bool *ret_kept,
                            GError **error);
/* Before the indexed row @row with the order @order is deleted: its words leave, the present ones or those kept. */
bool csl_search_table_remove (CslSearchTable *self,
                              gint64 row,
                              gint64 order,
                              GError **error);
/* Adds the next @max_rows rows after the row @mark. *ret_n: how many; *ret_mark: the last of them. */
bool csl_search_table_fill (CslSearchTable *self,
                            gint64 mark,
                            guint max_rows,
                            gint64 *ret_mark,
                            guint *ret_n,
                            GError **error);
/* Brings at most @max_rows rows whose text changed up to date. *ret_n: how many. */
bool csl_search_table_renew (CslSearchTable *self,
                             guint max_rows,
                             guint *ret_n,
                             GError **error);

G_END_DECLS
