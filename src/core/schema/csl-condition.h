/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslCondition: a small compiled tree over the fields of one record, read from JSON.
 *
 *   {"all":[…]} {"any":[…]} {"not":{…}}
 *   {"field":"status","is":"closed"}  {"field":"status","in":["a","b"]}
 *   {"field":"title","set":true}      {"field":"end_at","after":"start_at"} (strictly; either NULL = true)
 */
#pragma once

#include "core/base/csl-problem.h"
#include "core/schema/csl-types.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Type-checks against @type; problems are added with @path. NULL when there were any. */
CslCondition *csl_condition_parse (const CslRecordType *type,
                                   JsonNode *node,
                                   const char *path,
                                   CslProblems *problems) G_GNUC_WARN_UNUSED_RESULT;
void csl_condition_free (CslCondition *self);
bool csl_condition_holds (const CslCondition *self, const CslRecord *record);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CslCondition, csl_condition_free)

G_END_DECLS
