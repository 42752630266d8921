/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslAppointmentRow: an appointment with all one needs before leaving: when, who, where, what to
 * watch for, and Start Visit. */
#pragma once

#include "client/ui/shell/csl-row.h"

G_BEGIN_DECLS

#define CSL_TYPE_APPOINTMENT_ROW (csl_appointment_row_get_type ())
G_DECLARE_FINAL_TYPE (CslAppointmentRow,
                      csl_appointment_row,
                      CSL,
                      APPOINTMENT_ROW,
                      CslRow)

G_END_DECLS
