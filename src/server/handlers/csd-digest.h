/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The hash over all bucket sums of a user, kept until something of that user's changes. */
#pragma once

#include "server/handlers/csd-call.h"

G_BEGIN_DECLS

/* Compares @sums with the server's own as of the head; when they differ, appends a sum line for every bucket. */
bool csd_digest_check (CsdCall *call, const char *sums, GString *out, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
/* Buckets of the caller with at least one row, sorted by name: array of CsdBucketState. NULL with @error. */
GArray *csd_digest_list (CsdCall *call, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
