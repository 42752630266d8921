/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslNaturalBin: one child with a natural width of choice, so that a leaflet or flap around it
 * folds at a known window width. Property: "width" (int, pixels). */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define CSL_TYPE_NATURAL_BIN (csl_natural_bin_get_type ())
G_DECLARE_FINAL_TYPE (CslNaturalBin, csl_natural_bin, CSL, NATURAL_BIN, AdwBin)

G_END_DECLS
