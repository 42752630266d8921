/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Computers as the server knows them: one's own, or the whole organisation's for who looks after them. Needs the network:
 * nothing of it is kept here. Errors: CSL_NET_ERROR.
 */
#pragma once

#include "client/app/csl-session.h"

G_BEGIN_DECLS

typedef enum {
  CSL_DEVICE_IN_USE,
  CSL_DEVICE_SUSPENDED,
  CSL_DEVICE_LEAVING, /* ordered to wipe; it has not come back yet */
  CSL_DEVICE_GONE,
} CslDeviceState;

typedef struct
{
  char *id, *user;        /* (owned) */
  char *user_name, *name; /* (owned) for people */
  char *platform, *app;   /* (owned) */
  char *last_sync_at;     /* (owned) (nullable) instant */
  gint64 unsent;          /* as last reported; 0 when not known */
  CslDeviceState state;
  bool is_own, is_here; /* of this worker; this very computer */
} CslDeviceEntry;

void csl_device_entry_free (CslDeviceEntry *entry);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CslDeviceEntry, csl_device_entry_free)

void csl_session_list_devices_async (CslSession *self,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer data);
/* (element-type CslDeviceEntry), with a free function. */
GPtrArray *csl_session_list_devices_finish (CslSession *self,
                                            GAsyncResult *result,
                                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Reports a computer lost: it is refused at once, and wipes its copy when it comes back. */
void csl_session_remove_device_async (CslSession *self,
                                      const CslDeviceEntry *entry,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer data);
/* *ret_no_key: the organisation has no recovery key, so nothing was done. */
gboolean csl_session_remove_device_finish (CslSession *self,
                                           GAsyncResult *result,
                                           bool *ret_no_key,
                                           GError **error);

G_END_DECLS
