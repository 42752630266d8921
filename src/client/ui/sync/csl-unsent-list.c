/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "caseload"

#include "client/ui/sync/csl-unsent-list.h"

#include "client/ui/sync/csl-outbox-row.h"

#include <glib/gi18n.h>

/* More are counted, not listed: a list box makes a widget for each. */
#define MAX_ROWS 200

struct _CslUnsentList
{
  AdwBin parent_instance;

  CslSession *session; /* (owned) */
  GListModel *items;   /* (owned): all of them */

  GtkListBox *list; /* (unowned): child */
  GtkLabel *rest;   /* (unowned): child */
};

G_DEFINE_FINAL_TYPE (CslUnsentList, csl_unsent_list, ADW_TYPE_BIN)

static GtkWidget *
create_row_cb (gpointer item, gpointer data)
{
  CslUnsentList *self = CSL_UNSENT_LIST (data);

  return csl_outbox_row_new (self->session, CSL_OUTBOX_ITEM (item));
}

static void
items_changed_cb (CslUnsentList *self)
{
  guint size = g_list_model_get_n_items (self->items);
  g_autofree char *text =
    g_strdup_printf (ngettext ("and %u more", "and %u more",
                               size > MAX_ROWS ? size - MAX_ROWS : 1),
                     size > MAX_ROWS ? size - MAX_ROWS : 0);

  gtk_label_set_label (self->rest, text);
  gtk_widget_set_visible (GTK_WIDGET (self->rest), size > MAX_ROWS);
  gtk_widget_set_visible (GTK_WIDGET (self->list), size > 0);
}

static void
dispose (GObject *object)
{
  CslUnsentList *self = CSL_UNSENT_LIST (object);

  g_clear_object (&self->items);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (csl_unsent_list_parent_class)->dispose (object);
}

static void
csl_unsent_list_class_init (CslUnsentListClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = dispose;
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass),
                                        GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
csl_unsent_list_init (CslUnsentList *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Unsent changes"),
                                  -1);
  self->rest = GTK_LABEL (gtk_label_new (NULL));
  gtk_widget_add_css_class (GTK_WIDGET (self->rest), "dim-label");
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->list));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->rest));
  adw_bin_set_child (ADW_BIN (self), box);
}

GtkWidget *
csl_unsent_list_new (CslSession *session)
{
  CslUnsentList *self = g_object_new (CSL_TYPE_UNSENT_LIST, NULL);
  g_autoptr (GtkSliceListModel) slice = NULL;

  self->session = g_object_ref (session);
  self->items = csl_session_list_outbox (session);
  slice = gtk_slice_list_model_new (g_object_ref (self->items), 0, MAX_ROWS);
  gtk_list_box_bind_model (self->list, G_LIST_MODEL (slice), create_row_cb, self, NULL);
  g_signal_connect_object (self->items, "items-changed", G_CALLBACK (items_changed_cb),
                           self, G_CONNECT_SWAPPED);
  items_changed_cb (self);
  return GTK_WIDGET (self);
}
