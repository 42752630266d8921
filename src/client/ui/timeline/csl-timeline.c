/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-timeline.c: the story. The model is lazy; only when one kind is asked for does a filter
 * walk over it, a little at a time. What is planned for later days comes first in the model, as
 * the newest; it is left out of the slice on screen until somebody asks for it. */
#define G_LOG_DOMAIN "csl-timeline"

#include "config.h"

#include "client/ui/timeline/csl-timeline.h"

#include "client/ui/shell/csl-navigation.h"
#include "client/ui/text/csl-accessible.h"
#include "client/ui/text/csl-display-time.h"
#include "client/ui/text/csl-display.h"
#include "client/ui/timeline/csl-timeline-row.h"

#include <glib/gi18n.h>

struct _CslTimeline
{
  AdwBin parent_instance;

  CslSession *session;      /* (owned) (nullable) */
  char *id;                 /* (owned) (nullable): whose story */
  GListModel *model;        /* (owned) (nullable): all of it */
  GtkSliceListModel *shown; /* (owned) (nullable): what is on screen */
  GSignalGroup *signals;    /* (owned): of the model below the slice */

  GtkToggleButton *planned_button; /* (unowned): template child */
  GtkDropDown *kind;               /* (unowned): template child */
  GtkStack *stack;                 /* (unowned): template child */
  GtkListView *list;               /* (unowned): template child */
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

/* How many entries at the top lie on later days. */
static guint
count_planned (CslTimeline *self, GListModel *model)
{
  const gint64 tomorrow_ms =
    csl_display_day_start (csl_session_get_now_ms (self->session), 1);
  guint count = 0;

  for (;; count++) {
    g_autoptr (CslRecordItem) item = g_list_model_get_item (model, count);

    if (item == NULL ||
        csl_display_record_time (csl_record_item_get_record (item)) < tomorrow_ms)
      return count;
  }
}

static void
update_offset (CslTimeline *self)
{
  g_autoptr (GListModel) model = g_signal_group_dup_target (self->signals);
  const guint planned = model != NULL ? count_planned (self, model) : 0;
  /* Translators: on a button: how many things are planned for later days. */
  g_autofree char *label =
    g_strdup_printf (ngettext ("%u Planned", "%u Planned", planned), planned);

  if (self->shown == NULL)
    return;
  gtk_button_set_label (GTK_BUTTON (self->planned_button), label);
  gtk_widget_set_visible (GTK_WIDGET (self->planned_button), planned > 0);
  gtk_slice_list_model_set_offset (self->shown,
                                   gtk_toggle_button_get_active (self->planned_button)
                                     ? 0
                                     : planned);
  gtk_stack_set_visible_child_name (self->stack, g_list_model_get_n_items (
                                                   G_LIST_MODEL (self->shown)) > 0
                                                   ? "list"
                                                   : "empty");
}

static void
scroll_to_top (CslTimeline *self)
{
  if (g_list_model_get_n_items (G_LIST_MODEL (self->shown)) > 0)
    gtk_widget_activate_action (GTK_WIDGET (self->list), "list.scroll-to-item", "u", 0);
}

static void
planned_toggled_cb (CslTimeline *self)
{
  update_offset (self);
  if (self->shown != NULL)
    scroll_to_top (self);
}

/* Who reads the newest entry also sees the one that comes above it. */
static void
items_changed_cb (CslTimeline *self)
{
  GtkAdjustment *adjustment =
    gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->list));
  const bool is_at_top = adjustment == NULL || gtk_adjustment_get_value (adjustment) < 1;

  update_offset (self);
  if (is_at_top)
    scroll_to_top (self);
}

static void
show_model (CslTimeline *self, GListModel *model)
{
  g_autoptr (GtkListItemFactory) factory = NULL;
  g_autoptr (GtkNoSelection) selection = NULL;

  g_signal_group_set_target (self->signals, model);
  g_clear_object (&self->shown);
  /* Not G_MAXUINT: the slice adds offset and size, which must not wrap round. */
  self->shown = gtk_slice_list_model_new (g_object_ref (model), 0, G_MAXINT);
  update_offset (self);

  factory = csl_row_factory_new (CSL_TYPE_TIMELINE_ROW, self->session,
                                 G_LIST_MODEL (self->shown));
  selection = gtk_no_selection_new (g_object_ref (G_LIST_MODEL (self->shown)));
  gtk_list_view_set_model (self->list, NULL);
  gtk_list_view_set_factory (self->list, factory);
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (selection));
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
  g_clear_object (&self->shown);
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
  gtk_widget_class_bind_template_child (widget_class, CslTimeline, planned_button);
  gtk_widget_class_bind_template_child (widget_class, CslTimeline, kind);
  gtk_widget_class_bind_template_child (widget_class, CslTimeline, stack);
  gtk_widget_class_bind_template_child (widget_class, CslTimeline, list);
  gtk_widget_class_bind_template_callback (widget_class, planned_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, show_kind_cb);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
csl_timeline_init (CslTimeline *self)
{
  self->signals = g_signal_group_new (G_TYPE_LIST_MODEL);
  g_signal_group_connect_data (self->signals, "items-changed",
                               G_CALLBACK (items_changed_cb), self, NULL,
                               G_CONNECT_AFTER | G_CONNECT_SWAPPED);
  gtk_widget_init_template (GTK_WIDGET (self));
  csl_accessible_name_inner (GTK_WIDGET (self->kind), GTK_TYPE_TOGGLE_BUTTON,
                             _ ("Show only one kind"));
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
