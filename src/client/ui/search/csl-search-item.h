/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslSearchItem: one thing the search found: a record or a command, below a heading. */
#pragma once

#include "client/app/csl-session.h"
#include "client/ui/shell/csl-command.h"

G_BEGIN_DECLS

#define CSL_TYPE_SEARCH_ITEM (csl_search_item_get_type ())
G_DECLARE_FINAL_TYPE (CslSearchItem, csl_search_item, CSL, SEARCH_ITEM, GObject)

/* @heading: translated, static */
CslSearchItem *csl_search_item_new_record (const char *heading, CslRecordItem *record)
  G_GNUC_WARN_UNUSED_RESULT;
CslSearchItem *csl_search_item_new_command (const char *heading,
                                            const CslCommand *command)
  G_GNUC_WARN_UNUSED_RESULT;
const char *csl_search_item_get_heading (CslSearchItem *self);
/* One of the two is NULL. */
CslRecordItem *csl_search_item_get_record (CslSearchItem *self);
const CslCommand *csl_search_item_get_command (CslSearchItem *self);

G_END_DECLS
