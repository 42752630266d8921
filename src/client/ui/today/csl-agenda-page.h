/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslAgendaPage: the worker's appointments from today on, by day. */
#pragma once

#include "client/ui/shell/csl-page.h"

G_BEGIN_DECLS

#define CSL_TYPE_AGENDA_PAGE (csl_agenda_page_get_type ())
G_DECLARE_FINAL_TYPE (CslAgendaPage, csl_agenda_page, CSL, AGENDA_PAGE, CslPage)

/* Floating. */
CslPage *csl_agenda_page_new (CslSession *session) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
