/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslRowSource: where the rows of a record list come from. A key is one row of one type. */
#pragma once

#include "client/app/csl-type-set.h"
#include "store/csl-reader.h"

G_BEGIN_DECLS

#define CSL_ROW_BITS 40

static inline gint64
csl_row_key (const CslRecordType *type, gint64 row)
{
  return (gint64) type->position << CSL_ROW_BITS | row;
}

typedef struct _CslRowSource CslRowSource;
struct _CslRowSource
{
  /* Keys (gint64) in order; NULL with @error. */
  GArray *(*list) (CslRowSource *self, CslReader *reader, GError **error);
  bool (*concerns) (CslRowSource *self, const CslTypeSet *types);
  void (*free) (CslRowSource *self);
  bool by_words; /* what it lists depends on the search index */
};

/* Copies @query. */
CslRowSource *csl_row_source_new_query (const CslQuery *query) G_GNUC_WARN_UNUSED_RESULT;
/* @type: "case" or "client" */
CslRowSource *csl_row_source_new_timeline (const char *type, const char *id)
  G_GNUC_WARN_UNUSED_RESULT;
CslRowSource *csl_row_source_new_search (const char *text, guint limit)
  G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
