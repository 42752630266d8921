/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslQuery: which records of one type, in which order; a description, no SQL. */
#pragma once

#include "core/schema/csl-schema.h"

G_BEGIN_DECLS

typedef enum {
  CSL_FILTER_IS, /* value equals */
  CSL_FILTER_IN, /* any of the comma-separated values in text */
  CSL_FILTER_NOT_IN,
  CSL_FILTER_FROM,   /* >= */
  CSL_FILTER_BEFORE, /* < */
  CSL_FILTER_SET,
  CSL_FILTER_UNSET,
} CslFilterKind;

typedef struct
{
  CslFilterKind kind;
  guint field;
  CslValue value;
} CslFilter;

typedef struct
{
  const CslRecordType *type;
  GArray *filters; /* (owned) of CslFilter; all must hold */
  char *
    search; /* (owned) (nullable) words; each is a prefix; over the full-text fields, newest first */
  char *
    via; /* (owned) (nullable) for cases: also match the client's name, phone, reference */
  int sort_field; /* -1: newest first */
  bool
    by_attention; /* what needs somebody, then the longest without contact; before the other order */
  bool descending;
  guint limit; /* 0: all */
} CslQuery;

CslQuery *csl_query_new (const CslRecordType *type) G_GNUC_WARN_UNUSED_RESULT;
CslQuery *csl_query_copy (const CslQuery *self) G_GNUC_WARN_UNUSED_RESULT;
void csl_query_free (CslQuery *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CslQuery, csl_query_free)
/* @field by name; unknown names are programmer errors. */
void csl_query_add_text (CslQuery *self,
                         const char *field,
                         CslFilterKind kind,
                         const char *text);
void csl_query_set_search (CslQuery *self, const char *search);
void csl_query_set_attention (CslQuery *self);
void csl_query_set_sort (CslQuery *self, const char *field, bool descending);

G_END_DECLS
