/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslWrapBox: children beside each other, each with its natural width; what has no room goes into the next line. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define CSL_TYPE_WRAP_BOX (csl_wrap_box_get_type ())
G_DECLARE_FINAL_TYPE (CslWrapBox, csl_wrap_box, CSL, WRAP_BOX, GtkWidget)

/* Takes the floating @child. */
void csl_wrap_box_append (CslWrapBox *self, GtkWidget *child);

G_END_DECLS
