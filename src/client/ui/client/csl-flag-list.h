/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslFlagList: what to be careful about with a client, as notices; hidden when there is
 * nothing. */
#pragma once

#include "client/app/csl-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CSL_TYPE_FLAG_LIST (csl_flag_list_get_type ())
G_DECLARE_FINAL_TYPE (CslFlagList, csl_flag_list, CSL, FLAG_LIST, AdwBin)

void csl_flag_list_set_client (CslFlagList *self,
                               CslSession *session,
                               const char *client);

G_END_DECLS
