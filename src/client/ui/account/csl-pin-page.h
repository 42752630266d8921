/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslPinPage: the first PIN of a worker on this computer, or another one in its place. Signal "done". */
#pragma once

#include "client/app/csl-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CSL_TYPE_PIN_PAGE (csl_pin_page_get_type ())
G_DECLARE_FINAL_TYPE (CslPinPage, csl_pin_page, CSL, PIN_PAGE, AdwBin)

/* Empties the form; with a PIN already the page asks for that, too. */
void csl_pin_page_set_session (CslPinPage *self, CslSession *session);
/* A window of its own with the page; closes itself. */
GtkWindow *csl_pin_window_new (GtkWindow *parent, CslSession *session)
  G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
