/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-settings.c: from the settings to what libadwaita and GTK do. */
#define G_LOG_DOMAIN "csl-settings"

#include "config.h"

#include "client/ui/preferences/csl-settings.h"

#include <adwaita.h>

/* Pango counts in 1024ths of a dot per inch; this is what a desktop without a wish has. */
#define PLAIN_DPI (96 * 1024)

static void
style_cb (GSettings *settings)
{
  static const AdwColorScheme schemes[] = { ADW_COLOR_SCHEME_DEFAULT,
                                            ADW_COLOR_SCHEME_FORCE_LIGHT,
                                            ADW_COLOR_SCHEME_FORCE_DARK };
  const int choice = g_settings_get_enum (settings, "style");

  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), schemes[choice]);
}

/* The desktop's own size comes first; the factor is on top of it. */
static void
text_size_cb (GSettings *settings)
{
  static const double factors[] = { 1.0, 1.25, 1.5 };
  GtkSettings *gtk = gtk_settings_get_default ();
  const int choice = g_settings_get_enum (settings, "text-size");
  int dpi;

  if (gtk == NULL)
    return;
  gtk_settings_reset_property (gtk, "gtk-xft-dpi");
  if (choice == 0)
    return;
  g_object_get (gtk, "gtk-xft-dpi", &dpi, NULL);
  g_object_set (gtk, "gtk-xft-dpi", (int) ((dpi > 0 ? dpi : PLAIN_DPI) * factors[choice]),
                NULL);
}

GSettings *
csl_settings_dup (void)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema =
    source != NULL ? g_settings_schema_source_lookup (source, CSL_APPLICATION_ID, TRUE)
                   : NULL;

  return schema != NULL ? g_settings_new_full (schema, NULL, NULL) : NULL;
}

void
csl_settings_apply (GSettings *settings)
{
  g_return_if_fail (G_IS_SETTINGS (settings));
  g_signal_connect_object (settings, "changed::style", G_CALLBACK (style_cb), settings,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "changed::text-size", G_CALLBACK (text_size_cb),
                           settings, G_CONNECT_SWAPPED);
  /* Untouched until somebody chooses: what the desktop says stands. */
  if (g_settings_get_enum (settings, "style") != 0)
    style_cb (settings);
  if (g_settings_get_enum (settings, "text-size") != 0)
    text_size_cb (settings);
}
