/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which page shows which record type: a table whose last row for each purpose is the generic one.
 * The only place where a type is special. */
#pragma once

#include "client/ui/shell/csl-page.h"

G_BEGIN_DECLS

/* What somebody wants to see or write; every member but @type may be NULL. */
typedef struct
{
  const char *type;        /* record type name */
  const char *id;          /* the record; NULL: a new one */
  const char *client;      /* for a new one: of this client */
  const char *case_id;     /* for a new one: of this case */
  const char *appointment; /* for a new visit or note: of this appointment */
  const char *draft;       /* form_draft to go on with */
} CslPageRequest;

typedef enum {
  CSL_PAGE_PURPOSE_READ,
  CSL_PAGE_PURPOSE_WRITE,
} CslPagePurpose;

typedef struct
{
  CslPagePurpose purpose;
  const char *type; /* NULL: any type, the last row */
  bool full; /* takes the whole window beside the sidebar, not only the detail pane */
  /* A floating CslPage, or NULL when the replica does not hold the record. */
  CslPage *(*create) (CslSession *session, const CslPageRequest *request);
} CslPageEntry;

const CslPageEntry *csl_page_table_lookup (CslPagePurpose purpose, const char *type);

/* What the sync sentence in the header opens. */
GtkPopover *csl_page_table_create_sync_popover (CslSession *session)
  G_GNUC_WARN_UNUSED_RESULT;

/* The request as an action target "a{ss}" and back; the strings stay owned by the variant. */
GVariant *csl_page_request_to_variant (const CslPageRequest *request);
void csl_page_request_from_variant (CslPageRequest *request, GVariant *variant);

G_END_DECLS
