/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CsdDemoText: turns the text of a storyline into what one worker wrote about one person (data/demo/README.md). */
#pragma once

#include "server/demo/csd-demo-person.h"

G_BEGIN_DECLS

typedef struct
{
  CsdDemoWorld *world;         /* (unowned) */
  const CsdDemoPerson *person; /* (unowned) */
  JsonObject *vars;            /* (unowned) (nullable): of the storyline */
  const char *worker, *centre; /* (unowned): first name, name */
  gint64 day_ms;               /* day the text was written */
  gint64 minutes;              /* {minutes} */
  GHashTable *drawn;           /* (owned) name → text, the same through the case */
  GHashTable *used;            /* (owned) set of pool sentences used in this case */
} CsdDemoText;

void csd_demo_text_init (CsdDemoText *self,
                         CsdDemoWorld *world,
                         const CsdDemoPerson *person);
void csd_demo_text_clear (CsdDemoText *self);
/* Caller frees. NULL gives NULL. */
char *csd_demo_text_expand (CsdDemoText *self, const char *text)
  G_GNUC_WARN_UNUSED_RESULT;
/* A note's text with, now and then, a sentence of its kind in front or at the end. */
char *csd_demo_text_note (CsdDemoText *self,
                          const char *text,
                          const char *kind,
                          bool alone) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
