/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Helpers of the store's tests: a folder of its own, a key, a seeded environment, a small schema, byte search. */
#pragma once

#include "core/base/csl-env.h"
#include "store/csl-db.h"

G_BEGIN_DECLS

extern const guint8 test_key[CSL_DB_KEY_SIZE];

/* A fresh folder; remove with test_folder_remove(). */
char *test_folder_new (void) G_GNUC_WARN_UNUSED_RESULT;
void test_folder_remove (char *folder);

/* Is the text anywhere in the file, or in its -wal and -journal? Missing files hold nothing. */
bool test_database_contains (const char *path, const char *text);
/* Is the text on any page of the file, free ones included, once the pages are decrypted? */
bool test_pages_contain (const char *path, const char *text);
/* Fails the test with the message when there is an error. */
#define test_assert(expression, error)                                                   \
  G_STMT_START                                                                           \
  {                                                                                      \
    bool test_ok = (expression);                                                         \
    g_assert_no_error (error);                                                           \
    g_assert_true (test_ok);                                                             \
  }                                                                                      \
  G_STMT_END

/* Seeded clock and random source: the clock starts at a fixed time and moves 1 ms with every reading. */
typedef struct
{
  CslEnv env;
  gint64 now_ms;
  GRand *random;
} TestEnv;
void test_env_init (TestEnv *self, guint32 seed);
void test_env_clear (TestEnv *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TestEnv, test_env_clear)

G_END_DECLS
