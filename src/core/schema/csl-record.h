/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslRecord: the content of one record: type, id, rev, values by field index, and the wire members
 * this version does not know ("rest", kept verbatim). A plain struct; the client's lists wrap it.
 */
#pragma once

#include "core/schema/csl-record-type.h"

G_BEGIN_DECLS

struct _CslRecord
{
  const CslRecordType *type; /* (unowned) */
  char id[40];
  gint64 rev;       /* server stamp; 0 = not on the server yet */
  CslValue *values; /* (owned) type->n_fields */
  char *rest;       /* (owned) (nullable) canonical JSON object of unknown members */
};

CslRecord *csl_record_new (const CslRecordType *type, const char *id)
  G_GNUC_WARN_UNUSED_RESULT;
CslRecord *csl_record_copy (const CslRecord *self) G_GNUC_WARN_UNUSED_RESULT;
void csl_record_free (CslRecord *self);
/* Sets every value to NULL, for reuse. */
void csl_record_reset (CslRecord *self, const char *id);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CslRecord, csl_record_free)

/* By name; NULL-safe: an unknown name is a programmer error. */
const CslValue *csl_record_get (const CslRecord *self, const char *field);
const char *csl_record_get_text (const CslRecord *self,
                                 const char *field); /* NULL when absent */
bool csl_record_get_bool (const CslRecord *self,
                          const char *field); /* FALSE when absent */
void csl_record_set_text (CslRecord *self, const char *field, const char *text);
void csl_record_set_int (CslRecord *self, const char *field, gint64 number);
void csl_record_set_bool (CslRecord *self, const char *field, bool truth);
/* FALSE: @json is no value of the field (lists: in the canonical form), which stays as it is. */
bool csl_record_set_json (CslRecord *self, const char *field, const char *json)
  G_GNUC_WARN_UNUSED_RESULT;

/* The words that name it to a person ("Amina Rahman", "Rent arrears"); falls back to the type's label. */
char *csl_record_dup_title (const CslRecord *self) G_GNUC_WARN_UNUSED_RESULT;
/* Name of the bucket it belongs to; @organisation is the organisation's id. NULL while a
 * required reference is missing: a valid record always has one. */
char *csl_record_dup_bucket (const CslRecord *self, const char *organisation)
  G_GNUC_WARN_UNUSED_RESULT;
/* Required fields, kind validation, type checks. Same on client and server. */
bool csl_record_is_finished (const CslRecord *self);
void csl_record_validate (const CslRecord *self, CslProblems *problems);
/* The same for a change: only what differs from @before (NULL: everything) is judged, so that
 * values of newer versions and of imports do not block other changes. */
void csl_record_validate_change (const CslRecord *before,
                                 const CslRecord *after,
                                 CslProblems *problems);
/* Fills defaults (default_value, default_expr) into NULL values. @now_ms, @zone, @user, @centre feed the expressions. */
typedef struct
{
  gint64 now_ms;
  const char *zone, *user, *centre;
} CslDefaults;
void csl_record_apply_defaults (CslRecord *self, const CslDefaults *defaults);

G_END_DECLS
