/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-recovery.c: the recovery key of an organisation, and what was sealed to it. The server itself can open nothing: the
 * private half is wrapped by a passphrase that only the administrator has, or is not here at all.
 */
#include "config.h"

#include "core/base/csl-error.h"
#include "server/csd-devices.h"
#include "server/csd-server-private.h"
#include "store/csl-sealed.h"

#include <sodium.h>
#include <string.h>

G_STATIC_ASSERT (CSD_RECOVERY_KEY_SIZE == CSL_SEALED_KEY_SIZE);

static bool
put_key (CsdServer *self, const CsdRecoveryKey *key, GError **error)
{
  bool good = false;

  csd_registry_lock (self->registry);
  good = self->registry->put_recovery_key (self->registry, key,
                                           csl_env_wall_ms (self->env), error);
  csd_registry_unlock (self->registry);
  return good;
}

bool
csd_server_find_recovery_key (CsdServer *self,
                              const char *organisation,
                              CsdRecoveryKey *ret_key,
                              GError **error)
{
  bool found = false;

  csd_registry_lock (self->registry);
  found =
    self->registry->find_recovery_key (self->registry, organisation, ret_key, error);
  csd_registry_unlock (self->registry);
  return found;
}

static GBytes *
wrap (CsdServer *self,
      const guint8 private_key[CSD_RECOVERY_KEY_SIZE],
      const char *passphrase,
      GError **error)
{
  g_autoptr (GBytes) content = g_bytes_new_static (private_key, CSD_RECOVERY_KEY_SIZE);

  return csl_sealed_write (self->env, passphrase, content, error);
}

bool
csd_server_make_recovery_key (CsdServer *self,
                              const char *organisation,
                              const char *passphrase,
                              GError **error)
{
  g_auto (CsdRecoveryKey) key = { 0 };
  g_auto (CsdRecoveryKey) old = { 0 };
  guint8 private_key[CSD_RECOVERY_KEY_SIZE];
  g_autoptr (GError) local = NULL;

  if (csd_server_find_recovery_key (self, organisation, &old, &local)) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_EXISTS,
                         "the organisation has a recovery key");
    return false;
  }
  if (!csl_error_pass (&local, error))
    return false;
  csl_env_random (self->env, private_key, sizeof private_key);
  crypto_scalarmult_base (key.public_key, private_key);
  g_strlcpy (key.organisation, organisation, sizeof key.organisation);
  key.wrapped = wrap (self, private_key, passphrase, error);
  sodium_memzero (private_key, sizeof private_key);
  return key.wrapped != NULL && put_key (self, &key, error);
}

bool
csd_server_open_recovery_key (CsdServer *self,
                              const char *organisation,
                              const char *passphrase,
                              guint8 ret_private[CSD_RECOVERY_KEY_SIZE],
                              GError **error)
{
  g_auto (CsdRecoveryKey) key = { 0 };
  g_autoptr (GBytes) content = NULL;
  g_autoptr (GError) local = NULL;

  if (!csd_server_find_recovery_key (self, organisation, &key, &local) ||
      key.wrapped == NULL) {
    if (local != NULL)
      g_propagate_error (error, g_steal_pointer (&local));
    else
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                           "the private recovery key is not kept on this server");
    return false;
  }
  content = csl_sealed_read (passphrase, key.wrapped, error);
  if (content == NULL)
    return false;
  if (g_bytes_get_size (content) != CSD_RECOVERY_KEY_SIZE) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                         "the recovery key is damaged");
    return false;
  }
  memcpy (ret_private, g_bytes_get_data (content, NULL), CSD_RECOVERY_KEY_SIZE);
  return true;
}

bool
csd_server_forget_private_recovery_key (CsdServer *self,
                                        const char *organisation,
                                        GError **error)
{
  g_auto (CsdRecoveryKey) key = { 0 };

  if (!csd_server_find_recovery_key (self, organisation, &key, error))
    return false;
  g_clear_pointer (&key.wrapped, g_bytes_unref);
  return put_key (self, &key, error);
}

/* -- sealed work -- */

bool
csd_server_list_sealed (CsdServer *self,
                        CsdSealedFunc func,
                        gpointer data,
                        GError **error)
{
  bool good = false;

  csd_registry_lock (self->registry);
  good = self->registry->list_sealed (self->registry, func, data, error);
  csd_registry_unlock (self->registry);
  return good;
}

static GBytes *
read_box (CsdServer *self, const char *id, CsdSealed *sealed, GError **error)
{
  GBytes *box = NULL;
  gint64 parts = 0;
  gint64 bytes = 0;

  memset (sealed, 0, sizeof *sealed);
  g_strlcpy (sealed->id, id, sizeof sealed->id);
  csd_registry_lock (self->registry);
  if (*id != '\0' &&
      self->registry->find_sealed (self->registry, sealed, &parts, &bytes, NULL) &&
      sealed->complete_ms != 0)
    box = self->registry->dup_sealed (self->registry, id, error);
  else
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                 "there is no sealed work “%s”, or not all of it has come", id);
  csd_registry_unlock (self->registry);
  return box;
}

GBytes *
csd_server_open_sealed (CsdServer *self,
                        const char *id,
                        const guint8 private_key[CSD_RECOVERY_KEY_SIZE],
                        CsdSealed *ret_sealed,
                        GError **error)
{
  g_autoptr (GBytes) box = read_box (self, id, ret_sealed, error);
  guint8 public_key[CSD_RECOVERY_KEY_SIZE];

  if (box == NULL)
    return NULL;
  crypto_scalarmult_base (public_key, private_key);
  return csl_sealed_read_with_key (public_key, private_key, box, error);
}

bool
csd_server_mark_imported (CsdServer *self, const CsdSealed *sealed, GError **error)
{
  CsdSealed copy = *sealed;
  bool good = false;

  copy.imported_ms = csl_env_wall_ms (self->env);
  csd_registry_lock (self->registry);
  good = self->registry->mark_sealed (self->registry, &copy, error);
  csd_registry_unlock (self->registry);
  return good;
}
