/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Work that no request asks for. */
#pragma once

#include "server/csd-server.h"

G_BEGIN_DECLS

/* Roles begin and end by date: gives and takes the access that follows, as a commit of its own, in every organisation.
 * Nothing is written where nothing changed. To be called at the start and at least once a day. */
bool csd_jobs_update_access (CsdServer *server, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* How long a tombstone is kept. */
#define CSD_JOBS_KEEP_DAYS 180

/* Forgets tombstones that are older than @keep_days, in every organisation, some thousands in each call: the horizon is
 * raised, and replicas that are behind it compare their buckets. To be called often. */
bool csd_jobs_forget (CsdServer *server, gint64 keep_days, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
