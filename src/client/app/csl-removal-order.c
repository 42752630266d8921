/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-removal-order.c: which orders are obeyed. The key that checks them was kept at the first sign-in, so that whoever comes
 * between later can order nothing; the counter makes every order good for once.
 */
#include "client/app/csl-removal-private.h"

#include <sodium.h>
#include <string.h>

#define ORDER_KEY "order_key"
#define COUNTER   "order_counter"

static bool
refuse (GError **error, const char *why)
{
  g_set_error (error, CSL_WIRE_ERROR, CSL_WIRE_ERROR_VALUE, "%s", why);
  return false;
}

static bool
pin (CslReplica *replica,
     const char *name,
     const char *value,
     bool replace,
     GError **error)
{
  g_autofree char *known = csl_replica_dup_setting (replica, name);

  if (value == NULL || (known != NULL && *known != '\0' && !replace) ||
      g_strcmp0 (known, value) == 0)
    return true;
  return csl_replica_put_setting (replica, name, value, error);
}

static gint64
get_counter (CslReplica *replica)
{
  g_autofree char *text = csl_replica_dup_setting (replica, COUNTER);

  return text != NULL ? g_ascii_strtoll (text, NULL, 10) : 0;
}

static bool
raise_counter (CslReplica *replica, gint64 counter, GError **error)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, counter);

  return counter <= get_counter (replica) ||
         csl_replica_put_setting (replica, COUNTER, text, error);
}

bool
csl_removal_pin_keys (CslReplica *replica,
                      const CslTokens *tokens,
                      bool password,
                      GError **error)
{
  return pin (replica, ORDER_KEY, tokens->order_key, password, error) &&
         pin (replica, CSL_REMOVAL_RECOVERY_KEY, tokens->recovery_key, password, error) &&
         raise_counter (replica, tokens->order_counter, error);
}

bool
csl_removal_decode_key (const char *text, guint8 *bytes, gsize size)
{
  gsize length = 0;

  return text != NULL &&
         sodium_base642bin (bytes, size, text, strlen (text), NULL, &length, NULL,
                            sodium_base64_VARIANT_ORIGINAL) == 0 &&
         length == size;
}

static bool
check_signature (CslReplica *replica, const CslOrder *order, GError **error)
{
  g_autofree char *key = csl_replica_dup_setting (replica, ORDER_KEY);
  g_autofree char *text = csl_order_dup_signed_text (order);
  guint8 public_key[crypto_sign_PUBLICKEYBYTES];
  guint8 signature[crypto_sign_BYTES];

  if (!csl_removal_decode_key (key, public_key, sizeof public_key))
    return refuse (error, "no key is known that could check an order");
  if (!csl_removal_decode_key (order->signature, signature, sizeof signature) ||
      crypto_sign_verify_detached (signature, (const guint8 *) text, strlen (text),
                                   public_key) != 0)
    return refuse (error, "the order is not signed by the organisation");
  return true;
}

static bool
check_order (CslReplica *replica, const CslOrder *order, GError **error)
{
  const CslReplicaIdentity *identity = csl_replica_get_identity (replica);

  if (!check_signature (replica, order, error))
    return false;
  if (strcmp (order->kind, "wipe") != 0)
    return refuse (error, "the order is of an unknown kind");
  if (strcmp (order->device, identity->device) != 0 ||
      strcmp (order->user, identity->user) != 0 ||
      strcmp (order->organisation, identity->organisation) != 0)
    return refuse (error, "the order is for another computer or person");
  if (order->counter <= get_counter (replica))
    return refuse (error, "the order is older than what is known");
  return true;
}

bool
csl_removal_take_order (CslReplica *replica, const char *text, GError **error)
{
  g_auto (CslOrder) order = { 0 };

  if (!csl_order_parse (&order, text, strlen (text), error))
    return false;
  /* A second answer with the order that is being obeyed. */
  if (csl_removal_is_ordered (replica))
    return true;
  return check_order (replica, &order, error) &&
         csl_replica_put_setting (replica, CSL_REMOVAL_RECOVERY_KEY, order.recovery_key,
                                  error) &&
         csl_replica_put_setting (replica, CSL_REMOVAL_ORDER, text, error);
}

bool
csl_removal_is_ordered (CslReplica *replica)
{
  g_autofree char *order = csl_replica_dup_setting (replica, CSL_REMOVAL_ORDER);

  return order != NULL && *order != '\0';
}
