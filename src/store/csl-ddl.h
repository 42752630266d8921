/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables of the record types, generated from their definitions.
 *
 * Table "<type>" (STRICT), on both sides:
 *   _row     INTEGER PRIMARY KEY   order of arrival; never used twice
 *   id       TEXT UNIQUE
 *   _rev     INTEGER               server stamp of the version the server sent; 0: the server has not sent it
 *   _hash    INTEGER               its record hash (as a signed number); 0 with _rev 0
 *   _bucket  INTEGER               row number in the table of buckets of that side
 *   _order   INTEGER UNIQUE        grows with the time in the id; rowid of the full-text index
 *   one column per field; money has a second one, "_currency_<field>"
 *   _rest    TEXT                  members this version does not know, as JSON
 * Names with a leading underscore can never be names of fields or types, so fixed tables begin with one too.
 *
 * Only the server's tables check required fields and the kinds' conditions: a replica must take every row of a newer
 * server, whose rules may be wider. The replica's tables have a full-text index "_fts_<type>" (external content).
 */
#pragma once

#include "core/schema/csl-schema.h"
#include "store/csl-db.h"

G_BEGIN_DECLS

typedef enum {
  CSL_SIDE_REPLICA,
  CSL_SIDE_SERVER,
} CslSide;

/* Appends "name" in double quotes, after checking it is an identifier of the loader's form (with a leading
 * underscore allowed); anything else aborts: names come from checked definitions only. */
void csl_ddl_append_name (GString *sql, const char *name);
/* FALSE for names that cannot be a table or column (bad form, reserved "sqlite_", "id"). */
bool csl_ddl_is_name (const char *name);
/* Name of the column that holds the currency of a money field, or of the full-text table. Caller frees. */
char *csl_ddl_dup_currency_name (const CslField *field) G_GNUC_WARN_UNUSED_RESULT;
char *csl_ddl_dup_search_name (const CslRecordType *type) G_GNUC_WARN_UNUSED_RESULT;
/* Fields of the full-text index, in order. */
GArray *csl_ddl_list_search_fields (const CslRecordType *type) G_GNUC_WARN_UNUSED_RESULT;

/* The statements that make everything for one type: table, indexes, full-text index. */
char *csl_ddl_create (const CslRecordType *type, CslSide side) G_GNUC_WARN_UNUSED_RESULT;

/* Changes as soon as any generated table of that side does: kept beside the tables, it says that csl_ddl_upgrade() has
 * nothing to do. Belongs to the schema. */
const char *csl_ddl_get_fingerprint (const CslSchema *schema, CslSide side);

/* Makes what is missing for every type of @schema: tables, columns, indexes, full-text tables. Values of new columns
 * are taken out of _rest. Never drops or changes a column. Part of the caller's transaction. INVALID, or as usual.
 * @ret_changed (nullable): whether anything was made. */
bool csl_ddl_upgrade (CslDb *db,
                      const CslSchema *schema,
                      CslSide side,
                      bool *ret_changed,
                      GError **error);

G_END_DECLS
