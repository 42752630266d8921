/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslClientBar: the client the worker has chosen to work with, below the header of every page. Property: "item"
 * (CslRecordItem of a client, nullable: the bar hides). */
#pragma once

#include "client/app/csl-record-item.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CSL_TYPE_CLIENT_BAR (csl_client_bar_get_type ())
G_DECLARE_FINAL_TYPE (CslClientBar, csl_client_bar, CSL, CLIENT_BAR, AdwBin)

G_END_DECLS
