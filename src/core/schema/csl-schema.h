/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslSchema: every record type, enum, role and workflow; immutable after loading, shared by reference.
 *
 * Definitions are untrusted input: identifiers match [a-z][a-z0-9_]{0,62}, sizes are limited, references
 * are resolved, unknown members refused; every problem is reported with file and JSON path. After loading
 * nothing can fail for schema reasons.
 */
#pragma once

#include "core/schema/csl-record-type.h"
#include "core/schema/csl-role.h"
#include "core/schema/csl-workflow.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* From the definitions compiled into the program. Aborts on an error: the build's tests check them. */
CslSchema *csl_schema_new_builtin (void) G_GNUC_WARN_UNUSED_RESULT;
/* From a folder with types/, enums/, roles/, workflows/. NULL with problems filled when anything is wrong. */
CslSchema *csl_schema_new_from_folder (const char *path, CslProblems *problems)
  G_GNUC_WARN_UNUSED_RESULT;
CslSchema *csl_schema_ref (CslSchema *self);
void csl_schema_unref (CslSchema *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CslSchema, csl_schema_unref)

guint csl_schema_get_n_types (const CslSchema *self);
const CslRecordType *csl_schema_get_type (const CslSchema *self, guint position);
const CslRecordType *csl_schema_lookup_type (const CslSchema *self,
                                             const char *name); /* NULL if unknown */
const CslEnum *csl_schema_lookup_enum (const CslSchema *self, const char *name);
const CslRole *csl_schema_lookup_role (const CslSchema *self, const char *name);
const CslWorkflow *csl_schema_lookup_workflow (const CslSchema *self, const char *name);
/* Schema version sent as Caseload-Schema; raised by hand when the definitions change. */
guint csl_schema_get_version (const CslSchema *self);

/* A new text made of the schema; called with a lock held, so it may not derive another. */
typedef char *(*CslSchemaDeriveFunc) (const CslSchema *schema);
/* What @derive makes, made once and kept as long as the schema; any thread may ask. Belongs to the schema. */
const char *csl_schema_derive (const CslSchema *self, CslSchemaDeriveFunc derive);

G_END_DECLS
