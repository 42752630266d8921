/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Buttons in the title of an expander row. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

void csl_expander_add_button (AdwExpanderRow *row, GtkWidget *button);

G_END_DECLS
