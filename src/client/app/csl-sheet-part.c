/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "caseload"

#include "client/app/csl-sheet-part.h"

void
csl_sheet_parts_clear (CslSheetPart *parts, guint n_parts)
{
  for (guint i = 0; i < n_parts; i++) {
    g_clear_object (&parts[i].keeper);
    g_clear_object (&parts[i].draft);
  }
}

void
csl_sheet_parts_flush (CslSheetPart *parts, guint n_parts)
{
  for (guint i = 0; i < n_parts; i++)
    if (parts[i].keeper != NULL)
      csl_draft_keeper_flush (parts[i].keeper);
}

void
csl_sheet_parts_discard (CslSheetPart *parts, guint n_parts)
{
  for (guint i = 0; i < n_parts; i++)
    if (parts[i].keeper != NULL)
      csl_draft_keeper_discard (parts[i].keeper);
}

char *
csl_sheet_part_check (CslSheetPart *part, CslFieldBinding **ret_binding)
{
  g_autofree char *other = NULL;
  CslFieldBinding *wrong = csl_record_draft_check (part->draft, &other);

  *ret_binding = wrong;
  return wrong != NULL ? g_strdup (csl_field_binding_get_problem (wrong))
                       : g_steal_pointer (&other);
}
