/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-pill.c: a state as icon and word. */
#define G_LOG_DOMAIN "csl-pill"

#include "config.h"

#include "client/ui/shell/csl-pill.h"

#include "client/ui/text/csl-display.h"
#include "core/schema/csl-label.h"

#include <glib/gi18n.h>

#define KEPT_CHARS 14

struct _CslPill
{
  AdwBin parent_instance;

  GtkImage *image; /* (unowned): template child */
  GtkLabel *label; /* (unowned): template child */
};

G_DEFINE_FINAL_TYPE (CslPill, csl_pill, ADW_TYPE_BIN)

static const struct
{
  const char *style, *icon_name;
} styles[] = {
  { "success", "object-select-symbolic" },
  { "warning", "dialog-warning-symbolic" },
  { "error", "dialog-error-symbolic" },
  { "accent", "media-record-symbolic" },
  { "dim", "radio-symbolic" },
};

static const struct
{
  const char *style, *icon_name, *word;
} states[] = {
  [CSL_RECORD_STATE_SYNCED] = { NULL, NULL, NULL },
  [CSL_RECORD_STATE_WAITING] = { "dim", "document-save-symbolic", N_ ("Saved here") },
  [CSL_RECORD_STATE_SENT] = { "dim", "mail-send-symbolic", N_ ("Sent") },
  [CSL_RECORD_STATE_DIFFERS] = { "warning", "view-dual-symbolic", N_ ("Differs") },
  [CSL_RECORD_STATE_REFUSED] = { "error", "dialog-warning-symbolic", N_ ("Needs you") },
  [CSL_RECORD_STATE_REVIEW] = { "warning", "system-users-symbolic",
                                N_ ("With a manager") },
};

static const char *
icon_of_style (const char *style)
{
  for (guint i = 0; i < G_N_ELEMENTS (styles); i++)
    if (g_strcmp0 (styles[i].style, style) == 0)
      return styles[i].icon_name;
  return NULL;
}

static void
csl_pill_class_init (CslPillClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/caseload/Caseload/shell/csl-pill.ui");
  gtk_widget_class_bind_template_child (widget_class, CslPill, image);
  gtk_widget_class_bind_template_child (widget_class, CslPill, label);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
csl_pill_init (CslPill *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
csl_pill_set (CslPill *self, const char *style, const char *icon_name, const char *word)
{
  g_return_if_fail (CSL_IS_PILL (self));
  gtk_widget_set_visible (GTK_WIDGET (self), word != NULL);
  if (word == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (styles); i++)
    gtk_widget_remove_css_class (GTK_WIDGET (self), styles[i].style);
  if (style != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self), style);
  if (icon_name == NULL)
    icon_name = icon_of_style (style);
  gtk_image_set_from_icon_name (self->image, icon_name);
  gtk_widget_set_visible (GTK_WIDGET (self->image), icon_name != NULL);
  gtk_label_set_label (self->label, word);
  /* A word or two must be readable wherever they are; only a phrase may be shortened. */
  gtk_label_set_ellipsize (self->label, g_utf8_strlen (word, -1) > KEPT_CHARS
                                          ? PANGO_ELLIPSIZE_END
                                          : PANGO_ELLIPSIZE_NONE);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), word);
}

void
csl_pill_set_enum (CslPill *self, const CslEnum *options, const char *value)
{
  const CslEnumValue *found;

  if (options == NULL || value == NULL) {
    csl_pill_set (self, NULL, NULL, NULL);
    return;
  }
  found = csl_enum_lookup (options, value);
  csl_pill_set (self, found != NULL ? found->style : NULL,
                found != NULL ? found->icon : NULL, csl_label_value (options, value));
}

void
csl_pill_set_state (CslPill *self, CslRecordState state)
{
  csl_pill_set (self, states[state].style, states[state].icon_name,
                states[state].word != NULL ? _ (states[state].word) : NULL);
}
