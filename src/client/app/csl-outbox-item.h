/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslOutboxItem: one line of "unsent work" in words. Immutable; main thread. */
#pragma once

#include "core/outbox/csl-outbox.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define CSL_TYPE_OUTBOX_ITEM (csl_outbox_item_get_type ())
G_DECLARE_FINAL_TYPE (CslOutboxItem, csl_outbox_item, CSL, OUTBOX_ITEM, GObject)

gint64 csl_outbox_item_get_n (CslOutboxItem *self);
const char *csl_outbox_item_get_op (CslOutboxItem *self);
CslOutboxState csl_outbox_item_get_state (CslOutboxItem *self);
/* A manager decided not to take it over; get_reason() says who, and why. */
bool csl_outbox_item_get_declined (CslOutboxItem *self);
const char *csl_outbox_item_get_type_name (CslOutboxItem *self); /* record type name */
const char *csl_outbox_item_get_record_id (CslOutboxItem *self);
const char *csl_outbox_item_get_title (
  CslOutboxItem *self); /* "Home visit note · Amina Rahman" */
const char *csl_outbox_item_get_summary (
  CslOutboxItem *self); /* "Phone → 07700 900 123" */
const char *csl_outbox_item_get_reason (
  CslOutboxItem *self); /* (nullable) why refused or held, for people */
const char *csl_outbox_item_get_field (
  CslOutboxItem *self); /* (nullable) field the reason is about */
gint64 csl_outbox_item_get_saved_ms (CslOutboxItem *self);
/* Everything typed, as plain text for the clipboard. */
char *csl_outbox_item_dup_text (CslOutboxItem *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
