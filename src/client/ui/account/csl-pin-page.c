/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-pin-page.c: why there is a PIN, what it must be, twice. */
#define G_LOG_DOMAIN "csl-pin-page"

#include "config.h"

#include "client/ui/account/csl-pin-page.h"

#include "client/app/csl-account.h"
#include "client/ui/account/csl-pin-rows.h"
#include "client/ui/shell/csl-notice.h"
#include "client/ui/text/csl-accessible.h"
#include "client/ui/text/csl-error-text.h"

#include <glib/gi18n.h>

struct _CslPinPage
{
  AdwBin parent_instance;

  CslSession *session; /* (owned) (nullable) */
  bool has_pin;        /* so the old one is asked for */
  bool is_busy;

  AdwStatusPage *status; /* (unowned): template child */
  CslNotice *problem;    /* (unowned): template child */
  GtkWidget *old_group;  /* (unowned): template child */
  GtkEditable *old_pin;  /* (unowned): template child */
  CslPinRows *new_pin;   /* (unowned): template child */
  GtkLabel *forgetting;  /* (unowned): template child */
  GtkLabel *progress;    /* (unowned): template child */
};

G_DEFINE_FINAL_TYPE (CslPinPage, csl_pin_page, ADW_TYPE_BIN)

enum {
  DONE,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static bool
is_complete (CslPinPage *self)
{
  return csl_pin_rows_get_pin (self->new_pin) != NULL &&
         (!self->has_pin || *gtk_editable_get_text (self->old_pin) != '\0');
}

static void
update_actions (CslPinPage *self)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "pin.submit",
                                 is_complete (self) && !self->is_busy);
}

static void
fields_changed_cb (CslPinPage *self)
{
  csl_accessible_set_problem (self->old_pin, NULL);
  update_actions (self);
}

static void
show_problem (CslPinPage *self, const char *problem)
{
  csl_notice_show_text (self->problem, GTK_WIDGET (self->progress), problem);
}

static void
show_error (CslPinPage *self, const GError *error, const char *sentence)
{
  const bool wrong =
    g_error_matches (error, CSL_ACCOUNT_ERROR, CSL_ACCOUNT_ERROR_WRONG_PIN);

  csl_notice_set_kind (self->problem, wrong ? CSL_NOTICE_ERROR : CSL_NOTICE_WARNING);
  show_problem (self, sentence);
  csl_accessible_set_problem (self->old_pin, wrong ? GTK_WIDGET (self->problem) : NULL);
}

static void
empty (CslPinPage *self)
{
  gtk_editable_set_text (self->old_pin, "");
  csl_pin_rows_clear (self->new_pin);
}

static void
set_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CslPinPage) self = user_data;
  g_autoptr (GError) error = NULL;
  CslErrorText text;

  self->is_busy = false;
  gtk_label_set_label (self->progress, "");
  if (csl_session_set_pin_finish (CSL_SESSION (object), result, &error)) {
    empty (self);
    g_signal_emit (self, signals[DONE], 0);
  } else if (csl_error_text_lookup (error, &text)) {
    g_message ("Could not set the PIN: %s", error->message);
    show_error (self, error, text.sentence);
    gtk_widget_grab_focus (self->has_pin ? GTK_WIDGET (self->old_pin)
                                         : GTK_WIDGET (self->new_pin));
  }
  update_actions (self);
}

static void
submit (CslPinPage *self)
{
  if (!is_complete (self) || self->is_busy || self->session == NULL)
    return;
  self->is_busy = true;
  show_problem (self, NULL);
  gtk_label_set_label (self->progress, _ ("Locking your records with it…"));
  update_actions (self);
  csl_session_set_pin_async (self->session,
                             self->has_pin ? gtk_editable_get_text (self->old_pin) : NULL,
                             csl_pin_rows_get_pin (self->new_pin), set_cb,
                             g_object_ref (self));
}

static void
submit_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  submit (CSL_PIN_PAGE (widget));
}

static void
csl_pin_page_dispose (GObject *object)
{
  g_clear_object (&CSL_PIN_PAGE (object)->session);
  G_OBJECT_CLASS (csl_pin_page_parent_class)->dispose (object);
}

static gboolean
csl_pin_page_grab_focus (GtkWidget *widget)
{
  CslPinPage *self = CSL_PIN_PAGE (widget);

  return gtk_widget_grab_focus (self->has_pin ? GTK_WIDGET (self->old_pin)
                                              : GTK_WIDGET (self->new_pin));
}

static void
csl_pin_page_class_init (CslPinPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = csl_pin_page_dispose;
  widget_class->grab_focus = csl_pin_page_grab_focus;
  signals[DONE] = g_signal_new ("done", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                NULL, NULL, NULL, G_TYPE_NONE, 0);
  g_type_ensure (CSL_TYPE_NOTICE);
  g_type_ensure (CSL_TYPE_PIN_ROWS);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/caseload/Caseload/account/csl-pin-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CslPinPage, status);
  gtk_widget_class_bind_template_child (widget_class, CslPinPage, problem);
  gtk_widget_class_bind_template_child (widget_class, CslPinPage, old_group);
  gtk_widget_class_bind_template_child (widget_class, CslPinPage, old_pin);
  gtk_widget_class_bind_template_child (widget_class, CslPinPage, new_pin);
  gtk_widget_class_bind_template_child (widget_class, CslPinPage, forgetting);
  gtk_widget_class_bind_template_child (widget_class, CslPinPage, progress);
  gtk_widget_class_bind_template_callback (widget_class, fields_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, submit);
  gtk_widget_class_install_action (widget_class, "pin.submit", NULL, submit_action);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
csl_pin_page_init (CslPinPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  csl_accessible_name_inner (GTK_WIDGET (self->old_pin), GTK_TYPE_IMAGE,
                             _ ("Show the present PIN"));
}

void
csl_pin_page_set_session (CslPinPage *self, CslSession *session)
{
  g_return_if_fail (CSL_IS_PIN_PAGE (self) && CSL_IS_SESSION (session));
  g_set_object (&self->session, session);
  self->has_pin = csl_session_has_pin (session);
  self->is_busy = false;
  csl_pin_rows_set_username (self->new_pin, csl_session_get_username (session));
  adw_status_page_set_title (self->status,
                             self->has_pin ? _ ("Change Your PIN") : _ ("Choose a PIN"));
  /* Who changes it knows what it is for. */
  adw_status_page_set_description (
    self->status,
    self->has_pin
      ? ""
      : _ ("It protects the records on this computer when you step away, when "
           "the screen locks, and if the computer is stolen. It works without "
           "the network, and on this computer only."));
  gtk_widget_set_visible (self->old_group, self->has_pin);
  gtk_label_set_label (
    self->forgetting,
    csl_session_may_recover (session)
      ? _ ("If you forget it, you can choose another with your password and the network.")
      : _ ("Nobody can find it out for you, and no password replaces it. Do not forget "
           "it."));
  empty (self);
  show_problem (self, NULL);
  update_actions (self);
}

GtkWindow *
csl_pin_window_new (GtkWindow *parent, CslSession *session)
{
  GtkWidget *window = g_object_new (ADW_TYPE_WINDOW, "transient-for", parent, "modal",
                                    TRUE, "destroy-with-parent", TRUE, "title",
                                    _ ("Change PIN"), "default-width", 480,
                                    "width-request", 340, NULL);
  GtkWidget *page = g_object_new (CSL_TYPE_PIN_PAGE, "vexpand", TRUE, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkEventController *keys = gtk_shortcut_controller_new ();

  gtk_shortcut_controller_add_shortcut (
    GTK_SHORTCUT_CONTROLLER (keys),
    gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Escape, 0),
                      gtk_named_action_new ("window.close")));
  gtk_widget_add_controller (window, keys);
  gtk_box_append (GTK_BOX (box), adw_header_bar_new ());
  gtk_box_append (GTK_BOX (box), page);
  adw_window_set_content (ADW_WINDOW (window), box);
  csl_pin_page_set_session (CSL_PIN_PAGE (page), session);
  g_signal_connect_object (page, "done", G_CALLBACK (gtk_window_close), window,
                           G_CONNECT_SWAPPED);
  gtk_window_set_focus (GTK_WINDOW (window), NULL);
  gtk_widget_grab_focus (page);
  return GTK_WINDOW (window);
}
