/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "caseload"

#include "client/ui/sync/csl-sync-panel.h"

#include "client/app/csl-account.h"
#include "client/ui/shell/csl-wrap-box.h"
#include "client/ui/sync/csl-copy-dialogs.h"
#include "client/ui/sync/csl-unsent-list.h"
#include "client/ui/text/csl-accessible.h"
#include "client/ui/text/csl-display-time.h"
#include "client/ui/text/csl-error-text.h"

#include <glib/gi18n.h>

struct _CslSyncPanel
{
  AdwBin parent_instance;

  CslSession *session; /* (owned) */

  /* widgets */
  GtkLabel *sentence;
  GtkLabel *detail;
  GtkButton *sync_now;
  GtkSwitch *offline;
  AdwPasswordEntryRow *password;
  GtkWidget *sign_in;
  GtkLabel *sign_in_problem;
  AdwBin *list_place;
  GtkWidget *save_copy;
};

G_DEFINE_FINAL_TYPE (CslSyncPanel, csl_sync_panel, ADW_TYPE_BIN)

/* The second line: when the server was last reached, and whether this computer's clock is wrong. */
static char *
dup_detail (CslSyncPanel *self)
{
  CslSyncInfo *info = csl_session_get_sync_info (self->session);
  gint64 last, clock;
  guint waiting = csl_sync_info_get_waiting (info);
  g_autofree char *when = NULL;
  GString *text = g_string_new (NULL);

  g_object_get (info, "last-success-ms", &last, "clock-difference-s", &clock, NULL);
  if (waiting > 0)
    g_string_append_printf (text, "%s",
                            ngettext ("It is safe here, and is sent by itself.",
                                      "They are safe here, and are sent by themselves.",
                                      waiting));
  if (last > 0) {
    when = csl_display_moment (last, csl_session_get_now_ms (self->session));
    g_string_append_printf (text, "%s", text->len > 0 ? " " : "");
    g_string_append_printf (text, _ ("Last contact with the server: %s."), when);
  }
  /* A certificate has a first and a last day. */
  if (csl_sync_info_get_status (info) == CSL_SYNC_STATUS_CERTIFICATE)
    g_string_append_printf (text, "\n%s",
                            _ ("Check first that the clock and the date of this computer "
                               "are right; if they are, "
                               "tell your administrator. Nothing is sent until then."));
  else if (ABS (clock) > 300)
    g_string_append_printf (
      text, "\n%s",
      _ ("This computer's clock differs from the server's. Times you enter may be wrong; "
         "nothing else depends on it."));
  return g_string_free (text, FALSE);
}

static void
info_changed_cb (CslSyncPanel *self)
{
  CslSyncInfo *info = csl_session_get_sync_info (self->session);
  CslSyncStatus status = csl_sync_info_get_status (info);
  g_autofree char *detail = dup_detail (self);

  gtk_label_set_label (self->detail, detail);
  gtk_widget_set_visible (GTK_WIDGET (self->detail), detail[0] != '\0');
  gtk_widget_set_visible (self->sign_in, status == CSL_SYNC_STATUS_SIGN_IN);
  gtk_widget_set_sensitive (GTK_WIDGET (self->sync_now),
                            status != CSL_SYNC_STATUS_PAUSED);
  gtk_widget_set_visible (self->save_copy, csl_sync_info_get_waiting (info) +
                                               csl_sync_info_get_attention (info) >
                                             0);
}

static void
sync_now_cb (CslSyncPanel *self)
{
  csl_session_sync_now (self->session);
}

static void
offline_cb (CslSyncPanel *self)
{
  bool offline = gtk_switch_get_active (self->offline);

  if (offline != csl_session_get_offline (self->session))
    csl_session_set_offline (self->session, offline);
}

static void
signed_in_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (CslSyncPanel) self = data;
  g_autoptr (GError) error = NULL;
  GtkEditable *password = GTK_EDITABLE (self->password);
  CslErrorText text;

  if (csl_session_sign_in_again_finish (CSL_SESSION (source), result, &error))
    gtk_editable_set_text (password, "");
  else if (csl_error_text_lookup (error, &text))
    gtk_label_set_label (self->sign_in_problem, text.sentence);
  gtk_widget_set_visible (GTK_WIDGET (self->sign_in_problem), error != NULL);
  if (g_error_matches (error, CSL_ACCOUNT_ERROR, CSL_ACCOUNT_ERROR_WRONG_PASSWORD))
    csl_accessible_set_problem (password, GTK_WIDGET (self->sign_in_problem));
}

static void
password_changed_cb (CslSyncPanel *self)
{
  csl_accessible_set_problem (GTK_EDITABLE (self->password), NULL);
}

static void
sign_in_cb (CslSyncPanel *self)
{
  csl_session_sign_in_again_async (self->session,
                                   gtk_editable_get_text (GTK_EDITABLE (self->password)),
                                   signed_in_cb, g_object_ref (self));
}

static void
save_copy_cb (CslSyncPanel *self)
{
  csl_save_copy_async (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                       self->session, NULL, NULL);
}

static void
take_in_cb (CslSyncPanel *self)
{
  csl_take_in_copy (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), self->session);
}

static void
dispose (GObject *object)
{
  CslSyncPanel *self = CSL_SYNC_PANEL (object);

  g_clear_object (&self->session);
  G_OBJECT_CLASS (csl_sync_panel_parent_class)->dispose (object);
}

static void
csl_sync_panel_class_init (CslSyncPanelClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dispose;
  g_type_ensure (CSL_TYPE_WRAP_BOX);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/caseload/Caseload/sync/csl-sync-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, CslSyncPanel, sentence);
  gtk_widget_class_bind_template_child (widget_class, CslSyncPanel, detail);
  gtk_widget_class_bind_template_child (widget_class, CslSyncPanel, sync_now);
  gtk_widget_class_bind_template_child (widget_class, CslSyncPanel, offline);
  gtk_widget_class_bind_template_child (widget_class, CslSyncPanel, password);
  gtk_widget_class_bind_template_child (widget_class, CslSyncPanel, sign_in);
  gtk_widget_class_bind_template_child (widget_class, CslSyncPanel, sign_in_problem);
  gtk_widget_class_bind_template_child (widget_class, CslSyncPanel, list_place);
  gtk_widget_class_bind_template_child (widget_class, CslSyncPanel, save_copy);
  gtk_widget_class_bind_template_callback (widget_class, sync_now_cb);
  gtk_widget_class_bind_template_callback (widget_class, offline_cb);
  gtk_widget_class_bind_template_callback (widget_class, sign_in_cb);
  gtk_widget_class_bind_template_callback (widget_class, password_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, save_copy_cb);
  gtk_widget_class_bind_template_callback (widget_class, take_in_cb);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
csl_sync_panel_init (CslSyncPanel *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
csl_sync_panel_new (CslSession *session)
{
  CslSyncPanel *self = g_object_new (CSL_TYPE_SYNC_PANEL, NULL);
  CslSyncInfo *info = csl_session_get_sync_info (session);

  self->session = g_object_ref (session);
  gtk_switch_set_active (self->offline, csl_session_get_offline (session));
  g_object_bind_property (info, "sentence", self->sentence, "label",
                          G_BINDING_SYNC_CREATE);
  g_signal_connect_object (info, "notify", G_CALLBACK (info_changed_cb), self,
                           G_CONNECT_SWAPPED);
  adw_bin_set_child (self->list_place, csl_unsent_list_new (session));
  info_changed_cb (self);
  return GTK_WIDGET (self);
}
