/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslAccountPage: from nothing to an open session: opening the only account, choosing among
 * several, signing in for the first time, and every way this can fail. Signal "opened"
 * (CslSession). */
#pragma once

#include "client/app/csl-account.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CSL_TYPE_ACCOUNT_PAGE (csl_account_page_get_type ())
G_DECLARE_FINAL_TYPE (CslAccountPage, csl_account_page, CSL, ACCOUNT_PAGE, AdwBin)

/* @account: id or user name to open at once. @server, @ca_file: filled in when signing in. All
 * may be NULL. */
void csl_account_page_start (CslAccountPage *self,
                             const char *account,
                             const char *server,
                             const char *ca_file);
/* Shows the accounts of this computer, even when there is only one. */
void csl_account_page_choose (CslAccountPage *self);
/* Goes on with removing a copy that the organisation ordered to go, and tells of it. */
void csl_account_page_finish_removal (CslAccountPage *self);

G_END_DECLS
