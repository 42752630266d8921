/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslDraftsPage: what was begun and not finished; only on this computer. */
#pragma once

#include "client/ui/shell/csl-page.h"

G_BEGIN_DECLS

#define CSL_TYPE_DRAFTS_PAGE (csl_drafts_page_get_type ())
G_DECLARE_FINAL_TYPE (CslDraftsPage, csl_drafts_page, CSL, DRAFTS_PAGE, CslPage)

CslPage *csl_drafts_page_new (CslSession *session) G_GNUC_WARN_UNUSED_RESULT;
/* "Note · Amina Rahman" for a form_draft. Caller frees. */
char *csl_draft_dup_title (CslSession *session, CslRecordItem *draft)
  G_GNUC_WARN_UNUSED_RESULT;
/* The drafts worth going on with, newest first: of several forms of one visit only the visit's. */
GListModel *csl_draft_list (CslSession *session) G_GNUC_WARN_UNUSED_RESULT;
/* Goes on with it, from any widget. */
void csl_draft_open (GtkWidget *from, CslSession *session, CslRecordItem *draft);

G_END_DECLS
