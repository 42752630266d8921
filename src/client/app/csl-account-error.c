/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-account-error.c: what errors of the keyring, the store and the network mean for somebody who
 * wants to open an account. */
#include "client/app/csl-account-private.h"
#include "client/app/csl-key-file.h"
#include "store/csl-store-error.h"

G_DEFINE_QUARK (csl - account - error - quark, csl_account_error)

static CslAccountError
code_from_keyring (int code)
{
  switch ((CslKeyringError) code) {
  case CSL_KEYRING_ERROR_MISSING:
    return CSL_ACCOUNT_ERROR_KEY_MISSING;
  case CSL_KEYRING_ERROR_NO_SERVICE:
  case CSL_KEYRING_ERROR_LOCKED:
    break;
  }
  return CSL_ACCOUNT_ERROR_NO_KEYRING;
}

static CslAccountError
code_from_key_file (int code)
{
  switch ((CslKeyFileError) code) {
  case CSL_KEY_FILE_ERROR_WRONG:
    return CSL_ACCOUNT_ERROR_WRONG_PIN;
  case CSL_KEY_FILE_ERROR_SHARE:
    return CSL_ACCOUNT_ERROR_LEASE_OVER;
  case CSL_KEY_FILE_ERROR_NEWER:
    return CSL_ACCOUNT_ERROR_NEWER;
  case CSL_KEY_FILE_ERROR_DISK:
    return CSL_ACCOUNT_ERROR_DISK;
  case CSL_KEY_FILE_ERROR_MISSING:
  case CSL_KEY_FILE_ERROR_EMPTY:
  case CSL_KEY_FILE_ERROR_DAMAGED:
    break;
  }
  return CSL_ACCOUNT_ERROR_KEYS_DAMAGED;
}

static CslAccountError
code_from_store (int code)
{
  switch ((CslStoreError) code) {
  case CSL_STORE_ERROR_WRONG_KEY:
    return CSL_ACCOUNT_ERROR_WRONG_KEY;
  case CSL_STORE_ERROR_NEWER:
    return CSL_ACCOUNT_ERROR_NEWER;
  case CSL_STORE_ERROR_BUSY:
    return CSL_ACCOUNT_ERROR_IN_USE;
  case CSL_STORE_ERROR_FULL:
  case CSL_STORE_ERROR_READ_ONLY:
  case CSL_STORE_ERROR_IO:
    return CSL_ACCOUNT_ERROR_DISK;
  case CSL_STORE_ERROR_MISSING:
  case CSL_STORE_ERROR_EXISTS:
  case CSL_STORE_ERROR_DAMAGED:
  case CSL_STORE_ERROR_INVALID:
    break;
  }
  return CSL_ACCOUNT_ERROR_DAMAGED;
}

static CslAccountError
code_from_net (int code)
{
  switch ((CslNetError) code) {
  case CSL_NET_ERROR_OFFLINE:
  case CSL_NET_ERROR_TIMEOUT:
  case CSL_NET_ERROR_CUT:
    return CSL_ACCOUNT_ERROR_UNREACHABLE;
  case CSL_NET_ERROR_CERTIFICATE:
    return CSL_ACCOUNT_ERROR_CERTIFICATE;
  case CSL_NET_ERROR_UNAUTHORIZED:
    return CSL_ACCOUNT_ERROR_WRONG_PASSWORD;
  case CSL_NET_ERROR_REFUSED:
  case CSL_NET_ERROR_TOO_LARGE:
  case CSL_NET_ERROR_BUSY:
  case CSL_NET_ERROR_GARBAGE:
    break;
  }
  return CSL_ACCOUNT_ERROR_SERVER;
}

void
csl_account_propagate_error (GError **error, GError *raw)
{
  g_autoptr (GError) owned = raw;
  CslAccountError code;

  if (raw->domain == CSL_KEYRING_ERROR)
    code = code_from_keyring (raw->code);
  else if (raw->domain == CSL_KEY_FILE_ERROR)
    code = code_from_key_file (raw->code);
  else if (raw->domain == CSL_STORE_ERROR)
    code = code_from_store (raw->code);
  else if (raw->domain == CSL_NET_ERROR)
    code = code_from_net (raw->code);
  else if (raw->domain == CSL_WIRE_ERROR || raw->domain == CSL_JSON_ERROR)
    code = CSL_ACCOUNT_ERROR_SERVER;
  else if (raw->domain == G_FILE_ERROR)
    code = CSL_ACCOUNT_ERROR_DISK;
  else {
    g_propagate_error (error, g_steal_pointer (&owned));
    return;
  }
  g_set_error_literal (error, CSL_ACCOUNT_ERROR, (int) code, raw->message);
}

void
csl_account_propagate_sign_in_error (GError **error,
                                     GError *raw,
                                     const CslExchangeReply *reply)
{
  const bool locked = reply->status == 429 ||
                      g_strcmp0 (reply->error_code, "locked") == 0;
  const bool ambiguous = g_strcmp0 (reply->error_code, "organisation") == 0;

  if (raw->domain != CSL_NET_ERROR || (!locked && !ambiguous)) {
    csl_account_propagate_error (error, raw);
    return;
  }
  g_set_error_literal (error, CSL_ACCOUNT_ERROR,
                       locked ? CSL_ACCOUNT_ERROR_LOCKED : CSL_ACCOUNT_ERROR_AMBIGUOUS,
                       raw->message);
  g_error_free (raw);
}
