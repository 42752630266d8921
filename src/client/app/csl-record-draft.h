/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslRecordDraft: a record being edited: what it was, what it is now, one binding per visible field.
 *
 * Widgets are views of it; whether something changed is decided by comparing the two records, never the widgets.
 */
#pragma once

#include "client/app/csl-field-binding.h"

G_BEGIN_DECLS

#define CSL_TYPE_RECORD_DRAFT (csl_record_draft_get_type ())
G_DECLARE_FINAL_TYPE (CslRecordDraft, csl_record_draft, CSL, RECORD_DRAFT, GObject)

/* Signal "edited": the record is different from a moment ago (autosave hangs on it). */
/* @before: (nullable): NULL for a new record. Both are copied. */
CslRecordDraft *csl_record_draft_new (CslSession *session,
                                      const CslRecord *before,
                                      const CslRecord *record) G_GNUC_WARN_UNUSED_RESULT;
CslSession *csl_record_draft_get_session (CslRecordDraft *self);
const CslRecord *csl_record_draft_get_record (CslRecordDraft *self);
const CslRecord *csl_record_draft_get_before (CslRecordDraft *self);
/* The binding of a field (borrowed, made on first use). Unknown names are programmer errors. */
CslFieldBinding *csl_record_draft_get_binding (CslRecordDraft *self, const char *field);
bool csl_record_draft_get_changed (CslRecordDraft *self);
/* Checks everything, shows the problems at their fields and returns the binding to focus first, or NULL when all is well.
 * *ret_other gets problems that belong to no binding, one sentence per line. */
CslFieldBinding *csl_record_draft_check (CslRecordDraft *self, char **ret_other);
/* Adds the change to @edit if there is one. */
void csl_record_draft_add_to_edit (CslRecordDraft *self, CslEdit *edit);
/* The content as JSON for a form draft, and back. */
char *csl_record_draft_dup_json (CslRecordDraft *self) G_GNUC_WARN_UNUSED_RESULT;
bool csl_record_draft_load_json (CslRecordDraft *self, const char *json, GError **error);

G_END_DECLS
