/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-page-stack.c: pages on top of each other.
 *
 * The stack owns its pages through the GtkStack. A page that is taken out is asked to write what
 * it has not saved (csl_page_leave) before it goes. Pages marked "full" in the table are handed
 * on to the stack further out, so that a visit never sits in a narrow pane.
 */
#define G_LOG_DOMAIN "csl-page-stack"

#include "config.h"

#include "client/ui/shell/csl-page-stack.h"

#include "client/ui/list/csl-list-page.h"
#include "client/ui/shell/csl-navigation.h"

#include <glib/gi18n.h>

struct _CslPageStack
{
  GtkWidget parent_instance;

  CslSession *session; /* (owned) (nullable) */
  GPtrArray *pages;    /* (owned) of CslPage, oldest first */
  GPtrArray *origins;  /* (owned) of GWeakRef: what had the focus when each page came */
  GtkStack *stack;     /* (unowned): child */
};

G_DEFINE_FINAL_TYPE (CslPageStack, csl_page_stack, GTK_TYPE_WIDGET)

enum {
  PROP_0,
  PROP_SESSION,
  PROP_PAGE,
  PROP_DEPTH,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void
pages_changed (CslPageStack *self)
{
  CslPage *page = csl_page_stack_get_page (self);

  if (page != NULL)
    gtk_stack_set_visible_child (self->stack, GTK_WIDGET (page));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PAGE]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DEPTH]);
}

static void
origin_free (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

/* Remembers what has the focus in the page that is about to be covered. */
static void
push_origin (CslPageStack *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  GWeakRef *origin = g_new0 (GWeakRef, 1);

  if (focus != NULL && !gtk_widget_is_ancestor (focus, GTK_WIDGET (self)))
    focus = NULL;
  g_weak_ref_init (origin, focus);
  g_ptr_array_add (self->origins, origin);
}

/* The library would move a focus that is on the page in front to the new page, past what that page begins with. */
static void
release_focus (CslPageStack *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  if (focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self)))
    gtk_root_set_focus (root, NULL);
}

/* What had the focus before the newest page came: a new reference, or NULL. */
static GtkWidget *
pop_origin (CslPageStack *self)
{
  const guint last = self->origins->len - 1;
  GtkWidget *focus = g_weak_ref_get (g_ptr_array_index (self->origins, last));

  g_ptr_array_remove_index (self->origins, last);
  return focus;
}

static void
take_last_out (CslPageStack *self)
{
  g_autoptr (CslPage) page = g_object_ref (csl_page_stack_get_page (self));

  csl_page_leave (page);
  g_ptr_array_remove_index (self->pages, self->pages->len - 1);
  gtk_stack_remove (self->stack, GTK_WIDGET (page));
}

static bool
is_outermost (CslPageStack *self)
{
  return gtk_widget_get_ancestor (gtk_widget_get_parent (GTK_WIDGET (self)),
                                  CSL_TYPE_PAGE_STACK) == NULL;
}

static void
open_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CslPageRequest request = { 0 };

  g_variant_get (parameter, "(&s&s)", &request.type, &request.id);
  csl_page_stack_open (CSL_PAGE_STACK (widget), &request);
}

static void
replace_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CslPageStack *self = CSL_PAGE_STACK (widget);

  if (self->pages->len > 0) {
    g_autoptr (GtkWidget) focus = pop_origin (self);

    take_last_out (self);
  }
  open_action (widget, name, parameter);
}

static void
write_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CslPageRequest request;

  csl_page_request_from_variant (&request, parameter);
  csl_page_stack_write (CSL_PAGE_STACK (widget), &request);
}

static void
replace_write_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CslPageStack *self = CSL_PAGE_STACK (widget);

  if (self->pages->len > 0) {
    g_autoptr (GtkWidget) focus = pop_origin (self);

    take_last_out (self);
  }
  write_action (widget, name, parameter);
}

static void
list_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CslPageStack *self = CSL_PAGE_STACK (widget);
  const char *type = g_variant_get_string (parameter, NULL);

  if (self->session != NULL)
    csl_page_stack_push (self, csl_list_page_new_split (self->session, type, NULL));
}

static void
back_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  if (!csl_page_stack_pop (CSL_PAGE_STACK (widget)))
    gtk_widget_activate_action (gtk_widget_get_parent (widget), "nav.back", NULL);
}

static void
csl_page_stack_dispose (GObject *object)
{
  CslPageStack *self = CSL_PAGE_STACK (object);

  for (guint i = 0; self->pages != NULL && i < self->pages->len; i++)
    csl_page_leave (g_ptr_array_index (self->pages, i));
  g_clear_pointer (&self->pages, g_ptr_array_unref);
  g_clear_pointer (&self->origins, g_ptr_array_unref);
  if (self->stack != NULL)
    gtk_widget_unparent (GTK_WIDGET (g_steal_pointer (&self->stack)));
  g_clear_object (&self->session);
  G_OBJECT_CLASS (csl_page_stack_parent_class)->dispose (object);
}

static void
csl_page_stack_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  CslPageStack *self = CSL_PAGE_STACK (object);

  switch (id) {
  case PROP_SESSION:
    g_value_set_object (value, self->session);
    break;
  case PROP_PAGE:
    g_value_set_object (value, csl_page_stack_get_page (self));
    break;
  case PROP_DEPTH:
    g_value_set_uint (value, csl_page_stack_get_depth (self));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
csl_page_stack_set_property (GObject *object,
                             guint id,
                             const GValue *value,
                             GParamSpec *pspec)
{
  CslPageStack *self = CSL_PAGE_STACK (object);

  switch (id) {
  case PROP_SESSION:
    g_set_object (&self->session, g_value_get_object (value));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
csl_page_stack_class_init (CslPageStackClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = csl_page_stack_dispose;
  object_class->get_property = csl_page_stack_get_property;
  object_class->set_property = csl_page_stack_set_property;

  properties[PROP_SESSION] =
    g_param_spec_object ("session", NULL, NULL, CSL_TYPE_SESSION,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_PAGE] = g_param_spec_object ("page", NULL, NULL, CSL_TYPE_PAGE,
                                               G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_DEPTH] = g_param_spec_uint ("depth", NULL, NULL, 0, G_MAXUINT, 0,
                                              G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_install_action (widget_class, "nav.open", "(ss)", open_action);
  gtk_widget_class_install_action (widget_class, "nav.replace", "(ss)", replace_action);
  gtk_widget_class_install_action (widget_class, "nav.write", "a{ss}", write_action);
  gtk_widget_class_install_action (widget_class, "nav.replace-write", "a{ss}",
                                   replace_write_action);
  gtk_widget_class_install_action (widget_class, "nav.list", "s", list_action);
  gtk_widget_class_install_action (widget_class, "nav.back", NULL, back_action);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "pagestack");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
csl_page_stack_init (CslPageStack *self)
{
  self->pages = g_ptr_array_new ();
  self->origins = g_ptr_array_new_with_free_func (origin_free);
  self->stack = GTK_STACK (gtk_stack_new ());
  gtk_stack_set_hhomogeneous (self->stack, FALSE);
  gtk_stack_set_vhomogeneous (self->stack, FALSE);
  gtk_widget_set_parent (GTK_WIDGET (self->stack), GTK_WIDGET (self));
}

void
csl_page_stack_push (CslPageStack *self, CslPage *page)
{
  g_return_if_fail (CSL_IS_PAGE_STACK (self));
  g_return_if_fail (CSL_IS_PAGE (page));

  push_origin (self);
  release_focus (self);
  g_ptr_array_add (self->pages, page);
  gtk_stack_add_child (self->stack, GTK_WIDGET (page));
  pages_changed (self);
  csl_navigation_keep_focus (GTK_WIDGET (csl_page_stack_get_page (self)));
}

void
csl_page_stack_reset (CslPageStack *self, CslPage *page)
{
  g_return_if_fail (CSL_IS_PAGE_STACK (self));

  while (self->pages->len > 0)
    take_last_out (self);
  g_ptr_array_set_size (self->origins, 0);
  if (page != NULL)
    csl_page_stack_push (self, page);
  else
    pages_changed (self);
}

/* One page back. FALSE: there is only one, or none. */
gboolean
csl_page_stack_pop (CslPageStack *self)
{
  g_autoptr (GtkWidget) focus = NULL;

  g_return_val_if_fail (CSL_IS_PAGE_STACK (self), FALSE);

  if (self->pages->len < 2)
    return FALSE;
  take_last_out (self);
  pages_changed (self);
  focus = pop_origin (self);
  if (focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self)))
    gtk_widget_grab_focus (focus);
  csl_navigation_keep_focus (GTK_WIDGET (csl_page_stack_get_page (self)));
  return TRUE;
}

CslPage *
csl_page_stack_get_page (CslPageStack *self)
{
  g_return_val_if_fail (CSL_IS_PAGE_STACK (self), NULL);

  if (self->pages == NULL || self->pages->len == 0)
    return NULL;
  return g_ptr_array_index (self->pages, self->pages->len - 1);
}

guint
csl_page_stack_get_depth (CslPageStack *self)
{
  g_return_val_if_fail (CSL_IS_PAGE_STACK (self), 0);
  return self->pages != NULL ? self->pages->len : 0;
}

static gboolean
show_page (CslPageStack *self, CslPagePurpose purpose, const CslPageRequest *request)
{
  const CslPageEntry *entry = csl_page_table_lookup (purpose, request->type);
  CslPage *page;

  if (self->session == NULL || entry == NULL || entry->create == NULL)
    return FALSE;
  page = entry->create (self->session, request);
  if (page == NULL) {
    csl_navigation_toast (GTK_WIDGET (self), _ ("That record is not on this computer"));
    return FALSE;
  }
  csl_page_stack_push (self, page);
  return TRUE;
}

gboolean
csl_page_stack_open (CslPageStack *self, const CslPageRequest *request)
{
  g_return_val_if_fail (CSL_IS_PAGE_STACK (self), FALSE);
  return show_page (self, CSL_PAGE_PURPOSE_READ, request);
}

/* Nobody is let write what cannot be kept. A draft is shown in any case: it was typed. */
static gboolean
is_forbidden (CslPageStack *self, const CslPageRequest *request)
{
  const CslAction right = request->id != NULL ? CSL_ACTION_UPDATE : CSL_ACTION_CREATE;
  const CslRecordType *type;

  if (self->session == NULL || request->draft != NULL)
    return FALSE;
  type = csl_schema_lookup_type (csl_session_get_schema (self->session), request->type);
  return type != NULL && !csl_session_may (self->session, type->area, right);
}

gboolean
csl_page_stack_write (CslPageStack *self, const CslPageRequest *request)
{
  const CslPageEntry *entry;

  g_return_val_if_fail (CSL_IS_PAGE_STACK (self), FALSE);
  if (is_forbidden (self, request)) {
    csl_navigation_toast (GTK_WIDGET (self), _ ("Your role does not allow this."));
    return FALSE;
  }
  entry = csl_page_table_lookup (CSL_PAGE_PURPOSE_WRITE, request->type);
  if (entry != NULL && entry->full && !is_outermost (self))
    return gtk_widget_activate_action (gtk_widget_get_parent (GTK_WIDGET (self)),
                                       "nav.write", "@a{ss}",
                                       csl_page_request_to_variant (request));
  return show_page (self, CSL_PAGE_PURPOSE_WRITE, request);
}
