/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslSpec: a place in a definition file: a JSON node and the way to it.
 *
 * A small value on the stack, linked to the place around it; the path is spelled out only when a
 * problem is reported. Readers report what is missing or malformed themselves and answer with
 * something harmless, so that one run finds every problem. Internal to core/schema.
 */
#pragma once

#include "core/schema/csl-record-type.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct _CslSpec CslSpec;
struct _CslSpec
{
  const CslSpec *parent; /* (unowned) (nullable) */
  const char *file;      /* (unowned) */
  const char *name;      /* (unowned) (nullable): member of the parent … */
  guint position;        /* … or position in it */
  JsonNode *node;        /* (unowned) (nullable): NULL when the member is absent */
  CslProblems *problems; /* (unowned) */
};

void csl_spec_problem (const CslSpec *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* FALSE with a problem when it is no object; a problem for each member not in @members. */
bool csl_spec_check_object (const CslSpec *self, const char *const *members);
/* The member @name of an object, perhaps absent; @name must stay alive. */
CslSpec csl_spec_member (const CslSpec *self, const char *name);
/* Elements of an array, members of an object; a problem and 0 for anything else. 0 when absent. */
guint csl_spec_get_length (const CslSpec *self);
CslSpec csl_spec_element (const CslSpec *self, guint position);

/* Required text of at most @longest bytes without control characters; (nullable) after a problem. */
char *csl_spec_dup_text (const CslSpec *self, guint longest) G_GNUC_WARN_UNUSED_RESULT;
/* The same, but absent is fine. */
char *csl_spec_dup_optional (const CslSpec *self, guint longest)
  G_GNUC_WARN_UNUSED_RESULT;
/* Required [a-z][a-z0-9_]{0,62}. */
char *csl_spec_dup_identifier (const CslSpec *self) G_GNUC_WARN_UNUSED_RESULT;
bool csl_spec_is_identifier (const char *text);
bool csl_spec_get_bool (const CslSpec *self, bool fallback);
gint64 csl_spec_get_int (const CslSpec *self, gint64 least, gint64 most, gint64 fallback);
/* Position of the text in a NULL-terminated table; @fallback when absent or (problem) not in it. */
int csl_spec_get_choice (const CslSpec *self, const char *const *choices, int fallback);

/* The field of @type the text names; NULL after a problem. */
const CslField *csl_spec_get_field (const CslSpec *self, const CslRecordType *type);
/* A non-NULL literal of @field's kind, validated. */
bool csl_spec_get_value (const CslSpec *self, const CslField *field, CslValue *ret_value);

CslCondition *csl_condition_parse_spec (const CslRecordType *type, const CslSpec *spec)
  G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
