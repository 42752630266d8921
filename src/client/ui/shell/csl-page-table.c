/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-page-table.c: the table of special pages. A row needs a decision record when it is added. */
#define G_LOG_DOMAIN "csl-page-table"

#include "config.h"

#include "client/ui/shell/csl-page-table.h"

#include "client/ui/case/csl-case-page.h"
#include "client/ui/client/csl-client-page.h"
#include "client/ui/difference/csl-difference-page.h"
#include "client/ui/intake/csl-intake-page.h"
#include "client/ui/note/csl-note-page.h"
#include "client/ui/record/csl-edit-page.h"
#include "client/ui/record/csl-record-page.h"
#include "client/ui/stranded/csl-stranded-page.h"
#include "client/ui/sync/csl-sync-popover.h"
#include "client/ui/visit/csl-visit-page.h"

static const CslPageEntry entries[] = {
  { CSL_PAGE_PURPOSE_READ, "case", false, csl_case_page_new },
  { CSL_PAGE_PURPOSE_READ, "client", false, csl_client_page_new },
  { CSL_PAGE_PURPOSE_READ, "sync_conflict", false, csl_difference_page_new },
  { CSL_PAGE_PURPOSE_READ, "stranded_work", false, csl_stranded_page_new },
  { CSL_PAGE_PURPOSE_READ, NULL, false, csl_record_page_new },
  { CSL_PAGE_PURPOSE_WRITE, "client", true, csl_intake_page_new },
  { CSL_PAGE_PURPOSE_WRITE, "note", false, csl_note_page_new },
  { CSL_PAGE_PURPOSE_WRITE, "stranded_work", false, csl_stranded_page_new },
  { CSL_PAGE_PURPOSE_WRITE, "visit", true, csl_visit_page_new },
  { CSL_PAGE_PURPOSE_WRITE, NULL, false, csl_edit_page_new },
};

/* The row for @type, or the generic one. */
const CslPageEntry *
csl_page_table_lookup (CslPagePurpose purpose, const char *type)
{
  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    if (entries[i].purpose == purpose &&
        (entries[i].type == NULL || g_strcmp0 (entries[i].type, type) == 0))
      return &entries[i];
  return NULL;
}

GtkPopover *
csl_page_table_create_sync_popover (CslSession *session)
{
  return csl_sync_popover_new (session);
}

static void
add_member (GVariantBuilder *builder, const char *name, const char *text)
{
  if (text != NULL)
    g_variant_builder_add (builder, "{ss}", name, text);
}

GVariant *
csl_page_request_to_variant (const CslPageRequest *request)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a{ss}"));
  add_member (&builder, "type", request->type);
  add_member (&builder, "id", request->id);
  add_member (&builder, "client", request->client);
  add_member (&builder, "case", request->case_id);
  add_member (&builder, "appointment", request->appointment);
  add_member (&builder, "draft", request->draft);
  return g_variant_builder_end (&builder);
}

void
csl_page_request_from_variant (CslPageRequest *request, GVariant *variant)
{
  *request = (CslPageRequest){ 0 };
  g_variant_lookup (variant, "type", "&s", &request->type);
  g_variant_lookup (variant, "id", "&s", &request->id);
  g_variant_lookup (variant, "client", "&s", &request->client);
  g_variant_lookup (variant, "case", "&s", &request->case_id);
  g_variant_lookup (variant, "appointment", "&s", &request->appointment);
  g_variant_lookup (variant, "draft", "&s", &request->draft);
}
