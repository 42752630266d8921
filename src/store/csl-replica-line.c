/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-replica-line.c: a new line of the outbox, whoever wrote it. */
#include "config.h"

#include "store/csl-replica-private.h"

bool
csl_replica_insert_line (CslReplica *self, const CslNewLine *line, GError **error)
{
  static const char sql[] =
    "INSERT INTO \"_outbox\" (\"op\", \"group\", \"type\", \"id\", \"bucket\", \"act\", "
    "\"state\", \"laid\", \"tries\", \"saved_ms\", \"title\", \"line\", \"offer\") "
    "VALUES (:op, :group, :type, :id, :bucket, :act, 'queued', :laid, :tries, :saved, "
    ":title, :line, :offer)";
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":op", line->op);
  csl_stmt_bind_text (stmt, ":group", line->group);
  csl_stmt_bind_text (stmt, ":type", line->type);
  csl_stmt_bind_text (stmt, ":id", line->id);
  csl_stmt_bind_text (stmt, ":bucket", line->bucket);
  csl_stmt_bind_int (stmt, ":act", line->act);
  csl_stmt_bind_int (stmt, ":laid", line->laid);
  csl_stmt_bind_int (stmt, ":tries", line->tries);
  csl_stmt_bind_int (stmt, ":saved", line->saved_ms);
  csl_stmt_bind_text (stmt, ":title", line->title);
  csl_stmt_bind_text (stmt, ":line", line->text);
  csl_stmt_bind_int (stmt, ":offer", line->offer);
  return csl_stmt_run (stmt, error);
}
