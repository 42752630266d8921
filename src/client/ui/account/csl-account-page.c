/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-account-page.c: opening, choosing and adding accounts. Nothing here touches a replica
 * itself; a failure is shown with what to do about it. */
#define G_LOG_DOMAIN "csl-account-page"

#include "config.h"

#include "client/ui/account/csl-account-page.h"

#include "client/ui/account/csl-removal-page.h"
#include "client/ui/account/csl-sign-in-page.h"
#include "client/ui/account/csl-start-again.h"
#include "client/ui/account/csl-unlock-page.h"
#include "client/ui/shell/csl-navigation.h"
#include "client/ui/text/csl-error-text.h"

#include <glib/gi18n.h>

struct _CslAccountPage
{
  AdwBin parent_instance;

  GListModel *model;         /* (owned) (nullable): of CslAccount */
  CslAccount *account;       /* (owned) (nullable): being opened */
  GCancellable *cancellable; /* (owned) */
  char *details;             /* (owned) (nullable): of the last failure */
  guint spinner_source;

  GtkStack *stack;          /* (unowned): template child */
  GtkSpinner *spinner;      /* (unowned): template child */
  GtkLabel *opening_label;  /* (unowned): template child */
  GtkListBox *accounts;     /* (unowned): template child */
  CslSignInPage *sign_in;   /* (unowned): template child */
  CslRemovalPage *removal;  /* (unowned): template child */
  CslUnlockPage *unlock;    /* (unowned): template child */
  AdwStatusPage *trouble;   /* (unowned): template child */
  GtkWidget *again_button;  /* (unowned): template child */
  GtkWidget *choose_button; /* (unowned): template child */
};

G_DEFINE_FINAL_TYPE (CslAccountPage, csl_account_page, ADW_TYPE_BIN)

enum {
  OPENED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
show (CslAccountPage *self, const char *name)
{
  const bool has_others = self->model != NULL &&
                          g_list_model_get_n_items (self->model) > 0;

  gtk_stack_set_visible_child_name (self->stack, name);
  csl_navigation_keep_focus (GTK_WIDGET (self->stack));
  gtk_widget_set_visible (self->choose_button, has_others &&
                                                 !g_str_equal (name, "choose") &&
                                                 !g_str_equal (name, "removed") &&
                                                 !g_str_equal (name, "unlock") &&
                                                 !g_str_equal (name, "opening"));
}

static gboolean
spin_cb (gpointer user_data)
{
  CslAccountPage *self = user_data;

  self->spinner_source = 0;
  gtk_spinner_start (self->spinner);
  gtk_label_set_label (self->opening_label, _ ("Opening your records…"));
  return G_SOURCE_REMOVE;
}

static void
stop_spinner (CslAccountPage *self)
{
  g_clear_handle_id (&self->spinner_source, g_source_remove);
  gtk_spinner_stop (self->spinner);
  gtk_label_set_label (self->opening_label, "");
}

static void
show_trouble (CslAccountPage *self, const GError *error)
{
  CslErrorText text;

  if (!csl_error_text_lookup (error, &text))
    return;
  g_message ("Could not open the account: %s", error->message);
  g_free (self->details);
  self->details = csl_error_text_dup_details (error);
  adw_status_page_set_title (self->trouble, text.title);
  adw_status_page_set_description (self->trouble, text.sentence);
  adw_status_page_set_icon_name (self->trouble, text.icon_name);
  gtk_widget_set_visible (self->again_button, csl_start_again_helps (error));
  show (self, "trouble");
}

static void
opened_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CslAccountPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CslSession) session =
    csl_account_open_finish (CSL_ACCOUNT (object), result, &error);

  stop_spinner (self);
  if (session != NULL)
    g_signal_emit (self, signals[OPENED], 0, session);
  else
    show_trouble (self, error);
}

/* Something else than what was typed, or the way to the server: trying again on the same page is of no use. */
static bool
is_trouble (const GError *error)
{
  static const CslAccountError of_the_form[] = {
    CSL_ACCOUNT_ERROR_WRONG_PASSWORD, CSL_ACCOUNT_ERROR_LOCKED,
    CSL_ACCOUNT_ERROR_UNREACHABLE,    CSL_ACCOUNT_ERROR_CERTIFICATE,
    CSL_ACCOUNT_ERROR_SERVER,         CSL_ACCOUNT_ERROR_WRONG_PIN,
    CSL_ACCOUNT_ERROR_WAIT,           CSL_ACCOUNT_ERROR_LEASE_OVER,
    CSL_ACCOUNT_ERROR_NO_RECOVERY,    CSL_ACCOUNT_ERROR_KEYS_DAMAGED,
    CSL_ACCOUNT_ERROR_AMBIGUOUS,
  };

  if (error == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return false;
  for (guint i = 0; i < G_N_ELEMENTS (of_the_form); i++)
    if (g_error_matches (error, CSL_ACCOUNT_ERROR, (int) of_the_form[i]))
      return false;
  return true;
}

static void
unlocked_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CslAccountPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CslSession) session =
    csl_account_unlock_finish (CSL_ACCOUNT (object), result, &error);

  if (error != NULL)
    g_message ("Could not unlock: %s", error->message);
  /* Meanwhile somebody else may have been chosen. */
  if (self->account == CSL_ACCOUNT (object))
    csl_unlock_page_finished (self->unlock, error);
  if (self->account == CSL_ACCOUNT (object) && is_trouble (error))
    show_trouble (self, error);
  if (session != NULL)
    g_signal_emit (self, signals[OPENED], 0, session);
}

static void
unlock_submitted_cb (CslAccountPage *self)
{
  CslUnlockFactors factors = csl_unlock_page_get_factors (self->unlock);

  csl_account_unlock_async (self->account, &factors, self->cancellable, unlocked_cb,
                            g_object_ref (self));
}

static void
open_account (CslAccountPage *self, CslAccount *account)
{
  g_set_object (&self->account, account);
  if (csl_account_has_pin (account)) {
    csl_unlock_page_set_account (self->unlock, account);
    show (self, "unlock");
    gtk_widget_grab_focus (GTK_WIDGET (self->unlock));
    return;
  }
  show (self, "opening");
  /* A spinner only when it takes longer than half a second. */
  if (self->spinner_source == 0)
    self->spinner_source = g_timeout_add (500, spin_cb, self);
  csl_account_open_async (account, self->cancellable, opened_cb, g_object_ref (self));
}

static void
signed_in_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CslAccountPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CslSession) session = csl_account_sign_in_finish (result, &error);

  /* Closed meanwhile. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  csl_sign_in_page_finished (self->sign_in, error);
  if (session != NULL) {
    g_signal_emit (self, signals[OPENED], 0, session);
    return;
  }
  g_message ("Could not sign in: %s", error->message);
  if (g_error_matches (error, CSL_ACCOUNT_ERROR, CSL_ACCOUNT_ERROR_PIN_NEEDED))
    csl_account_page_choose (self);
}

static void
submitted_cb (CslAccountPage *self)
{
  CslSignInFields fields;

  csl_sign_in_page_get_fields (self->sign_in, &fields);
  csl_account_sign_in_async (NULL, fields.server, fields.username, fields.password,
                             fields.ca_file, self->cancellable, signed_in_cb,
                             g_object_ref (self));
}

static GtkWidget *
create_account_row_cb (gpointer item, gpointer user_data)
{
  CslAccount *account = item;
  g_autofree char *name =
    g_markup_escape_text (csl_account_get_display_name (account), -1);
  g_autofree char *organisation =
    g_markup_escape_text (csl_account_get_organisation_name (account), -1);
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), name);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), organisation);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row),
                             adw_avatar_new (32, csl_account_get_display_name (account),
                                             TRUE));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  return row;
}

static void
account_activated_cb (CslAccountPage *self, GtkListBoxRow *row)
{
  g_autoptr (CslAccount) account =
    g_list_model_get_item (self->model, gtk_list_box_row_get_index (row));

  if (account != NULL)
    open_account (self, account);
}

static CslAccount *
lookup_account (CslAccountPage *self, const char *name)
{
  for (guint i = 0; i < g_list_model_get_n_items (self->model); i++) {
    g_autoptr (CslAccount) account = g_list_model_get_item (self->model, i);

    if (g_strcmp0 (csl_account_get_id (account), name) == 0 ||
        g_strcmp0 (csl_account_get_username (account), name) == 0)
      return g_steal_pointer (&account);
  }
  return NULL;
}

static void
list_accounts (CslAccountPage *self)
{
  g_clear_object (&self->model);
  self->model = csl_account_list (NULL);
  gtk_list_box_bind_model (self->accounts, self->model, create_account_row_cb, NULL,
                           NULL);
}

static void
choose_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  csl_account_page_choose (CSL_ACCOUNT_PAGE (widget));
}

static void
add_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  show (CSL_ACCOUNT_PAGE (widget), "sign-in");
}

static void
retry_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CslAccountPage *self = CSL_ACCOUNT_PAGE (widget);

  if (self->account != NULL)
    open_account (self, self->account);
}

static void
started_again_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CslAccountPage) self = user_data;
  g_autofree char *name = NULL;

  /* Closed meanwhile, or left as it is. */
  if (!csl_start_again_finish (result) || self->account == NULL)
    return;
  name = csl_account_dup_sign_in_name (self->account);
  csl_sign_in_page_set_server (self->sign_in, csl_account_get_server (self->account),
                               csl_account_get_ca_file (self->account));
  g_clear_object (&self->account);
  list_accounts (self);
  show (self, "sign-in");
  csl_sign_in_page_set_username (self->sign_in, name);
}

static void
start_again_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CslAccountPage *self = CSL_ACCOUNT_PAGE (widget);

  if (self->account != NULL)
    csl_start_again_async (GTK_WINDOW (gtk_widget_get_root (widget)), self->account,
                           started_again_cb, g_object_ref (self));
}

static void
copy_details_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget),
                          CSL_ACCOUNT_PAGE (widget)->details);
}

static void
csl_account_page_dispose (GObject *object)
{
  CslAccountPage *self = CSL_ACCOUNT_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->spinner_source, g_source_remove);
  g_clear_object (&self->model);
  g_clear_object (&self->account);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->details, g_free);
  G_OBJECT_CLASS (csl_account_page_parent_class)->dispose (object);
}

static void
csl_account_page_class_init (CslAccountPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = csl_account_page_dispose;
  signals[OPENED] = g_signal_new ("opened", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                  0, NULL, NULL, NULL, G_TYPE_NONE, 1, CSL_TYPE_SESSION);

  g_type_ensure (CSL_TYPE_REMOVAL_PAGE);
  g_type_ensure (CSL_TYPE_SIGN_IN_PAGE);
  g_type_ensure (CSL_TYPE_UNLOCK_PAGE);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/caseload/Caseload/account/csl-account-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CslAccountPage, stack);
  gtk_widget_class_bind_template_child (widget_class, CslAccountPage, spinner);
  gtk_widget_class_bind_template_child (widget_class, CslAccountPage, opening_label);
  gtk_widget_class_bind_template_child (widget_class, CslAccountPage, accounts);
  gtk_widget_class_bind_template_child (widget_class, CslAccountPage, sign_in);
  gtk_widget_class_bind_template_child (widget_class, CslAccountPage, removal);
  gtk_widget_class_bind_template_child (widget_class, CslAccountPage, unlock);
  gtk_widget_class_bind_template_child (widget_class, CslAccountPage, trouble);
  gtk_widget_class_bind_template_child (widget_class, CslAccountPage, again_button);
  gtk_widget_class_bind_template_child (widget_class, CslAccountPage, choose_button);
  gtk_widget_class_bind_template_callback (widget_class, account_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, submitted_cb);
  gtk_widget_class_bind_template_callback (widget_class, unlock_submitted_cb);
  gtk_widget_class_install_action (widget_class, "account.choose", NULL, choose_action);
  gtk_widget_class_install_action (widget_class, "account.add", NULL, add_action);
  gtk_widget_class_install_action (widget_class, "account.retry", NULL, retry_action);
  gtk_widget_class_install_action (widget_class, "account.start-again", NULL,
                                   start_again_action);
  gtk_widget_class_install_action (widget_class, "account.copy-details", NULL,
                                   copy_details_action);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
csl_account_page_init (CslAccountPage *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
csl_account_page_start (CslAccountPage *self,
                        const char *account,
                        const char *server,
                        const char *ca_file)
{
  g_autoptr (CslAccount) wanted = NULL;

  g_return_if_fail (CSL_IS_ACCOUNT_PAGE (self));
  csl_sign_in_page_set_server (self->sign_in, server, ca_file);
  list_accounts (self);
  if (csl_account_is_removal_pending (NULL)) {
    csl_account_page_finish_removal (self);
    return;
  }
  if (account != NULL)
    wanted = lookup_account (self, account);
  else if (g_list_model_get_n_items (self->model) == 1)
    wanted = g_list_model_get_item (self->model, 0);

  if (wanted != NULL)
    open_account (self, wanted);
  else
    show (self, g_list_model_get_n_items (self->model) > 0 ? "choose" : "sign-in");
}

void
csl_account_page_choose (CslAccountPage *self)
{
  g_return_if_fail (CSL_IS_ACCOUNT_PAGE (self));
  list_accounts (self);
  show (self, g_list_model_get_n_items (self->model) > 0 ? "choose" : "sign-in");
}

void
csl_account_page_finish_removal (CslAccountPage *self)
{
  g_return_if_fail (CSL_IS_ACCOUNT_PAGE (self));
  show (self, "removed");
  csl_removal_page_run (self->removal);
}
