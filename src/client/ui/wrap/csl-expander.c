/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-expander.c: adw_expander_row_add_action() has another name since libadwaita 1.4. */
#define ADW_DISABLE_DEPRECATION_WARNINGS
#include "client/ui/wrap/csl-expander.h"

void
csl_expander_add_button (AdwExpanderRow *row, GtkWidget *button)
{
  adw_expander_row_add_action (row, button);
}
