/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Computers people work on, the organisation's recovery key, and the sealed work of lost computers. May be used beside a
 * serving process. Errors: those of the registry; G_IO_ERROR as told.
 */
#pragma once

#include "server/csd-server.h"
#include "server/store/csd-storage.h"

G_BEGIN_DECLS

#define CSD_RECOVERY_KEY_SIZE 32

/* @note: what it said in its last pull; NULL: nothing yet. */
typedef void (*CsdDeviceReportFunc) (const CsdDevice *device,
                                     const CsdDeviceNote *note,
                                     gpointer data);

const char *csd_device_status_to_text (CsdDeviceStatus status);
bool csd_device_status_from_text (const char *text, CsdDeviceStatus *ret_status);

/* Of one organisation or one user, or all (both NULL). */
bool csd_server_list_devices (CsdServer *self,
                              const char *organisation,
                              const char *user,
                              CsdDeviceReportFunc func,
                              gpointer data,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Everybody's copy on a computer, or only that of @user (nullable). Its sessions and live channels end at once. To wipe
 * needs a recovery key: G_IO_ERROR_NOT_INITIALIZED without one. G_IO_ERROR_NOT_FOUND: no such computer;
 * G_IO_ERROR_CLOSED: it was wiped and stays so. */
bool csd_server_set_device_status (CsdServer *self,
                                   const char *device,
                                   const char *user,
                                   CsdDeviceStatus status,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Makes a recovery key and keeps its private half under @passphrase. G_IO_ERROR_EXISTS when there is one: what was sealed
 * to it would be lost. */
bool csd_server_make_recovery_key (CsdServer *self,
                                   const char *organisation,
                                   const char *passphrase,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* FALSE without @error: none yet. */
bool csd_server_find_recovery_key (CsdServer *self,
                                   const char *organisation,
                                   CsdRecoveryKey *ret_key,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The private half; sodium_memzero() it after use. G_IO_ERROR_NOT_FOUND: no key, or it is not kept here;
 * CSL_SEALED_ERROR_WRONG_KEY: another passphrase. */
bool csd_server_open_recovery_key (CsdServer *self,
                                   const char *organisation,
                                   const char *passphrase,
                                   guint8 ret_private[CSD_RECOVERY_KEY_SIZE],
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* From now on the private half is only where it was exported to. */
bool csd_server_forget_private_recovery_key (CsdServer *self,
                                             const char *organisation,
                                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

bool csd_server_list_sealed (CsdServer *self,
                             CsdSealedFunc func,
                             gpointer data,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The content of complete sealed work. @private_key: of its organisation. G_IO_ERROR_NOT_FOUND: no such work, or not all of
 * it has come; CSL_SEALED_ERROR. */
GBytes *csd_server_open_sealed (CsdServer *self,
                                const char *id,
                                const guint8 private_key[CSD_RECOVERY_KEY_SIZE],
                                CsdSealed *ret_sealed,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Notes that it was taken in. */
bool csd_server_mark_imported (CsdServer *self, const CsdSealed *sealed, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
