/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-notice.c: a banner of icon and words; colour only underlines what both already say. */
#define G_LOG_DOMAIN "csl-notice"

#include "config.h"

#include "client/ui/shell/csl-notice.h"

struct _CslNotice
{
  AdwBin parent_instance;

  GtkImage *image; /* (unowned): template child */
  GtkLabel *label; /* (unowned): template child */
};

G_DEFINE_FINAL_TYPE (CslNotice, csl_notice, ADW_TYPE_BIN)

static const struct
{
  const char *css_class, *icon_name;
} kinds[] = {
  [CSL_NOTICE_INFORMATION] = { "information", "dialog-information-symbolic" },
  [CSL_NOTICE_WARNING] = { "warning", "dialog-warning-symbolic" },
  [CSL_NOTICE_ERROR] = { "error", "dialog-error-symbolic" },
};

static void
csl_notice_class_init (CslNoticeClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/caseload/Caseload/shell/csl-notice.ui");
  gtk_widget_class_bind_template_child (widget_class, CslNotice, image);
  gtk_widget_class_bind_template_child (widget_class, CslNotice, label);
}

static void
csl_notice_init (CslNotice *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  csl_notice_set_kind (self, CSL_NOTICE_WARNING);
}

GtkWidget *
csl_notice_new (CslNoticeKind kind, const char *text)
{
  CslNotice *self = g_object_new (CSL_TYPE_NOTICE, NULL);

  csl_notice_set_kind (self, kind);
  csl_notice_set_text (self, text);
  return GTK_WIDGET (self);
}

void
csl_notice_set_text (CslNotice *self, const char *text)
{
  g_return_if_fail (CSL_IS_NOTICE (self));
  gtk_label_set_label (self->label, text != NULL ? text : "");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  text != NULL ? text : "", -1);
}

void
csl_notice_show_text (CslNotice *self, GtkWidget *status, const char *text)
{
  g_return_if_fail (CSL_IS_NOTICE (self) && GTK_IS_WIDGET (status));

  /* GTK 4.8 tells readers what changes, not what appears. */
  if (text != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (status),
                                    GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  csl_notice_set_text (self, text);
  gtk_widget_set_visible (GTK_WIDGET (self), text != NULL);
}

void
csl_notice_set_kind (CslNotice *self, CslNoticeKind kind)
{
  g_return_if_fail (CSL_IS_NOTICE (self));
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    gtk_widget_remove_css_class (GTK_WIDGET (self), kinds[i].css_class);
  gtk_widget_add_css_class (GTK_WIDGET (self), kinds[kind].css_class);
  gtk_image_set_from_icon_name (self->image, kinds[kind].icon_name);
}
