/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslOutboxRow: one unsent operation: what, about whom, when, how it stands; open, retry, copy, give up. */
#pragma once

#include "client/app/csl-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CSL_TYPE_OUTBOX_ROW (csl_outbox_row_get_type ())
G_DECLARE_FINAL_TYPE (CslOutboxRow, csl_outbox_row, CSL, OUTBOX_ROW, GtkListBoxRow)

GtkWidget *csl_outbox_row_new (CslSession *session, CslOutboxItem *item);

G_END_DECLS
