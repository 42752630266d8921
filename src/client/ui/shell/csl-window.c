/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-window.c: the window holds the account page until there is a session, then the shell. */
#define G_LOG_DOMAIN "csl-window"

#include "config.h"

#include "client/ui/shell/csl-window.h"

#include "client/ui/account/csl-account-page.h"
#include "client/ui/account/csl-pin-page.h"
#include "client/ui/preferences/csl-settings.h"
#include "client/ui/shell/csl-lock-watch.h"
#include "client/ui/shell/csl-navigation.h"
#include "client/ui/shell/csl-relaunch.h"
#include "client/ui/shell/csl-shell.h"
#include "client/ui/shell/csl-window-actions.h"
#include "client/ui/text/csl-clipboard.h"

/* Pixels: a window below this is as narrow as a telephone. */
#define NARROW_WIDTH 500

struct _CslWindow
{
  AdwApplicationWindow parent_instance;

  bool is_offline; /* start each session without the network */
  char *pending;   /* (owned) (nullable): command to run when somebody has signed in */
  guint pending_source;
  guint width_source;
  GSignalGroup *signals; /* (owned): of the session */
  char *server;          /* (owned) (nullable): of the command line, for a new process */
  char *ca_file;         /* (owned) (nullable): the same */
  CslSession *entering;  /* (owned) (nullable): while the worker chooses a PIN */
  CslLockWatch *watch;   /* (owned) (nullable): while records are open */
  GSettings *settings;   /* (owned) (nullable) */
  guint lock_source;

  GtkStack *stack;              /* (unowned): template child */
  AdwBin *shell_bin;            /* (unowned): template child */
  CslAccountPage *account_page; /* (unowned): template child */
  CslPinPage *pin_page;         /* (unowned): template child */
};

G_DEFINE_FINAL_TYPE (CslWindow, csl_window, ADW_TYPE_APPLICATION_WINDOW)

enum {
  PROP_0,
  PROP_WORK_OFFLINE,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static CslSession *
get_session (CslWindow *self)
{
  GtkWidget *shell = csl_window_get_shell (self);

  return shell != NULL ? csl_shell_get_session (CSL_SHELL (shell)) : NULL;
}

/* The size is kept per user of the computer. Without the installed schema (a program run from
 * its build folder) the window starts with the size of its template. */
static void
bind_size (CslWindow *self)
{
  GSettings *settings = self->settings;

  if (settings == NULL)
    return;
  g_settings_bind (settings, "window-width", self, "default-width",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "window-height", self, "default-height",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "window-maximized", self, "maximized",
                   G_SETTINGS_BIND_DEFAULT);
}

/* Records are shown once there is a PIN to lock them with. */
static void
session_opened_cb (CslWindow *self, CslSession *session)
{
  if (csl_session_has_pin (session)) {
    csl_window_set_session (self, session);
    return;
  }
  g_set_object (&self->entering, session);
  csl_pin_page_set_session (self->pin_page, session);
  gtk_stack_set_visible_child_name (self->stack, "pin");
  gtk_widget_grab_focus (GTK_WIDGET (self->pin_page));
}

static void
pin_chosen_cb (CslWindow *self)
{
  g_autoptr (CslSession) session = g_steal_pointer (&self->entering);

  if (session != NULL)
    csl_window_set_session (self, session);
}

/* -- locking -- */

static void
update_idle_cb (CslWindow *self)
{
  CslSession *session = get_session (self);
  const guint chosen = self->settings != NULL
                         ? (guint) g_settings_get_int (self->settings, "lock-after")
                         : 10;

  if (session != NULL && self->watch != NULL)
    csl_lock_watch_set_idle_ms (self->watch,
                                csl_lock_watch_get_minutes (chosen,
                                                            csl_session_get_lock_minutes (
                                                              session)) *
                                  G_GINT64_CONSTANT (60000));
}

static void
left_alone_cb (CslWindow *self)
{
  csl_window_lock (self);
}

static void
watch_over (CslWindow *self, CslSession *session)
{
  g_clear_object (&self->watch);
  if (session == NULL || csl_session_get_account_id (session) == NULL)
    return;
  self->watch = csl_lock_watch_new ();
  g_signal_connect_object (self->watch, "lock", G_CALLBACK (left_alone_cb), self,
                           G_CONNECT_SWAPPED);
  csl_lock_watch_listen (self->watch);
  update_idle_cb (self);
}

G_GNUC_NORETURN static void
relaunch (CslWindow *self, const char *account)
{
  const char *arguments[8] = { "--account", account };
  guint n = 2;

  if (self->server != NULL) {
    arguments[n++] = "--server";
    arguments[n++] = self->server;
  }
  if (self->ca_file != NULL) {
    arguments[n++] = "--ca-file";
    arguments[n++] = self->ca_file;
  }
  if (self->is_offline)
    arguments[n++] = "--offline";
  csl_relaunch (G_APPLICATION (gtk_window_get_application (GTK_WINDOW (self))),
                arguments);
}

static gboolean
lock_cb (gpointer user_data)
{
  CslWindow *self = user_data;
  CslShell *shell = CSL_SHELL (csl_window_get_shell (self));
  g_autoptr (CslSession) session = NULL;
  g_autofree char *place = NULL;
  g_autofree char *account = NULL;

  self->lock_source = 0;
  if (shell == NULL)
    return G_SOURCE_REMOVE;
  session = g_object_ref (csl_shell_get_session (shell));
  account = g_strdup (csl_session_get_account_id (session));
  if (account == NULL || !csl_session_has_pin (session))
    return G_SOURCE_REMOVE;
  place = csl_shell_dup_place (shell);
  csl_shell_leave (shell);
  csl_clipboard_clear (gtk_widget_get_clipboard (GTK_WIDGET (self)));
  csl_session_close_sync (session, place);
  relaunch (self, account);
}

static void
signed_out_cb (CslWindow *self)
{
  csl_window_set_session (self, NULL);
}

static void
removed_ready_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CslWindow) self = user_data;
  g_autoptr (CslSession) session = g_object_ref (CSL_SESSION (object));
  g_autoptr (GError) error = NULL;

  if (!csl_session_remove_finish (session, result, &error)) {
    /* Nothing was lost and nothing is destroyed: the next start tries again. */
    g_warning ("The records could not be sealed: %s", error->message);
    return;
  }
  csl_window_set_session (self, NULL);
  /* Whoever still holds it: its files are about to go. */
  g_object_run_dispose (G_OBJECT (session));
  csl_account_page_finish_removal (self->account_page);
}

/* What was typed a moment ago is written first: it belongs to what is sealed. */
static void
removed_cb (CslWindow *self, CslSession *session)
{
  GtkWidget *shell = csl_window_get_shell (self);

  if (shell != NULL)
    csl_shell_leave (CSL_SHELL (shell));
  csl_session_remove_async (session, removed_ready_cb, g_object_ref (self));
}

/* Offline may be chosen in the sync popover, too: the menu follows. */
static void
status_changed_cb (CslWindow *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WORK_OFFLINE]);
}

static void
choices_changed_cb (CslWindow *self)
{
  csl_window_actions_update (self);
}

static gboolean
run_pending_cb (gpointer user_data)
{
  CslWindow *self = user_data;
  g_autofree char *action = g_steal_pointer (&self->pending);
  g_autofree char *name = NULL;
  g_autoptr (GVariant) target = NULL;

  self->pending_source = 0;
  g_action_parse_detailed_name (action, &name, &target, NULL);
  gtk_widget_activate_action_variant (GTK_WIDGET (self), name, target);
  return G_SOURCE_REMOVE;
}

/* After the shell has shown its first page. */
static void
run_pending (CslWindow *self)
{
  if (self->pending != NULL && self->pending_source == 0)
    self->pending_source =
      g_idle_add_full (G_PRIORITY_LOW + 1, run_pending_cb, self, NULL);
}

static void
set_narrow (GtkWidget *widget, bool narrow)
{
  if (narrow)
    gtk_widget_add_css_class (widget, "narrow");
  else
    gtk_widget_remove_css_class (widget, "narrow");
}

/* Is @window a dialog of @self, or a dialog of one? */
static bool
is_in_front_of (GtkWindow *window, GtkWindow *self)
{
  while (window != NULL && window != self)
    window = gtk_window_get_transient_for (window);
  return window == self;
}

/* What opens over a narrow window is as narrow. */
static void
set_narrow_in_front (CslWindow *self)
{
  GListModel *windows = gtk_window_get_toplevels ();
  const bool narrow = gtk_widget_has_css_class (GTK_WIDGET (self), "narrow");

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++) {
    g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

    if (is_in_front_of (window, GTK_WINDOW (self)))
      set_narrow (GTK_WIDGET (window), narrow);
  }
}

/* What is narrow is used by finger: style.css makes room for it. */
static gboolean
follow_width_cb (gpointer user_data)
{
  CslWindow *self = user_data;

  self->width_source = 0;
  set_narrow (GTK_WIDGET (self), gtk_widget_get_width (GTK_WIDGET (self)) < NARROW_WIDTH);
  set_narrow_in_front (self);
  return G_SOURCE_REMOVE;
}

/* A new window does not know yet what it belongs to. */
static void
windows_changed_cb (CslWindow *self)
{
  if (self->width_source == 0)
    self->width_source = g_idle_add_full (G_PRIORITY_HIGH, follow_width_cb, self, NULL);
}

/* Styles do not change while sizes are handed out, but right after it. */
static void
csl_window_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  CslWindow *self = CSL_WINDOW (widget);

  GTK_WIDGET_CLASS (csl_window_parent_class)
    ->size_allocate (widget, width, height, baseline);
  if ((width < NARROW_WIDTH) != gtk_widget_has_css_class (widget, "narrow"))
    windows_changed_cb (self);
}

static gboolean
csl_window_close_request (GtkWindow *window)
{
  GtkWidget *shell = csl_window_get_shell (CSL_WINDOW (window));

  if (shell != NULL) {
    csl_shell_leave (CSL_SHELL (shell));
    /* The program ends with its last window, and what is still being written would end with it. */
    csl_session_finish_saving_sync (csl_shell_get_session (CSL_SHELL (shell)));
  }
  csl_clipboard_clear (gtk_widget_get_clipboard (GTK_WIDGET (window)));
  return GTK_WINDOW_CLASS (csl_window_parent_class)->close_request (window);
}

static void
csl_window_dispose (GObject *object)
{
  CslWindow *self = CSL_WINDOW (object);

  g_clear_handle_id (&self->pending_source, g_source_remove);
  g_clear_handle_id (&self->width_source, g_source_remove);
  g_clear_handle_id (&self->lock_source, g_source_remove);
  g_clear_pointer (&self->pending, g_free);
  g_clear_pointer (&self->server, g_free);
  g_clear_pointer (&self->ca_file, g_free);
  g_clear_object (&self->watch);
  g_clear_object (&self->entering);
  g_clear_object (&self->settings);
  g_clear_object (&self->signals);
  G_OBJECT_CLASS (csl_window_parent_class)->dispose (object);
}

static void
csl_window_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  CslSession *session = get_session (CSL_WINDOW (object));

  if (id == PROP_WORK_OFFLINE)
    g_value_set_boolean (value, session != NULL && csl_session_get_offline (session));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
csl_window_set_property (GObject *object,
                         guint id,
                         const GValue *value,
                         GParamSpec *pspec)
{
  CslSession *session = get_session (CSL_WINDOW (object));

  if (id != PROP_WORK_OFFLINE)
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  else if (session != NULL) {
    csl_session_set_offline (session, g_value_get_boolean (value));
    g_object_notify_by_pspec (object, pspec);
  }
}

static void
csl_window_class_init (CslWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = csl_window_dispose;
  object_class->get_property = csl_window_get_property;
  object_class->set_property = csl_window_set_property;
  widget_class->size_allocate = csl_window_size_allocate;
  GTK_WINDOW_CLASS (klass)->close_request = csl_window_close_request;
  properties[PROP_WORK_OFFLINE] = g_param_spec_boolean ("work-offline", NULL, NULL, FALSE,
                                                        G_PARAM_READWRITE |
                                                          G_PARAM_EXPLICIT_NOTIFY |
                                                          G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  csl_window_actions_install (widget_class);

  g_type_ensure (CSL_TYPE_ACCOUNT_PAGE);
  g_type_ensure (CSL_TYPE_PIN_PAGE);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/caseload/Caseload/shell/csl-window.ui");
  gtk_widget_class_bind_template_child (widget_class, CslWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, CslWindow, shell_bin);
  gtk_widget_class_bind_template_child (widget_class, CslWindow, account_page);
  gtk_widget_class_bind_template_child (widget_class, CslWindow, pin_page);
  gtk_widget_class_bind_template_callback (widget_class, session_opened_cb);
  gtk_widget_class_bind_template_callback (widget_class, pin_chosen_cb);
}

static void
csl_window_init (CslWindow *self)
{
  self->signals = g_signal_group_new (CSL_TYPE_SESSION);
  g_signal_group_connect_swapped (self->signals, "signed-out", G_CALLBACK (signed_out_cb),
                                  self);
  /* The rights come with the first sync, and may change with any later one. */
  g_signal_group_connect_swapped (self->signals, "changed",
                                  G_CALLBACK (choices_changed_cb), self);
  g_signal_group_connect_swapped (self->signals, "removed", G_CALLBACK (removed_cb),
                                  self);
  gtk_widget_init_template (GTK_WIDGET (self));
  csl_window_actions_update (self);
  self->settings = csl_settings_dup ();
  if (self->settings != NULL)
    g_signal_connect_object (self->settings, "changed::lock-after",
                             G_CALLBACK (update_idle_cb), self, G_CONNECT_SWAPPED);
  bind_size (self);
  g_signal_connect_object (gtk_window_get_toplevels (), "items-changed",
                           G_CALLBACK (windows_changed_cb), self, G_CONNECT_SWAPPED);
}

GtkWindow *
csl_window_new (GtkApplication *application, gboolean offline)
{
  CslWindow *self = g_object_new (CSL_TYPE_WINDOW, "application", application, NULL);

  self->is_offline = offline;
  return GTK_WINDOW (self);
}

void
csl_window_start (CslWindow *self, const CslWindowStart *start)
{
  g_return_if_fail (CSL_IS_WINDOW (self));
  g_free (self->server);
  g_free (self->ca_file);
  self->server = g_strdup (start->server);
  self->ca_file = g_strdup (start->ca_file);
  csl_account_page_start (self->account_page, start->account, start->server,
                          start->ca_file);
}

/* Back to where the worker was when it was locked. */
static void
show_place (CslWindow *self, CslSession *session)
{
  g_autofree char *place = csl_session_take_place (session);

  if (place != NULL)
    csl_shell_show_place (CSL_SHELL (csl_window_get_shell (self)), place);
}

void
csl_window_set_session (CslWindow *self, CslSession *session)
{
  GtkWidget *shell;

  g_return_if_fail (CSL_IS_WINDOW (self));
  shell = csl_window_get_shell (self);
  if (shell != NULL)
    csl_shell_leave (CSL_SHELL (shell));
  if (session == NULL)
    csl_clipboard_clear (gtk_widget_get_clipboard (GTK_WIDGET (self)));
  if (session != NULL && self->is_offline)
    csl_session_set_offline (session, true);

  g_signal_group_set_target (self->signals, session);
  adw_bin_set_child (self->shell_bin, session != NULL ? csl_shell_new (session) : NULL);
  gtk_stack_set_visible_child_name (self->stack, session != NULL ? "shell" : "account");
  shell = csl_window_get_shell (self);
  if (shell != NULL)
    g_signal_connect_object (shell, "notify::client", G_CALLBACK (choices_changed_cb),
                             self, G_CONNECT_SWAPPED);
  csl_window_actions_update (self);
  csl_navigation_keep_focus (GTK_WIDGET (self->stack));
  if (session != NULL)
    g_signal_connect_object (csl_session_get_sync_info (session), "notify::status",
                             G_CALLBACK (status_changed_cb), self, G_CONNECT_SWAPPED);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WORK_OFFLINE]);
  watch_over (self, session);
  if (session == NULL) {
    csl_account_page_choose (self->account_page);
    return;
  }
  show_place (self, session);
  run_pending (self);
}

void
csl_window_lock (CslWindow *self)
{
  g_return_if_fail (CSL_IS_WINDOW (self));
  /* Not in the middle of a key press: what is written on leaving must be whole. */
  if (self->lock_source == 0)
    self->lock_source = g_idle_add_full (G_PRIORITY_HIGH, lock_cb, self, NULL);
}

void
csl_window_choose_account (CslWindow *self)
{
  g_return_if_fail (CSL_IS_WINDOW (self));
  if (csl_window_get_shell (self) == NULL)
    csl_account_page_choose (self->account_page);
}

void
csl_window_run (CslWindow *self, const char *action)
{
  g_return_if_fail (CSL_IS_WINDOW (self));
  g_free (self->pending);
  self->pending = g_strdup (action);
  if (get_session (self) != NULL)
    run_pending (self);
}

/* The shell, or NULL while nobody is signed in. */
GtkWidget *
csl_window_get_shell (CslWindow *self)
{
  g_return_val_if_fail (CSL_IS_WINDOW (self), NULL);
  return self->shell_bin != NULL ? adw_bin_get_child (self->shell_bin) : NULL;
}
