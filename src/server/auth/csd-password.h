/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Password hashes: Argon2id in the text form of libsodium, and a queue that bounds how many run at once. */
#pragma once

#include <glib.h>
#include <stdbool.h>

G_BEGIN_DECLS

#define CSD_PASSWORD_HASH_SIZE 160
#define CSD_PASSWORD_MAX       256 /* bytes */
#define CSD_PASSWORD_MIN       10  /* characters */

typedef struct
{
  guint64 operations; /* passes over the memory */
  gsize memory;       /* bytes */
} CsdPasswordCost;

/* Three passes over 64 MiB. */
extern const CsdPasswordCost csd_password_cost_default;

/* FALSE when there is no memory. */
bool csd_password_hash (const char *password,
                        const CsdPasswordCost *cost,
                        char ret_hash[CSD_PASSWORD_HASH_SIZE]) G_GNUC_WARN_UNUSED_RESULT;
/* Waits while two others are being computed. */
bool csd_password_verify (const char *hash, const char *password);
/* A sentence why @password is not good enough for @username, or NULL. */
const char *csd_password_refuse (const char *password, const char *username);

G_END_DECLS
