/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "caseload"

#include "client/ui/sync/csl-unsent-page.h"

#include "client/ui/sync/csl-sync-panel.h"

#include <glib/gi18n.h>

struct _CslUnsentPage
{
  CslPage parent_instance;
};

G_DEFINE_FINAL_TYPE (CslUnsentPage, csl_unsent_page, CSL_TYPE_PAGE)

static void
csl_unsent_page_class_init (CslUnsentPageClass *klass)
{
  (void) klass;
}

static void
csl_unsent_page_init (CslUnsentPage *self)
{
  (void) self;
}

CslPage *
csl_unsent_page_new (CslSession *session)
{
  CslPage *self = g_object_new (CSL_TYPE_UNSENT_PAGE, "session", session, "title",
                                _ ("Unsent Work"), NULL);
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *clamp = adw_clamp_new ();

  gtk_widget_set_margin_top (clamp, 18);
  gtk_widget_set_margin_bottom (clamp, 18);
  gtk_widget_set_margin_start (clamp, 12);
  gtk_widget_set_margin_end (clamp, 12);
  adw_clamp_set_child (ADW_CLAMP (clamp), csl_sync_panel_new (session));
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), clamp);
  adw_bin_set_child (ADW_BIN (self), scroller);
  return self;
}
