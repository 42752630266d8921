/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-search-results.c: a few questions to the replica, each with a limit, and the table of commands. A key must be
 * answered before the next frame, also with 100,000 notes; `bench-client palette` measures it. */
#define G_LOG_DOMAIN "csl-search-results"

#include "config.h"

#include "client/ui/search/csl-search-results.h"

#include "client/ui/search/csl-search-item.h"
#include "client/ui/text/csl-fuzzy.h"

#include <glib/gi18n.h>

#define MOST_CLIENTS  8
#define MOST_CASES    6
#define MOST_COMMANDS 5
#define MOST_WRITTEN  20
#define MOST_RECENT   6
/* Clients to choose from when nothing was typed. */
#define MOST_CHOICES 60
/* How many of the newest notes are looked through for recent clients. */
#define NOTES_BACK 60

typedef struct
{
  CslSession *session; /* (unowned) */
  GListStore *store;   /* (owned) */
  bool has_client;
} Results;

static CslQuery *
query_type (CslSession *session, const char *type)
{
  return csl_query_new (csl_schema_lookup_type (csl_session_get_schema (session), type));
}

static void
add_record (Results *self, const char *heading, CslRecordItem *record)
{
  g_autoptr (CslSearchItem) item = csl_search_item_new_record (heading, record);

  g_list_store_append (self->store, item);
}

static guint
add_list (Results *self, const char *heading, GListModel *records)
{
  const guint n_records = g_list_model_get_n_items (records);

  for (guint i = 0; i < n_records; i++) {
    g_autoptr (CslRecordItem) record = g_list_model_get_item (records, i);
    add_record (self, heading, record);
  }
  return n_records;
}

/* -- Records ----------------------------------------------------------------------------- */

static guint
add_clients (Results *self, const char *text)
{
  g_autoptr (CslQuery) query = query_type (self->session, "client");
  g_autoptr (GListModel) found = NULL;

  csl_query_set_search (query, text);
  query->limit = MOST_CLIENTS;
  found = csl_session_list (self->session, query);
  return add_list (self, _ ("Clients"), found);
}

/* By their own words, or by the name, phone or number of their client. */
static guint
add_cases (Results *self, const char *text)
{
  g_autoptr (CslQuery) query = query_type (self->session, "case");
  g_autoptr (GListModel) found = NULL;

  query->via = g_strdup (text);
  query->limit = MOST_CASES;
  found = csl_session_list (self->session, query);
  return add_list (self, _ ("Cases"), found);
}

static bool
has_own_section (CslRecordItem *record)
{
  const char *type = csl_record_item_get_record_type (record)->name;

  return g_str_equal (type, "client") || g_str_equal (type, "case");
}

static void
add_written (Results *self, const char *text)
{
  g_autoptr (GListModel) found =
    csl_session_search (self->session, text, MOST_WRITTEN + MOST_CLIENTS + MOST_CASES);
  guint n_added = 0;

  for (guint i = 0; i < g_list_model_get_n_items (found) && n_added < MOST_WRITTEN; i++) {
    g_autoptr (CslRecordItem) record = g_list_model_get_item (found, i);

    if (has_own_section (record))
      continue;
    add_record (self, _ ("Notes and Other Records"), record);
    n_added++;
  }
}

/* -- Recent clients ---------------------------------------------------------------------- */

/* The clients looked at in this window, then those of the own newest notes. */
static GPtrArray *
list_recent (CslSession *session, GPtrArray *recent)
{
  GPtrArray *ids = g_ptr_array_new_with_free_func (g_free);
  const char *me = csl_record_item_get_id (csl_session_get_user (session));
  g_autoptr (CslQuery) query = query_type (session, "note");
  g_autoptr (GListModel) notes = NULL;

  for (guint i = 0; recent != NULL && i < recent->len && ids->len < MOST_RECENT; i++)
    g_ptr_array_add (ids, g_strdup (g_ptr_array_index (recent, i)));
  query->limit = NOTES_BACK;
  notes = csl_session_list (session, query);
  for (guint i = 0; i < g_list_model_get_n_items (notes) && ids->len < MOST_RECENT; i++) {
    g_autoptr (CslRecordItem) note = g_list_model_get_item (notes, i);
    const char *client = csl_record_item_get_text (note, "client");

    if (client != NULL &&
        g_strcmp0 (csl_record_item_get_text (note, "author"), me) == 0 &&
        !g_ptr_array_find_with_equal_func (ids, client, g_str_equal, NULL))
      g_ptr_array_add (ids, g_strdup (client));
  }
  return ids;
}

static void
add_recent (Results *self, GPtrArray *ids)
{
  for (guint i = 0; i < ids->len; i++) {
    g_autoptr (CslRecordItem) client =
      csl_session_lookup (self->session, "client", g_ptr_array_index (ids, i));

    if (client != NULL)
      add_record (self, _ ("Recent Clients"), client);
  }
}

static void
add_other_clients (Results *self, GPtrArray *recent)
{
  g_autoptr (CslQuery) query = query_type (self->session, "client");
  g_autoptr (GListModel) clients = NULL;

  csl_query_set_sort (query, "last_name", false);
  query->limit = MOST_CHOICES;
  clients = csl_session_list (self->session, query);
  for (guint i = 0; i < g_list_model_get_n_items (clients); i++) {
    g_autoptr (CslRecordItem) client = g_list_model_get_item (clients, i);

    if (!g_ptr_array_find_with_equal_func (recent, csl_record_item_get_id (client),
                                           g_str_equal, NULL))
      add_record (self, _ ("All Clients"), client);
  }
}

/* -- Commands ---------------------------------------------------------------------------- */

typedef struct
{
  const CslCommand *command;
  guint score;
} Fit;

static int
compare_fits (gconstpointer a, gconstpointer b)
{
  const guint left = ((const Fit *) a)->score, right = ((const Fit *) b)->score;

  return left > right ? -1 : left < right;
}

/* Those of a page make sense only there, and this search is not worth finding. */
static bool
is_offered (Results *self, const CslCommand *command)
{
  if (g_str_equal (command->action, "win.leave-client") && !self->has_client)
    return false;
  return command->scope == CSL_COMMAND_SCOPE_PROGRAM && command->icon_name != NULL &&
         !g_str_equal (command->action, "win.search") &&
         csl_command_is_allowed (command, self->session);
}

/* The best first; all of them, in the order of the table, when nothing was typed. */
static GArray *
list_fits (Results *self, const char *text)
{
  GArray *fits = g_array_new (FALSE, FALSE, sizeof (Fit));
  guint n_commands;
  const CslCommand *commands = csl_command_list (&n_commands);

  for (guint i = 0; i < n_commands; i++) {
    Fit fit = { &commands[i], 1 };

    if (*text != '\0')
      fit.score =
        csl_fuzzy_score (csl_command_get_title (&commands[i]),
                         commands[i].words != NULL ? _ (commands[i].words) : NULL, text);
    if (fit.score > 0 && is_offered (self, &commands[i]))
      g_array_append_val (fits, fit);
  }
  if (*text != '\0') {
    g_array_sort (fits, compare_fits);
    g_array_set_size (fits, MIN (fits->len, MOST_COMMANDS));
  }
  return fits;
}

static void
add_commands (Results *self, GArray *fits)
{
  for (guint i = 0; i < fits->len; i++) {
    g_autoptr (CslSearchItem) item =
      csl_search_item_new_command (_ ("Commands"), g_array_index (fits, Fit, i).command);

    g_list_store_append (self->store, item);
  }
}

/* -- All together ------------------------------------------------------------------------ */

/* People first, always. A command comes before cases only when its name was typed. */
static void
add_found (Results *self, const char *text)
{
  g_autoptr (GArray) fits = list_fits (self, text);
  const bool is_named = fits->len > 0 &&
                        g_array_index (fits, Fit, 0).score >= CSL_FUZZY_TITLE;
  const guint n_clients = add_clients (self, text);

  if (is_named && n_clients == 0)
    add_commands (self, fits);
  add_cases (self, text);
  if (!is_named || n_clients > 0)
    add_commands (self, fits);
  add_written (self, text);
}

GListModel *
csl_search_results_find (CslSession *session,
                         const char *text,
                         GPtrArray *recent,
                         bool has_client)
{
  Results self = { session, g_list_store_new (CSL_TYPE_SEARCH_ITEM), has_client };

  if (*text != '\0')
    add_found (&self, text);
  else {
    g_autoptr (GPtrArray) ids = list_recent (session, recent);
    g_autoptr (GArray) fits = list_fits (&self, text);

    add_recent (&self, ids);
    add_commands (&self, fits);
  }
  return G_LIST_MODEL (self.store);
}

GListModel *
csl_search_results_find_clients (CslSession *session, const char *text, GPtrArray *recent)
{
  Results self = { session, g_list_store_new (CSL_TYPE_SEARCH_ITEM) };

  if (*text != '\0')
    add_clients (&self, text);
  else {
    g_autoptr (GPtrArray) ids = list_recent (session, recent);

    add_recent (&self, ids);
    add_other_clients (&self, ids);
  }
  return G_LIST_MODEL (self.store);
}
