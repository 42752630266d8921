/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-sidebar.c: the list of places, in groups. */
#define G_LOG_DOMAIN "csl-sidebar"

#include "config.h"

#include "client/ui/shell/csl-sidebar.h"

#include "client/ui/shell/csl-sidebar-row.h"
#include "client/ui/wrap/csl-list-tab.h"

struct _CslSidebar
{
  AdwBin parent_instance;
  GtkListBox *list; /* (unowned): template child */
};

G_DEFINE_FINAL_TYPE (CslSidebar, csl_sidebar, ADW_TYPE_BIN)

static GtkWidget *
create_row_cb (gpointer item, gpointer user_data)
{
  return csl_sidebar_row_new (CSL_SECTION (item));
}

static void
update_header_cb (GtkListBoxRow *row, GtkListBoxRow *before, gpointer user_data)
{
  CslSection *section = csl_sidebar_row_get_section (CSL_SIDEBAR_ROW (row));
  const char *heading = csl_section_get_heading (section);
  GtkWidget *label;

  if (heading == NULL)
    return;
  label = gtk_label_new (heading);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "sidebar-heading");
  gtk_list_box_row_set_header (row, label);
}

static void
row_activated_cb (CslSidebar *self, GtkListBoxRow *row)
{
  CslSection *section = csl_sidebar_row_get_section (CSL_SIDEBAR_ROW (row));

  gtk_widget_activate_action (GTK_WIDGET (self), "shell.show-section", "s",
                              csl_section_get_id (section));
}

static void
csl_sidebar_class_init (CslSidebarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/caseload/Caseload/shell/csl-sidebar.ui");
  gtk_widget_class_bind_template_child (widget_class, CslSidebar, list);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
csl_sidebar_init (CslSidebar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_set_header_func (self->list, update_header_cb, NULL, NULL);
  csl_list_tab_leave (GTK_WIDGET (self->list));
}

void
csl_sidebar_set_model (CslSidebar *self, GListModel *model)
{
  g_return_if_fail (CSL_IS_SIDEBAR (self));
  gtk_list_box_bind_model (self->list, model, create_row_cb, NULL, NULL);
}

void
csl_sidebar_select (CslSidebar *self, const char *id)
{
  GtkListBoxRow *row;

  g_return_if_fail (CSL_IS_SIDEBAR (self));
  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list, i)) != NULL; i++) {
    CslSection *section = csl_sidebar_row_get_section (CSL_SIDEBAR_ROW (row));

    if (g_strcmp0 (csl_section_get_id (section), id) == 0)
      gtk_list_box_select_row (self->list, row);
  }
}
