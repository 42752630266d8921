/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Access that follows from records: computed in the commit that changes them, and only for what was touched. */
#pragma once

#include "server/handlers/csd-commit.h"

G_BEGIN_DECLS

/* Brings the access intervals up to date with the cases, clients and users of the open piece. */
bool csd_access_update (CsdCommit *commit, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
