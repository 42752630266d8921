/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslUnlockPage: who is locked in here, and what opens it: the PIN; PIN and password when the computer was away from the
 * server for too long; password and a new PIN when it is forgotten. Signal "submitted". */
#pragma once

#include "client/app/csl-account.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CSL_TYPE_UNLOCK_PAGE (csl_unlock_page_get_type ())
G_DECLARE_FINAL_TYPE (CslUnlockPage, csl_unlock_page, CSL, UNLOCK_PAGE, AdwBin)

/* Empties the form. */
void csl_unlock_page_set_account (CslUnlockPage *self, CslAccount *account);
/* Borrowed from the form. */
CslUnlockFactors csl_unlock_page_get_factors (CslUnlockPage *self);
/* The attempt is over; @error: why it failed, NULL: it worked. */
void csl_unlock_page_finished (CslUnlockPage *self, const GError *error);

G_END_DECLS
