/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The brake on guessing passwords: whoever fails again and again waits longer and longer. */
#pragma once

#include "server/auth/csd-auth.h"

G_BEGIN_DECLS

#define CSD_ATTEMPTS_KEY_SIZE 33

/* Of a name and the address it comes from (nullable). */
void csd_attempts_make_key (const char *username,
                            const char *remote,
                            char ret_key[CSD_ATTEMPTS_KEY_SIZE]);
/* Counts the attempt before its password is looked at: attempts made at the same time count too. FALSE: not before
 * *ret_retry_s. */
bool csd_attempts_may_try (CsdAuth *self, const char *key, guint *ret_retry_s);
/* After a password that fits. */
void csd_attempts_forget (CsdAuth *self, const char *key);

G_END_DECLS
