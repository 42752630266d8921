/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Erasing a person by law: what would go, doing it, and which computers have not heard of it yet. */
#pragma once

#include "server/csd-devices.h"

G_BEGIN_DECLS

typedef void (*CsdErasableFunc) (const char *type, guint n, gpointer data);

/* How many records of each type hang on the client @client (an id) of @organisation (an id). G_IO_ERROR_NOT_FOUND: there is
 * no such client, or it is erased already. */
bool csd_server_list_erasable (CsdServer *self,
                               const char *organisation,
                               const char *client,
                               CsdErasableFunc func,
                               gpointer data,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Erases them, for ever. *ret_seq: the commit. When TRUE, no file of the database holds what they said. */
bool csd_server_erase (CsdServer *self,
                       const char *organisation,
                       const char *client,
                       gint64 *ret_seq,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Every client that was erased, by commit. */
bool csd_server_list_erased (CsdServer *self,
                             const char *organisation,
                             CsdErasedFunc func,
                             gpointer data,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* May @device still have what was erased by commit @seq? @note (nullable): what it said last. */
bool csd_device_may_have (const CsdDevice *device, const CsdDeviceNote *note, gint64 seq);

G_END_DECLS
