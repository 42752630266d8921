/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Phone numbers for search and matching; what a person typed stays as typed. */
#pragma once

#include <glib.h>
#include <stdbool.h>

G_BEGIN_DECLS

/* Digits only, national form: "+44 (0)20 7946 0018", "0044 20…" and "020 7946 0018" all give "02079460018";
 * other countries keep their code behind "+". NULL when there is no digit. */
char *csl_phone_dup_normalised (const char *text) G_GNUC_WARN_UNUSED_RESULT;
/* Same number? Both must have one. */
bool csl_phone_matches (const char *a, const char *b);

G_END_DECLS
