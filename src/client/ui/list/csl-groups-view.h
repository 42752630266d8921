/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslGroupsView: what belongs to a case or client, a group per record type, from a table. */
#pragma once

#include "client/ui/shell/csl-page-table.h"

G_BEGIN_DECLS

/* One group. Types this program or this worker does not know are left out. */
typedef struct
{
  const char *type;
  const char *empty_text; /* untranslated (nullable): without it an empty group hides */
  const char *field;      /* (nullable): only records where this field … */
  const char *values;     /* … has one of these comma-separated values */
} CslGroupEntry;

#define CSL_TYPE_GROUPS_VIEW (csl_groups_view_get_type ())
G_DECLARE_FINAL_TYPE (CslGroupsView, csl_groups_view, CSL, GROUPS_VIEW, AdwBin)

/* Groups of records that refer to the case when their type can, else to the client; new ones
 * are made for both. @request: client and case_id, case_id may be NULL. */
void csl_groups_view_fill (CslGroupsView *self,
                           CslSession *session,
                           const CslPageRequest *request,
                           const CslGroupEntry *entries,
                           guint n_entries);

G_END_DECLS
