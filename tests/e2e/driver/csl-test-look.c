/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-test-look.c: changes how a running program looks, through the settings of the desktop it reads itself. */
#include "csl-test-driver.h"

#include <stdbool.h>

static bool
read_flag (JsonObject *request, const char *name)
{
  return json_object_has_member (request, name) &&
         json_object_get_boolean_member (request, name);
}

/* Settings live in memory during a test; the program listens to the same object. FALSE: the schema is not there. */
static bool
set_setting (const char *schema_id, const char *key, GVariant *value)
{
  g_autoptr (GVariant) owned = g_variant_ref_sink (value);
  g_autoptr (GSettingsSchema) schema =
    g_settings_schema_source_lookup (g_settings_schema_source_get_default (), schema_id,
                                     TRUE);
  g_autoptr (GSettings) settings = NULL;

  if (schema == NULL || !g_settings_schema_has_key (schema, key))
    return false;
  settings = g_settings_new_full (schema, NULL, NULL);
  return g_settings_set_value (settings, key, owned);
}

/* Without a window manager no window is ever in front, and all of them would look like the ones behind. */
static void
show_as_active (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++) {
    g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

    gtk_widget_unset_state_flags (window, GTK_STATE_FLAG_BACKDROP);
  }
}

JsonObject *
csl_test_look_set (JsonObject *request, char **ret_error)
{
  const double scale = json_object_has_member (request, "scale")
                         ? json_object_get_double_member (request, "scale")
                         : 1.0;
  const char *scheme = read_flag (request, "dark") ? "prefer-dark" : "default";

  if (!set_setting ("org.gnome.desktop.interface", "color-scheme",
                    g_variant_new_string (scheme)) ||
      !set_setting ("org.gnome.desktop.a11y.interface", "high-contrast",
                    g_variant_new_boolean (read_flag (request, "contrast")))) {
    *ret_error = g_strdup ("the desktop's settings are not installed");
    return NULL;
  }
  g_object_set (gtk_settings_get_default (), "gtk-xft-dpi", (int) (96 * 1024 * scale),
                "gtk-cursor-blink", FALSE, "gtk-enable-animations",
                read_flag (request, "motion"), NULL);
  show_as_active ();
  gtk_widget_set_default_direction (read_flag (request, "rtl") ? GTK_TEXT_DIR_RTL
                                                               : GTK_TEXT_DIR_LTR);
  return json_object_new ();
}

JsonObject *
csl_test_look_count_frames (void)
{
  GListModel *windows = gtk_window_get_toplevels ();
  JsonObject *answer = json_object_new ();
  gint64 frames = 0;

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++) {
    g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

    if (gtk_widget_get_mapped (window))
      frames += gdk_frame_clock_get_frame_counter (gtk_widget_get_frame_clock (window));
  }
  json_object_set_int_member (answer, "frames", frames);
  /* Text is laid out a piece at a time, when there is nothing else to do. */
  json_object_set_boolean_member (answer, "busy", g_main_context_pending (NULL));
  return answer;
}
