/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslRecordItem: one record as lists and pages see it. Content is immutable; when the record changes the item gets
 * new content, "revision" goes up and is notified, and bindings re-read. Main thread only. */
#pragma once

#include "core/schema/csl-record.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* Where this record stands with the server, for badges. */
typedef enum {
  CSL_RECORD_STATE_SYNCED,
  CSL_RECORD_STATE_WAITING, /* saved here, not sent yet */
  CSL_RECORD_STATE_SENT,
  CSL_RECORD_STATE_DIFFERS, /* an open sync_conflict names it */
  CSL_RECORD_STATE_REFUSED,
  CSL_RECORD_STATE_REVIEW, /* escrowed: with a manager */
} CslRecordState;

#define CSL_TYPE_RECORD_ITEM (csl_record_item_get_type ())
G_DECLARE_FINAL_TYPE (CslRecordItem, csl_record_item, CSL, RECORD_ITEM, GObject)

/* Properties: "revision" (uint, bumps on change), "title" (string), "state" (CslRecordState as uint). */
const CslRecord *csl_record_item_get_record (CslRecordItem *self);
const CslRecordType *csl_record_item_get_record_type (CslRecordItem *self);
const char *csl_record_item_get_id (CslRecordItem *self);
/* Canonical text of a field, or NULL. What these return stays valid until the main loop runs again, also when the item gets
 * new content meanwhile. */
const char *csl_record_item_get_text (CslRecordItem *self, const char *field);
const char *csl_record_item_get_title (CslRecordItem *self);
CslRecordState csl_record_item_get_state (CslRecordItem *self);
guint csl_record_item_get_revision (CslRecordItem *self);

G_END_DECLS
