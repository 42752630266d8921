/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslOutboxList: what has not reached the server yet, each with its state in words and what can be done about it. */
#pragma once

#include "client/app/csl-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CSL_TYPE_OUTBOX_LIST (csl_outbox_list_get_type ())
G_DECLARE_FINAL_TYPE (CslOutboxList, csl_outbox_list, CSL, OUTBOX_LIST, AdwBin)

/* Property "empty" (boolean). */
GtkWidget *csl_outbox_list_new (CslSession *session);

G_END_DECLS
