/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-preferences-window.c: each row is a key of the settings; they act at once. */
#define G_LOG_DOMAIN "csl-preferences-window"

#include "config.h"

#include "client/ui/preferences/csl-preferences-window.h"

#include <glib/gi18n.h>

struct _CslPreferencesWindow
{
  AdwWindow parent_instance;

  GSettings *settings; /* (owned) (nullable): not before the rows show what they say */

  AdwComboRow *style;      /* (unowned): template child */
  AdwComboRow *text_size;  /* (unowned): template child */
  AdwComboRow *lock_after; /* (unowned): template child */
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

static const int lock_minutes[] = { 1, 2, 5, 10, 15, 20, 30, 45, 60 };

static void
lock_after_chosen_cb (CslPreferencesWindow *self)
{
  if (self->settings != NULL)
    g_settings_set_int (self->settings, "lock-after",
                        lock_minutes[adw_combo_row_get_selected (self->lock_after)]);
}

/* A number somebody set by hand shows as the next longer one. */
static void
fill_lock_after (CslPreferencesWindow *self, int chosen)
{
  g_autoptr (GtkStringList) model = gtk_string_list_new (NULL);
  guint selected = G_N_ELEMENTS (lock_minutes) - 1;

  for (guint i = G_N_ELEMENTS (lock_minutes); i > 0; i--)
    if (lock_minutes[i - 1] >= chosen)
      selected = i - 1;
  for (guint i = 0; i < G_N_ELEMENTS (lock_minutes); i++) {
    g_autofree char *text =
      g_strdup_printf (ngettext ("After %d minute", "After %d minutes",
                                 (gulong) lock_minutes[i]),
                       lock_minutes[i]);

    gtk_string_list_append (model, text);
  }
  adw_combo_row_set_model (self->lock_after, G_LIST_MODEL (model));
  adw_combo_row_set_selected (self->lock_after, selected);
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
  gtk_widget_class_bind_template_child (widget_class, CslPreferencesWindow, lock_after);
  gtk_widget_class_bind_template_callback (widget_class, lock_after_chosen_cb);
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
  fill_lock_after (self, g_settings_get_int (settings, "lock-after"));
  self->settings = g_object_ref (settings);
  return GTK_WINDOW (self);
}
