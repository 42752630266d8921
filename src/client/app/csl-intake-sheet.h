/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslIntakeSheet: taking in a new client with a first case and perhaps a first appointment (S-13, F-01), offline: one act,
 * autosaved until it is saved. */
#pragma once

#include "client/app/csl-sheet-part.h"

G_BEGIN_DECLS

typedef enum {
  CSL_INTAKE_PART_CLIENT,
  CSL_INTAKE_PART_CASE,
  CSL_INTAKE_PART_APPOINTMENT,
  CSL_INTAKE_N_PARTS,
} CslIntakePart;

#define CSL_TYPE_INTAKE_SHEET (csl_intake_sheet_get_type ())
G_DECLARE_FINAL_TYPE (CslIntakeSheet, csl_intake_sheet, CSL, INTAKE_SHEET, GObject)

/* Takes up an intake that was begun and not finished. */
CslIntakeSheet *csl_intake_sheet_new (CslSession *session) G_GNUC_WARN_UNUSED_RESULT;
CslRecordDraft *csl_intake_sheet_get_draft (CslIntakeSheet *self, CslIntakePart part);
CslDraftKeeper *csl_intake_sheet_get_keeper (CslIntakeSheet *self, CslIntakePart part);
bool csl_intake_sheet_get_with_appointment (CslIntakeSheet *self);
void csl_intake_sheet_set_with_appointment (CslIntakeSheet *self, bool with_appointment);
/* Clients on this computer who may be the same person (same phone number, or same name): at most @limit CslRecordItem. */
GPtrArray *csl_intake_sheet_list_candidates (CslIntakeSheet *self, guint limit)
  G_GNUC_WARN_UNUSED_RESULT;
/* What stands in the way of saving, or NULL; *ret_part and *ret_binding: where to go (NULL when nowhere in particular). */
char *csl_intake_sheet_check (CslIntakeSheet *self,
                              CslIntakePart *ret_part,
                              CslFieldBinding **ret_binding);
void csl_intake_sheet_save_async (CslIntakeSheet *self,
                                  GAsyncReadyCallback callback,
                                  gpointer data);
gboolean csl_intake_sheet_save_finish (CslIntakeSheet *self,
                                       GAsyncResult *result,
                                       GError **error);
void csl_intake_sheet_flush (CslIntakeSheet *self);
/* Gives the intake up. */
void csl_intake_sheet_discard (CslIntakeSheet *self);

G_END_DECLS
