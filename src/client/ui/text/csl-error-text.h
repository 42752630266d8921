/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a person reads when something failed, and what they can do about it. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  const char *title;    /* translated, short */
  const char *sentence; /* translated: what happened and what to do next */
  const char *icon_name;
} CslErrorText;

/* The text for an error; codes this file does not know get an honest general sentence.
 * G_IO_ERROR_CANCELLED gives FALSE: nothing is to be said. */
gboolean csl_error_text_lookup (const GError *error, CslErrorText *ret_text);
/* Domain and code without personal data, for "Copy details". */
char *csl_error_text_dup_details (const GError *error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
