/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What csl-db.c and csl-stmt.c share. */
#pragma once

#include "store/csl-db.h"

#include <sqlite3.h>

G_BEGIN_DECLS

/* The connection under @self. */
sqlite3 *csl_db_get_handle (CslDb *self);
/* FALSE with the first failure once the connection has failed. */
bool csl_db_is_usable (CslDb *self, GError **error);
/* Turns a result code into an error; disk failures and damage make the connection unusable. Always FALSE. */
bool csl_db_fail (CslDb *self, int code, GError **error);
/* Makes safe what an earlier program left in the log, before anything is written behind it. Waits for nobody, and leaves the
 * connection with @busy_timeout_ms. */
bool csl_db_settle_log (CslDb *self, int busy_timeout_ms, GError **error);
CslStmt *csl_stmt_new (CslDb *db, const char *sql, bool persistent, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
