/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslUnsentList: what has not reached the server yet, each with its state in words and what can be done about it. */
#pragma once

#include "client/app/csl-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CSL_TYPE_UNSENT_LIST (csl_unsent_list_get_type ())
G_DECLARE_FINAL_TYPE (CslUnsentList, csl_unsent_list, CSL, UNSENT_LIST, AdwBin)

GtkWidget *csl_unsent_list_new (CslSession *session);

G_END_DECLS
