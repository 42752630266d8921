/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small questions about cases and clients that several lists and pages ask. */
#pragma once

#include "client/app/csl-session.h"

G_BEGIN_DECLS

/* Days since a note or a contact was last written down for the case; -1: never. */
int csl_case_count_days_without_contact (CslSession *session, const char *case_id);
/* "No contact for 5 days", "Contact today"; NULL for a case that is closed. */
char *csl_case_dup_contact_text (CslSession *session, const CslRecord *record)
  G_GNUC_WARN_UNUSED_RESULT;
/* The priority of a case when it stands out (high, urgent), else NULL. */
const char *csl_case_get_notable_priority (const CslRecord *record);
/* The client a record is about, or the client itself; NULL when there is none. */
const char *csl_item_get_client_id (CslRecordItem *item);
/* Is the address of this client to be kept hidden until somebody says why they need it? */
bool csl_client_is_protected (const CslRecord *client);
/* "14 Quay Street, Bristol, BS1 4XY", or NULL. */
char *csl_client_dup_address (const CslRecord *client) G_GNUC_WARN_UNUSED_RESULT;
/* Open flags of a client, newest first: GListModel of CslRecordItem. */
GListModel *csl_client_list_flags (CslSession *session, const char *client)
  G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
