/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslListPage: all records of one type a worker may see, searched, narrowed and ordered. Of any
 * size: the model is lazy. */
#pragma once

#include "client/ui/shell/csl-page.h"

G_BEGIN_DECLS

#define CSL_TYPE_LIST_PAGE (csl_list_page_get_type ())
G_DECLARE_FINAL_TYPE (CslListPage, csl_list_page, CSL, LIST_PAGE, CslPage)

/* Floating; @title NULL: the plural of the type. */
CslPage *csl_list_page_new (CslSession *session, const char *type, const char *title)
  G_GNUC_WARN_UNUSED_RESULT;
/* The same with the chosen record beside it. Floating. */
CslPage *csl_list_page_new_split (CslSession *session,
                                  const char *type,
                                  const char *title) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
