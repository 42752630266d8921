/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslEdit: one act of a person: one or several records that change together. Saved as one local transaction and
 * one outbox group. */
#pragma once

#include "core/schema/csl-record.h"

G_BEGIN_DECLS

typedef struct _CslEdit CslEdit;

CslEdit *csl_edit_new (void) G_GNUC_WARN_UNUSED_RESULT;
void csl_edit_free (CslEdit *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CslEdit, csl_edit_free)
/* @before: what the person was looking at (NULL: a new record). @after: as it should be (NULL: deleted). Both copied. */
void csl_edit_add (CslEdit *self, const CslRecord *before, const CslRecord *after);
void csl_edit_set_reason (CslEdit *self, const char *reason);
/* The sync_conflict this edit settles. */
void csl_edit_set_resolves (CslEdit *self, const char *conflict_id);
/* Refused operation this edit repairs (op id); the refused one is closed when this one is saved. */
void csl_edit_set_fixes (CslEdit *self, const char *op);
guint csl_edit_get_size (const CslEdit *self);
const CslRecord *csl_edit_get_before (const CslEdit *self, guint position);
const CslRecord *csl_edit_get_after (const CslEdit *self, guint position);
const char *csl_edit_get_reason (const CslEdit *self);
const char *csl_edit_get_resolves (const CslEdit *self);
const char *csl_edit_get_fixes (const CslEdit *self);

G_END_DECLS
