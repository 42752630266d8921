/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslDraftKeeper: autosave. Watches a record draft and writes a form_draft within a second of the last keystroke, durably,
 * on this computer only; takes it up again after a crash. */
#pragma once

#include "client/app/csl-record-draft.h"

G_BEGIN_DECLS

#define CSL_DRAFT_DELAY_MS                                                               \
  600 /* after the last keystroke; never later than this after the first unsaved one */

#define CSL_TYPE_DRAFT_KEEPER (csl_draft_keeper_get_type ())
G_DECLARE_FINAL_TYPE (CslDraftKeeper, csl_draft_keeper, CSL, DRAFT_KEEPER, GObject)

/* Property "saved-at" (int64, ms; 0: nothing unsaved was ever written), "failed" (boolean): the last write did not reach the disk.
 * @form_type: which form ("note", "visit", "form"); the draft belongs to @entity_type and @entity_id.
 * When a draft is there, the record draft is loaded from it. */
CslDraftKeeper *csl_draft_keeper_new (CslRecordDraft *draft,
                                      const char *form_type,
                                      const char *entity_type,
                                      const char *entity_id) G_GNUC_WARN_UNUSED_RESULT;
/* TRUE when the record draft was taken up from an earlier, unfinished session. */
bool csl_draft_keeper_get_resumed (CslDraftKeeper *self);
gint64 csl_draft_keeper_get_saved_at (CslDraftKeeper *self);
/* Writes what is unsaved now (the page closes). */
void csl_draft_keeper_flush (CslDraftKeeper *self);
/* The record was saved or given up: the draft goes. */
void csl_draft_keeper_discard (CslDraftKeeper *self);

G_END_DECLS
