/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "caseload"

#include "client/ui/record/csl-saved-label.h"

#include "client/app/csl-region.h"

#include <glib/gi18n.h>

struct _CslSavedLabel
{
  AdwBin parent_instance;

  GSignalGroup *signals; /* (owned): of the keeper */
  GtkLabel *label;       /* (unowned): child */
};

G_DEFINE_FINAL_TYPE (CslSavedLabel, csl_saved_label, ADW_TYPE_BIN)

static char *
describe (CslDraftKeeper *keeper)
{
  g_autoptr (GDateTime) at = NULL;
  g_autofree char *clock = NULL;
  gint64 saved_at = csl_draft_keeper_get_saved_at (keeper);
  gboolean failed;

  g_object_get (keeper, "failed", &failed, NULL);
  if (failed)
    return g_strdup (
      _ ("Not saved: this computer's disk does not take it. Copy your text to be safe."));
  if (saved_at == 0)
    return g_strdup (csl_draft_keeper_get_resumed (keeper)
                       ? _ ("Saved on this computer")
                       : _ ("Everything you write is saved at once"));
  at = g_date_time_new_from_unix_local (saved_at / 1000);
  clock = csl_region_clock (at);
  return g_strdup_printf (_ ("Saved on this computer %s"), clock);
}

static void
keeper_changed_cb (CslSavedLabel *self, GParamSpec *pspec, CslDraftKeeper *keeper)
{
  g_autofree char *text = describe (keeper);

  (void) pspec;
  gtk_label_set_label (self->label, text);
}

static void
dispose (GObject *object)
{
  g_clear_object (&CSL_SAVED_LABEL (object)->signals);
  G_OBJECT_CLASS (csl_saved_label_parent_class)->dispose (object);
}

static void
csl_saved_label_class_init (CslSavedLabelClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = dispose;
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass),
                                        GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
csl_saved_label_init (CslSavedLabel *self)
{
  GtkWidget *label =
    g_object_new (GTK_TYPE_LABEL, "accessible-role", GTK_ACCESSIBLE_ROLE_STATUS, NULL);

  self->label = GTK_LABEL (label);
  gtk_label_set_xalign (self->label, 0);
  gtk_label_set_wrap (self->label, TRUE);
  gtk_widget_add_css_class (label, "dim-label");
  gtk_widget_add_css_class (label, "caption");
  adw_bin_set_child (ADW_BIN (self), label);
  self->signals = g_signal_group_new (CSL_TYPE_DRAFT_KEEPER);
  g_signal_group_connect_swapped (self->signals, "notify::saved-at",
                                  G_CALLBACK (keeper_changed_cb), self);
}

void
csl_saved_label_set_keeper (CslSavedLabel *self, CslDraftKeeper *keeper)
{
  g_return_if_fail (CSL_IS_SAVED_LABEL (self));

  g_signal_group_set_target (self->signals, keeper);
  if (keeper != NULL) {
    g_autofree char *text = describe (keeper);
    gtk_label_set_label (self->label, text);
  }
}
