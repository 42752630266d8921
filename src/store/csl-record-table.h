/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslRecordTable: rows of one record type's generated table, through prepared statements; both sides use it.
 * Belongs to one connection; keeps its statements until freed, so free it before the connection.
 */
#pragma once

#include "core/schema/csl-record.h"
#include "store/csl-ddl.h"

G_BEGIN_DECLS

typedef struct _CslRecordTable CslRecordTable;

/* The columns beside the content. */
typedef struct
{
  gint64 row;    /* _row; 0 on insert: the next number */
  gint64 bucket; /* _bucket */
  gint64 order;  /* _order; read only */
  guint64 hash;  /* record hash of the server's version */
} CslRowInfo;

CslRecordTable *csl_record_table_new (CslDb *db, const CslRecordType *type)
  G_GNUC_WARN_UNUSED_RESULT;
void csl_record_table_free (CslRecordTable *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CslRecordTable, csl_record_table_free)
const CslRecordType *csl_record_table_get_type (const CslRecordTable *self);

/* Row numbers continue after the highest used so far; @at_least raises that mark (numbers whose rows were deleted). */
bool csl_record_table_reserve_rows (CslRecordTable *self,
                                    gint64 at_least,
                                    GError **error);
gint64 csl_record_table_get_last_row (CslRecordTable *self);

/* Only the columns beside the content. FALSE without @error: no such record. */
bool csl_record_table_find (CslRecordTable *self,
                            const char *id,
                            CslRowInfo *ret_info,
                            gint64 *ret_rev,
                            GError **error);
/* NULL without @error: no such record. @ret_info may be NULL. */
CslRecord *csl_record_table_get (CslRecordTable *self,
                                 const char *id,
                                 CslRowInfo *ret_info,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
CslRecord *csl_record_table_get_by_row (CslRecordTable *self,
                                        gint64 row,
                                        CslRowInfo *ret_info,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Values are bound without copies: @record must live until the call returns. Fills info->row and info->order. */
bool csl_record_table_insert (CslRecordTable *self,
                              const CslRecord *record,
                              CslRowInfo *info,
                              GError **error);
/* Replaces the whole content of the row info->row, with bucket and hash. */
bool csl_record_table_update (CslRecordTable *self,
                              const CslRecord *record,
                              const CslRowInfo *info,
                              GError **error);
bool csl_record_table_delete (CslRecordTable *self, gint64 row, GError **error);

/* Whole rows, for csl_record_table_read (…, 0, …); the caller binds the parameters. */
typedef enum {
  CSL_SCAN_BUCKET, /* what the server sent of bucket ?1 */
  CSL_SCAN_AFTER,  /* at most ?2 rows behind row ?1 */
  CSL_SCAN_NEWER,  /* versions above commit ?1 */
} CslRecordScan;
/* Borrowed; reset it when done (csl_auto_reset). One use at a time. */
CslStmt *csl_record_table_scan (CslRecordTable *self, CslRecordScan scan, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;

/* For other statements over such tables: appends the columns, in the order csl_record_table_read() wants them:
 * "_row", "id", "_rev", "_hash", "_bucket", "_order", the fields, "_rest". @alias: table alias, or NULL. */
void csl_record_table_append_columns (GString *sql,
                                      const CslRecordType *type,
                                      const char *alias);
/* Reads the current row of such a statement, columns starting at @first. */
CslRecord *csl_record_table_read (const CslRecordType *type,
                                  CslStmt *stmt,
                                  int first,
                                  CslRowInfo *ret_info) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
