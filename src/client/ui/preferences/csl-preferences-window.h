/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The preferences of whoever uses this computer. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define CSL_TYPE_PREFERENCES_WINDOW (csl_preferences_window_get_type ())
G_DECLARE_FINAL_TYPE (CslPreferencesWindow,
                      csl_preferences_window,
                      CSL,
                      PREFERENCES_WINDOW,
                      AdwWindow)

GtkWindow *csl_preferences_window_new (GtkWindow *parent, GSettings *settings)
  G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
