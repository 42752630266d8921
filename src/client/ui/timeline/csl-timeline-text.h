/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What happened, as a sentence. */
#pragma once

#include "client/app/csl-session.h"

G_BEGIN_DECLS

typedef struct
{
  char *sentence;        /* (owned): "Phone call, no answer" */
  char *body;            /* (owned) (nullable): what was written */
  char *who;             /* (owned) (nullable): "You", "Maria Lopez" */
  const char *icon_name; /* (unowned) (nullable) */
} CslTimelineText;

void csl_timeline_text_fill (CslTimelineText *self,
                             CslSession *session,
                             const CslRecord *record);
void csl_timeline_text_clear (CslTimelineText *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CslTimelineText, csl_timeline_text_clear)

G_END_DECLS
