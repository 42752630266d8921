/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslPin: what a PIN or passphrase must be, and how good one is. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define CSL_PIN_LEAST 6

typedef enum {
  CSL_PIN_TOO_SHORT,
  CSL_PIN_TOO_SIMPLE, /* one character again and again, a row like 123456, or the user name */
  CSL_PIN_FAIR,       /* enough with the keyring and the server's share */
  CSL_PIN_GOOD,
  CSL_PIN_STRONG,
} CslPinQuality;

CslPinQuality csl_pin_judge (const char *pin, const char *username);

G_END_DECLS
