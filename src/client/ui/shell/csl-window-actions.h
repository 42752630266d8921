/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The "win.*" actions: every command of the window, for menus, keys, D-Bus and tests. */
#pragma once

#include "client/ui/shell/csl-window.h"

G_BEGIN_DECLS

void csl_window_actions_install (CslWindow *window);
/* Enables what makes sense with or without a session. */
void csl_window_actions_update (CslWindow *window);

G_END_DECLS
