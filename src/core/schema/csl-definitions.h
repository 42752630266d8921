/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-definitions.h: the record types, enumerations, roles and workflows that are built
 * in. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Generated from the JSON files below data/. Look names up in the returned object, which
 * belongs to the library. Paths are
 * /org/caseload/Caseload/{types/<module>,enums,roles,workflows}/<name>.json. */
GResource *csl_definitions_get_resource (void);

G_END_DECLS
