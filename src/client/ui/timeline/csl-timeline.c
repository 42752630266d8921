/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-timeline.c: the story. The model is lazy; only when one kind is asked for does a filter
 * walk over it, a little at a time. */
#define G_LOG_DOMAIN "csl-timeline"

#include "config.h"

#include "client/ui/timeline/csl-timeline.h"

#include "client/ui/shell/csl-navigation.h"
#include "client/ui/timeline/csl-timeline-row.h"

struct _CslTimeline
{
  AdwBin parent_instance;

  CslSession *session;   /* (owned) (nullable) */
  char *id;              /* (owned) (nullable): whose story */
  GListModel *model;     /* (owned) (nullable): all of it */
  GSignalGroup *signals; /* (owned): of the model on screen */

  GtkDropDown *kind; /* (unowned): template child */
  GtkStack *stack;   /* (unowned): template child */
  GtkListView *list; /* (unowned): template child */
};

G_DEFINE_FINAL_TYPE (CslTimeline, csl_timeline, ADW_TYPE_BIN)

/* In the order of the choices; the first shows everything. */
static const char *const kinds[][3] = {
  { NULL },
  { "note" },
  { "communication" },
  { "visit", "appointment" },
  { "case_event", "case_assignment" },
};

static gboolean
is_of_kind_cb (gpointer item, gpointer user_data)
{
  const char *const *types = user_data;

  return g_strv_contains (types, csl_record_item_get_record_type (item)->name);
}

static void
items_changed_cb (CslTimeline *self)
{
  g_autoptr (GListModel) shown = g_signal_group_dup_target (self->signals);
  const bool has_items = shown != NULL && g_list_model_get_n_items (shown) > 0;

  gtk_stack_set_visible_child_name (self->stack, has_items ? "list" : "empty");
}

static void
show_model (CslTimeline *self, GListModel *model)
{
  g_autoptr (GtkListItemFactory) factory =
    csl_row_factory_new (CSL_TYPE_TIMELINE_ROW, self->session, model);
  g_autoptr (GtkNoSelection) selection = gtk_no_selection_new (g_object_ref (model));

  gtk_list_view_set_model (self->list, NULL);
  gtk_list_view_set_factory (self->list, factory);
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (selection));
  g_signal_group_set_target (self->signals, model);
  items_changed_cb (self);
}

static void
show_kind_cb (CslTimeline *self)
{
  const guint selected = gtk_drop_down_get_selected (self->kind);
  g_autoptr (GtkFilterListModel) filtered = NULL;

  if (self->model == NULL || selected >= G_N_ELEMENTS (kinds))
    return;
  if (kinds[selected][0] == NULL) {
    show_model (self, self->model);
    return;
  }
  filtered = gtk_filter_list_model_new (
    g_object_ref (self->model),
    GTK_FILTER (gtk_custom_filter_new (is_of_kind_cb, (gpointer) kinds[selected], NULL)));
  gtk_filter_list_model_set_incremental (filtered, TRUE);
  show_model (self, G_LIST_MODEL (filtered));
}

static void
activate_cb (CslTimeline *self, guint position)
{
  g_autoptr (CslRecordItem) item =
    g_list_model_get_item (G_LIST_MODEL (gtk_list_view_get_model (self->list)), position);

  if (item != NULL)
    csl_navigation_open_record (GTK_WIDGET (self),
                                csl_record_item_get_record_type (item)->name,
                                csl_record_item_get_id (item));
}

static void
csl_timeline_dispose (GObject *object)
{
  CslTimeline *self = CSL_TIMELINE (object);

  g_clear_object (&self->signals);
  g_clear_object (&self->model);
  g_clear_object (&self->session);
  g_clear_pointer (&self->id, g_free);
  G_OBJECT_CLASS (csl_timeline_parent_class)->dispose (object);
}

static void
csl_timeline_class_init (CslTimelineClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = csl_timeline_dispose;
  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/caseload/Caseload/timeline/csl-timeline.ui");
  gtk_widget_class_bind_template_child (widget_class, CslTimeline, kind);
  gtk_widget_class_bind_template_child (widget_class, CslTimeline, stack);
  gtk_widget_class_bind_template_child (widget_class, CslTimeline, list);
  gtk_widget_class_bind_template_callback (widget_class, show_kind_cb);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
}

static void
csl_timeline_init (CslTimeline *self)
{
  self->signals = g_signal_group_new (G_TYPE_LIST_MODEL);
  g_signal_group_connect_swapped (self->signals, "items-changed",
                                  G_CALLBACK (items_changed_cb), self);
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
csl_timeline_set_record (CslTimeline *self,
                         CslSession *session,
                         const char *type,
                         const char *id)
{
  g_return_if_fail (CSL_IS_TIMELINE (self));
  if (g_strcmp0 (self->id, id) == 0)
    return;
  g_set_object (&self->session, session);
  g_free (self->id);
  self->id = g_strdup (id);
  g_clear_object (&self->model);
  self->model = csl_session_list_timeline (session, type, id);
  show_kind_cb (self);
}
