/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-unlock-page.c: the lock page of one worker. It knows names, nothing of any record: none are open. */
#define G_LOG_DOMAIN "csl-unlock-page"

#include "config.h"

#include "client/ui/account/csl-unlock-page.h"

#include "client/ui/account/csl-pin-rows.h"
#include "client/ui/shell/csl-notice.h"
#include "client/ui/shell/csl-wrap-box.h"
#include "client/ui/text/csl-accessible.h"
#include "client/ui/text/csl-error-text.h"

#include <glib/gi18n.h>

typedef enum {
  FORM_PIN,
  FORM_RENEW,
  FORM_FORGOTTEN,
  FORM_SEALED, /* forgotten, and nothing helps */
} Form;

struct _CslUnlockPage
{
  AdwBin parent_instance;

  CslAccount *account; /* (owned) (nullable) */
  Form form;
  bool is_busy;
  guint wait_source;

  AdwStatusPage *status;       /* (unowned): template child */
  AdwAvatar *avatar;           /* (unowned): template child */
  CslNotice *problem;          /* (unowned): template child */
  GtkLabel *explanation;       /* (unowned): template child */
  GtkWidget *fields;           /* (unowned): template child */
  GtkEditable *pin;            /* (unowned): template child */
  GtkEditable *password;       /* (unowned): template child */
  CslPinRows *new_pin;         /* (unowned): template child */
  GtkButton *unlock_button;    /* (unowned): template child */
  GtkWidget *forgotten_button; /* (unowned): template child */
  GtkWidget *back_button;      /* (unowned): template child */
  GtkWidget *again_button;     /* (unowned): template child */
  GtkLabel *progress;          /* (unowned): template child */
};

G_DEFINE_FINAL_TYPE (CslUnlockPage, csl_unlock_page, ADW_TYPE_BIN)

enum {
  SUBMITTED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static bool
is_complete (CslUnlockPage *self)
{
  const bool has_pin = *gtk_editable_get_text (self->pin) != '\0';
  const bool has_password = *gtk_editable_get_text (self->password) != '\0';

  switch (self->form) {
  case FORM_PIN:
    return has_pin;
  case FORM_RENEW:
    return has_pin && has_password;
  case FORM_FORGOTTEN:
    return has_password && csl_pin_rows_get_pin (self->new_pin) != NULL;
  case FORM_SEALED:
    break;
  }
  return false;
}

static void
update_actions (CslUnlockPage *self)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "unlock.submit",
                                 is_complete (self) && !self->is_busy &&
                                   self->wait_source == 0);
}

static void
fields_changed_cb (CslUnlockPage *self)
{
  csl_accessible_set_problem (self->pin, NULL);
  csl_accessible_set_problem (self->password, NULL);
  update_actions (self);
}

static const char *
get_explanation (Form form)
{
  switch (form) {
  case FORM_PIN:
    break;
  case FORM_RENEW:
    return _ (
      "This computer has been away from the server for longer than your organisation "
      "allows. Connect to the network and give your password with the PIN. Nothing "
      "was deleted.");
  case FORM_FORGOTTEN:
    return _ ("With the network and your password you can choose a new PIN. Nothing is "
              "lost.");
  case FORM_SEALED:
    return _ (
      "Your records on this computer open with the PIN only; no password replaces it. "
      "Nothing was deleted, and work that was not sent stays sealed here. Take time "
      "to remember the PIN, ask your administrator, or start again with a fresh copy.");
  }
  return NULL;
}

static void
show_form (CslUnlockPage *self, Form form)
{
  const char *explanation = get_explanation (form);

  self->form = form;
  gtk_label_set_label (self->explanation, explanation != NULL ? explanation : "");
  gtk_widget_set_visible (GTK_WIDGET (self->explanation), explanation != NULL);
  /* The other forms need its room. */
  gtk_widget_set_visible (GTK_WIDGET (self->avatar), form == FORM_PIN);
  gtk_widget_set_visible (self->fields, form != FORM_SEALED);
  gtk_widget_set_visible (GTK_WIDGET (self->pin), form == FORM_PIN || form == FORM_RENEW);
  gtk_widget_set_visible (GTK_WIDGET (self->password),
                          form == FORM_RENEW || form == FORM_FORGOTTEN);
  gtk_widget_set_visible (GTK_WIDGET (self->new_pin), form == FORM_FORGOTTEN);
  gtk_widget_set_visible (GTK_WIDGET (self->unlock_button), form != FORM_SEALED);
  gtk_widget_set_visible (self->forgotten_button, form == FORM_PIN);
  gtk_widget_set_visible (self->back_button, form != FORM_PIN);
  gtk_widget_set_visible (self->again_button, form == FORM_SEALED);
  gtk_button_set_label (self->unlock_button, form == FORM_FORGOTTEN
                                               ? _ ("Set the New PIN and _Unlock")
                                               : _ ("_Unlock"));
  update_actions (self);
}

static void
show_problem (CslUnlockPage *self, const char *problem)
{
  csl_notice_show_text (self->problem, GTK_WIDGET (self->progress), problem);
}

/* The entry that @error is about; NULL: none of them. */
static GtkEditable *
get_wrong_entry (CslUnlockPage *self, const GError *error)
{
  if (g_error_matches (error, CSL_ACCOUNT_ERROR, CSL_ACCOUNT_ERROR_WRONG_PIN))
    return self->pin;
  if (g_error_matches (error, CSL_ACCOUNT_ERROR, CSL_ACCOUNT_ERROR_WRONG_PASSWORD))
    return self->password;
  return NULL;
}

static void
show_error (CslUnlockPage *self, const GError *error, const char *sentence)
{
  GtkEditable *wrong = get_wrong_entry (self, error);

  csl_notice_set_kind (self->problem,
                       wrong != NULL ? CSL_NOTICE_ERROR : CSL_NOTICE_WARNING);
  show_problem (self, sentence);
  if (wrong == self->pin)
    gtk_editable_set_text (self->pin, "");
  if (wrong != NULL)
    csl_accessible_set_problem (wrong, GTK_WIDGET (self->problem));
}

static void
focus_first (CslUnlockPage *self)
{
  GtkEditable *first = self->form == FORM_FORGOTTEN ? self->password : self->pin;

  gtk_widget_grab_focus (GTK_WIDGET (first));
}

/* -- waiting after wrong PINs -- */

static gboolean
wait_cb (gpointer user_data)
{
  CslUnlockPage *self = user_data;
  const guint seconds = csl_account_get_wait_s (self->account);
  g_autofree char *text = NULL;

  if (seconds == 0) {
    self->wait_source = 0;
    gtk_label_set_label (self->progress, "");
    update_actions (self);
    return G_SOURCE_REMOVE;
  }
  text = g_strdup_printf (ngettext ("Please wait %u second.", "Please wait %u seconds.",
                                    seconds),
                          seconds);
  gtk_label_set_label (self->progress, text);
  return G_SOURCE_CONTINUE;
}

static void
start_waiting (CslUnlockPage *self)
{
  g_clear_handle_id (&self->wait_source, g_source_remove);
  if (self->account == NULL || csl_account_get_wait_s (self->account) == 0)
    return;
  self->wait_source = g_timeout_add_seconds (1, wait_cb, self);
  wait_cb (self);
}

/* -- actions -- */

static void
submit (CslUnlockPage *self)
{
  if (!is_complete (self) || self->is_busy || self->wait_source != 0)
    return;
  self->is_busy = true;
  show_problem (self, NULL);
  gtk_label_set_label (self->progress, _ ("Unlocking…"));
  update_actions (self);
  g_signal_emit (self, signals[SUBMITTED], 0);
}

static void
submit_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  submit (CSL_UNLOCK_PAGE (widget));
}

static void
forgotten_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CslUnlockPage *self = CSL_UNLOCK_PAGE (widget);

  show_problem (self, NULL);
  show_form (self,
             csl_account_may_recover (self->account) ? FORM_FORGOTTEN : FORM_SEALED);
  if (self->form == FORM_FORGOTTEN)
    focus_first (self);
}

static void
back_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CslUnlockPage *self = CSL_UNLOCK_PAGE (widget);

  show_problem (self, NULL);
  show_form (self, FORM_PIN);
  focus_first (self);
}

static void
csl_unlock_page_dispose (GObject *object)
{
  CslUnlockPage *self = CSL_UNLOCK_PAGE (object);

  g_clear_handle_id (&self->wait_source, g_source_remove);
  g_clear_object (&self->account);
  G_OBJECT_CLASS (csl_unlock_page_parent_class)->dispose (object);
}

static gboolean
csl_unlock_page_grab_focus (GtkWidget *widget)
{
  focus_first (CSL_UNLOCK_PAGE (widget));
  return TRUE;
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, CslUnlockPage, status);
  gtk_widget_class_bind_template_child (widget_class, CslUnlockPage, avatar);
  gtk_widget_class_bind_template_child (widget_class, CslUnlockPage, problem);
  gtk_widget_class_bind_template_child (widget_class, CslUnlockPage, explanation);
  gtk_widget_class_bind_template_child (widget_class, CslUnlockPage, fields);
  gtk_widget_class_bind_template_child (widget_class, CslUnlockPage, pin);
  gtk_widget_class_bind_template_child (widget_class, CslUnlockPage, password);
  gtk_widget_class_bind_template_child (widget_class, CslUnlockPage, new_pin);
  gtk_widget_class_bind_template_child (widget_class, CslUnlockPage, unlock_button);
  gtk_widget_class_bind_template_child (widget_class, CslUnlockPage, forgotten_button);
  gtk_widget_class_bind_template_child (widget_class, CslUnlockPage, back_button);
  gtk_widget_class_bind_template_child (widget_class, CslUnlockPage, again_button);
  gtk_widget_class_bind_template_child (widget_class, CslUnlockPage, progress);
}

static void
csl_unlock_page_class_init (CslUnlockPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = csl_unlock_page_dispose;
  widget_class->grab_focus = csl_unlock_page_grab_focus;
  signals[SUBMITTED] = g_signal_new ("submitted", G_TYPE_FROM_CLASS (klass),
                                     G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                     0);

  g_type_ensure (CSL_TYPE_NOTICE);
  g_type_ensure (CSL_TYPE_WRAP_BOX);
  g_type_ensure (CSL_TYPE_PIN_ROWS);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/caseload/Caseload/account/csl-unlock-page.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, fields_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, submit);
  gtk_widget_class_install_action (widget_class, "unlock.submit", NULL, submit_action);
  gtk_widget_class_install_action (widget_class, "unlock.forgotten", NULL,
                                   forgotten_action);
  gtk_widget_class_install_action (widget_class, "unlock.back", NULL, back_action);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
csl_unlock_page_init (CslUnlockPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  csl_accessible_name_inner (GTK_WIDGET (self->pin), GTK_TYPE_IMAGE, _ ("Show the PIN"));
  csl_accessible_name_inner (GTK_WIDGET (self->password), GTK_TYPE_IMAGE,
                             _ ("Show the password"));
  show_form (self, FORM_PIN);
}

static void
empty (CslUnlockPage *self)
{
  gtk_editable_set_text (self->pin, "");
  gtk_editable_set_text (self->password, "");
  csl_pin_rows_clear (self->new_pin);
}

void
csl_unlock_page_set_account (CslUnlockPage *self, CslAccount *account)
{
  g_autofree char *title = NULL;
  const char *organisation;

  g_return_if_fail (CSL_IS_UNLOCK_PAGE (self) && CSL_IS_ACCOUNT (account));
  g_set_object (&self->account, account);
  title = g_markup_escape_text (csl_account_get_display_name (account), -1);
  organisation = csl_account_get_organisation_name (account);
  adw_status_page_set_title (self->status, title);
  adw_status_page_set_description (self->status,
                                   organisation != NULL ? organisation : "");
  adw_avatar_set_text (self->avatar, csl_account_get_display_name (account));
  csl_pin_rows_set_username (self->new_pin, csl_account_get_username (account));
  self->is_busy = false;
  gtk_label_set_label (self->progress, "");
  empty (self);
  show_problem (self, NULL);
  show_form (self, FORM_PIN);
  start_waiting (self);
}

CslUnlockFactors
csl_unlock_page_get_factors (CslUnlockPage *self)
{
  CslUnlockFactors factors = { 0 };

  g_return_val_if_fail (CSL_IS_UNLOCK_PAGE (self), factors);
  if (self->form != FORM_PIN)
    factors.password = gtk_editable_get_text (self->password);
  if (self->form == FORM_FORGOTTEN)
    factors.new_pin = csl_pin_rows_get_pin (self->new_pin);
  else
    factors.pin = gtk_editable_get_text (self->pin);
  return factors;
}

void
csl_unlock_page_finished (CslUnlockPage *self, const GError *error)
{
  CslErrorText text;

  g_return_if_fail (CSL_IS_UNLOCK_PAGE (self));
  self->is_busy = false;
  gtk_label_set_label (self->progress, "");
  if (error == NULL) {
    empty (self);
  } else if (g_error_matches (error, CSL_ACCOUNT_ERROR, CSL_ACCOUNT_ERROR_LEASE_OVER)) {
    show_form (self, FORM_RENEW);
    gtk_widget_grab_focus (GTK_WIDGET (self->password));
  } else if (csl_error_text_lookup (error, &text)) {
    show_error (self, error, text.sentence);
    focus_first (self);
  }
  start_waiting (self);
  update_actions (self);
}
