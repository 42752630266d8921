/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Orders of an organisation to its devices, signed with a key that only the server's secrets give. */
#pragma once

#include "core/wire/csl-pull-request.h"
#include "server/auth/csd-secrets.h"
#include "server/store/csd-registry.h"

G_BEGIN_DECLS

/* The public half of the order key of @organisation, base64. Caller frees. */
char *csd_order_dup_key (const CsdSecrets *secrets, const char *organisation)
  G_GNUC_WARN_UNUSED_RESULT;
/* The order to wipe @device, as JSON, signed at @now_ms. Caller frees. */
char *csd_order_dup_wipe (const CsdSecrets *secrets,
                          const CsdDevice *device,
                          const CsdRecoveryKey *recovery,
                          gint64 now_ms) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
