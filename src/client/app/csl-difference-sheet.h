/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslDifferenceSheet: an open sync_conflict, field by field: what it was, what others saved (as the record says it when the
 * sheet is made), what this worker wrote; and the edit that settles it (S-35, I16). */
#pragma once

#include "client/app/csl-session.h"

G_BEGIN_DECLS

typedef enum {
  CSL_CHOICE_NONE,
  CSL_CHOICE_THEIRS,
  CSL_CHOICE_MINE,
  CSL_CHOICE_OTHER, /* something else, typed now */
} CslChoice;

/* One field that differs. */
typedef struct
{
  const CslField *field;      /* (unowned) */
  CslValue was, theirs, mine; /* (owned) */
  CslValue other;             /* (owned): for CSL_CHOICE_OTHER */
  char *theirs_by;            /* (owned) (nullable) user id */
  char *theirs_at;            /* (owned) (nullable) instant */
  CslChoice choice;
} CslFieldDifference;

#define CSL_TYPE_DIFFERENCE_SHEET (csl_difference_sheet_get_type ())
G_DECLARE_FINAL_TYPE (CslDifferenceSheet,
                      csl_difference_sheet,
                      CSL,
                      DIFFERENCE_SHEET,
                      GObject)

/* NULL when the conflict or its record is not on this computer. */
CslDifferenceSheet *csl_difference_sheet_new (CslSession *session, const char *conflict)
  G_GNUC_WARN_UNUSED_RESULT;
CslRecordItem *csl_difference_sheet_get_conflict (CslDifferenceSheet *self);
/* The record it is about; NULL when it was deleted meanwhile. */
CslRecordItem *csl_difference_sheet_get_item (CslDifferenceSheet *self);
guint csl_difference_sheet_get_size (CslDifferenceSheet *self);
const CslFieldDifference *csl_difference_sheet_get (CslDifferenceSheet *self,
                                                    guint position);
/* Signal "changed" follows. @other is used with CSL_CHOICE_OTHER. */
void csl_difference_sheet_choose (CslDifferenceSheet *self,
                                  guint position,
                                  CslChoice choice,
                                  const CslValue *other);
/* Every field has a choice. */
bool csl_difference_sheet_get_complete (CslDifferenceSheet *self);
/* The act that settles it: the record's fields and the conflict's end in one group. */
CslEdit *csl_difference_sheet_dup_edit (CslDifferenceSheet *self)
  G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
