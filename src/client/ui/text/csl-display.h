/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values as people read them. All return new strings. */
#pragma once

#include "client/app/csl-session.h"

G_BEGIN_DECLS

/* "" for NULL. References show a title, never an id. */
char *csl_display_value (CslSession *session,
                         const CslField *field,
                         const CslValue *value) G_GNUC_WARN_UNUSED_RESULT;
/* Field of a record by name; "" when empty. */
char *csl_display_field (CslSession *session, const CslRecord *record, const char *field)
  G_GNUC_WARN_UNUSED_RESULT;
/* A canonical text of a field (history, differences) as csl_display_value() would show it. */
char *csl_display_canonical (CslSession *session, const CslField *field, const char *text)
  G_GNUC_WARN_UNUSED_RESULT;
/* The title of a record; "Not on this computer" when the replica does not hold it. */
char *csl_display_reference (CslSession *session, const char *type, const char *id)
  G_GNUC_WARN_UNUSED_RESULT;
/* "You" for the worker's own id, else the name. */
char *csl_display_worker (CslSession *session, const char *user)
  G_GNUC_WARN_UNUSED_RESULT;
/* @text with marks around it, so that a number of several groups or a name in another script keeps
 * its own direction inside text that is written from the right; the same text elsewhere. */
char *csl_display_isolate (const char *text) G_GNUC_WARN_UNUSED_RESULT;
/* The first words of long text on one line. */
char *csl_display_excerpt (const char *text, guint characters) G_GNUC_WARN_UNUSED_RESULT;
/* @path as people know it: "~/" for what is in their home folder. */
char *csl_display_path (const char *path) G_GNUC_WARN_UNUSED_RESULT;
/* When it happened, by the type's time field or its creation; 0 when unknown. */
gint64 csl_display_record_time (const CslRecord *record);

G_END_DECLS
