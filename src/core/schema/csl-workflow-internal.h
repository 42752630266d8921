/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a workflow is made of. Internal to core/schema. */
#pragma once

#include "core/schema/csl-workflow.h"

G_BEGIN_DECLS

typedef struct
{
  CslTransition transition;
  char **from;  /* (owned) */
  bool creator; /* who may take it: any of these … */
  bool assignee;
  char **roles;      /* (owned) names; empty with neither of the above: anybody */
  bool not_assignee; /* … but never the assignee */
  GArray *guards;    /* (owned) of CslTypeCheck, over the record afterwards */
} CslWorkflowStep;

struct _CslWorkflow
{
  char *name;                /* (owned) */
  const CslRecordType *type; /* (unowned) */
  const CslField *field;     /* (unowned): the status */
  int creator_field;         /* created_by */
  int assignee_field;        /* advisor or assigned_to; -1 when the type has neither */
  char **initial;            /* (owned) */
  GPtrArray *steps;          /* (owned) of CslWorkflowStep */
};

G_END_DECLS
