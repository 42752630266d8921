/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-list-page.c: a list of one record type.
 *
 * The filters are objects; whenever one changes, or the words searched for, the query is built
 * anew and the model replaced. The model itself refreshes when records change.
 */
#define G_LOG_DOMAIN "csl-list-page"

#include "config.h"

#include "client/ui/list/csl-list-page.h"

#include "client/ui/case/csl-case-row.h"
#include "client/ui/list/csl-list-filter.h"
#include "client/ui/list/csl-record-row.h"
#include "client/ui/shell/csl-navigation.h"
#include "client/ui/shell/csl-split-page.h"
#include "client/ui/task/csl-task-row.h"
#include "client/ui/text/csl-display.h"
#include "core/schema/csl-label.h"

#include <glib/gi18n.h>

enum {
  PROP_0,
  PROP_IS_EMPTY,
};

struct _CslListPage
{
  CslPage parent_instance;

  const CslRecordType *type; /* (unowned) */
  bool may_create;
  bool is_empty;
  GListStore *filters;   /* (owned) of CslListFilter */
  GSignalGroup *signals; /* (owned): of the model on screen */

  GtkSearchEntry *entry;   /* (unowned): template child */
  GtkListBox *filter_list; /* (unowned): template child */
  GtkWidget *new_button;   /* (unowned): template child */
  GtkLabel *summary;       /* (unowned): template child */
  GtkStack *stack;         /* (unowned): template child */
  GtkListView *list;       /* (unowned): template child */
  AdwStatusPage *empty;    /* (unowned): template child */
  GtkButton *empty_button; /* (unowned): template child */
};

G_DEFINE_FINAL_TYPE (CslListPage, csl_list_page, CSL_TYPE_PAGE)

static const char *
search_text (CslListPage *self)
{
  return gtk_editable_get_text (GTK_EDITABLE (self->entry));
}

static GType
row_type (const CslRecordType *type)
{
  if (g_str_equal (type->name, "case"))
    return CSL_TYPE_CASE_ROW;
  if (g_str_equal (type->name, "task"))
    return CSL_TYPE_TASK_ROW;
  return CSL_TYPE_FOUND_ROW;
}

/* Only of the client the worker has chosen to work with. */
static bool
lists_one_client (CslListPage *self)
{
  return csl_page_get_client (CSL_PAGE (self)) != NULL && self->type->client_field >= 0;
}

/* "Open · Mine · 32" */
static void
show_summary (CslListPage *self, guint count)
{
  g_autoptr (GString) out = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->filters)); i++) {
    g_autoptr (CslListFilter) filter =
      g_list_model_get_item (G_LIST_MODEL (self->filters), i);
    const char *words = csl_list_filter_get_summary (filter);

    if (words != NULL)
      g_string_append_printf (out, "%s · ", words);
  }
  if (lists_one_client (self))
    g_string_append_printf (out, "%s · ",
                            csl_record_item_get_title (
                              csl_page_get_client (CSL_PAGE (self))));
  if (out->len > 0)
    g_string_append_printf (out, "%u", count);
  else
    g_string_append_printf (out, ngettext ("%u in all", "%u in all", count), count);
  gtk_label_set_label (self->summary, out->str);
}

static void
show_empty (CslListPage *self)
{
  const bool searches = *search_text (self) != '\0';
  const bool waits = g_str_equal (self->type->name, "stranded_work");
  g_autofree char *appears =
    /* Translators: a kind of records, in the plural: "Team members" */
    g_strdup_printf (_ ("%s that you may see and that match the filter appear here."),
                     csl_label_types (self->type));

  adw_status_page_set_icon_name (self->empty, self->type->icon);
  gtk_widget_set_visible (GTK_WIDGET (self->empty_button), self->may_create && !searches);
  adw_status_page_set_title (self->empty, searches ? _ ("Nothing Found")
                                          : waits  ? _ ("Nothing Is Waiting")
                                                   : _ ("Nothing Here"));
  if (searches)
    adw_status_page_set_description (
      self->empty, _ ("Nothing matches these words. Try fewer letters, or change the "
                      "filter beside the search."));
  else if (waits)
    adw_status_page_set_description (
      self->empty,
      _ ("What people still wrote for a file they had lost arrives here, for "
         "you to take over or to decline."));
  else
    adw_status_page_set_description (self->empty, appears);
}

static void
items_changed_cb (CslListPage *self)
{
  GListModel *model = G_LIST_MODEL (gtk_list_view_get_model (self->list));
  const guint count = model != NULL ? g_list_model_get_n_items (model) : 0;

  show_summary (self, count);
  if (count == 0)
    show_empty (self);
  if (self->is_empty != (count == 0)) {
    self->is_empty = count == 0;
    g_object_notify (G_OBJECT (self), "is-empty");
  }
  /* The empty page offers the same in the middle. */
  gtk_widget_set_visible (GTK_WIDGET (self->new_button),
                          self->may_create && (count > 0 || *search_text (self) != '\0'));
  gtk_stack_set_visible_child_name (self->stack, count > 0 ? "list" : "empty");
}

static void
open_item (CslListPage *self, CslRecordItem *item)
{
  if (item != NULL)
    csl_navigation_open_record (GTK_WIDGET (self), self->type->name,
                                csl_record_item_get_id (item));
}

static void
activate_cb (CslListPage *self, guint position)
{
  g_autoptr (CslRecordItem) item =
    g_list_model_get_item (G_LIST_MODEL (gtk_list_view_get_model (self->list)), position);

  open_item (self, item);
  gtk_widget_activate_action (GTK_WIDGET (self), "nav.enter", NULL);
}

static void
selected_cb (CslListPage *self, GParamSpec *pspec, GtkSingleSelection *selection)
{
  open_item (self, gtk_single_selection_get_selected_item (selection));
}

static CslQuery *
build_query (CslListPage *self)
{
  CslQuery *query = csl_query_new (self->type);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->filters)); i++) {
    g_autoptr (CslListFilter) filter =
      g_list_model_get_item (G_LIST_MODEL (self->filters), i);

    csl_list_filter_apply (filter, query);
  }
  if (lists_one_client (self))
    csl_query_add_text (query, self->type->fields[self->type->client_field].name,
                        CSL_FILTER_IS,
                        csl_record_item_get_id (csl_page_get_client (CSL_PAGE (self))));
  /* A case is also found by its client's name, phone or number. */
  if (g_str_equal (self->type->name, "case") && *search_text (self) != '\0')
    query->via = g_strdup (search_text (self));
  else
    csl_query_set_search (query, search_text (self));
  return query;
}

static void
reload_cb (CslListPage *self)
{
  CslSession *session = csl_page_get_session (CSL_PAGE (self));
  g_autoptr (CslQuery) query = NULL;
  g_autoptr (GListModel) model = NULL;
  g_autoptr (GtkSingleSelection) selection = NULL;

  if (self->type == NULL)
    return;
  query = build_query (self);
  model = csl_session_list (session, query);
  selection = gtk_single_selection_new (NULL);
  gtk_single_selection_set_autoselect (selection, FALSE);
  gtk_single_selection_set_can_unselect (selection, TRUE);
  gtk_single_selection_set_model (selection, model);
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (selection));
  g_signal_connect_object (selection, "notify::selected", G_CALLBACK (selected_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_group_set_target (self->signals, model);
  items_changed_cb (self);
}

static GtkWidget *
create_filter_row_cb (gpointer item, gpointer user_data)
{
  CslListFilter *filter = item;
  GtkWidget *row = adw_combo_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row),
                                 csl_list_filter_get_title (filter));
  adw_combo_row_set_model (ADW_COMBO_ROW (row), csl_list_filter_get_labels (filter));
  g_object_bind_property (filter, "selected", row, "selected",
                          G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);
  return row;
}

static void
new_record_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CslListPage *self = CSL_LIST_PAGE (widget);

  CslPageRequest request = { .type = self->type->name };

  if (lists_one_client (self))
    request.client = csl_record_item_get_id (csl_page_get_client (CSL_PAGE (self)));
  csl_navigation_write (widget, &request);
}

static gboolean
csl_list_page_find (CslPage *page)
{
  return gtk_widget_grab_focus (GTK_WIDGET (CSL_LIST_PAGE (page)->entry));
}

/* The list is in front again: a line may be chosen once more. */
static gboolean
csl_list_page_go_back (CslPage *page)
{
  GtkSelectionModel *model = gtk_list_view_get_model (CSL_LIST_PAGE (page)->list);

  if (model != NULL)
    gtk_selection_model_unselect_all (model);
  return FALSE;
}

static void
csl_list_page_client_changed (CslPage *page)
{
  reload_cb (CSL_LIST_PAGE (page));
}

static void
csl_list_page_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id) {
  case PROP_IS_EMPTY:
    g_value_set_boolean (value, CSL_LIST_PAGE (object)->is_empty);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
csl_list_page_dispose (GObject *object)
{
  CslListPage *self = CSL_LIST_PAGE (object);

  g_clear_object (&self->signals);
  g_clear_object (&self->filters);
  G_OBJECT_CLASS (csl_list_page_parent_class)->dispose (object);
}

static void
csl_list_page_class_init (CslListPageClass *klass)
{
  CslPageClass *page_class = CSL_PAGE_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->get_property = csl_list_page_get_property;
  G_OBJECT_CLASS (klass)->dispose = csl_list_page_dispose;
  page_class->find = csl_list_page_find;
  page_class->go_back = csl_list_page_go_back;
  page_class->client_changed = csl_list_page_client_changed;
  g_object_class_install_property (G_OBJECT_CLASS (klass), PROP_IS_EMPTY,
                                   g_param_spec_boolean ("is-empty", NULL, NULL, FALSE,
                                                         G_PARAM_READABLE |
                                                           G_PARAM_EXPLICIT_NOTIFY |
                                                           G_PARAM_STATIC_STRINGS));

  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/caseload/Caseload/list/csl-list-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CslListPage, entry);
  gtk_widget_class_bind_template_child (widget_class, CslListPage, filter_list);
  gtk_widget_class_bind_template_child (widget_class, CslListPage, new_button);
  gtk_widget_class_bind_template_child (widget_class, CslListPage, summary);
  gtk_widget_class_bind_template_child (widget_class, CslListPage, stack);
  gtk_widget_class_bind_template_child (widget_class, CslListPage, list);
  gtk_widget_class_bind_template_child (widget_class, CslListPage, empty);
  gtk_widget_class_bind_template_child (widget_class, CslListPage, empty_button);
  gtk_widget_class_bind_template_callback (widget_class, reload_cb);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_install_action (widget_class, "list.new-record", NULL,
                                   new_record_action);
}

static void
csl_list_page_init (CslListPage *self)
{
  self->signals = g_signal_group_new (G_TYPE_LIST_MODEL);
  g_signal_group_connect_swapped (self->signals, "items-changed",
                                  G_CALLBACK (items_changed_cb), self);
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* Differences and work to take over come from the server, and events from what people do. */
static bool
is_made_by_hand (const CslRecordType *type)
{
  return !type->local && !g_str_equal (type->area, "conflicts") &&
         !g_str_equal (type->area, "stranded") && !g_str_equal (type->name, "case_event");
}

/* What the definition of the type decides about the page. */
static void
set_type (CslListPage *self, const CslRecordType *type)
{
  CslSession *session = csl_page_get_session (CSL_PAGE (self));
  g_autofree char *new_label = csl_label_dup_new (type);
  g_autoptr (GtkListItemFactory) factory =
    csl_row_factory_new (row_type (type), session, NULL);

  self->type = type;
  self->may_create = is_made_by_hand (type) &&
                     csl_session_may (session, type->area, CSL_ACTION_CREATE);
  self->filters = csl_list_filters_create (session, type);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->filters)); i++) {
    g_autoptr (CslListFilter) filter =
      g_list_model_get_item (G_LIST_MODEL (self->filters), i);

    g_signal_connect_object (filter, "notify::selected", G_CALLBACK (reload_cb), self,
                             G_CONNECT_SWAPPED);
  }
  gtk_list_box_bind_model (self->filter_list, G_LIST_MODEL (self->filters),
                           create_filter_row_cb, NULL, NULL);
  gtk_list_view_set_factory (self->list, factory);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, csl_label_types (type),
                                  -1);
  gtk_widget_set_visible (GTK_WIDGET (self->entry), csl_record_type_is_searchable (type));
  gtk_widget_set_visible (self->new_button, self->may_create);
  gtk_widget_set_tooltip_text (self->new_button, new_label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->new_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, new_label, -1);
  gtk_button_set_label (self->empty_button, new_label);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->empty_button), "list.new-record");
}

CslPage *
csl_list_page_new (CslSession *session, const char *type_name, const char *title)
{
  const CslRecordType *type =
    csl_schema_lookup_type (csl_session_get_schema (session), type_name);
  CslListPage *self;

  g_return_val_if_fail (type != NULL, NULL);
  self = g_object_new (CSL_TYPE_LIST_PAGE, "session", session, "title",
                       title != NULL ? title : csl_label_types (type), NULL);
  set_type (self, type);
  reload_cb (self);
  return CSL_PAGE (self);
}

CslPage *
csl_list_page_new_split (CslSession *session, const char *type, const char *title)
{
  return csl_split_page_new (session, csl_list_page_new (session, type, title));
}
