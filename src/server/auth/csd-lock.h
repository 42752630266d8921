/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The server's shares of the keys of replicas: the same device and person always get the same ones. */
#pragma once

#include "core/wire/csl-pull-request.h"
#include "server/auth/csd-auth.h"

G_BEGIN_DECLS

/* Adds to @tokens what the lock of this device needs: the share under its lease, the rules and the time. @recovery: a
 * password was given just now, so the share for a forgotten PIN may go with it. */
bool csd_lock_fill_tokens (CsdAuth *self,
                           const CsdAuthOutcome *outcome,
                           bool recovery,
                           CslTokens *tokens) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
