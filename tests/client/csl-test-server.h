/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A TLS server that answers each path with exactly the bytes it was told, so that a test can
 * send what no proper server would. Counts connections and requests. */
#pragma once

#include <glib.h>
#include <stdbool.h>

G_BEGIN_DECLS

typedef struct _CslTestServer CslTestServer;

/* @pem: file with certificate and key. */
CslTestServer *csl_test_server_new (const char *pem);
void csl_test_server_free (CslTestServer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CslTestServer, csl_test_server_free)
const char *csl_test_server_get_address (CslTestServer *self);
/* The whole answer to @path, head included (takes @answer); @cut: then close. */
void csl_test_server_put (CslTestServer *self,
                          const char *path,
                          GBytes *answer,
                          bool cut);
/* Answers every path that was not put; in threads of the server. Before the first request. */
typedef GBytes *(*CslTestHandler) (const char *head, GBytes *body, gpointer data);
void csl_test_server_set_handler (CslTestServer *self,
                                  CslTestHandler handler,
                                  gpointer data);
/* Nobody gets through: connections are closed at once. */
void csl_test_server_set_unplugged (CslTestServer *self, bool unplugged);
/* A complete answer around @body. */
void csl_test_server_put_text (CslTestServer *self,
                               const char *path,
                               const char *status,
                               const char *type,
                               const char *body);
guint csl_test_server_get_connections (CslTestServer *self);
guint csl_test_server_get_requests (CslTestServer *self);
/* Head of the last request. */
char *csl_test_server_dup_head (CslTestServer *self);

G_END_DECLS
