/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One field in two versions: before, theirs, mine, or something else; arrows move, Space chooses. */
#pragma once

#include "client/app/csl-difference-sheet.h"

#include <adwaita.h>

G_BEGIN_DECLS

GtkWidget *csl_difference_group_new (CslSession *session,
                                     CslDifferenceSheet *sheet,
                                     guint position);

G_END_DECLS
