/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-row-list.c: rows in short boxed lists, where all lines are on screen at once. */
#define G_LOG_DOMAIN "csl-row-list"

#include "config.h"

#include "client/ui/shell/csl-row.h"

typedef struct
{
  GType row_type;
  CslSession *session; /* (owned) */
} RowList;

static void
row_list_free (gpointer data)
{
  RowList *self = data;

  g_object_unref (self->session);
  g_free (self);
}

static GtkWidget *
create_row_cb (gpointer item, gpointer user_data)
{
  RowList *self = user_data;
  GtkWidget *line = gtk_list_box_row_new ();
  GtkWidget *row = g_object_new (self->row_type, "session", self->session, NULL);

  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (line), row);
  /* Inside the line already, so that the spoken text reaches it. */
  g_object_set (row, "item", item, NULL);
  return line;
}

/* The list box calls this whenever the row above another changes. */
static void
update_previous_cb (GtkListBoxRow *line, GtkListBoxRow *before, gpointer user_data)
{
  CslRow *row = csl_row_from_list_box_row (line);
  CslRow *above = before != NULL ? csl_row_from_list_box_row (before) : NULL;

  g_object_set (row, "previous", above != NULL ? csl_row_get_item (above) : NULL, NULL);
}

/* GTK frees the data of a list while it still listens to the model. The last session to go would take
 * its rows away just then; so one is held until the list has let go. */
static void
destroy_cb (GtkListBox *list, CslSession *session)
{
  gtk_list_box_bind_model (list, NULL, NULL, NULL, NULL);
}

static void
release_session_cb (gpointer session, GClosure *closure)
{
  g_object_unref (session);
}

void
csl_row_bind_list (GtkListBox *list,
                   GListModel *model,
                   GType row_type,
                   CslSession *session)
{
  RowList *self = g_new0 (RowList, 1);

  self->row_type = row_type;
  self->session = g_object_ref (session);
  gtk_list_box_bind_model (list, model, create_row_cb, self, row_list_free);
  g_signal_handlers_disconnect_matched (list, G_SIGNAL_MATCH_FUNC, 0, 0, NULL,
                                        (gpointer) destroy_cb, NULL);
  /* The list emits it and holds the session. */
  g_signal_connect_data (list, "destroy", G_CALLBACK (destroy_cb), g_object_ref (session),
                         release_session_cb, 0);
  gtk_list_box_set_header_func (list, update_previous_cb, NULL, NULL);
}

CslRow *
csl_row_from_list_box_row (GtkListBoxRow *row)
{
  GtkWidget *child = gtk_list_box_row_get_child (row);

  return CSL_IS_ROW (child) ? CSL_ROW (child) : NULL;
}
