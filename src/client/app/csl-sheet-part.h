/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One record of a sheet that edits several at once, with its autosave. A sheet holds an array of them. */
#pragma once

#include "client/app/csl-draft-keeper.h"

G_BEGIN_DECLS

typedef struct
{
  CslRecordDraft *draft;  /* (owned) */
  CslDraftKeeper *keeper; /* (owned) (nullable) */
} CslSheetPart;

void csl_sheet_parts_clear (CslSheetPart *parts, guint n_parts);
/* Writes what is unsaved now. */
void csl_sheet_parts_flush (CslSheetPart *parts, guint n_parts);
/* The sheet was saved or given up: the drafts go. */
void csl_sheet_parts_discard (CslSheetPart *parts, guint n_parts);
/* What is wrong with this one as a sentence, or NULL; *ret_binding: the field to go to (NULL: none in particular). */
char *csl_sheet_part_check (CslSheetPart *part, CslFieldBinding **ret_binding)
  G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
