/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/app/csl-kept-tokens.h"

#include "client/app/csl-removal.h"

#define REFRESH_TOKEN "refresh_token"

bool
csl_kept_tokens_put (CslReplica *replica,
                     const CslTokens *tokens,
                     bool password,
                     GError **error)
{
  return csl_replica_put_setting (replica, REFRESH_TOKEN, tokens->refresh_token, error) &&
         csl_removal_pin_keys (replica, tokens, password, error);
}

char *
csl_kept_tokens_dup_refresh (CslReplica *replica)
{
  return csl_replica_dup_setting (replica, REFRESH_TOKEN);
}
