/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslVisitAgenda: what to talk about: the client's open tasks, tickable, and the visit's own lines. */
#pragma once

#include "client/app/csl-visit-sheet.h"

#include <adwaita.h>

G_BEGIN_DECLS

GtkWidget *csl_visit_agenda_new (CslVisitSheet *sheet);
/* The instant an hour after @instant, in the same zone; NULL when @instant is none. Caller frees. */
char *csl_visit_agenda_dup_hour_later (const char *instant);

G_END_DECLS
