/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making and renewing record items: for the pool only. */
#pragma once

#include "client/app/csl-record-item.h"

G_BEGIN_DECLS

/* @record: (transfer full) */
CslRecordItem *csl_record_item_new (CslRecord *record, CslRecordState state)
  G_GNUC_WARN_UNUSED_RESULT;
/* The record as it is now (transfer full); notifies when anything differs. */
void csl_record_item_renew (CslRecordItem *self, CslRecord *record, CslRecordState state);

G_END_DECLS
