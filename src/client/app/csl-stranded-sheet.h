/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslStrandedSheet: a stranded_work, field by field: what it was, what somebody wrote who has no access any more, and what the
 * record says now; and the edit that decides. */
#pragma once

#include "client/app/csl-session.h"

G_BEGIN_DECLS

/* One field that was written, or a record that was deleted (@field NULL). */
typedef struct
{
  const CslRecordType *type; /* (unowned) */
  char *record;              /* (owned) id */
  char *act;                 /* (owned) "create", "update", "delete", "restore" */
  const CslField *field;     /* (unowned) (nullable) */
  CslValue was, mine, now;   /* (owned) */
  bool is_here;              /* the record is on this computer: @now is what it says */
} CslStrandedChange;

#define CSL_TYPE_STRANDED_SHEET (csl_stranded_sheet_get_type ())
G_DECLARE_FINAL_TYPE (CslStrandedSheet, csl_stranded_sheet, CSL, STRANDED_SHEET, GObject)

/* NULL when the work is not on this computer. */
CslStrandedSheet *csl_stranded_sheet_new (CslSession *session, const char *work)
  G_GNUC_WARN_UNUSED_RESULT;
CslRecordItem *csl_stranded_sheet_get_work (CslStrandedSheet *self);
guint csl_stranded_sheet_get_size (CslStrandedSheet *self);
const CslStrandedChange *csl_stranded_sheet_get (CslStrandedSheet *self, guint position);
/* Nobody has decided, or the server refused what was decided here. */
bool csl_stranded_sheet_get_open (CslStrandedSheet *self);
/* It was taken over, and some of it had been changed by others: there are differences now. */
bool csl_stranded_sheet_get_differs (CslStrandedSheet *self);
/* The act that decides: taken over, or not because of @reason. */
CslEdit *csl_stranded_sheet_dup_edit (CslStrandedSheet *self,
                                      bool accept,
                                      const char *reason) G_GNUC_WARN_UNUSED_RESULT;

/* What was written, in a line: "Note: The visit that was made", "Case: Priority, Summary". */
char *csl_stranded_dup_summary (const CslSchema *schema, const CslRecord *work)
  G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
