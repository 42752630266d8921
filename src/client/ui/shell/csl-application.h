/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslApplication: the program: command line, actions, style, one window. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define CSL_TYPE_APPLICATION (csl_application_get_type ())
G_DECLARE_FINAL_TYPE (CslApplication, csl_application, CSL, APPLICATION, AdwApplication)

CslApplication *csl_application_new (void) G_GNUC_WARN_UNUSED_RESULT;

/* Makes templates and style sheets known; the application does it, tests call it themselves. */
void csl_ui_register_resources (void);

G_END_DECLS
