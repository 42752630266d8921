/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The journal of a removal, shared by who writes it and who goes on from it. It names nobody but the organisation and holds
 * signatures that are good for nothing else: it may be read by whoever finds the computer.
 */
#pragma once

#include "client/app/csl-removal.h"

G_BEGIN_DECLS

#define CSL_REMOVAL_JOURNAL "removal.ini"
#define CSL_REMOVAL_GROUP   "removal"
#define CSL_REMOVAL_ORDER                                                                \
  "removal_order" /* setting of the replica: the order that is obeyed */
/* Setting of the replica: the key that unsent work is sealed to, base64. */
#define CSL_REMOVAL_RECOVERY_KEY "recovery_key"
/* Member of the journal: names of folders beside this one that were set aside, and go, too. */
#define CSL_REMOVAL_ASIDE "aside"

/* "box-0.sealed" in @folder. Caller frees. */
char *csl_removal_dup_box_path (const char *folder, guint box) G_GNUC_WARN_UNUSED_RESULT;
char *csl_removal_dup_journal_path (const char *folder) G_GNUC_WARN_UNUSED_RESULT;
/* Exactly @size bytes out of base64 @text (nullable). */
bool csl_removal_decode_key (const char *text, guint8 *bytes, gsize size);
/* Group of a box in the journal. */
char *csl_removal_dup_box_group (guint box) G_GNUC_WARN_UNUSED_RESULT;
bool csl_removal_store_journal (const char *folder, GKeyFile *journal, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
