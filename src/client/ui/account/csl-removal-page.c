/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-removal-page.c: the page in place of the records that are gone. It says what is true now, and tries again while
 * something is left to send or to delete.
 */
#define G_LOG_DOMAIN "csl-removal-page"

#include "config.h"

#include "client/ui/account/csl-removal-page.h"

#include "client/app/csl-account.h"

#include <glib/gi18n.h>

#define AGAIN_S 15

struct _CslRemovalPage
{
  AdwBin parent_instance;

  GCancellable *cancellable; /* (owned) */
  bool is_running;
  guint again_source;

  AdwStatusPage *status;   /* (unowned): template child */
  GtkWidget *close_button; /* (unowned): template child */
};

G_DEFINE_FINAL_TYPE (CslRemovalPage, csl_removal_page, ADW_TYPE_BIN)

static const char *
get_organisation (const CslRemovalState *state)
{
  return state->organisation != NULL ? state->organisation : _ ("your organisation");
}

static char *
dup_finished (const CslRemovalState *state)
{
  if (state->entries == 0)
    return g_strdup (_ ("Everything you had written was sent before. No records are left "
                        "on this computer."));
  return g_strdup_printf (
    /* Translators: %1$u is a number, %2$s the name of an organisation */
    ngettext (
      "Your unsent work (%1$u entry) was kept safe and sent to %2$s. No records "
      "are left on this computer.",
      "Your unsent work (%1$u entries) was kept safe and sent to %2$s. No records "
      "are left on this computer.",
      state->entries),
    state->entries, get_organisation (state));
}

static char *
dup_waiting (const CslRemovalState *state)
{
  if (!state->destroyed)
    return g_strdup (_ ("Not everything could be deleted yet. Caseload keeps trying; "
                        "please leave it open."));
  if (state->entries == 0 || state->sent)
    return g_strdup (
      _ ("Nothing on this computer can be read any more. Your organisation "
         "is told as soon as there is a connection."));
  return g_strdup_printf (
    /* Translators: %1$u is a number, %2$s the name of an organisation */
    ngettext ("Your unsent work (%1$u entry) is sealed. It is sent to %2$s as soon as "
              "there is a connection. Nothing on this computer can be read any more.",
              "Your unsent work (%1$u entries) is sealed. It is sent to %2$s as soon as "
              "there is a connection. Nothing on this computer can be read any more.",
              state->entries),
    state->entries, get_organisation (state));
}

static void
show_state (CslRemovalPage *self, const CslRemovalState *state)
{
  g_autofree char *text = state->finished ? dup_finished (state) : dup_waiting (state);
  g_autofree char *markup = g_markup_escape_text (text, -1);

  adw_status_page_set_description (self->status, markup);
  gtk_widget_set_visible (self->close_button, state->finished);
  if (state->finished)
    gtk_widget_grab_focus (self->close_button);
}

static gboolean
again_cb (gpointer user_data)
{
  CslRemovalPage *self = user_data;

  self->again_source = 0;
  csl_removal_page_run (self);
  return G_SOURCE_REMOVE;
}

static void
came_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CslRemovalPage) self = user_data;
  g_autoptr (CslRemovalState) state = csl_account_finish_removal_finish (result, NULL);

  self->is_running = false;
  if (state == NULL || g_cancellable_is_cancelled (self->cancellable))
    return;
  show_state (self, state);
  if (state->finished && csl_account_is_removal_pending (NULL))
    csl_removal_page_run (self);
  else if (!state->finished)
    self->again_source = g_timeout_add_seconds (AGAIN_S, again_cb, self);
}

static void
csl_removal_page_dispose (GObject *object)
{
  CslRemovalPage *self = CSL_REMOVAL_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->again_source, g_source_remove);
  G_OBJECT_CLASS (csl_removal_page_parent_class)->dispose (object);
}

static void
csl_removal_page_finalize (GObject *object)
{
  g_clear_object (&CSL_REMOVAL_PAGE (object)->cancellable);
  G_OBJECT_CLASS (csl_removal_page_parent_class)->finalize (object);
}

static void
csl_removal_page_class_init (CslRemovalPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = csl_removal_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = csl_removal_page_finalize;
  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/caseload/Caseload/account/csl-removal-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CslRemovalPage, status);
  gtk_widget_class_bind_template_child (widget_class, CslRemovalPage, close_button);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
csl_removal_page_init (CslRemovalPage *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
csl_removal_page_run (CslRemovalPage *self)
{
  g_return_if_fail (CSL_IS_REMOVAL_PAGE (self));
  if (self->is_running)
    return;
  g_clear_handle_id (&self->again_source, g_source_remove);
  self->is_running = true;
  csl_account_finish_removal_async (NULL, self->cancellable, came_cb,
                                    g_object_ref (self));
}
