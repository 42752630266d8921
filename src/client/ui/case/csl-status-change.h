/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Changing the status of a case: reason, checks, one save with its case event. */
#pragma once

#include "client/app/csl-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* Asks for a reason when one is needed, says in sentences what is missing, else saves and offers
 * Undo. @from: the widget that asks. */
void csl_status_change_start (GtkWidget *from,
                              CslSession *session,
                              CslRecordItem *item,
                              const char *to);

G_END_DECLS
