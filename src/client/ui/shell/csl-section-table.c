/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-section-table.c: the places of the sidebar and what each counts. */
#define G_LOG_DOMAIN "csl-section-table"

#include "config.h"

#include "client/ui/shell/csl-section-table.h"

#include "client/ui/shell/csl-search-page.h"

#include <glib/gi18n.h>

static CslPage *
create_search (CslSession *session)
{
  return csl_search_page_new (session, CSL_SEARCH_OPEN);
}

static const CslSectionEntry entries[] = {
  { "search", N_ ("Search"), "system-search-symbolic", NULL, NULL, NULL, create_search },
};

GListStore *
csl_section_table_create (CslSession *session)
{
  g_autoptr (GListStore) store = g_list_store_new (CSL_TYPE_SECTION);

  for (guint i = 0; i < G_N_ELEMENTS (entries); i++) {
    g_autoptr (CslSection) section = NULL;

    if (entries[i].area != NULL &&
        !csl_session_may (session, entries[i].area, CSL_ACTION_READ))
      continue;
    section = csl_section_new (session, &entries[i]);
    csl_section_refresh (section);
    g_list_store_append (store, section);
  }
  return g_steal_pointer (&store);
}
