/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslFieldBinding: one field of something being edited, as one widget sees it: text, value, problem.
 *
 * A row binds to this object and to nothing else. Text that cannot be read stays in "text" with a problem; the value keeps
 * what it was last. Problems appear when the person leaves the field or asks to save, and go away as soon as they are mended.
 */
#pragma once

#include "client/app/csl-session.h"

G_BEGIN_DECLS

#define CSL_TYPE_FIELD_BINDING (csl_field_binding_get_type ())
G_DECLARE_FINAL_TYPE (CslFieldBinding, csl_field_binding, CSL, FIELD_BINDING, GObject)

/* Properties: "text" (string), "label" (string), "problem" (string, nullable), "editable" (boolean).
 * Signal "value-changed". */
CslFieldBinding *csl_field_binding_new (CslSession *session, const CslField *field)
  G_GNUC_WARN_UNUSED_RESULT;
CslSession *csl_field_binding_get_session (CslFieldBinding *self);
const CslField *csl_field_binding_get_field (CslFieldBinding *self);
const CslValue *csl_field_binding_get_value (CslFieldBinding *self);
void csl_field_binding_set_value (CslFieldBinding *self, const CslValue *value);
const char *csl_field_binding_get_text (CslFieldBinding *self);
void csl_field_binding_set_text (CslFieldBinding *self, const char *text);
/* A text the row itself could not read, with the reason. */
void csl_field_binding_set_unreadable (CslFieldBinding *self,
                                       const char *text,
                                       const char *problem);
const char *csl_field_binding_get_problem (CslFieldBinding *self);
void csl_field_binding_set_problem (CslFieldBinding *self, const char *problem);
bool csl_field_binding_get_editable (CslFieldBinding *self);
void csl_field_binding_set_editable (CslFieldBinding *self, bool editable);
/* The person left the field: what is wrong with it shows now. TRUE when nothing is. */
bool csl_field_binding_settle (CslFieldBinding *self);

G_END_DECLS
