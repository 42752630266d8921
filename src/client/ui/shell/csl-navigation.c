/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-navigation.c: the calls behind csl-navigation.h; no state of its own. */
#define G_LOG_DOMAIN "csl-navigation"

#include "config.h"

#include "client/ui/shell/csl-navigation.h"

#include "client/ui/shell/csl-undo-toast.h"

#include <glib/gi18n.h>

void
csl_navigation_open_record (GtkWidget *from, const char *type, const char *id)
{
  gtk_widget_activate_action (from, "nav.open", "(ss)", type, id);
}

void
csl_navigation_replace_with_record (GtkWidget *from, const char *type, const char *id)
{
  gtk_widget_activate_action (from, "nav.replace", "(ss)", type, id);
}

void
csl_navigation_write (GtkWidget *from, const CslPageRequest *request)
{
  g_autoptr (GVariant) target =
    g_variant_ref_sink (csl_page_request_to_variant (request));

  gtk_widget_activate_action_variant (from, "nav.write", target);
}

void
csl_navigation_new_note (GtkWidget *from,
                         const char *client,
                         const char *case_id,
                         const char *draft)
{
  csl_navigation_write (from, &(CslPageRequest){ .type = "note",
                                                 .client = client,
                                                 .case_id = case_id,
                                                 .draft = draft });
}

void
csl_navigation_replace_with_note (GtkWidget *from, const char *client)
{
  const CslPageRequest request = { .type = "note", .client = client };
  g_autoptr (GVariant) target =
    g_variant_ref_sink (csl_page_request_to_variant (&request));

  gtk_widget_activate_action_variant (from, "nav.replace-write", target);
}

void
csl_navigation_start_visit (GtkWidget *from, const char *appointment)
{
  csl_navigation_write (from,
                        &(CslPageRequest){ .type = "visit", .appointment = appointment });
}

void
csl_navigation_new_client (GtkWidget *from)
{
  csl_navigation_write (from, &(CslPageRequest){ .type = "client" });
}

void
csl_navigation_edit_record (GtkWidget *from, const char *type, const char *id)
{
  csl_navigation_write (from, &(CslPageRequest){ .type = type, .id = id });
}

void
csl_navigation_show_difference (GtkWidget *from, const char *conflict)
{
  csl_navigation_open_record (from, "sync_conflict", conflict);
}

void
csl_navigation_back (GtkWidget *from)
{
  gtk_widget_activate_action (from, "nav.back", NULL);
}

static void
add_toast (GtkWidget *from, AdwToast *toast)
{
  GtkWidget *overlay = gtk_widget_get_ancestor (from, ADW_TYPE_TOAST_OVERLAY);

  if (overlay != NULL)
    adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (overlay), g_object_ref (toast));
}

/* Toasts wait for each other, but what was done two steps ago is no news. */
static void
replace_toast (GtkWidget *from, AdwToast *toast)
{
  GtkWidget *overlay = gtk_widget_get_ancestor (from, ADW_TYPE_TOAST_OVERLAY);
  AdwToast *last = overlay != NULL ? g_object_get_data (G_OBJECT (overlay), "last-toast")
                                   : NULL;

  if (overlay == NULL)
    return;
  if (last != NULL)
    adw_toast_dismiss (last);
  g_object_set_data_full (G_OBJECT (overlay), "last-toast", g_object_ref (toast),
                          g_object_unref);
  add_toast (from, toast);
}

void
csl_navigation_toast (GtkWidget *from, const char *title)
{
  g_autofree char *text = g_markup_escape_text (title, -1);
  g_autoptr (AdwToast) toast = g_object_ref_sink (adw_toast_new (text));

  replace_toast (from, toast);
}

/* What can be taken back is forgotten once it was. */
static void
undo_pressed_cb (AdwToast *toast, GtkWidget *overlay)
{
  if (g_object_get_data (G_OBJECT (overlay), "undo-toast") == toast)
    g_object_set_data (G_OBJECT (overlay), "undo-toast", NULL);
}

void
csl_navigation_toast_undo (GtkWidget *from,
                           CslSession *session,
                           const char *title,
                           const CslEdit *edit)
{
  g_autoptr (AdwToast) toast = csl_undo_toast_new (session, title, edit);
  GtkWidget *overlay = gtk_widget_get_ancestor (from, ADW_TYPE_TOAST_OVERLAY);

  if (overlay == NULL)
    return;
  g_object_set_data_full (G_OBJECT (overlay), "undo-toast", g_object_ref (toast),
                          g_object_unref);
  g_signal_connect_object (toast, "button-clicked", G_CALLBACK (undo_pressed_cb), overlay,
                           G_CONNECT_AFTER);
  add_toast (from, toast);
}

/* The message may be gone when the key is pressed: it says again what is taken back. */
void
csl_navigation_undo (GtkWidget *from)
{
  GtkWidget *overlay = gtk_widget_get_ancestor (from, ADW_TYPE_TOAST_OVERLAY);
  AdwToast *toast = overlay != NULL ? g_object_get_data (G_OBJECT (overlay), "undo-toast")
                                    : NULL;
  g_autoptr (AdwToast) done = NULL;
  g_autofree char *text = NULL;

  if (toast == NULL) {
    csl_navigation_toast (from, _ ("There is nothing to take back"));
    return;
  }
  /* Translators: what was done a moment ago and is undone now. */
  text = g_strdup_printf (_ ("Taken back: %s"), adw_toast_get_title (toast));
  done = g_object_ref_sink (adw_toast_new (text));
  g_object_ref (toast);
  g_signal_emit_by_name (toast, "button-clicked");
  adw_toast_dismiss (toast);
  g_object_unref (toast);
  replace_toast (from, done);
}

void
csl_navigation_keep_focus (GtkWidget *page)
{
  GtkRoot *root = gtk_widget_get_root (page);
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  if (root == NULL || (focus != NULL && gtk_widget_get_root (focus) == root &&
                       gtk_widget_get_mapped (focus)))
    return;
  if (!gtk_widget_child_focus (page, GTK_DIR_TAB_FORWARD))
    gtk_widget_child_focus (GTK_WIDGET (root), GTK_DIR_TAB_FORWARD);
}

static gboolean
give_focus_cb (gpointer widget)
{
  if (gtk_widget_get_mapped (widget))
    gtk_widget_grab_focus (widget);
  return G_SOURCE_REMOVE;
}

/* Not at once: the window first notes that the focus is to go to the button of the popover. */
static void
closed_cb (GtkPopover *popover, gpointer widget)
{
  g_signal_handlers_disconnect_by_func (popover, closed_cb, widget);
  g_idle_add_full (G_PRIORITY_DEFAULT, give_focus_cb, g_object_ref (widget),
                   g_object_unref);
}

void
csl_navigation_return_focus (GtkWidget *from, GtkPopover *popover)
{
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (from));

  if (focus != NULL)
    g_signal_connect_object (popover, "closed", G_CALLBACK (closed_cb), focus, 0);
}
