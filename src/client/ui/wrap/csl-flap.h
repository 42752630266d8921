/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A sidebar that lies over the page when the window is narrow. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

gboolean csl_flap_is_folded (AdwFlap *flap);
gboolean csl_flap_is_open (AdwFlap *flap);
void csl_flap_set_open (AdwFlap *flap, gboolean open);

G_END_DECLS
