/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A whole demo agency: people, clients, cases, and appointments around today. */
#pragma once

#include "server/demo/csd-demo-agency.h"

G_BEGIN_DECLS

typedef struct
{
  guint clients, cases, notes; /* at least */
} CsdDemoSize;

typedef struct
{
  guint clients, cases, notes; /* made */
} CsdDemoCount;

/* Keys of the agencies in the text, NULL-terminated; borrowed from the corpus. */
const char **csd_demo_list_agencies (const CsdDemoCorpus *corpus)
  G_GNUC_WARN_UNUSED_RESULT;
/* Emits everything of one agency through world->sink. NULL with world->error. The agency tells who gets an account. */
CsdDemoAgency *csd_demo_make (CsdDemoWorld *world,
                              const char *key,
                              const CsdDemoSize *size,
                              CsdDemoCount *ret_count) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
