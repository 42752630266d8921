/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why the server did not take a change, in the language of the person. */
#pragma once

#include "core/schema/csl-record-type.h"

G_BEGIN_DECLS

/* A sentence for a code of docs/protocol.md ("rejected"). @type and @field say what it was about;
 * all may be NULL. A code that this version does not know gives the server's own words,
 * @message. NULL without a code and without words. */
char *csl_refusal_text_dup (const CslRecordType *type,
                            const char *code,
                            const char *field,
                            const char *message) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
