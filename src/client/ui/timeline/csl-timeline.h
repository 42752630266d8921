/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslTimeline: everything that happened on a case or client, newest first, narrowed by kind. */
#pragma once

#include "client/app/csl-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CSL_TYPE_TIMELINE (csl_timeline_get_type ())
G_DECLARE_FINAL_TYPE (CslTimeline, csl_timeline, CSL, TIMELINE, AdwBin)

/* @type: "case" or "client". */
void csl_timeline_set_record (CslTimeline *self,
                              CslSession *session,
                              const char *type,
                              const char *id);

G_END_DECLS
