/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who changed what in a record, field by field, newest first. */
#pragma once

#include "client/app/csl-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CSL_TYPE_HISTORY_DIALOG (csl_history_dialog_get_type ())
G_DECLARE_FINAL_TYPE (CslHistoryDialog,
                      csl_history_dialog,
                      CSL,
                      HISTORY_DIALOG,
                      AdwWindow)

/* Opens over the window of @from and loads by itself. */
void csl_history_dialog_present (GtkWidget *from,
                                 CslSession *session,
                                 CslRecordItem *item);

G_END_DECLS
