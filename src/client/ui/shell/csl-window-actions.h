/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands of the window. They are actions of the widget's class and not of its action map: that one is exported on
 * the session bus, where nobody has any business opening records. */
#pragma once

#include "client/ui/shell/csl-window.h"

G_BEGIN_DECLS

void csl_window_actions_install (GtkWidgetClass *klass);
/* Enables what is possible now: after signing in or out. */
void csl_window_actions_update (CslWindow *window);

G_END_DECLS
