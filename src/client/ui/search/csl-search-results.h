/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the search shows for the words typed so far. */
#pragma once

#include "client/app/csl-session.h"

G_BEGIN_DECLS

/* Everything: people, their cases, commands and what was written; with no words, who was worked with last, and the
 * commands. A GListStore of CslSearchItem, few enough to be made anew with every key.
 * @recent: (nullable) ids of clients looked at in this window, the newest first
 * @has_client: a client was chosen to work with */
GListModel *csl_search_results_find (CslSession *session,
                                     const char *text,
                                     GPtrArray *recent,
                                     bool has_client) G_GNUC_WARN_UNUSED_RESULT;
/* Only clients, to choose one. */
GListModel *csl_search_results_find_clients (CslSession *session,
                                             const char *text,
                                             GPtrArray *recent) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
