/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The numbered migrations of the replica, compiled in: /org/caseload/Caseload/store/sql/NNNN-slug.sql. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

GResource *csl_store_sql_get_resource (void);

G_END_DECLS
