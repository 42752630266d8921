/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "caseload"

#include "client/ui/fields/csl-reference-chooser.h"

#include "core/schema/csl-label.h"

struct _CslReferenceChooser
{
  GtkPopover parent_instance;

  CslSession *session;       /* (owned) */
  const CslRecordType *type; /* (unowned) */

  /* widgets */
  GtkSearchEntry *search;
  GtkListView *list;
  GtkSingleSelection *selection;
  GtkButton *none;
};

G_DEFINE_FINAL_TYPE (CslReferenceChooser, csl_reference_chooser, GTK_TYPE_POPOVER)

enum {
  CHOSEN,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static gboolean
title_matches (gpointer item, gpointer data)
{
  CslReferenceChooser *self = CSL_REFERENCE_CHOOSER (data);
  const char *words = gtk_editable_get_text (GTK_EDITABLE (self->search));

  return words[0] == '\0' ||
         g_str_match_string (words, csl_record_item_get_title (item), TRUE);
}

/* Searchable types ask the full-text index, short lists are filtered by title. */
static GListModel *
list_matches (CslReferenceChooser *self)
{
  g_autoptr (CslQuery) query = csl_query_new (self->type);
  const char *words = gtk_editable_get_text (GTK_EDITABLE (self->search));
  GtkFilter *filter;

  if (csl_record_type_is_searchable (self->type)) {
    if (words[0] != '\0')
      csl_query_set_search (query, words);
    return csl_session_list (self->session, query);
  }
  filter = GTK_FILTER (gtk_custom_filter_new (title_matches, self, NULL));
  return G_LIST_MODEL (
    gtk_filter_list_model_new (csl_session_list (self->session, query), filter));
}

static void
refresh (CslReferenceChooser *self)
{
  g_autoptr (GListModel) matches = list_matches (self);

  gtk_single_selection_set_model (self->selection, matches);
}

static void
search_changed_cb (CslReferenceChooser *self)
{
  refresh (self);
}

static void
activate_cb (CslReferenceChooser *self, guint position)
{
  g_autoptr (CslRecordItem) item =
    g_list_model_get_item (G_LIST_MODEL (self->selection), position);

  if (item != NULL)
    g_signal_emit (self, signals[CHOSEN], 0, item);
}

static void
search_activate_cb (CslReferenceChooser *self)
{
  activate_cb (self, gtk_single_selection_get_selected (self->selection));
}

static void
none_cb (CslReferenceChooser *self)
{
  g_signal_emit (self, signals[CHOSEN], 0, NULL);
}

static void
map (GtkWidget *widget)
{
  CslReferenceChooser *self = CSL_REFERENCE_CHOOSER (widget);

  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  refresh (self);
  GTK_WIDGET_CLASS (csl_reference_chooser_parent_class)->map (widget);
  gtk_widget_grab_focus (GTK_WIDGET (self->search));
}

static void
dispose (GObject *object)
{
  CslReferenceChooser *self = CSL_REFERENCE_CHOOSER (object);

  g_clear_object (&self->session);
  G_OBJECT_CLASS (csl_reference_chooser_parent_class)->dispose (object);
}

static void
csl_reference_chooser_class_init (CslReferenceChooserClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dispose;
  widget_class->map = map;
  signals[CHOSEN] = g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                  0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                  CSL_TYPE_RECORD_ITEM);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/caseload/Caseload/fields/csl-reference-chooser.ui");
  gtk_widget_class_bind_template_child (widget_class, CslReferenceChooser, search);
  gtk_widget_class_bind_template_child (widget_class, CslReferenceChooser, list);
  gtk_widget_class_bind_template_child (widget_class, CslReferenceChooser, selection);
  gtk_widget_class_bind_template_child (widget_class, CslReferenceChooser, none);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, none_cb);
}

static void
csl_reference_chooser_init (CslReferenceChooser *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
csl_reference_chooser_new (CslSession *session, const CslRecordType *type, bool with_none)
{
  CslReferenceChooser *self = g_object_new (CSL_TYPE_REFERENCE_CHOOSER, NULL);

  g_set_object (&self->session, session);
  self->type = type;
  gtk_widget_set_visible (GTK_WIDGET (self->none), with_none);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  csl_label_types (type), -1);
  return GTK_WIDGET (self);
}
