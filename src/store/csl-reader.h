/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslReader: reads a replica for the screen, on a read-only connection of its own; main thread. Answers come
 * at once: every query is served by an index.
 */
#pragma once

#include "core/schema/csl-query.h"
#include "core/schema/csl-record.h"
#include "store/csl-db.h"

G_BEGIN_DECLS

typedef struct _CslReader CslReader;

/* One row of a list over several types. */
typedef struct
{
  const CslRecordType *type; /* (unowned) */
  gint64 row;
  char when[64]; /* instant text it is sorted by */
} CslReaderHit;

/* @schema must outlive the reader. Errors as csl_db_open(). */
CslReader *csl_reader_open (const char *path,
                            const guint8 *key,
                            const CslSchema *schema,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
void csl_reader_free (CslReader *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CslReader, csl_reader_free)
/* Grows whenever the writer has committed something. */
gint64 csl_reader_get_data_version (CslReader *self);

/* NULL without @error: not here. */
CslRecord *csl_reader_get (CslReader *self,
                           const CslRecordType *type,
                           const char *id,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Row numbers (gint64) of @query in order; they stay good until the record is deleted. */
GArray *csl_reader_list (CslReader *self, const CslQuery *query, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
/* -1 on an error. */
gint64 csl_reader_count (CslReader *self, const CslQuery *query, GError **error);
/* The records of some rows: an array of @n_rows elements, NULL where a row has gone. */
GPtrArray *csl_reader_get_rows (CslReader *self,
                                const CslRecordType *type,
                                const gint64 *rows,
                                guint n_rows,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* What happened on a case or for a client (@type "case" or "client"), newest first: array of CslReaderHit. */
GArray *csl_reader_list_timeline (CslReader *self,
                                  const char *type,
                                  const char *id,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Words over all searchable types, each a prefix, newest first: array of CslReaderHit. */
GArray *csl_reader_search (CslReader *self, const char *text, guint limit, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;

/* Where the record stands, as the number of a CslRecordState (client/app): 0 synced, 1 waiting, 2 sent, 3 differs,
 * 4 refused, 5 in review. */
guint csl_reader_get_state (CslReader *self, const CslRecordType *type, const char *id);
/* The same for a case or client with all that belongs to it: what somebody must look at first. */
guint csl_reader_get_concern (CslReader *self, const CslRecord *record);
/* The draft of @form_type for that entity; @entity_id may be NULL (a new record). NULL: none. */
CslRecord *csl_reader_find_draft (CslReader *self,
                                  const char *form_type,
                                  const char *entity_type,
                                  const char *entity_id) G_GNUC_WARN_UNUSED_RESULT;
/* The answer of history seen last, or NULL. */
char *csl_reader_dup_history (CslReader *self, const char *type, const char *id)
  G_GNUC_WARN_UNUSED_RESULT;
/* Wire lines of operations on this record that are not acknowledged, oldest first (char*, owned). */
GPtrArray *csl_reader_list_pending (CslReader *self,
                                    const char *type,
                                    const char *id,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
