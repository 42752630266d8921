/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslRow: the base of every line of a list. Properties: "session" (CslSession), "item" (what the
 * line shows: CslRecordItem, CslOutboxItem, …), "previous" (the item above, nullable: for day
 * headings). Subclasses bind their templates to these. */
#pragma once

#include "client/app/csl-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CSL_TYPE_ROW (csl_row_get_type ())
G_DECLARE_DERIVABLE_TYPE (CslRow, csl_row, CSL, ROW, AdwBin)

struct _CslRowClass
{
  AdwBinClass parent_class;

  /* "item" or its content changed. May be NULL. */
  void (*item_changed) (CslRow *self);

  gpointer padding[4];
};

CslSession *csl_row_get_session (CslRow *self);
gpointer csl_row_get_item (CslRow *self);
/* The item when it is a record, else NULL. */
CslRecordItem *csl_row_get_record_item (CslRow *self);
gpointer csl_row_get_previous (CslRow *self);

/* Makes rows of @row_type (a CslRow) for a list view over @model (nullable: no "previous"). */
GtkListItemFactory *csl_row_factory_new (GType row_type,
                                         CslSession *session,
                                         GListModel *model) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
