/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslSidebarRow: icon, title and number of one CslSection. */
#pragma once

#include "client/ui/shell/csl-section.h"

G_BEGIN_DECLS

#define CSL_TYPE_SIDEBAR_ROW (csl_sidebar_row_get_type ())
G_DECLARE_FINAL_TYPE (CslSidebarRow, csl_sidebar_row, CSL, SIDEBAR_ROW, GtkListBoxRow)

GtkWidget *csl_sidebar_row_new (CslSection *section) G_GNUC_WARN_UNUSED_RESULT;
CslSection *csl_sidebar_row_get_section (CslSidebarRow *self);

G_END_DECLS
