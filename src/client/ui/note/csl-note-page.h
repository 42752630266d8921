/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslNotePage: writing a note (S-05): kind, template, when, how long, and a generous text. Every keystroke is safe within a
 * second; Finish freezes the note and queues it. */
#pragma once

#include "client/ui/shell/csl-page-table.h"

G_BEGIN_DECLS

#define CSL_TYPE_NOTE_PAGE (csl_note_page_get_type ())
G_DECLARE_FINAL_TYPE (CslNotePage, csl_note_page, CSL, NOTE_PAGE, CslPage)

/* @request: client (and case_id) for a new note; id of a finished note to correct it, of an unfinished one to go on; or draft.
 * An unfinished note for the same client and case is taken up again. NULL when this computer does not hold the client. */
CslPage *csl_note_page_new (CslSession *session, const CslPageRequest *request)
  G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
