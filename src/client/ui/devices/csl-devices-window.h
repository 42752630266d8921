/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslDevicesWindow: the computers a worker uses, or all of the organisation for who looks after them, and removing a lost one. */
#pragma once

#include "client/app/csl-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CSL_TYPE_DEVICES_WINDOW (csl_devices_window_get_type ())
G_DECLARE_FINAL_TYPE (CslDevicesWindow,
                      csl_devices_window,
                      CSL,
                      DEVICES_WINDOW,
                      AdwWindow)

GtkWindow *csl_devices_window_new (GtkWindow *parent, CslSession *session)
  G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
