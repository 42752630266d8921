/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslTakeAlong: before leaving for an appointment: is everything about it on this computer, and how old is it? Its button
 * fetches what is new. */
#pragma once

#include "client/app/csl-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CSL_TYPE_TAKE_ALONG (csl_take_along_get_type ())
G_DECLARE_FINAL_TYPE (CslTakeAlong, csl_take_along, CSL, TAKE_ALONG, AdwBin)

/* @appointment: (nullable): the widget is empty */
void csl_take_along_set (CslTakeAlong *self,
                         CslSession *session,
                         CslRecordItem *appointment);
/* A button above its own. */
void csl_take_along_add_start (CslTakeAlong *self, GtkWidget *button);

G_END_DECLS
