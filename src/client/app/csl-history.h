/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading the history of a record: the server's lines and unsent operations, as entries. */
#pragma once

#include "client/app/csl-session.h"

G_BEGIN_DECLS

void csl_history_entry_free (CslHistoryEntry *entry);
/* Appends the entries of an answer of POST /v1/sync/history, newest first as it comes. FALSE when it
 * has no last line or is not one. */
bool csl_history_read_answer (GPtrArray *entries,
                              const CslRecordType *type,
                              const char *text) G_GNUC_WARN_UNUSED_RESULT;
/* Puts the fields of an operation's line in front. */
void csl_history_prepend_operation (GPtrArray *entries,
                                    const CslSchema *schema,
                                    const char *line);

G_END_DECLS
