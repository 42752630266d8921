/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-keyring.c: secrets of an account in the desktop's secret service.
 *
 * "Not found" and "found but locked" must never be mixed up: who takes a locked key for a
 * missing one might make a new key over an existing replica. Secrets are stored as base64
 * text, because some services only keep text.
 */
#include "client/app/csl-keyring.h"

#include <libsecret/secret.h>
#include <sodium.h>
#include <stdbool.h>
#include <string.h>

G_DEFINE_QUARK (csl - keyring - error - quark, csl_keyring_error)

static const SecretSchema keyring_schema = {
  .name = "org.caseload.Caseload.Secret",
  .flags = SECRET_SCHEMA_NONE,
  .attributes = {
    { "account", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { "purpose", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { NULL, 0 },
  },
};

static const char *
purpose_to_string (CslKeyringPurpose purpose)
{
  switch (purpose) {
  case CSL_KEYRING_REPLICA_KEY:
    return "replica-key";
  case CSL_KEYRING_DEVICE_KEY:
    return "device-key";
  case CSL_KEYRING_LOCK_SECRET:
    return "lock-secret";
  case CSL_KEYRING_N_PURPOSES:
    break;
  }
  g_assert_not_reached ();
}

static bool
is_locked_error (const GError *raw)
{
  g_autofree char *remote = NULL;

  if (g_error_matches (raw, SECRET_ERROR, SECRET_ERROR_IS_LOCKED))
    return true;
  /* A keyring that was never opened has no login collection to store in. */
  if (!g_dbus_error_is_remote_error (raw))
    return false;
  remote = g_dbus_error_get_remote_error (raw);
  return g_strcmp0 (remote, "org.freedesktop.Secret.Error.IsLocked") == 0 ||
         g_strcmp0 (remote, "org.freedesktop.DBus.Error.UnknownMethod") == 0 ||
         g_strcmp0 (remote, "org.freedesktop.DBus.Error.UnknownObject") == 0;
}

/* Takes @raw. */
static void
set_error (GError **error, GError *raw)
{
  g_autoptr (GError) owned = raw;

  if (g_error_matches (raw, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_propagate_error (error, g_steal_pointer (&owned));
  else if (is_locked_error (raw))
    g_set_error (error, CSL_KEYRING_ERROR, CSL_KEYRING_ERROR_LOCKED,
                 "the keyring is locked: %s", raw->message);
  else
    g_set_error (error, CSL_KEYRING_ERROR, CSL_KEYRING_ERROR_NO_SERVICE,
                 "the secret service does not answer: %s", raw->message);
  /* It may be another one next time: what libsecret knows of this one would be in the way. */
  secret_service_disconnect ();
}

/* -- patience: a service that stays silent must not keep somebody waiting for ever -- */

typedef struct
{
  GCancellable *cancellable; /* (owned) */
  GCancellable *outer;       /* (unowned) (nullable) */
  gulong chain;
  GSource *timer; /* (owned) */
} Patience;

static gboolean
give_up_cb (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
  return G_SOURCE_REMOVE;
}

static void
cancel_cb (GCancellable *outer, gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
}

static void
patience_begin (Patience *self, GCancellable *outer)
{
  self->cancellable = g_cancellable_new ();
  self->outer = outer;
  self->chain = outer != NULL ? g_cancellable_connect (outer, G_CALLBACK (cancel_cb),
                                                       self->cancellable, NULL)
                              : 0;
  self->timer = g_timeout_source_new_seconds (CSL_KEYRING_PATIENCE_S);
  g_source_set_callback (self->timer, give_up_cb, g_object_ref (self->cancellable),
                         g_object_unref);
  g_source_attach (self->timer, NULL);
}

/* A call that was given up is one that nobody answered; one that the caller cancelled stays cancelled. */
static void
patience_end (Patience *self, GError **error)
{
  g_source_destroy (self->timer);
  g_source_unref (self->timer);
  if (self->chain != 0)
    g_cancellable_disconnect (self->outer, self->chain);
  if (*error != NULL && g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_CANCELLED) &&
      !(self->outer != NULL && g_cancellable_is_cancelled (self->outer))) {
    g_clear_error (error);
    g_set_error (error, CSL_KEYRING_ERROR, CSL_KEYRING_ERROR_NO_SERVICE,
                 "the secret service did not answer within %d seconds",
                 CSL_KEYRING_PATIENCE_S);
  }
  g_object_unref (self->cancellable);
}

static GHashTable *
make_attributes (const char *account, CslKeyringPurpose purpose)
{
  return secret_attributes_build (&keyring_schema, "account", account, "purpose",
                                  purpose_to_string (purpose), NULL);
}

/**
 * csl_keyring_store_sync:
 *
 * Stores @secret, in place of an older one for the same purpose.
 *
 * Returns: %FALSE with %CSL_KEYRING_ERROR_NO_SERVICE or %CSL_KEYRING_ERROR_LOCKED
 */
gboolean
csl_keyring_store_sync (const char *account,
                        CslKeyringPurpose purpose,
                        CslSecret *secret,
                        GCancellable *cancellable,
                        GError **error)
{
  g_autoptr (GHashTable) attributes = make_attributes (account, purpose);
  gsize size = sodium_base64_ENCODED_LEN (csl_secret_get_length (secret),
                                          sodium_base64_VARIANT_ORIGINAL);
  char *text = csl_secret_allocate (size);
  GError *raw = NULL;
  GError *failure = NULL;
  gboolean stored;
  Patience patience;

  patience_begin (&patience, cancellable);
  sodium_bin2base64 (text, size, csl_secret_get_bytes (secret),
                     csl_secret_get_length (secret), sodium_base64_VARIANT_ORIGINAL);
  stored = secret_password_storev_sync (&keyring_schema, attributes,
                                        SECRET_COLLECTION_DEFAULT, "Caseload", text,
                                        patience.cancellable, &raw);
  sodium_free (text);
  if (!stored)
    set_error (&failure, raw);
  patience_end (&patience, &failure);
  if (failure != NULL)
    g_propagate_error (error, failure);
  return stored;
}

static CslSecret *
decode (SecretValue *value, GError **error)
{
  gsize text_length = 0, length = 0;
  const char *text = secret_value_get (value, &text_length);
  guint8 *bytes = csl_secret_allocate (text_length + 1);
  CslSecret *secret = NULL;

  if (sodium_base642bin (bytes, text_length + 1, text, text_length, NULL, &length, NULL,
                         sodium_base64_VARIANT_ORIGINAL) == 0 &&
      length > 0)
    secret = csl_secret_new (bytes, length);
  else
    g_set_error (error, CSL_KEYRING_ERROR, CSL_KEYRING_ERROR_MISSING,
                 "the keyring holds something else under this name");
  sodium_free (bytes);
  return secret;
}

static CslSecret *
read_item (SecretRetrievable *item, GCancellable *cancellable, GError **error)
{
  GError *raw = NULL;
  g_autoptr (SecretValue) value =
    secret_retrievable_retrieve_secret_sync (item, cancellable, &raw);

  if (value != NULL)
    return decode (value, error);
  if (raw != NULL)
    set_error (error, raw);
  else
    g_set_error (error, CSL_KEYRING_ERROR, CSL_KEYRING_ERROR_LOCKED,
                 "the keyring was not unlocked");
  return NULL;
}

/* Nothing was opened: is there nothing, or did the person not unlock it? Asked without a prompt. */
static void
set_nothing_found (GHashTable *attributes, GCancellable *cancellable, GError **error)
{
  GError *raw = NULL;
  g_autolist (SecretRetrievable) items =
    secret_password_searchv_sync (&keyring_schema, attributes, SECRET_SEARCH_ALL,
                                  cancellable, &raw);

  if (raw != NULL)
    set_error (error, raw);
  else if (items != NULL)
    g_set_error (error, CSL_KEYRING_ERROR, CSL_KEYRING_ERROR_LOCKED,
                 "the keyring was not unlocked");
  else
    g_set_error (error, CSL_KEYRING_ERROR, CSL_KEYRING_ERROR_MISSING,
                 "the keyring does not have the key of this account");
}

static CslSecret *
lookup_once (GHashTable *attributes, GCancellable *cancellable, GError **error)
{
  GError *raw = NULL;
  g_autolist (SecretRetrievable) items =
    secret_password_searchv_sync (&keyring_schema, attributes, SECRET_SEARCH_UNLOCK,
                                  cancellable, &raw);

  if (raw != NULL) {
    set_error (error, raw);
    return NULL;
  }
  if (items == NULL) {
    set_nothing_found (attributes, cancellable, error);
    return NULL;
  }
  return read_item (items->data, cancellable, error);
}

/**
 * csl_keyring_lookup_sync:
 *
 * Returns: (transfer full): the secret; %NULL with %CSL_KEYRING_ERROR_NO_SERVICE,
 *   %CSL_KEYRING_ERROR_LOCKED or %CSL_KEYRING_ERROR_MISSING
 */
CslSecret *
csl_keyring_lookup_sync (const char *account,
                         CslKeyringPurpose purpose,
                         GCancellable *cancellable,
                         GError **error)
{
  g_autoptr (GHashTable) attributes = make_attributes (account, purpose);
  Patience patience;
  GError *raw = NULL;
  CslSecret *found;

  patience_begin (&patience, cancellable);
  found = lookup_once (attributes, patience.cancellable, &raw);
  /* The service may have started anew since it was last asked. */
  if (found == NULL && raw->domain == CSL_KEYRING_ERROR &&
      raw->code == CSL_KEYRING_ERROR_NO_SERVICE) {
    g_clear_error (&raw);
    found = lookup_once (attributes, patience.cancellable, &raw);
  }
  patience_end (&patience, &raw);
  if (raw != NULL)
    g_propagate_error (error, raw);
  return found;
}

gboolean
csl_keyring_clear_sync (const char *account,
                        CslKeyringPurpose purpose,
                        GCancellable *cancellable,
                        GError **error)
{
  g_autoptr (GHashTable) attributes = make_attributes (account, purpose);
  GError *raw = NULL;

  secret_password_clearv_sync (&keyring_schema, attributes, cancellable, &raw);
  if (raw == NULL)
    return TRUE;
  set_error (error, raw);
  return FALSE;
}

gboolean
csl_keyring_clear_all_sync (const char *account,
                            GCancellable *cancellable,
                            GError **error)
{
  g_autoptr (GError) last = NULL;

  for (guint i = 0; i < CSL_KEYRING_N_PURPOSES; i++) {
    g_autoptr (GError) raw = NULL;

    if (!csl_keyring_clear_sync (account, i, cancellable, &raw)) {
      g_clear_error (&last);
      last = g_steal_pointer (&raw);
    }
  }
  if (last == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&last));
  return FALSE;
}
