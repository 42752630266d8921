/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Currencies of ISO 4217. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How many digits of @currency are behind the point: 2 for pence, 0 for yen, 3 for fils. */
guint csl_currency_get_digits (const char *currency);

G_END_DECLS
