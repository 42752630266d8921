/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslKeyFile: the key of a replica, wrapped, in a file of two slots beside it (docs/adr/0010-lock.md).
 * Calls block; deriving a key from a PIN takes 128 MiB and a third of a second: never on the main
 * thread. */
#pragma once

#include "client/app/csl-secret.h"

#include <glib.h>
#include <stdbool.h>

G_BEGIN_DECLS

#define CSL_KEY_FILE_ERROR (csl_key_file_error_quark ())
typedef enum {
  CSL_KEY_FILE_ERROR_MISSING, /* no such file */
  CSL_KEY_FILE_ERROR_EMPTY,   /* the slot holds nothing */
  CSL_KEY_FILE_ERROR_DAMAGED, /* the file or the slot is not what was written */
  CSL_KEY_FILE_ERROR_WRONG,   /* what was given does not open the slot */
  CSL_KEY_FILE_ERROR_SHARE,   /* the slot wants the share of the server */
  CSL_KEY_FILE_ERROR_NEWER,   /* written by a newer Caseload */
  CSL_KEY_FILE_ERROR_DISK,
} CslKeyFileError;
GQuark csl_key_file_error_quark (void);

typedef enum {
  CSL_KEY_SLOT_PIN,      /* keyring + PIN + share */
  CSL_KEY_SLOT_RECOVERY, /* keyring + share for recovery: nothing the worker must remember */
} CslKeySlot;
#define CSL_KEY_N_SLOTS 2

#define CSL_KEY_SIZE       32 /* of the wrapped key, the keyring's secret and the shares */
#define CSL_KEY_MEMORY_KIB (128 * 1024)
#define CSL_KEY_PASSES     3

/* What the wrapping key is made of. */
typedef struct
{
  CslSecret *keyring; /* (unowned) CSL_KEY_SIZE bytes */
  CslSecret *pin;     /* (unowned) (nullable): the text as typed; the PIN slot needs it */
  CslSecret *share;   /* (unowned) (nullable) CSL_KEY_SIZE bytes */
} CslKeyFactors;

bool csl_key_file_exists (const char *path);
/* Does the slot hold something, readable or not? */
bool csl_key_file_has_slot (const char *path, CslKeySlot slot);
/* Does opening the slot need the server's share? */
bool csl_key_file_needs_share (const char *path, CslKeySlot slot);
bool csl_key_file_wrap_sync (const char *path,
                             CslKeySlot slot,
                             const CslKeyFactors *factors,
                             CslSecret *key,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
CslSecret *csl_key_file_unwrap_sync (const char *path,
                                     CslKeySlot slot,
                                     const CslKeyFactors *factors,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool csl_key_file_empty_slot_sync (const char *path, CslKeySlot slot, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
bool csl_key_file_destroy_sync (const char *path, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
