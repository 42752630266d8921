/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a sign-in or a refresh gave, as the replica keeps it: the token for the next refresh, and the organisation's keys. */
#pragma once

#include "core/wire/csl-pull-request.h"
#include "store/csl-replica.h"

G_BEGIN_DECLS

/* @password: one was given just now, so the organisation's keys are those that came with @tokens. CSL_STORE_ERROR. */
bool csl_kept_tokens_put (CslReplica *replica,
                          const CslTokens *tokens,
                          bool password,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* NULL: nobody has signed in yet. Caller frees. */
char *csl_kept_tokens_dup_refresh (CslReplica *replica) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
