/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The places of the sidebar, in order. */
#pragma once

#include "client/ui/shell/csl-section.h"

G_BEGIN_DECLS

/* GListStore of CslSection: those this worker may use, counted once. */
GListStore *csl_section_table_create (CslSession *session) G_GNUC_WARN_UNUSED_RESULT;
/* After records changed: counts again; places come and go with the roles, which a first sync brings. */
void csl_section_table_update (GListStore *store, CslSession *session);

G_END_DECLS
