/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslRemovalPage: tells a worker that the organisation has removed this computer, and what became of unsent work. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define CSL_TYPE_REMOVAL_PAGE (csl_removal_page_get_type ())
G_DECLARE_FINAL_TYPE (CslRemovalPage, csl_removal_page, CSL, REMOVAL_PAGE, AdwBin)

/* Goes on with the removal until it is finished. */
void csl_removal_page_run (CslRemovalPage *self);

G_END_DECLS
