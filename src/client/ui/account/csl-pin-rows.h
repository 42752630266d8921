/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslPinRows: a new PIN, twice, and in words how good it is. Signal "changed"; signal "submitted": Enter in a row. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define CSL_TYPE_PIN_ROWS (csl_pin_rows_get_type ())
G_DECLARE_FINAL_TYPE (CslPinRows, csl_pin_rows, CSL, PIN_ROWS, AdwBin)

/* A PIN that holds this name is not taken. */
void csl_pin_rows_set_username (CslPinRows *self, const char *username);
/* The PIN, when it is good enough and the same twice; else NULL. Borrowed from the form. */
const char *csl_pin_rows_get_pin (CslPinRows *self);
void csl_pin_rows_clear (CslPinRows *self);

G_END_DECLS
