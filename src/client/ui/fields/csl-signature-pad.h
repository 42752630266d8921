/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslSignaturePad: strokes drawn on a fixed grid, scaled to the widget. Signal "drawn" after each stroke. */
#pragma once

#include <gtk/gtk.h>
#include <stdbool.h>

G_BEGIN_DECLS

#define CSL_SIGNATURE_WIDTH  600
#define CSL_SIGNATURE_HEIGHT 200

#define CSL_TYPE_SIGNATURE_PAD (csl_signature_pad_get_type ())
G_DECLARE_FINAL_TYPE (CslSignaturePad,
                      csl_signature_pad,
                      CSL,
                      SIGNATURE_PAD,
                      GtkDrawingArea)

GtkWidget *csl_signature_pad_new (void);
bool csl_signature_pad_get_drawn (CslSignaturePad *self);
/* "[[[x,y],…],…]" in grid points. Caller frees. */
char *csl_signature_pad_dup_strokes (CslSignaturePad *self) G_GNUC_WARN_UNUSED_RESULT;
/* @json: the same form, or NULL to clear. */
void csl_signature_pad_set_strokes (CslSignaturePad *self, const char *json);

G_END_DECLS
