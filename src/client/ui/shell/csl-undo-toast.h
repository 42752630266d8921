/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A toast that offers to take an edit back. */
#pragma once

#include "client/app/csl-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* (transfer full). @edit must have been saved already. */
AdwToast *csl_undo_toast_new (CslSession *session, const char *title, const CslEdit *edit)
  G_GNUC_WARN_UNUSED_RESULT;
/* The edit that takes @edit back, given what the records are now: only the fields @edit
 * changed return to what they were, so that somebody's later change to others stays. */
CslEdit *csl_edit_new_inverse (CslSession *session, const CslEdit *edit)
  G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
