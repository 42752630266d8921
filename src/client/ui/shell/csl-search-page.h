/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslSearchPage: finding anything, or choosing a client. */
#pragma once

#include "client/ui/shell/csl-page.h"

G_BEGIN_DECLS

#define CSL_TYPE_SEARCH_PAGE (csl_search_page_get_type ())
G_DECLARE_FINAL_TYPE (CslSearchPage, csl_search_page, CSL, SEARCH_PAGE, CslPage)

/* What happens to the one chosen. */
typedef enum {
  CSL_SEARCH_OPEN,        /* everything; opens it */
  CSL_SEARCH_OPEN_CLIENT, /* clients only; opens it */
  CSL_SEARCH_NEW_NOTE,    /* clients only; begins a note on it */
} CslSearchPurpose;

/* Floating. */
CslPage *csl_search_page_new (CslSession *session, CslSearchPurpose purpose)
  G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
