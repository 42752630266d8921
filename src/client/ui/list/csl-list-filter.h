/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslListFilter: one question a list can be narrowed by, with its answers. Properties: "title",
 * "labels" (GListModel of GtkStringObject), "selected" (uint). */
#pragma once

#include "client/app/csl-session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define CSL_TYPE_LIST_FILTER (csl_list_filter_get_type ())
G_DECLARE_FINAL_TYPE (CslListFilter, csl_list_filter, CSL, LIST_FILTER, GObject)

/* The questions a list of this type offers, the last one being the order. */
GListStore *csl_list_filters_create (CslSession *session, const CslRecordType *type)
  G_GNUC_WARN_UNUSED_RESULT;
const char *csl_list_filter_get_title (CslListFilter *self);
GListModel *csl_list_filter_get_labels (CslListFilter *self);
/* The chosen answer when it narrows or orders unlike the first thing a person would expect;
 * NULL when there is nothing to say. */
const char *csl_list_filter_get_summary (CslListFilter *self);
void csl_list_filter_apply (CslListFilter *self, CslQuery *query);

G_END_DECLS
