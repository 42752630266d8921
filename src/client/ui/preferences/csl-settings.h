/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the user of this computer prefers. Nothing about clients or cases: the file is not encrypted. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* (transfer full) (nullable): NULL when the schema is not installed, as in a build folder. */
GSettings *csl_settings_dup (void) G_GNUC_WARN_UNUSED_RESULT;
/* Colours and size of text follow the settings from now on, as long as they live. */
void csl_settings_apply (GSettings *settings);

G_END_DECLS
