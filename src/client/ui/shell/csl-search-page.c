/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-search-page.c: search over everything on this computer, newest first. */
#define G_LOG_DOMAIN "csl-search-page"

#include "config.h"

#include "client/ui/shell/csl-search-page.h"

#include "client/ui/list/csl-record-row.h"
#include "client/ui/shell/csl-navigation.h"

#include <glib/gi18n.h>

#define RESULT_LIMIT 100

struct _CslSearchPage
{
  CslPage parent_instance;

  CslSearchPurpose purpose;

  GtkSearchEntry *entry; /* (unowned): template child */
  GtkStack *stack;       /* (unowned): template child */
  GtkListView *list;     /* (unowned): template child */
};

G_DEFINE_FINAL_TYPE (CslSearchPage, csl_search_page, CSL_TYPE_PAGE)

static GListModel *
find_clients (CslSearchPage *self, const char *text)
{
  CslSession *session = csl_page_get_session (CSL_PAGE (self));
  g_autoptr (CslQuery) query =
    csl_query_new (csl_schema_lookup_type (csl_session_get_schema (session), "client"));

  if (*text != '\0')
    csl_query_set_search (query, text);
  query->limit = RESULT_LIMIT;
  return csl_session_list (session, query);
}

/* People first, then their cases, then what was written, each the newest first. */
static int
rank_of (CslRecordItem *item)
{
  const char *type = csl_record_item_get_record_type (item)->name;

  if (g_str_equal (type, "client"))
    return 0;
  return g_str_equal (type, "case") ? 1 : 2;
}

static int
compare_rank_cb (gconstpointer a, gconstpointer b, gpointer user_data)
{
  return rank_of ((CslRecordItem *) a) - rank_of ((CslRecordItem *) b);
}

static GListModel *
find_anything (CslSession *session, const char *text)
{
  GListModel *found = csl_session_search (session, text, RESULT_LIMIT);
  GtkSorter *sorter = GTK_SORTER (gtk_custom_sorter_new (compare_rank_cb, NULL, NULL));

  return G_LIST_MODEL (gtk_sort_list_model_new (found, sorter));
}

static void
search_changed_cb (CslSearchPage *self)
{
  CslSession *session = csl_page_get_session (CSL_PAGE (self));
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->entry));
  g_autoptr (GListModel) model = NULL;
  g_autoptr (GtkListItemFactory) factory = NULL;

  if (self->purpose != CSL_SEARCH_OPEN)
    model = find_clients (self, text);
  else if (*text != '\0')
    model = find_anything (session, text);

  if (model == NULL) {
    gtk_stack_set_visible_child_name (self->stack, "start");
    return;
  }
  if (gtk_list_view_get_factory (self->list) == NULL) {
    factory = csl_row_factory_new (CSL_TYPE_FOUND_ROW, session, NULL);
    gtk_list_view_set_factory (self->list, factory);
  }
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (
                                         gtk_no_selection_new (g_object_ref (model))));
  gtk_stack_set_visible_child_name (self->stack, g_list_model_get_n_items (model) > 0
                                                   ? "results"
                                                   : "nothing");
}

static void
open_position (CslSearchPage *self, guint position)
{
  GListModel *model = G_LIST_MODEL (gtk_list_view_get_model (self->list));
  g_autoptr (CslRecordItem) item = model != NULL ? g_list_model_get_item (model, position)
                                                 : NULL;
  const char *type;

  if (item == NULL)
    return;
  type = csl_record_item_get_record_type (item)->name;
  if (self->purpose == CSL_SEARCH_NEW_NOTE)
    csl_navigation_new_note (GTK_WIDGET (self), csl_record_item_get_id (item), NULL,
                             NULL);
  else
    csl_navigation_open_record (GTK_WIDGET (self), type, csl_record_item_get_id (item));
}

static void
activate_cb (CslSearchPage *self, guint position)
{
  open_position (self, position);
}

static void
open_first (CslSearchPage *self)
{
  search_changed_cb (self);
  open_position (self, 0);
}

static void
stop_search_cb (CslSearchPage *self)
{
  csl_navigation_back (GTK_WIDGET (self));
}

static gboolean
csl_search_page_find (CslPage *page)
{
  GtkWidget *entry = GTK_WIDGET (CSL_SEARCH_PAGE (page)->entry);

  gtk_editable_select_region (GTK_EDITABLE (entry), 0, -1);
  return gtk_widget_grab_focus (entry);
}

static void
csl_search_page_class_init (CslSearchPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  CSL_PAGE_CLASS (klass)->find = csl_search_page_find;

  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/caseload/Caseload/shell/csl-search-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CslSearchPage, entry);
  gtk_widget_class_bind_template_child (widget_class, CslSearchPage, stack);
  gtk_widget_class_bind_template_child (widget_class, CslSearchPage, list);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, open_first);
  gtk_widget_class_bind_template_callback (widget_class, stop_search_cb);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
}

static void
csl_search_page_init (CslSearchPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

CslPage *
csl_search_page_new (CslSession *session, CslSearchPurpose purpose)
{
  CslSearchPage *self = g_object_new (CSL_TYPE_SEARCH_PAGE, "session", session, NULL);

  self->purpose = purpose;
  if (purpose != CSL_SEARCH_OPEN) {
    csl_page_set_title (CSL_PAGE (self), purpose == CSL_SEARCH_NEW_NOTE
                                           ? _ ("Whose Note?")
                                           : _ ("Choose a Client"));
    search_changed_cb (self);
  }
  return CSL_PAGE (self);
}
