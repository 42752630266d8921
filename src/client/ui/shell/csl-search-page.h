/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslSearchPage: one entry over people, cases, commands and everything written; or choosing a client. */
#pragma once

#include "client/ui/shell/csl-page.h"

G_BEGIN_DECLS

#define CSL_TYPE_SEARCH_PAGE (csl_search_page_get_type ())
G_DECLARE_FINAL_TYPE (CslSearchPage, csl_search_page, CSL, SEARCH_PAGE, CslPage)

/* What happens to the one chosen. */
typedef enum {
  CSL_SEARCH_OPEN,          /* everything; opens it, or runs the command */
  CSL_SEARCH_CHOOSE_CLIENT, /* clients only; works with it from now on */
  CSL_SEARCH_NEW_NOTE,      /* clients only; begins a note on it */
} CslSearchPurpose;

/* Floating. @recent: (transfer full) (nullable) ids of clients, the newest first */
CslPage *csl_search_page_new (CslSession *session,
                              CslSearchPurpose purpose,
                              GPtrArray *recent) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
