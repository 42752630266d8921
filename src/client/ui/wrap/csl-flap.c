/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-flap.c: the only file that calls AdwFlap; libadwaita 1.4 replaces it by AdwOverlaySplitView. */
#define ADW_DISABLE_DEPRECATION_WARNINGS
#include "client/ui/wrap/csl-flap.h"

gboolean
csl_flap_is_folded (AdwFlap *flap)
{
  return adw_flap_get_folded (flap);
}

gboolean
csl_flap_is_open (AdwFlap *flap)
{
  return adw_flap_get_reveal_flap (flap);
}

void
csl_flap_set_open (AdwFlap *flap, gboolean open)
{
  adw_flap_set_reveal_flap (flap, open);
}
