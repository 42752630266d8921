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
/* The organisation record of an agency, as made long ago. */
CslRecord *csd_demo_make_organisation (CsdDemoWorld *world, const char *key)
  G_GNUC_WARN_UNUSED_RESULT;
/* Emits everything else of one agency through world->sink. @organisation: its id. NULL with world->error. The agency tells who gets an account. */
CsdDemoAgency *csd_demo_make (CsdDemoWorld *world,
                              const char *key,
                              const char *organisation,
                              const CsdDemoSize *size,
                              CsdDemoCount *ret_count) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
