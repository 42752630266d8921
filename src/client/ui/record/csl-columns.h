/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslColumns: children below each other, in two columns where there is room; each goes where the
 * column is shorter. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define CSL_TYPE_COLUMNS (csl_columns_get_type ())
G_DECLARE_FINAL_TYPE (CslColumns, csl_columns, CSL, COLUMNS, GtkWidget)

GtkWidget *csl_columns_new (void) G_GNUC_WARN_UNUSED_RESULT;
/* Takes the floating @child. */
void csl_columns_append (CslColumns *self, GtkWidget *child);
void csl_columns_remove_all (CslColumns *self);

G_END_DECLS
