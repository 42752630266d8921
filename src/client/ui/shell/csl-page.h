/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslPage: what fills the window or a pane: a title, the session and, for most, one record.
 *
 * Properties: "session" (CslSession, construct only), "title" (string: shown in the header,
 * never personal data), "item" (CslRecordItem, nullable: the record the page is about),
 * "can-go-back" (boolean: csl_page_go_back() would do something).
 */
#pragma once

#include "client/app/csl-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CSL_TYPE_PAGE (csl_page_get_type ())
G_DECLARE_DERIVABLE_TYPE (CslPage, csl_page, CSL, PAGE, AdwBin)

struct _CslPageClass
{
  AdwBinClass parent_class;

  /* "item" or its content changed: fill what bindings cannot. May be NULL. */
  void (*item_changed) (CslPage *self);
  /* Puts the focus into the page's own search; FALSE (or NULL) when it has none. */
  gboolean (*find) (CslPage *self);
  /* Goes one step back inside the page; FALSE (or NULL) when there is none. */
  gboolean (*go_back) (CslPage *self);
  /* The page is about to be left for good: write what is not saved yet. May be NULL. */
  void (*leave) (CslPage *self);
  /* Another client was chosen to work with, or none: list theirs only. May be NULL. */
  void (*client_changed) (CslPage *self);

  gpointer padding[3];
};

CslSession *csl_page_get_session (CslPage *self);
CslRecordItem *csl_page_get_item (CslPage *self);
void csl_page_set_item (CslPage *self, CslRecordItem *item);
CslRecordItem *csl_page_get_client (CslPage *self);
void csl_page_set_client (CslPage *self, CslRecordItem *client);
const char *csl_page_get_title (CslPage *self);
void csl_page_set_title (CslPage *self, const char *title);
void csl_page_set_can_go_back (CslPage *self, gboolean can_go_back);

gboolean csl_page_find (CslPage *self);
gboolean csl_page_go_back (CslPage *self);
void csl_page_leave (CslPage *self);

G_END_DECLS
