/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslFactRow: a label and what is known, side by side or, when narrow, one above the other. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define CSL_TYPE_FACT_ROW (csl_fact_row_get_type ())
G_DECLARE_FINAL_TYPE (CslFactRow, csl_fact_row, CSL, FACT_ROW, GtkListBoxRow)

GtkWidget *csl_fact_row_new (const char *label, const char *text)
  G_GNUC_WARN_UNUSED_RESULT;
/* Takes the floating @suffix. */
void csl_fact_row_set_suffix (CslFactRow *self, GtkWidget *suffix);

G_END_DECLS
