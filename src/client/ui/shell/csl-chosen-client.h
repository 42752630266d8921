/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslChosenClient: the client a worker has chosen to work with, who stays when the page changes, and the clients they looked at
 * lately. Property "item" (CslRecordItem, nullable: nobody is chosen). */
#pragma once

#include "client/app/csl-session.h"

G_BEGIN_DECLS

#define CSL_TYPE_CHOSEN_CLIENT (csl_chosen_client_get_type ())
G_DECLARE_FINAL_TYPE (CslChosenClient, csl_chosen_client, CSL, CHOSEN_CLIENT, GObject)

CslChosenClient *csl_chosen_client_new (void) G_GNUC_WARN_UNUSED_RESULT;
void csl_chosen_client_set_item (CslChosenClient *self, CslRecordItem *item);
CslRecordItem *csl_chosen_client_get_item (CslChosenClient *self);
/* Access may end while somebody works with a client: chooses nobody when @session does not hold the client any more. */
void csl_chosen_client_check (CslChosenClient *self, CslSession *session);
/* Looked at: the first to be offered when a client is looked for. */
void csl_chosen_client_remember (CslChosenClient *self, const char *id);
/* Ids (char *), the one looked at last first. */
GPtrArray *csl_chosen_client_dup_recent (CslChosenClient *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
