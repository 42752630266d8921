/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-fact-row.c: one fact to read; its text can be selected and copied. */
#define G_LOG_DOMAIN "csl-fact-row"

#include "config.h"

#include "client/ui/record/csl-fact-row.h"

struct _CslFactRow
{
  GtkListBoxRow parent_instance;

  GtkLabel *label; /* (unowned): template child */
  GtkLabel *text;  /* (unowned): template child */
  AdwBin *suffix;  /* (unowned): template child */
};

G_DEFINE_FINAL_TYPE (CslFactRow, csl_fact_row, GTK_TYPE_LIST_BOX_ROW)

static void
csl_fact_row_class_init (CslFactRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/caseload/Caseload/record/csl-fact-row.ui");
  gtk_widget_class_bind_template_child (widget_class, CslFactRow, label);
  gtk_widget_class_bind_template_child (widget_class, CslFactRow, text);
  gtk_widget_class_bind_template_child (widget_class, CslFactRow, suffix);
}

static void
csl_fact_row_init (CslFactRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
csl_fact_row_new (const char *label, const char *text)
{
  CslFactRow *self = g_object_new (CSL_TYPE_FACT_ROW, NULL);

  gtk_label_set_label (self->label, label);
  gtk_label_set_label (self->text, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
  return GTK_WIDGET (self);
}

void
csl_fact_row_set_suffix (CslFactRow *self, GtkWidget *suffix)
{
  g_return_if_fail (CSL_IS_FACT_ROW (self));
  adw_bin_set_child (self->suffix, suffix);
}
