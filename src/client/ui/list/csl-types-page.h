/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslTypesPage: every other kind of record, by module; each leads to its list. */
#pragma once

#include "client/ui/shell/csl-page.h"

G_BEGIN_DECLS

#define CSL_TYPE_TYPES_PAGE (csl_types_page_get_type ())
G_DECLARE_FINAL_TYPE (CslTypesPage, csl_types_page, CSL, TYPES_PAGE, CslPage)

/* Floating. */
CslPage *csl_types_page_new (CslSession *session) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
