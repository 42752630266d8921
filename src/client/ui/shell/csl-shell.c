/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-shell.c: header, sidebar and the stack of pages.
 *
 * The first page of the stack belongs to a place of the sidebar; what is opened from it lies on
 * top. Models are set after the first frame, so that the window shows at once.
 */
#define G_LOG_DOMAIN "csl-shell"

#include "config.h"

#include "client/ui/shell/csl-shell.h"

#include "client/ui/case/csl-case-facts.h"
#include "client/ui/shell/csl-client-bar.h"
#include "client/ui/shell/csl-command.h"
#include "client/ui/shell/csl-natural-bin.h"
#include "client/ui/shell/csl-page-stack.h"
#include "client/ui/shell/csl-section-table.h"
#include "client/ui/shell/csl-sidebar.h"
#include "client/ui/shell/csl-split-page.h"
#include "client/ui/shell/csl-sync-button.h"
#include "client/ui/wrap/csl-flap.h"

/* More clients than this nobody calls recent. */
#define MOST_RECENT 12

struct _CslShell
{
  AdwBin parent_instance;

  CslSession *session;        /* (owned) (nullable) */
  GSignalGroup *signals;      /* (owned): of the session */
  GSignalGroup *sync_signals; /* (owned): of its sync info */
  GSignalGroup *page_signals; /* (owned): of the page in front */
  GListStore *sections;       /* (owned) (nullable) */
  char *first_place;          /* (owned) (nullable): where to go once there are places */
  char *place;                /* (owned) (nullable): id of the section shown last */
  GPtrArray *recent; /* (owned) of char*: ids of clients looked at, newest first */
  guint start_source;
  guint count_source;
  guint narrow_source;
  bool narrow; /* the sidebar is a drawer */

  AdwFlap *flap;                /* (unowned): template child */
  CslSidebar *sidebar;          /* (unowned): template child */
  CslPageStack *pages;          /* (unowned): template child */
  CslClientBar *client_bar;     /* (unowned): template child */
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

static CslRecordItem *
get_client (CslShell *self)
{
  CslRecordItem *client = NULL;

  g_object_get (self->client_bar, "item", &client, NULL);
  /* The bar keeps it. */
  if (client != NULL)
    g_object_unref (client);
  return client;
}

/* Looked at: the first to be offered when a client is looked for. */
static void
remember_client_cb (CslShell *self)
{
  CslRecordItem *item = csl_shell_get_item (self);
  const char *id = item != NULL ? csl_item_get_client_id (item) : NULL;
  guint position;

  if (id == NULL)
    return;
  if (g_ptr_array_find_with_equal_func (self->recent, id, g_str_equal, &position))
    g_ptr_array_remove_index (self->recent, position);
  g_ptr_array_insert (self->recent, 0, g_strdup (id));
  if (self->recent->len > MOST_RECENT)
    g_ptr_array_set_size (self->recent, MOST_RECENT);
}

static void
page_changed_cb (CslShell *self)
{
  CslPage *page = csl_page_stack_get_page (self->pages);

  g_signal_group_set_target (self->page_signals, page);
  if (page != NULL)
    csl_page_set_client (page, get_client (self));
  remember_client_cb (self);
}

static void
set_client (CslShell *self, CslRecordItem *client)
{
  CslPage *page = csl_page_stack_get_page (self->pages);

  g_object_set (self->client_bar, "item", client, NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "shell.open-client", client != NULL);
  if (page != NULL)
    csl_page_set_client (page, client);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CLIENT]);
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
  set_client (self, client);
  csl_page_stack_open (self->pages, &(CslPageRequest){ .type = "client", .id = id });
}

static void
open_client_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CslShell *self = CSL_SHELL (widget);
  CslRecordItem *client = get_client (self);

  if (client != NULL && csl_shell_get_item (self) != client)
    csl_page_stack_open (self->pages,
                         &(CslPageRequest){ .type = "client",
                                            .id = csl_record_item_get_id (client) });
}

/* Access may end while somebody works with a client. */
static void
check_client (CslShell *self)
{
  CslRecordItem *client = get_client (self);
  g_autoptr (CslRecordItem) held =
    client != NULL
      ? csl_session_lookup (self->session, "client", csl_record_item_get_id (client))
      : NULL;

  if (client != NULL && held == NULL)
    set_client (self, NULL);
}

static gboolean
count_sections_cb (gpointer user_data)
{
  CslShell *self = user_data;

  self->count_source = 0;
  check_client (self);
  csl_section_table_update (self->sections, self->session);
  return G_SOURCE_REMOVE;
}

/* Counting waits until the pages have drawn: the lists come first. */
static void
records_changed_cb (CslShell *self)
{
  if (self->count_source == 0 && self->sections != NULL)
    self->count_source = g_timeout_add (200, count_sections_cb, self);
}

static gboolean
start_cb (gpointer user_data)
{
  CslShell *self = user_data;

  self->start_source = 0;
  self->sections = csl_section_table_create (self->session);
  csl_sidebar_set_model (self->sidebar, G_LIST_MODEL (self->sections));
  csl_shell_show_section (self, "today");
  if (self->first_place != NULL)
    csl_shell_show_place (self, self->first_place);
  g_clear_pointer (&self->first_place, g_free);
  return G_SOURCE_REMOVE;
}

/* Whoever goes somewhere before the first page is there must not be taken back to it. */
static void
ensure_started (CslShell *self)
{
  if (self->start_source == 0)
    return;
  g_clear_handle_id (&self->start_source, g_source_remove);
  start_cb (self);
}

static CslSection *
lookup_section (CslShell *self, const char *id)
{
  GListModel *model = G_LIST_MODEL (self->sections);

  for (guint i = 0; model != NULL && i < g_list_model_get_n_items (model); i++) {
    g_autoptr (CslSection) section = g_list_model_get_item (model, i);

    if (g_strcmp0 (csl_section_get_id (section), id) == 0)
      return g_steal_pointer (&section);
  }
  return NULL;
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
  g_signal_group_set_target (self->signals, session);
  g_signal_group_set_target (self->sync_signals, session != NULL
                                                   ? csl_session_get_sync_info (session)
                                                   : NULL);
  if (session == NULL)
    return;
  gtk_label_set_label (self->organisation_label,
                       csl_session_get_organisation_name (session));
  /* After the first frame: G_PRIORITY_LOW comes after drawing. */
  self->start_source = g_idle_add_full (G_PRIORITY_LOW, start_cb, self, NULL);
}

static void
csl_shell_dispose (GObject *object)
{
  CslShell *self = CSL_SHELL (object);

  g_clear_handle_id (&self->start_source, g_source_remove);
  g_clear_handle_id (&self->count_source, g_source_remove);
  g_clear_handle_id (&self->narrow_source, g_source_remove);
  g_clear_object (&self->signals);
  g_clear_object (&self->sync_signals);
  g_clear_object (&self->page_signals);
  g_clear_pointer (&self->recent, g_ptr_array_unref);
  g_clear_object (&self->sections);
  g_clear_pointer (&self->place, g_free);
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
    g_value_set_object (value, get_client (CSL_SHELL (object)));
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
  gtk_widget_class_bind_template_child (widget_class, CslShell, client_bar);
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
  self->signals = g_signal_group_new (CSL_TYPE_SESSION);
  g_signal_group_connect_swapped (self->signals, "changed",
                                  G_CALLBACK (records_changed_cb), self);
  /* What waits or needs a decision is counted in the sidebar, too. */
  self->sync_signals = g_signal_group_new (CSL_TYPE_SYNC_INFO);
  g_signal_group_connect_swapped (self->sync_signals, "notify",
                                  G_CALLBACK (records_changed_cb), self);
  self->page_signals = g_signal_group_new (CSL_TYPE_PAGE);
  g_signal_group_connect_swapped (self->page_signals, "notify::item",
                                  G_CALLBACK (remember_client_cb), self);
  self->recent = g_ptr_array_new_with_free_func (g_free);
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
  ensure_started (self);
  section = lookup_section (self, id);
  if (section == NULL)
    return FALSE;
  g_free (self->place);
  self->place = g_strdup (id);
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
  ensure_started (self);
  csl_page_stack_open (self->pages, request);
}

void
csl_shell_write (CslShell *self, const CslPageRequest *request)
{
  g_return_if_fail (CSL_IS_SHELL (self));
  ensure_started (self);
  csl_page_stack_write (self->pages, request);
}

/* The new page is asked before it is shown. */
static GPtrArray *
dup_recent (CslShell *self)
{
  GPtrArray *copy = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < self->recent->len; i++)
    g_ptr_array_add (copy, g_strdup (g_ptr_array_index (self->recent, i)));
  return copy;
}

void
csl_shell_search (CslShell *self, CslSearchPurpose purpose)
{
  CslPage *page;

  g_return_if_fail (CSL_IS_SHELL (self));
  if (CSL_IS_SEARCH_PAGE (csl_page_stack_get_page (self->pages)))
    csl_page_stack_pop (self->pages);
  page = csl_search_page_new (self->session, purpose, dup_recent (self));
  csl_page_stack_push (self->pages, page);
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

static gboolean
give_focus_cb (gpointer widget)
{
  if (gtk_widget_get_mapped (widget))
    gtk_widget_grab_focus (widget);
  return G_SOURCE_REMOVE;
}

/* @widget had the focus when the menu was opened: whoever was writing goes on where they were. Not at once: the window
 * first notes that the focus is to go to the button of the menu. */
static void
menu_closed_cb (GtkPopover *popover, gpointer widget)
{
  g_signal_handlers_disconnect_by_func (popover, menu_closed_cb, widget);
  g_idle_add_full (G_PRIORITY_DEFAULT, give_focus_cb, g_object_ref (widget),
                   g_object_unref);
}

void
csl_shell_show_menu (CslShell *self)
{
  GtkPopover *popover;
  GtkWidget *focus;

  g_return_if_fail (CSL_IS_SHELL (self));
  popover = gtk_menu_button_get_popover (self->menu_button);
  if (gtk_widget_get_visible (GTK_WIDGET (popover)))
    return;
  focus = gtk_root_get_focus (gtk_widget_get_root (GTK_WIDGET (self)));
  if (focus != NULL)
    g_signal_connect_object (popover, "closed", G_CALLBACK (menu_closed_cb), focus, 0);
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
  return get_client (self);
}

void
csl_shell_leave_client (CslShell *self)
{
  g_return_if_fail (CSL_IS_SHELL (self));
  set_client (self, NULL);
}

/* "section" or "section/type/id" */
char *
csl_shell_dup_place (CslShell *self)
{
  CslRecordItem *item;

  g_return_val_if_fail (CSL_IS_SHELL (self), NULL);
  item = csl_shell_get_item (self);
  if (item == NULL)
    return g_strdup (self->place);
  return g_strjoin ("/", self->place, csl_record_item_get_record_type (item)->name,
                    csl_record_item_get_id (item), NULL);
}

void
csl_shell_show_place (CslShell *self, const char *place)
{
  g_auto (GStrv) parts = g_strsplit (place, "/", 3);
  g_autoptr (CslRecordItem) item = NULL;

  g_return_if_fail (CSL_IS_SHELL (self));
  if (self->sections == NULL) {
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
