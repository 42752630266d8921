/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "caseload"

#include "client/ui/sync/csl-sync-popover.h"

#include "client/ui/sync/csl-sync-panel.h"

#include <glib/gi18n.h>

struct _CslSyncPopover
{
  GtkPopover parent_instance;
};

G_DEFINE_FINAL_TYPE (CslSyncPopover, csl_sync_popover, GTK_TYPE_POPOVER)

static void
csl_sync_popover_class_init (CslSyncPopoverClass *klass)
{
  (void) klass;
}

static void
csl_sync_popover_init (CslSyncPopover *self)
{
  (void) self;
}

GtkPopover *
csl_sync_popover_new (CslSession *session)
{
  GtkPopover *self = g_object_new (CSL_TYPE_SYNC_POPOVER, NULL);
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *panel = csl_sync_panel_new (session);

  gtk_widget_set_margin_top (panel, 12);
  gtk_widget_set_margin_bottom (panel, 12);
  gtk_widget_set_margin_start (panel, 12);
  gtk_widget_set_margin_end (panel, 12);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroller), 520);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), panel);
  gtk_widget_set_size_request (scroller, 330, -1);
  gtk_popover_set_child (self, scroller);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("State of your changes"), -1);
  return self;
}
