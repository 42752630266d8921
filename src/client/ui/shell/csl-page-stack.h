/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslPageStack: pages on top of each other, the newest in front; answers the nav.* actions of
 * everything inside it. Properties: "session", "page" (CslPage, nullable: the one in front),
 * "depth" (uint). */
#pragma once

#include "client/ui/shell/csl-page-table.h"

G_BEGIN_DECLS

#define CSL_TYPE_PAGE_STACK (csl_page_stack_get_type ())
G_DECLARE_FINAL_TYPE (CslPageStack, csl_page_stack, CSL, PAGE_STACK, GtkWidget)

/* Takes a floating page. */
void csl_page_stack_push (CslPageStack *self, CslPage *page);
/* Takes every page out, then shows @page (nullable). */
void csl_page_stack_reset (CslPageStack *self, CslPage *page);
gboolean csl_page_stack_pop (CslPageStack *self);
CslPage *csl_page_stack_get_page (CslPageStack *self);
guint csl_page_stack_get_depth (CslPageStack *self);
/* Shows a record in this stack; FALSE when the replica does not hold it. */
gboolean csl_page_stack_open (CslPageStack *self, const CslPageRequest *request);
gboolean csl_page_stack_write (CslPageStack *self, const CslPageRequest *request);

G_END_DECLS
