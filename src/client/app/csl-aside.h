/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Folders that a worker who started again has set aside (csl-account.h), and how they go when the worker's copy leaves this
 * computer. All calls wait for disk or keyring: not on the main thread.
 *
 * <account id>.set-aside-<date>/
 *   aside.ini      whose folder it is, and whether what was not sent is safe; written before the folder gets its name
 *   unsent.sealed  what was not sent and is in no copy of the worker's: only the organisation's recovery key opens it
 */
#pragma once

#include "core/wire/csl-work-copy.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define CSL_ASIDE_MARK ".set-aside-"

/* Is @folder of an account that was set aside? */
bool csl_aside_is (const char *folder);

typedef struct
{
  const char *organisation, *user; /* (unowned) ids */
  bool safe; /* nothing is lost with the folder that could be read today */
} CslAsideNote;
/* Notes in @folder, before it is set aside, whose it is. @work (nullable) is sealed to @recovery_key first (base64; nullable:
 * then it is not), and safe from then on. CSL_SEALED_ERROR_*, G_FILE_ERROR. */
bool csl_aside_write_note (const char *folder,
                           const CslAsideNote *note,
                           const CslWorkCopy *work,
                           const char *recovery_key,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The folders beside @folder that this person has set aside: of char *. */
GPtrArray *csl_aside_list (const char *folder, const char *organisation, const char *user)
  G_GNUC_WARN_UNUSED_RESULT;
/* Unsent work in it that is sealed, and how many entries that is; NULL: there is none. */
GBytes *csl_aside_load_sealed (const char *folder, guint *ret_entries)
  G_GNUC_WARN_UNUSED_RESULT;
/* Are there records in it still? */
bool csl_aside_has_records (const char *folder);
/* Is nothing lost with the folder but what is sealed in it? */
bool csl_aside_is_safe (const char *folder);

typedef enum {
  CSL_ASIDE_KEEP_SEALED, /* and the note about it */
  CSL_ASIDE_ALL,         /* what is sealed was taken along */
} CslAsideExtent;
/* Its keys first, then its files. May be done again; TRUE also when there is nothing left. CSL_KEYRING_ERROR_*, G_FILE_ERROR. */
bool csl_aside_destroy (const char *folder,
                        CslAsideExtent extent,
                        GCancellable *cancellable,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
