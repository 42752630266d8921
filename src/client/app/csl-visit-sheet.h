/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslVisitSheet: a home visit being written (S-36, F-07): the visit, its note, changed facts of the client and the next
 * appointment, each autosaved; check-in and check-out as one act each. */
#pragma once

#include "client/app/csl-sheet-part.h"

G_BEGIN_DECLS

typedef enum {
  CSL_VISIT_PART_VISIT,
  CSL_VISIT_PART_NOTE,
  CSL_VISIT_PART_CLIENT,
  CSL_VISIT_PART_NEXT, /* the next appointment */
  CSL_VISIT_N_PARTS,
} CslVisitPart;

#define CSL_TYPE_VISIT_SHEET (csl_visit_sheet_get_type ())
G_DECLARE_FINAL_TYPE (CslVisitSheet, csl_visit_sheet, CSL, VISIT_SHEET, GObject)

/* The visit of an appointment that is going on, or a new one (not saved before csl_visit_sheet_check_in_async).
 * NULL when this computer does not hold the appointment or its client. */
CslVisitSheet *csl_visit_sheet_new_for_appointment (CslSession *session,
                                                    const char *appointment)
  G_GNUC_WARN_UNUSED_RESULT;
/* A visit that is going on. */
CslVisitSheet *csl_visit_sheet_new_for_visit (CslSession *session, const char *visit)
  G_GNUC_WARN_UNUSED_RESULT;
/* A visit without an appointment. @case_id: or NULL. */
CslVisitSheet *csl_visit_sheet_new_for_client (CslSession *session,
                                               const char *client,
                                               const char *case_id)
  G_GNUC_WARN_UNUSED_RESULT;
CslSession *csl_visit_sheet_get_session (CslVisitSheet *self);
CslRecordItem *csl_visit_sheet_get_client (CslVisitSheet *self);
CslRecordDraft *csl_visit_sheet_get_draft (CslVisitSheet *self, CslVisitPart part);
CslDraftKeeper *csl_visit_sheet_get_keeper (CslVisitSheet *self, CslVisitPart part);
bool csl_visit_sheet_get_checked_in (CslVisitSheet *self);
/* Wall time of the check-in, 0 before. */
gint64 csl_visit_sheet_get_started_ms (CslVisitSheet *self);
/* Whether a next appointment is wanted; it is saved at check-out. */
bool csl_visit_sheet_get_with_next (CslVisitSheet *self);
void csl_visit_sheet_set_with_next (CslVisitSheet *self, bool with_next);

void csl_visit_sheet_check_in_async (CslVisitSheet *self,
                                     GAsyncReadyCallback callback,
                                     gpointer data);
gboolean csl_visit_sheet_check_in_finish (CslVisitSheet *self,
                                          GAsyncResult *result,
                                          GError **error);
/* What stands in the way of checking out, one sentence per line, or NULL. *ret_part and *ret_binding: where to go. */
char *csl_visit_sheet_check (CslVisitSheet *self,
                             CslVisitPart *ret_part,
                             CslFieldBinding **ret_binding);
/* Saves visit, note, facts and next appointment as one act and drops the drafts. */
void csl_visit_sheet_check_out_async (CslVisitSheet *self,
                                      GAsyncReadyCallback callback,
                                      gpointer data);
gboolean csl_visit_sheet_check_out_finish (CslVisitSheet *self,
                                           GAsyncResult *result,
                                           GError **error);
void csl_visit_sheet_flush (CslVisitSheet *self);

G_END_DECLS
