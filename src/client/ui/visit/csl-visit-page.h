/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslVisitPage: home visit mode (S-36): one calm page from check-in to check-out. */
#pragma once

#include "client/app/csl-visit-sheet.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CSL_TYPE_VISIT_PAGE (csl_visit_page_get_type ())
G_DECLARE_FINAL_TYPE (CslVisitPage, csl_visit_page, CSL, VISIT_PAGE, AdwBin)

GtkWidget *csl_visit_page_new (CslVisitSheet *sheet);

G_END_DECLS
