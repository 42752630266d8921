/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslHelpWindow: the help beside the work: a list of pages and the page chosen. */
#pragma once

#include "client/ui/help/csl-help-topics.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CSL_TYPE_HELP_WINDOW (csl_help_window_get_type ())
G_DECLARE_FINAL_TYPE (CslHelpWindow, csl_help_window, CSL, HELP_WINDOW, AdwWindow)

/* @topic: the page to begin with, or NULL for the list */
GtkWindow *csl_help_window_new (GtkWindow *parent, const CslHelpTopic *topic)
  G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
