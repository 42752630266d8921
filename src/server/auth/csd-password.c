/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-password.c: password hashes. */
#include "config.h"

#include "server/auth/csd-password.h"

#include <sodium.h>
#include <string.h>

#define AT_ONCE 2

const CsdPasswordCost csd_password_cost_default = { 3, 64 * 1024 * 1024 };

static GMutex queue_lock;
static GCond queue_free;
static guint queue_running;

static void
enter_queue (void)
{
  g_mutex_lock (&queue_lock);
  while (queue_running >= AT_ONCE)
    g_cond_wait (&queue_free, &queue_lock);
  queue_running++;
  g_mutex_unlock (&queue_lock);
}

static void
leave_queue (void)
{
  g_mutex_lock (&queue_lock);
  queue_running--;
  g_cond_signal (&queue_free);
  g_mutex_unlock (&queue_lock);
}

bool
csd_password_hash (const char *password,
                   const CsdPasswordCost *cost,
                   char ret_hash[CSD_PASSWORD_HASH_SIZE])
{
  char hash[crypto_pwhash_STRBYTES];
  bool done = false;

  G_STATIC_ASSERT (crypto_pwhash_STRBYTES <= CSD_PASSWORD_HASH_SIZE);
  enter_queue ();
  done = crypto_pwhash_str_alg (hash, password, strlen (password), cost->operations,
                                cost->memory, crypto_pwhash_ALG_ARGON2ID13) == 0;
  leave_queue ();
  if (done)
    g_strlcpy (ret_hash, hash, CSD_PASSWORD_HASH_SIZE);
  return done;
}

bool
csd_password_verify (const char *hash, const char *password)
{
  bool good = false;

  if (strlen (password) > CSD_PASSWORD_MAX)
    return false;
  enter_queue ();
  good = crypto_pwhash_str_verify (hash, password, strlen (password)) == 0;
  leave_queue ();
  return good;
}

const char *
csd_password_refuse (const char *password, const char *username)
{
  g_autofree char *low = g_utf8_casefold (password, -1);
  g_autofree char *name = g_utf8_casefold (username, -1);

  if (g_utf8_strlen (password, -1) < CSD_PASSWORD_MIN)
    return "The password must have at least 10 characters.";
  if (strlen (password) > CSD_PASSWORD_MAX)
    return "The password is too long.";
  if (*name != '\0' && strstr (low, name) != NULL)
    return "The password must not contain the user name.";
  return NULL;
}
