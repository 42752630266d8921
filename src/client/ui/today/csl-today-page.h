/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslTodayPage: the worker's day: what is next, what waits for a decision, what is due. */
#pragma once

#include "client/ui/shell/csl-page.h"

G_BEGIN_DECLS

#define CSL_TYPE_TODAY_PAGE (csl_today_page_get_type ())
G_DECLARE_FINAL_TYPE (CslTodayPage, csl_today_page, CSL, TODAY_PAGE, CslPage)

/* Floating. */
CslPage *csl_today_page_new (CslSession *session) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
