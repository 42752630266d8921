/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One record that somebody wrote, or one field of it in its versions: before, written, now. */
#pragma once

#include "client/app/csl-stranded-sheet.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* Shows the change at @position and those after it that belong to the same group. *ret_next: the first one that does not. */
GtkWidget *csl_stranded_group_new (CslSession *session,
                                   CslStrandedSheet *sheet,
                                   guint position,
                                   guint *ret_next);

G_END_DECLS
