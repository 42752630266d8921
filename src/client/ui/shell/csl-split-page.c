/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-split-page.c: list and detail in a leaflet. What is opened from the list replaces the
 * detail; what is opened from the detail goes on top of it. */
#define G_LOG_DOMAIN "csl-split-page"

#include "config.h"

#include "client/ui/shell/csl-split-page.h"

#include "client/ui/shell/csl-natural-bin.h"
#include "client/ui/shell/csl-page-stack.h"
#include "client/ui/wrap/csl-leaflet.h"

struct _CslSplitPage
{
  CslPage parent_instance;

  guint navigated_source;
  CslPage *list; /* (unowned): in the list pane */

  AdwLeaflet *leaflet;    /* (unowned): template child */
  AdwBin *list_pane;      /* (unowned): template child */
  GtkWidget *detail_pane; /* (unowned): template child */
  GtkWidget *invitation;  /* (unowned): template child */
  CslPageStack *detail;   /* (unowned): template child */
};

G_DEFINE_FINAL_TYPE (CslSplitPage, csl_split_page, CSL_TYPE_PAGE)

static bool
shows_only_detail (CslSplitPage *self)
{
  return csl_leaflet_is_folded (self->leaflet) &&
         csl_leaflet_shows (self->leaflet, self->detail_pane);
}

static void
update_can_go_back (CslSplitPage *self)
{
  csl_page_set_can_go_back (CSL_PAGE (self),
                            shows_only_detail (self) ||
                              csl_page_stack_get_depth (self->detail) > 1);
}

/* In front of a folded window: a line of the list may be chosen again. */
static gboolean
update_navigation_cb (gpointer user_data)
{
  CslSplitPage *self = user_data;

  self->navigated_source = 0;
  if (csl_leaflet_is_folded (self->leaflet) && !shows_only_detail (self) &&
      self->list != NULL)
    csl_page_go_back (self->list);
  update_can_go_back (self);
  return G_SOURCE_REMOVE;
}

/* The leaflet folds while sizes are handed out; what depends on it changes after that. */
static void
navigated_cb (CslSplitPage *self)
{
  if (self->navigated_source == 0)
    self->navigated_source =
      g_idle_add_full (G_PRIORITY_HIGH, update_navigation_cb, self, NULL);
}

static char *
dup_detail_child_name (CslSplitPage *self, guint depth)
{
  return g_strdup (depth > 0 ? "detail" : "empty");
}

static CslRecordItem *
get_detail_item (CslSplitPage *self)
{
  CslPage *page = csl_page_stack_get_page (self->detail);

  return page != NULL ? csl_page_get_item (page) : NULL;
}

/* Nothing left to show in front: back to the list. */
static void
detail_changed_cb (CslSplitPage *self)
{
  if (csl_page_stack_get_depth (self->detail) == 0)
    csl_leaflet_show (self->leaflet, GTK_WIDGET (self->list_pane));
  csl_page_set_item (CSL_PAGE (self), get_detail_item (self));
  update_can_go_back (self);
}

static void
open_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  const char *type, *id;

  g_variant_get (parameter, "(&s&s)", &type, &id);
  csl_split_page_open (CSL_SPLIT_PAGE (widget), type, id);
}

static void
back_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CslSplitPage *self = CSL_SPLIT_PAGE (widget);

  if (csl_page_go_back (CSL_PAGE (self)))
    return;
  csl_page_stack_reset (self->detail, NULL);
}

/* Enter on a line goes to what it opened. */
static void
enter_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_widget_child_focus (GTK_WIDGET (CSL_SPLIT_PAGE (widget)->detail),
                          GTK_DIR_TAB_FORWARD);
}

static gboolean
csl_split_page_find (CslPage *page)
{
  CslSplitPage *self = CSL_SPLIT_PAGE (page);

  csl_leaflet_show (self->leaflet, GTK_WIDGET (self->list_pane));
  return self->list != NULL && csl_page_find (self->list);
}

static gboolean
csl_split_page_go_back (CslPage *page)
{
  CslSplitPage *self = CSL_SPLIT_PAGE (page);

  if (csl_page_stack_pop (self->detail))
    return TRUE;
  if (!shows_only_detail (self))
    return FALSE;
  csl_leaflet_show (self->leaflet, GTK_WIDGET (self->list_pane));
  return TRUE;
}

static void
csl_split_page_leave (CslPage *page)
{
  csl_page_stack_reset (CSL_SPLIT_PAGE (page)->detail, NULL);
}

static void
csl_split_page_client_changed (CslPage *page)
{
  CslSplitPage *self = CSL_SPLIT_PAGE (page);

  if (self->list != NULL)
    csl_page_set_client (self->list, csl_page_get_client (page));
}

static void
csl_split_page_dispose (GObject *object)
{
  g_clear_handle_id (&CSL_SPLIT_PAGE (object)->navigated_source, g_source_remove);
  G_OBJECT_CLASS (csl_split_page_parent_class)->dispose (object);
}

static void
csl_split_page_class_init (CslSplitPageClass *klass)
{
  CslPageClass *page_class = CSL_PAGE_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = csl_split_page_dispose;
  page_class->find = csl_split_page_find;
  page_class->go_back = csl_split_page_go_back;
  page_class->leave = csl_split_page_leave;
  page_class->client_changed = csl_split_page_client_changed;

  g_type_ensure (CSL_TYPE_NATURAL_BIN);
  g_type_ensure (CSL_TYPE_PAGE_STACK);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/caseload/Caseload/shell/csl-split-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CslSplitPage, leaflet);
  gtk_widget_class_bind_template_child (widget_class, CslSplitPage, list_pane);
  gtk_widget_class_bind_template_child (widget_class, CslSplitPage, detail_pane);
  gtk_widget_class_bind_template_child (widget_class, CslSplitPage, invitation);
  gtk_widget_class_bind_template_child (widget_class, CslSplitPage, detail);
  gtk_widget_class_bind_template_callback (widget_class, dup_detail_child_name);
  gtk_widget_class_bind_template_callback (widget_class, detail_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, navigated_cb);
  gtk_widget_class_install_action (widget_class, "nav.open", "(ss)", open_action);
  gtk_widget_class_install_action (widget_class, "nav.enter", NULL, enter_action);
  gtk_widget_class_install_action (widget_class, "nav.back", NULL, back_action);
}

static void
csl_split_page_init (CslSplitPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

CslPage *
csl_split_page_new (CslSession *session, CslPage *list)
{
  CslSplitPage *self = g_object_new (CSL_TYPE_SPLIT_PAGE, "session", session, "title",
                                     csl_page_get_title (list), NULL);

  self->list = list;
  adw_bin_set_child (self->list_pane, GTK_WIDGET (list));
  /* Of an empty list nothing can be chosen. */
  g_object_bind_property (list, "is-empty", self->invitation, "visible",
                          G_BINDING_SYNC_CREATE | G_BINDING_INVERT_BOOLEAN);
  return CSL_PAGE (self);
}

/* Beside a list that is still seen, the arrow keys go on along its lines: a new reference, or NULL. */
static GtkWidget *
dup_list_focus (CslSplitPage *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  if (focus == NULL || csl_leaflet_is_folded (self->leaflet) ||
      !gtk_widget_is_ancestor (focus, GTK_WIDGET (self->list_pane)))
    return NULL;
  return g_object_ref (focus);
}

void
csl_split_page_open (CslSplitPage *self, const char *type, const char *id)
{
  const CslPageRequest request = { .type = type, .id = id };
  g_autoptr (GtkWidget) focus = NULL;

  g_return_if_fail (CSL_IS_SPLIT_PAGE (self));
  focus = dup_list_focus (self);
  csl_page_stack_reset (self->detail, NULL);
  if (csl_page_stack_open (self->detail, &request))
    csl_leaflet_show (self->leaflet, self->detail_pane);
  if (focus != NULL)
    gtk_widget_grab_focus (focus);
}

CslPage *
csl_split_page_get_detail (CslSplitPage *self)
{
  g_return_val_if_fail (CSL_IS_SPLIT_PAGE (self), NULL);
  return csl_page_stack_get_page (self->detail);
}
