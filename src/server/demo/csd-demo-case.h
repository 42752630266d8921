/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One storyline lived by one person: the case with everything that was written, planned and done in it. */
#pragma once

#include "server/demo/csd-demo-agency.h"
#include "server/demo/csd-demo-text.h"

G_BEGIN_DECLS

/* A client who is there already. */
typedef struct
{
  char id[40];
  CsdDemoPerson person;
  const CsdDemoCentre *centre; /* (unowned) */
  const CsdDemoWorker *worker; /* (unowned) */
  guint n_cases;
} CsdDemoClient;

typedef struct
{
  CsdDemoWorld *world;         /* (unowned) */
  CsdDemoAgency *agency;       /* (unowned) */
  CsdDemoClient *client;       /* (unowned) */
  JsonObject *story;           /* (unowned) */
  const CsdDemoWorker *worker; /* (unowned): who leads it */
  gint64 opened_ms;
  bool closed; /* it ended */
  int
    stop_day; /* day of its last note when it ended half-way; else that of the storyline */
  const char *closure; /* (unowned) (nullable): why it ended half-way */
  CsdDemoText text;
  char id[40];
  guint n_notes; /* how many were written */
} CsdDemoCase;

void csd_demo_client_make (CsdDemoClient *client,
                           CsdDemoWorld *world,
                           const CsdDemoWorker *worker,
                           JsonObject *story,
                           gint64 ms);
/* Days from the first to the last note of a storyline. */
int csd_demo_story_get_length (JsonObject *story);
/* Makes and emits the case; n_notes tells how many notes it has. */
/* May the storyline be told of somebody who is already known? */
bool csd_demo_client_fits (const CsdDemoClient *client, JsonObject *story);
void csd_demo_case_make (CsdDemoCase *self);
/* An appointment of an open case at a moment near today. @type and @mode: enum values. */
void csd_demo_case_add_appointment (CsdDemoCase *self,
                                    gint64 start_ms,
                                    const char *type,
                                    const char *mode);

G_END_DECLS
