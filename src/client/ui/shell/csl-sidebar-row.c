/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-sidebar-row.c: one line of the sidebar. */
#define G_LOG_DOMAIN "csl-sidebar-row"

#include "config.h"

#include "client/ui/shell/csl-sidebar-row.h"

#include <glib/gi18n.h>

struct _CslSidebarRow
{
  GtkListBoxRow parent_instance;
  CslSection *section; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (CslSidebarRow, csl_sidebar_row, GTK_TYPE_LIST_BOX_ROW)

enum {
  PROP_0,
  PROP_SECTION,
};

static char *
count_text (CslSidebarRow *self, guint count)
{
  return count > 0 ? g_strdup_printf ("%u", count) : NULL;
}

static gboolean
count_is_visible (CslSidebarRow *self, guint count)
{
  return count > 0;
}

/* "Unsent, 3" */
static void
count_changed_cb (CslSidebarRow *self)
{
  const char *title = csl_section_get_title (self->section);
  g_autofree char *spoken = NULL;
  guint count;

  g_object_get (self->section, "count", &count, NULL);
  /* Translators: a place and how many things wait there, read out by a screen reader. */
  spoken = count > 0 ? g_strdup_printf (_ ("%s, %u"), title, count) : g_strdup (title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  spoken, -1);
}

static void
csl_sidebar_row_dispose (GObject *object)
{
  g_clear_object (&CSL_SIDEBAR_ROW (object)->section);
  G_OBJECT_CLASS (csl_sidebar_row_parent_class)->dispose (object);
}

static void
csl_sidebar_row_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SECTION)
    g_value_set_object (value, CSL_SIDEBAR_ROW (object)->section);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
csl_sidebar_row_set_property (GObject *object,
                              guint id,
                              const GValue *value,
                              GParamSpec *pspec)
{
  if (id == PROP_SECTION)
    g_set_object (&CSL_SIDEBAR_ROW (object)->section, g_value_get_object (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

/* Screen readers and switches have no Enter key: for them each place has an action. */
static void
open_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_widget_activate (widget);
}

static void
csl_sidebar_row_class_init (CslSidebarRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = csl_sidebar_row_dispose;
  object_class->get_property = csl_sidebar_row_get_property;
  object_class->set_property = csl_sidebar_row_set_property;
  g_object_class_install_property (object_class, PROP_SECTION,
                                   g_param_spec_object ("section", NULL, NULL,
                                                        CSL_TYPE_SECTION,
                                                        G_PARAM_READWRITE |
                                                          G_PARAM_STATIC_STRINGS));

  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/caseload/Caseload/shell/csl-sidebar-row.ui");
  gtk_widget_class_bind_template_callback (widget_class, count_text);
  gtk_widget_class_bind_template_callback (widget_class, count_is_visible);
  gtk_widget_class_install_action (widget_class, "row.open", NULL, open_action);
}

static void
csl_sidebar_row_init (CslSidebarRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
csl_sidebar_row_new (CslSection *section)
{
  CslSidebarRow *self = g_object_new (CSL_TYPE_SIDEBAR_ROW, "section", section, NULL);

  g_signal_connect_object (section, "notify::count", G_CALLBACK (count_changed_cb), self,
                           G_CONNECT_SWAPPED);
  count_changed_cb (self);
  return GTK_WIDGET (self);
}

CslSection *
csl_sidebar_row_get_section (CslSidebarRow *self)
{
  g_return_val_if_fail (CSL_IS_SIDEBAR_ROW (self), NULL);
  return self->section;
}
