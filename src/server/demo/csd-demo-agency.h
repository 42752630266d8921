/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An invented agency: the organisation, its centres, teams, people and lists. */
#pragma once

#include "server/demo/csd-demo-person.h"

G_BEGIN_DECLS

typedef struct
{
  char id[40];
  char *name, *code, *city; /* (owned) */
  char **programmes;        /* (owned) */
} CsdDemoCentre;

typedef struct
{
  char id[40];
  const char *first, *last, *username, *role; /* (unowned): static */
  const CsdDemoCentre *centre;                /* (nullable): the whole organisation */
} CsdDemoWorker;

typedef struct
{
  char id[40];
  char *name, *code;      /* (owned) */
  GPtrArray *centres;     /* (owned) of CsdDemoCentre */
  GPtrArray *workers;     /* (owned) of CsdDemoWorker */
  GHashTable *categories; /* (owned) note kind → category id */
} CsdDemoAgency;

/* Makes and emits them. @description: an object of agency.json. @id: of the organisation, whose record is there already.
 * NULL when the world has an error. */
CsdDemoAgency *csd_demo_agency_make (CsdDemoWorld *world,
                                     JsonObject *description,
                                     const char *id) G_GNUC_WARN_UNUSED_RESULT;
void csd_demo_agency_free (CsdDemoAgency *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CsdDemoAgency, csd_demo_agency_free)
/* Workers of that role who belong to @centre (NULL: any): borrowed, the container is owned. */
GPtrArray *csd_demo_agency_list_workers (CsdDemoAgency *self,
                                         const char *role,
                                         const CsdDemoCentre *centre)
  G_GNUC_WARN_UNUSED_RESULT;
/* First worker of that role, or the first of all. */
const CsdDemoWorker *csd_demo_agency_get_worker (CsdDemoAgency *self, const char *role);

G_END_DECLS
