/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-sign-in-page.c: server, user name, password, and a certificate for those who need one. */
#define G_LOG_DOMAIN "csl-sign-in-page"

#include "config.h"

#include "client/ui/account/csl-sign-in-page.h"

#include "client/app/csl-account.h"
#include "client/ui/shell/csl-notice.h"
#include "client/ui/text/csl-accessible.h"
#include "client/ui/text/csl-error-text.h"
#include "client/ui/wrap/csl-file-chooser.h"

#include <glib/gi18n.h>

struct _CslSignInPage
{
  AdwBin parent_instance;

  char *ca_file;            /* (owned) (nullable) */
  GtkNativeDialog *chooser; /* (owned) (nullable): while it is open */
  bool is_busy;

  AdwStatusPage *status;     /* (unowned): template child */
  GtkEditable *server;       /* (unowned): template child */
  GtkEditable *username;     /* (unowned): template child */
  GtkEditable *password;     /* (unowned): template child */
  AdwActionRow *certificate; /* (unowned): template child */
  CslNotice *problem;        /* (unowned): template child */
  GtkLabel *progress;        /* (unowned): template child */
};

G_DEFINE_FINAL_TYPE (CslSignInPage, csl_sign_in_page, ADW_TYPE_BIN)

enum {
  SUBMITTED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static bool
is_complete (CslSignInPage *self)
{
  return *gtk_editable_get_text (self->server) != '\0' &&
         *gtk_editable_get_text (self->username) != '\0' &&
         *gtk_editable_get_text (self->password) != '\0';
}

static void
update_actions (CslSignInPage *self)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "sign-in.submit",
                                 is_complete (self) && !self->is_busy);
}

static void
fields_changed_cb (CslSignInPage *self)
{
  csl_accessible_set_problem (self->password, NULL);
  update_actions (self);
}

/* @text: NULL when there is nothing wrong. The picture and the first advice give their room to the second, so that the button
 * stays in sight. */
static void
show_problem (CslSignInPage *self, CslNoticeKind kind, const char *text)
{
  csl_notice_set_kind (self->problem, kind);
  csl_notice_show_text (self->problem, GTK_WIDGET (self->progress), text);
  adw_status_page_set_icon_name (self->status,
                                 text != NULL ? NULL : "org.caseload.Caseload-symbolic");
  adw_status_page_set_description (
    self->status, text != NULL ? NULL
                               : _ ("The first time on this computer needs the network. "
                                    "After that you can work without it."));
}

static void
submit (CslSignInPage *self)
{
  if (!is_complete (self) || self->is_busy)
    return;
  self->is_busy = true;
  show_problem (self, CSL_NOTICE_WARNING, NULL);
  gtk_label_set_label (self->progress, _ ("Signing in…"));
  update_actions (self);
  g_signal_emit (self, signals[SUBMITTED], 0);
}

static void
submit_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  submit (CSL_SIGN_IN_PAGE (widget));
}

static void
set_ca_file (CslSignInPage *self, const char *path)
{
  g_autofree char *name = path != NULL ? g_path_get_basename (path) : NULL;
  g_autofree char *text = name != NULL ? g_markup_escape_text (name, -1) : NULL;

  g_free (self->ca_file);
  self->ca_file = g_strdup (path);
  if (text != NULL)
    adw_action_row_set_subtitle (self->certificate, text);
}

static void
certificate_chosen_cb (CslSignInPage *self, int response)
{
  g_autoptr (GFile) file = csl_file_chooser_dup_file (self->chooser, response);
  g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;

  if (path != NULL)
    set_ca_file (self, path);
  g_clear_object (&self->chooser);
}

static void
choose_certificate_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CslSignInPage *self = CSL_SIGN_IN_PAGE (widget);
  GtkRoot *root = gtk_widget_get_root (widget);

  if (self->chooser != NULL)
    return;
  self->chooser = csl_file_chooser_new_open (GTK_WINDOW (root),
                                             _ ("Certificate of Your Organisation"),
                                             _ ("_Choose"));
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (certificate_chosen_cb),
                           self, G_CONNECT_SWAPPED);
  gtk_native_dialog_show (self->chooser);
}

static void
csl_sign_in_page_dispose (GObject *object)
{
  CslSignInPage *self = CSL_SIGN_IN_PAGE (object);

  g_clear_object (&self->chooser);
  g_clear_pointer (&self->ca_file, g_free);
  G_OBJECT_CLASS (csl_sign_in_page_parent_class)->dispose (object);
}

static void
csl_sign_in_page_class_init (CslSignInPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = csl_sign_in_page_dispose;
  signals[SUBMITTED] = g_signal_new ("submitted", G_TYPE_FROM_CLASS (klass),
                                     G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                     0);

  g_type_ensure (CSL_TYPE_NOTICE);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/caseload/Caseload/account/csl-sign-in-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CslSignInPage, status);
  gtk_widget_class_bind_template_child (widget_class, CslSignInPage, server);
  gtk_widget_class_bind_template_child (widget_class, CslSignInPage, username);
  gtk_widget_class_bind_template_child (widget_class, CslSignInPage, password);
  gtk_widget_class_bind_template_child (widget_class, CslSignInPage, certificate);
  gtk_widget_class_bind_template_child (widget_class, CslSignInPage, problem);
  gtk_widget_class_bind_template_child (widget_class, CslSignInPage, progress);
  gtk_widget_class_bind_template_callback (widget_class, fields_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, submit);
  gtk_widget_class_install_action (widget_class, "sign-in.submit", NULL, submit_action);
  gtk_widget_class_install_action (widget_class, "sign-in.choose-certificate", NULL,
                                   choose_certificate_action);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
csl_sign_in_page_init (CslSignInPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  csl_accessible_name_inner (GTK_WIDGET (self->password), GTK_TYPE_IMAGE,
                             _ ("Show the password"));
  show_problem (self, CSL_NOTICE_WARNING, NULL);
  update_actions (self);
}

void
csl_sign_in_page_set_server (CslSignInPage *self, const char *server, const char *ca_file)
{
  g_return_if_fail (CSL_IS_SIGN_IN_PAGE (self));
  if (server != NULL)
    gtk_editable_set_text (self->server, server);
  if (ca_file != NULL)
    set_ca_file (self, ca_file);
}

void
csl_sign_in_page_set_username (CslSignInPage *self, const char *username)
{
  g_return_if_fail (CSL_IS_SIGN_IN_PAGE (self) && username != NULL);
  gtk_editable_set_text (self->username, username);
  gtk_widget_grab_focus (GTK_WIDGET (self->password));
}

void
csl_sign_in_page_get_fields (CslSignInPage *self, CslSignInFields *ret_fields)
{
  g_return_if_fail (CSL_IS_SIGN_IN_PAGE (self));
  ret_fields->server = gtk_editable_get_text (self->server);
  ret_fields->username = gtk_editable_get_text (self->username);
  ret_fields->password = gtk_editable_get_text (self->password);
  ret_fields->ca_file = self->ca_file;
}

void
csl_sign_in_page_finished (CslSignInPage *self, const GError *error)
{
  const bool wrong =
    g_error_matches (error, CSL_ACCOUNT_ERROR, CSL_ACCOUNT_ERROR_WRONG_PASSWORD);
  CslErrorText text;

  g_return_if_fail (CSL_IS_SIGN_IN_PAGE (self));
  self->is_busy = false;
  gtk_label_set_label (self->progress, "");
  if (error == NULL) {
    gtk_editable_set_text (self->password, "");
  } else if (csl_error_text_lookup (error, &text)) {
    show_problem (self, wrong ? CSL_NOTICE_ERROR : CSL_NOTICE_WARNING, text.sentence);
    csl_accessible_set_problem (self->password,
                                wrong ? GTK_WIDGET (self->problem) : NULL);
    gtk_widget_grab_focus (GTK_WIDGET (self->password));
  }
  update_actions (self);
}
