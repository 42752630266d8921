/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-section-table.c: the places of the sidebar and what each counts. */
#define G_LOG_DOMAIN "csl-section-table"

#include "config.h"

#include "client/ui/shell/csl-section-table.h"

#include "client/ui/draft/csl-drafts-page.h"
#include "client/ui/list/csl-list-page.h"
#include "client/ui/list/csl-types-page.h"
#include "client/ui/sync/csl-unsent-page.h"
#include "client/ui/today/csl-agenda-page.h"
#include "client/ui/today/csl-today-page.h"
#include "client/ui/today/csl-today-queries.h"
#include "core/domain/csl-case-rules.h"

#include <glib/gi18n.h>

static CslQuery *
query_type (CslSession *session, const char *type)
{
  return csl_query_new (csl_schema_lookup_type (csl_session_get_schema (session), type));
}

static guint
count_cases (CslSession *session)
{
  g_autoptr (CslQuery) query = query_type (session, "case");
  g_autofree char *open = g_strjoinv (",", (char **) csl_case_list_open_statuses ());

  csl_query_add_text (query, "status", CSL_FILTER_IN, open);
  csl_query_add_text (query, "advisor", CSL_FILTER_IS,
                      csl_record_item_get_id (csl_session_get_user (session)));
  return csl_session_count (session, query);
}

static guint
count_tasks (CslSession *session)
{
  g_autoptr (CslQuery) query =
    csl_today_query_tasks (session, CSL_TODAY_OVERDUE, CSL_TODAY_DUE_TODAY);

  return csl_session_count (session, query);
}

static guint
count_unsent (CslSession *session)
{
  g_autoptr (GListModel) outbox = csl_session_list_outbox (session);

  /* The list fills a moment later than the sync state knows the number. */
  return MAX (g_list_model_get_n_items (outbox),
              csl_sync_info_get_waiting (csl_session_get_sync_info (session)));
}

static guint
count_differences (CslSession *session)
{
  g_autoptr (CslQuery) query = csl_today_query_differences (session);

  return csl_session_count (session, query);
}

static guint
count_stranded (CslSession *session)
{
  g_autoptr (CslQuery) query = csl_today_query_stranded (session);

  return csl_session_count (session, query);
}

static guint
count_drafts (CslSession *session)
{
  g_autoptr (GListModel) drafts = csl_draft_list (session);

  return g_list_model_get_n_items (drafts);
}

static CslPage *
create_cases (CslSession *session)
{
  return csl_list_page_new_split (session, "case", _ ("My Cases"));
}

static CslPage *
create_clients (CslSession *session)
{
  return csl_list_page_new_split (session, "client", NULL);
}

static CslPage *
create_tasks (CslSession *session)
{
  return csl_list_page_new_split (session, "task", NULL);
}

static CslPage *
create_differences (CslSession *session)
{
  return csl_list_page_new_split (session, "sync_conflict", NULL);
}

static CslPage *
create_stranded (CslSession *session)
{
  return csl_list_page_new_split (session, "stranded_work", _ ("Take Over"));
}

/* clang-format off */
static const CslSectionEntry entries[] = {
  { "today", N_("Today"), "daytime-sunrise-symbolic", NULL, NULL, NULL, csl_today_page_new },
  { "cases", N_("My Cases"), "folder-symbolic", NULL, "cases", count_cases, create_cases },
  { "clients", N_("Clients"), "system-users-symbolic", NULL, "clients", NULL, create_clients },
  { "calendar", N_("Calendar"), "x-office-calendar-symbolic", NULL, "appointments", NULL, csl_agenda_page_new },
  { "tasks", N_("Tasks"), "object-select-symbolic", NULL, "tasks", count_tasks, create_tasks },
  { "more", N_("More Records"), "view-more-symbolic", NULL, NULL, NULL, csl_types_page_new },
  { "unsent", N_("Unsent"), "document-send-symbolic", N_("Attention"), NULL, count_unsent, csl_unsent_page_new },
  { "differences", N_("Differences"), "view-dual-symbolic", NULL, "conflicts", count_differences, create_differences },
  { "stranded", N_("Take Over"), "mail-unread-symbolic", NULL, "stranded", count_stranded, create_stranded },
  { "drafts", N_("Drafts"), "document-edit-symbolic", NULL, NULL, count_drafts, csl_drafts_page_new },
};
/* clang-format on */

static bool
is_allowed (CslSession *session, const CslSectionEntry *entry)
{
  return entry->area == NULL || csl_session_may (session, entry->area, CSL_ACTION_READ);
}

static bool
is_at (GListModel *model, guint position, const CslSectionEntry *entry)
{
  g_autoptr (CslSection) section = g_list_model_get_item (model, position);

  return section != NULL && g_str_equal (csl_section_get_id (section), entry->id);
}

GListStore *
csl_section_table_create (CslSession *session)
{
  GListStore *store = g_list_store_new (CSL_TYPE_SECTION);

  csl_section_table_update (store, session);
  return store;
}

void
csl_section_table_update (GListStore *store, CslSession *session)
{
  guint position = 0;

  for (guint i = 0; i < G_N_ELEMENTS (entries); i++) {
    const bool is_there = is_at (G_LIST_MODEL (store), position, &entries[i]);

    if (!is_allowed (session, &entries[i])) {
      if (is_there)
        g_list_store_remove (store, position);
      continue;
    }
    if (!is_there) {
      g_autoptr (CslSection) section = csl_section_new (session, &entries[i]);
      g_list_store_insert (store, position, section);
    }
    position++;
  }
  for (guint i = 0; i < position; i++) {
    g_autoptr (CslSection) section = g_list_model_get_item (G_LIST_MODEL (store), i);
    csl_section_refresh (section);
  }
}
