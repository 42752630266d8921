/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of definitions in the language of the person. What is returned belongs to the
 * definition or to the catalogue and outlives every widget, unless the name says dup.
 *
 * Every word has the name of its definition as context, because "Title" of a client and of a case
 * are two words elsewhere; build-aux/xgettext-json takes them out under the same contexts.
 */
#pragma once

#include "core/schema/csl-record-type.h"
#include "core/schema/csl-role.h"
#include "core/schema/csl-workflow.h"

G_BEGIN_DECLS

/* "Date of birth" */
const char *csl_label_field (const CslField *field);
/* The explanation below a field, or NULL. */
const char *csl_label_help (const CslField *field);
/* "miles"; NULL when the field counts nothing in particular. */
const char *csl_label_unit (const CslField *field);
/* "Client", "Clients" */
const char *csl_label_type (const CslRecordType *type);
const char *csl_label_types (const CslRecordType *type);
/* "New Client": a whole phrase, because the word for "new" changes with the noun. */
char *csl_label_dup_new (const CslRecordType *type) G_GNUC_WARN_UNUSED_RESULT;
/* A heading of the form of a type; NULL when the section has none. */
const char *csl_label_section (const CslRecordType *type, const CslFormSection *section);
/* The label of a value, or the value itself when the list does not know it; "" for NULL. */
const char *csl_label_value (const CslEnum *options, const char *value);
/* "Submit for review" */
const char *csl_label_transition (const CslTransition *transition);
/* The sentence of the check of @type, or of the condition of its workflow, that has @code; NULL when
 * there is none. */
const char *csl_label_check (const CslRecordType *type, const char *code);
/* "Caseworker" */
const char *csl_label_role (const CslRole *role);

G_END_DECLS
