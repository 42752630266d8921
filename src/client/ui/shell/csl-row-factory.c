/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-row-factory.c: rows for list views. Every list uses this one factory, so that recycling,
 * the session and the item above are handled in one place. */
#define G_LOG_DOMAIN "csl-row-factory"

#include "config.h"

#include "client/ui/shell/csl-row.h"

typedef struct
{
  GType row_type;
  GWeakRef session;    /* (owned): of CslSession */
  GSignalGroup *model; /* (owned): of the GListModel, which may be none */
  GPtrArray *bound;    /* (owned) of GtkListItem (unowned): on screen now */
} Factory;

static void
update_previous (Factory *self, GtkListItem *list_item)
{
  g_autoptr (GListModel) model = g_signal_group_dup_target (self->model);
  const guint position = gtk_list_item_get_position (list_item);
  g_autoptr (GObject) previous = NULL;

  if (model != NULL && position != GTK_INVALID_LIST_POSITION && position > 0)
    previous = g_list_model_get_item (model, position - 1);
  g_object_set (gtk_list_item_get_child (list_item), "previous", previous, NULL);
}

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, gpointer user_data)
{
  Factory *self = user_data;
  g_autoptr (CslSession) session = g_weak_ref_get (&self->session);

  gtk_list_item_set_child (list_item,
                           g_object_new (self->row_type, "session", session, NULL));
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, gpointer user_data)
{
  Factory *self = user_data;

  g_object_set (gtk_list_item_get_child (list_item), "item",
                gtk_list_item_get_item (list_item), NULL);
  update_previous (self, list_item);
  g_ptr_array_add (self->bound, list_item);
}

static void
unbind_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, gpointer user_data)
{
  Factory *self = user_data;

  g_ptr_array_remove_fast (self->bound, list_item);
  g_object_set (gtk_list_item_get_child (list_item), "item", NULL, "previous", NULL,
                NULL);
}

/* The line above a line on screen may be another one now. */
static void
items_changed_cb (GListModel *model,
                  guint position,
                  guint removed,
                  guint added,
                  gpointer user_data)
{
  Factory *self = user_data;

  for (guint i = 0; i < self->bound->len; i++)
    update_previous (self, g_ptr_array_index (self->bound, i));
}

static void
factory_free (gpointer data, GClosure *closure)
{
  Factory *self = data;

  g_weak_ref_clear (&self->session);
  g_object_unref (self->model);
  g_ptr_array_unref (self->bound);
  g_free (self);
}

GtkListItemFactory *
csl_row_factory_new (GType row_type, CslSession *session, GListModel *model)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  Factory *self = g_new0 (Factory, 1);

  g_return_val_if_fail (g_type_is_a (row_type, CSL_TYPE_ROW), factory);
  self->row_type = row_type;
  self->bound = g_ptr_array_new ();
  g_weak_ref_init (&self->session, session);
  self->model = g_signal_group_new (G_TYPE_LIST_MODEL);
  g_signal_group_connect_data (self->model, "items-changed",
                               G_CALLBACK (items_changed_cb), self, NULL,
                               G_CONNECT_AFTER);
  g_signal_group_set_target (self->model, model);
  /* The factory owns the data through its last handler and frees it when it goes. */
  g_object_connect (factory, "signal::bind", bind_cb, self, "signal::unbind", unbind_cb,
                    self, NULL);
  g_signal_connect_data (factory, "setup", G_CALLBACK (setup_cb), self, factory_free, 0);
  return factory;
}
