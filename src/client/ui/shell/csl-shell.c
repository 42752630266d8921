/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-shell.c: header, sidebar and the stack of pages.
 *
 * The first page of the stack belongs to a place of the sidebar; what is opened from it lies on
 * top.
 */
#define G_LOG_DOMAIN "csl-shell"

#include "config.h"

#include "client/ui/shell/csl-shell.h"

#include "client/ui/case/csl-case-facts.h"
#include "client/ui/shell/csl-chosen-client.h"
#include "client/ui/shell/csl-client-bar.h"
#include "client/ui/shell/csl-command.h"
#include "client/ui/shell/csl-natural-bin.h"
#include "client/ui/shell/csl-navigation.h"
#include "client/ui/shell/csl-page-stack.h"
#include "client/ui/shell/csl-places.h"
#include "client/ui/shell/csl-sidebar.h"
#include "client/ui/shell/csl-split-page.h"
#include "client/ui/shell/csl-sync-button.h"
#include "client/ui/wrap/csl-flap.h"

struct _CslShell
{
  AdwBin parent_instance;

  CslSession *session;        /* (owned) (nullable) */
  CslPlaces *places;          /* (owned) */
  CslChosenClient *client;    /* (owned): whom the worker works with */
  GSignalGroup *page_signals; /* (owned): of the page in front */
  char *first_place;          /* (owned) (nullable): where to go once there are places */
  guint narrow_source;
  bool narrow; /* the sidebar is a drawer */

  AdwFlap *flap;                /* (unowned): template child */
  CslSidebar *sidebar;          /* (unowned): template child */
  CslPageStack *pages;          /* (unowned): template child */
  GtkLabel *organisation_label; /* (unowned): template child */
  GtkMenuButton *menu_button;   /* (unowned): template child */
};

G_DEFINE_FINAL_TYPE (CslShell, csl_shell, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_SESSION,
  PROP_NARROW,
  PROP_CLIENT,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static gboolean
can_go_back (CslShell *self, guint depth, gboolean page_can)
{
  return depth > 1 || page_can;
}

static gboolean
set_narrow_cb (gpointer user_data)
{
  CslShell *self = user_data;

  self->narrow_source = 0;
  self->narrow = csl_flap_is_folded (self->flap);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NARROW]);
  return G_SOURCE_REMOVE;
}

/* The flap folds while sizes are handed out; what the header shows changes after that. */
static void
folded_cb (CslShell *self)
{
  if (self->narrow_source == 0)
    self->narrow_source = g_idle_add_full (G_PRIORITY_HIGH, set_narrow_cb, self, NULL);
}

/* A narrow header has room for one of the two. */
static gboolean
shows_sidebar_button (CslShell *self, gboolean folded, gboolean has_back)
{
  return !folded || !has_back;
}

/* -- The client worked with -------------------------------------------------------------- */

static void
remember_client_cb (CslShell *self)
{
  CslRecordItem *item = csl_shell_get_item (self);
  const char *id = item != NULL ? csl_item_get_client_id (item) : NULL;

  if (id != NULL)
    csl_chosen_client_remember (self->client, id);
}

static void
page_changed_cb (CslShell *self)
{
  CslPage *page = csl_page_stack_get_page (self->pages);

  g_signal_group_set_target (self->page_signals, page);
  if (page != NULL)
    csl_page_set_client (page, csl_chosen_client_get_item (self->client));
  remember_client_cb (self);
}

static void
client_changed_cb (CslShell *self)
{
  CslRecordItem *client = csl_chosen_client_get_item (self->client);
  CslPage *page = csl_page_stack_get_page (self->pages);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "shell.open-client", client != NULL);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CLIENT]);
  if (page != NULL)
    csl_page_set_client (page, client);
}

static void
work_with_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CslShell *self = CSL_SHELL (widget);
  const char *id = g_variant_get_string (parameter, NULL);
  g_autoptr (CslRecordItem) client = csl_session_lookup (self->session, "client", id);
  CslPage *page = csl_page_stack_get_page (self->pages);

  if (client == NULL)
    return;
  if (CSL_IS_SEARCH_PAGE (page))
    csl_page_stack_pop (self->pages);
  csl_chosen_client_set_item (self->client, client);
  csl_page_stack_open (self->pages, &(CslPageRequest){ .type = "client", .id = id });
}

static void
open_client_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CslShell *self = CSL_SHELL (widget);
  CslRecordItem *client = csl_chosen_client_get_item (self->client);

  if (client != NULL && csl_shell_get_item (self) != client)
    csl_page_stack_open (self->pages,
                         &(CslPageRequest){ .type = "client",
                                            .id = csl_record_item_get_id (client) });
}

static void
counted_cb (CslShell *self)
{
  csl_chosen_client_check (self->client, self->session);
}

static void
filled_cb (CslShell *self)
{
  csl_sidebar_set_model (self->sidebar, csl_places_get_model (self->places));
  csl_shell_show_section (self, "today");
  if (self->first_place != NULL)
    csl_shell_show_place (self, self->first_place);
  g_clear_pointer (&self->first_place, g_free);
}

static void
show_section_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  csl_shell_show_section (CSL_SHELL (widget), g_variant_get_string (parameter, NULL));
}

static void
back_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  csl_shell_go_back (CSL_SHELL (widget));
}

static void
set_session (CslShell *self, CslSession *session)
{
  if (!g_set_object (&self->session, session))
    return;
  if (session != NULL)
    gtk_label_set_label (self->organisation_label,
                         csl_session_get_organisation_name (session));
  csl_places_set_session (self->places, session);
}

static void
csl_shell_dispose (GObject *object)
{
  CslShell *self = CSL_SHELL (object);

  g_clear_handle_id (&self->narrow_source, g_source_remove);
  g_clear_object (&self->places);
  g_clear_object (&self->page_signals);
  g_clear_object (&self->client);
  g_clear_pointer (&self->first_place, g_free);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (csl_shell_parent_class)->dispose (object);
}

static void
csl_shell_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SESSION)
    g_value_set_object (value, CSL_SHELL (object)->session);
  else if (id == PROP_NARROW)
    g_value_set_boolean (value, CSL_SHELL (object)->narrow);
  else if (id == PROP_CLIENT)
    g_value_set_object (value, csl_shell_get_client (CSL_SHELL (object)));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
csl_shell_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SESSION)
    set_session (CSL_SHELL (object), g_value_get_object (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
csl_shell_class_init (CslShellClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = csl_shell_dispose;
  object_class->get_property = csl_shell_get_property;
  object_class->set_property = csl_shell_set_property;
  properties[PROP_SESSION] =
    g_param_spec_object ("session", NULL, NULL, CSL_TYPE_SESSION,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_NARROW] =
    g_param_spec_boolean ("narrow", NULL, NULL, FALSE,
                          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_CLIENT] =
    g_param_spec_object ("client", NULL, NULL, CSL_TYPE_RECORD_ITEM,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (CSL_TYPE_CLIENT_BAR);
  g_type_ensure (CSL_TYPE_NATURAL_BIN);
  g_type_ensure (CSL_TYPE_PAGE);
  g_type_ensure (CSL_TYPE_PAGE_STACK);
  g_type_ensure (CSL_TYPE_SIDEBAR);
  g_type_ensure (CSL_TYPE_SYNC_BUTTON);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/caseload/Caseload/shell/csl-shell.ui");
  gtk_widget_class_bind_template_child (widget_class, CslShell, flap);
  gtk_widget_class_bind_template_child (widget_class, CslShell, sidebar);
  gtk_widget_class_bind_template_child (widget_class, CslShell, pages);
  gtk_widget_class_bind_template_child (widget_class, CslShell, organisation_label);
  gtk_widget_class_bind_template_child (widget_class, CslShell, menu_button);
  gtk_widget_class_bind_template_callback (widget_class, can_go_back);
  gtk_widget_class_bind_template_callback (widget_class, folded_cb);
  gtk_widget_class_bind_template_callback (widget_class, shows_sidebar_button);
  gtk_widget_class_install_action (widget_class, "shell.show-section", "s",
                                   show_section_action);
  gtk_widget_class_install_action (widget_class, "shell.work-with", "s",
                                   work_with_action);
  gtk_widget_class_install_action (widget_class, "shell.open-client", NULL,
                                   open_client_action);
  gtk_widget_class_install_action (widget_class, "nav.back", NULL, back_action);
  csl_command_bind (widget_class, "nav.back");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
csl_shell_init (CslShell *self)
{
  self->places = csl_places_new ();
  g_signal_connect_object (self->places, "filled", G_CALLBACK (filled_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->places, "counted", G_CALLBACK (counted_cb), self,
                           G_CONNECT_SWAPPED);
  self->page_signals = g_signal_group_new (CSL_TYPE_PAGE);
  g_signal_group_connect_swapped (self->page_signals, "notify::item",
                                  G_CALLBACK (remember_client_cb), self);
  self->client = csl_chosen_client_new ();
  g_signal_connect_object (self->client, "notify::item", G_CALLBACK (client_changed_cb),
                           self, G_CONNECT_SWAPPED);
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (self->pages, "notify::page", G_CALLBACK (page_changed_cb),
                           self, G_CONNECT_SWAPPED);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "shell.open-client", FALSE);
}

GtkWidget *
csl_shell_new (CslSession *session)
{
  return g_object_new (CSL_TYPE_SHELL, "session", session, NULL);
}

CslSession *
csl_shell_get_session (CslShell *self)
{
  g_return_val_if_fail (CSL_IS_SHELL (self), NULL);
  return self->session;
}

gboolean
csl_shell_show_section (CslShell *self, const char *id)
{
  g_autoptr (CslSection) section = NULL;

  g_return_val_if_fail (CSL_IS_SHELL (self), FALSE);
  csl_places_fill (self->places);
  section = csl_places_enter (self->places, id);
  if (section == NULL)
    return FALSE;
  csl_page_stack_reset (self->pages, csl_section_create_page (section));
  csl_sidebar_select (self->sidebar, id);
  if (csl_flap_is_folded (self->flap))
    csl_flap_set_open (self->flap, FALSE);
  return TRUE;
}

void
csl_shell_open (CslShell *self, const CslPageRequest *request)
{
  g_return_if_fail (CSL_IS_SHELL (self));
  csl_places_fill (self->places);
  csl_page_stack_open (self->pages, request);
}

void
csl_shell_write (CslShell *self, const CslPageRequest *request)
{
  g_return_if_fail (CSL_IS_SHELL (self));
  csl_places_fill (self->places);
  csl_page_stack_write (self->pages, request);
}

void
csl_shell_search (CslShell *self, CslSearchPurpose purpose)
{
  CslPage *page;

  g_return_if_fail (CSL_IS_SHELL (self));
  if (CSL_IS_SEARCH_PAGE (csl_page_stack_get_page (self->pages)))
    csl_page_stack_pop (self->pages);
  page = csl_search_page_new (self->session, purpose,
                              csl_chosen_client_dup_recent (self->client));
  csl_page_stack_push (self->pages, page);
  /* The new page is asked before it is shown. */
  csl_page_find (page);
}

void
csl_shell_find (CslShell *self)
{
  CslPage *page;

  g_return_if_fail (CSL_IS_SHELL (self));
  page = csl_page_stack_get_page (self->pages);
  if (page == NULL || !csl_page_find (page))
    csl_shell_search (self, CSL_SEARCH_OPEN);
}

void
csl_shell_go_back (CslShell *self)
{
  CslPage *page;

  g_return_if_fail (CSL_IS_SHELL (self));
  page = csl_page_stack_get_page (self->pages);
  if (page != NULL && !csl_page_go_back (page))
    csl_page_stack_pop (self->pages);
}

void
csl_shell_toggle_sidebar (CslShell *self)
{
  g_return_if_fail (CSL_IS_SHELL (self));
  csl_flap_set_open (self->flap, !csl_flap_is_open (self->flap));
}

void
csl_shell_show_menu (CslShell *self)
{
  GtkPopover *popover;

  g_return_if_fail (CSL_IS_SHELL (self));
  popover = gtk_menu_button_get_popover (self->menu_button);
  if (gtk_widget_get_visible (GTK_WIDGET (popover)))
    return;
  csl_navigation_return_focus (GTK_WIDGET (self), popover);
  gtk_menu_button_popup (self->menu_button);
}

CslRecordItem *
csl_shell_get_item (CslShell *self)
{
  CslPage *page;

  g_return_val_if_fail (CSL_IS_SHELL (self), NULL);
  page = csl_page_stack_get_page (self->pages);
  return page != NULL ? csl_page_get_item (page) : NULL;
}

const char *
csl_shell_get_page_name (CslShell *self)
{
  CslPage *page;

  g_return_val_if_fail (CSL_IS_SHELL (self), NULL);
  page = csl_page_stack_get_page (self->pages);
  if (CSL_IS_SPLIT_PAGE (page) &&
      csl_split_page_get_detail (CSL_SPLIT_PAGE (page)) != NULL)
    page = csl_split_page_get_detail (CSL_SPLIT_PAGE (page));
  return page != NULL ? G_OBJECT_TYPE_NAME (page) : NULL;
}

CslRecordItem *
csl_shell_get_client (CslShell *self)
{
  g_return_val_if_fail (CSL_IS_SHELL (self), NULL);
  return csl_chosen_client_get_item (self->client);
}

void
csl_shell_leave_client (CslShell *self)
{
  g_return_if_fail (CSL_IS_SHELL (self));
  csl_chosen_client_set_item (self->client, NULL);
}

/* "section" or "section/type/id" */
char *
csl_shell_dup_place (CslShell *self)
{
  CslRecordItem *item;

  g_return_val_if_fail (CSL_IS_SHELL (self), NULL);
  item = csl_shell_get_item (self);
  if (item == NULL)
    return g_strdup (csl_places_get_current (self->places));
  return g_strjoin ("/", csl_places_get_current (self->places),
                    csl_record_item_get_record_type (item)->name,
                    csl_record_item_get_id (item), NULL);
}

void
csl_shell_show_place (CslShell *self, const char *place)
{
  g_auto (GStrv) parts = g_strsplit (place, "/", 3);
  g_autoptr (CslRecordItem) item = NULL;

  g_return_if_fail (CSL_IS_SHELL (self));
  if (csl_places_get_model (self->places) == NULL) {
    g_free (self->first_place);
    self->first_place = g_strdup (place);
    return;
  }
  if (parts[0] != NULL)
    csl_shell_show_section (self, parts[0]);
  if (g_strv_length (parts) < 3)
    return;
  /* It may have gone out of sight meanwhile. */
  item = csl_session_lookup (self->session, parts[1], parts[2]);
  if (item != NULL)
    csl_shell_open (self, &(CslPageRequest){ .type = parts[1], .id = parts[2] });
}

void
csl_shell_leave (CslShell *self)
{
  g_return_if_fail (CSL_IS_SHELL (self));
  csl_page_stack_reset (self->pages, NULL);
}
