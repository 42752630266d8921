/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A record in two lines, from the definition of its type. */
#pragma once

#include "client/app/csl-session.h"

G_BEGIN_DECLS

/* "Home visit", "Amina Rahman", "Vulnerability: young person"; never empty. */
char *csl_record_summary_dup_title (CslSession *session, const CslRecord *record)
  G_GNUC_WARN_UNUSED_RESULT;
/* The other list fields, "Tue 24 Nov 15:30 · Amina Rahman"; may be "". */
char *csl_record_summary_dup_subtitle (CslSession *session, const CslRecord *record)
  G_GNUC_WARN_UNUSED_RESULT;
/* Is the field one of the list fields? */
bool csl_record_summary_lists_field (const CslRecordType *type, guint field);
/* The list field that is shown as a pill: the governed one, else "status", "state", else the
 * first enum; NULL when there is none. */
const CslField *csl_record_summary_get_status_field (const CslRecordType *type);

G_END_DECLS
