/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-preferences-window.c: each row is a key of the settings; they act at once. */
#define G_LOG_DOMAIN "csl-preferences-window"

#include "config.h"

#include "client/ui/preferences/csl-preferences-window.h"

struct _CslPreferencesWindow
{
  AdwWindow parent_instance;

  GSettings *settings; /* (owned) (nullable): not before the rows show what they say */

  AdwComboRow *style;     /* (unowned): template child */
  AdwComboRow *text_size; /* (unowned): template child */
};

G_DEFINE_FINAL_TYPE (CslPreferencesWindow, csl_preferences_window, ADW_TYPE_WINDOW)

/* The rows list the values of each key in the order of the schema. */
static void
style_chosen_cb (CslPreferencesWindow *self)
{
  if (self->settings != NULL)
    g_settings_set_enum (self->settings, "style",
                         (int) adw_combo_row_get_selected (self->style));
}

static void
text_size_chosen_cb (CslPreferencesWindow *self)
{
  if (self->settings != NULL)
    g_settings_set_enum (self->settings, "text-size",
                         (int) adw_combo_row_get_selected (self->text_size));
}

static void
csl_preferences_window_dispose (GObject *object)
{
  g_clear_object (&CSL_PREFERENCES_WINDOW (object)->settings);
  G_OBJECT_CLASS (csl_preferences_window_parent_class)->dispose (object);
}

static void
csl_preferences_window_class_init (CslPreferencesWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = csl_preferences_window_dispose;
  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/caseload/Caseload/preferences/csl-preferences-window.ui");
  gtk_widget_class_bind_template_child (widget_class, CslPreferencesWindow, style);
  gtk_widget_class_bind_template_child (widget_class, CslPreferencesWindow, text_size);
  gtk_widget_class_bind_template_callback (widget_class, style_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, text_size_chosen_cb);
}

static void
csl_preferences_window_init (CslPreferencesWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWindow *
csl_preferences_window_new (GtkWindow *parent, GSettings *settings)
{
  CslPreferencesWindow *self =
    g_object_new (CSL_TYPE_PREFERENCES_WINDOW, "transient-for", parent, NULL);

  adw_combo_row_set_selected (self->style,
                              (guint) g_settings_get_enum (settings, "style"));
  adw_combo_row_set_selected (self->text_size,
                              (guint) g_settings_get_enum (settings, "text-size"));
  self->settings = g_object_ref (settings);
  return GTK_WINDOW (self);
}
