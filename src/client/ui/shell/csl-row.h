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
  /* The line was pressed; without it the record is opened. May be NULL. */
  void (*activated) (CslRow *self);

  gpointer padding[4];
};

CslSession *csl_row_get_session (CslRow *self);
gpointer csl_row_get_item (CslRow *self);
/* The item when it is a record, else NULL. */
CslRecordItem *csl_row_get_record_item (CslRow *self);
gpointer csl_row_get_previous (CslRow *self);
/* What a screen reader says for the line, on the row and on the list item around it. */
void csl_row_set_spoken (CslRow *self, const char *text);
/* Does what pressing the line does. */
void csl_row_activate (CslRow *self);

/* Fills a boxed list with rows of @row_type, each inside an activatable GtkListBoxRow. */
void csl_row_bind_list (GtkListBox *list,
                        GListModel *model,
                        GType row_type,
                        CslSession *session);
/* The row inside a GtkListBoxRow of such a list. */
CslRow *csl_row_from_list_box_row (GtkListBoxRow *row);

/* Makes rows of @row_type (a CslRow) for a list view over @model (nullable: no "previous"). */
GtkListItemFactory *csl_row_factory_new (GType row_type,
                                         CslSession *session,
                                         GListModel *model) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
