/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One field in two versions: before, theirs, mine, or something else; arrows move, Space chooses. */
#pragma once

#include "client/app/csl-difference-sheet.h"

#include <adwaita.h>

G_BEGIN_DECLS

GtkWidget *csl_difference_group_new (CslSession *session,
                                     CslDifferenceSheet *sheet,
                                     guint position);
/* Puts the focus on the first line; the arrows go on to the choices. */
gboolean csl_difference_group_focus (GtkWidget *group);

G_END_DECLS
