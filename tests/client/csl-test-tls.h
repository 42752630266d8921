/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Certificates for tests, made by openssl when the test starts. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Paths below the test's own temporary folder. The *_pem files hold certificate and key. */
typedef struct
{
  char *folder;     /* (owned) */
  char *authority;  /* (owned): the authority to trust */
  char *good;       /* (owned): for localhost and 127.0.0.1 */
  char *expired;    /* (owned): the same, over yesterday */
  char *wrong_host; /* (owned): for another name */
  char *stranger;   /* (owned): for localhost, by an authority nobody knows */
} CslTestTls;

CslTestTls *csl_test_tls_new (void);
void csl_test_tls_free (CslTestTls *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CslTestTls, csl_test_tls_free)

G_END_DECLS
