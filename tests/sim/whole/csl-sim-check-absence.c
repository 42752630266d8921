/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-sim-check-absence.c: I14: what was here and is not any more left for a reason. That an answer did not name it, or that
 * something else than the server answered, is none. */
#include "sim/whole/csl-sim-check.h"
#include "sim/whole/csl-sim-model.h"

#include <string.h>

#define violated(client, ...) csl_sim_fail ((client)->world, (client)->name, __VA_ARGS__)

/* Its record ended, or its person may not see it, or it changed after the commit that the replica is at. */
static bool
has_left (CslSimClient *client, gint64 since, const char *id)
{
  static const char sql[] =
    "SELECT b.name, r.seq, r.state FROM _rec r JOIN _bucket b ON b.bucket = r.bucket"
    " WHERE r.id = :id";
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (csl_sim_server_observe (client->world, client->organisation), sql,
                    NULL);

  csl_stmt_bind_text (stmt, ":id", id);
  return !csl_stmt_step (stmt, NULL) || csl_stmt_get_int (stmt, 2) != 0 ||
         csl_stmt_get_int (stmt, 1) > since ||
         !csl_sim_check_may_see (client, csl_stmt_get_text (stmt, 0), since) ||
         !csl_sim_check_may_see (client, csl_stmt_get_text (stmt, 0), G_MAXINT64);
}

/* Own waiting work may hide it. */
static bool
is_worked_on (const GPtrArray *entries, const char *id)
{
  for (guint i = 0; i < entries->len; i++)
    if (strcmp (((const CslOutboxEntry *) entries->pdata[i])->id, id) == 0)
      return true;
  return false;
}

void
csl_sim_check_absence (CslSimClient *client, const GPtrArray *gone)
{
  CslReplicaIdentity identity = csl_sim_client_get_identity (client);
  const CslSimModel *model = client->world->organisations[client->organisation].model;
  g_autoptr (GPtrArray) entries = NULL;

  /* What happened before the server was put back cannot be asked any more. */
  if (gone->len == 0 || strcmp (identity.epoch, csl_sim_model_get_epoch (model)) != 0 ||
      identity.reconcile || csl_sim_check_is_between_pages (client))
    return;
  entries = csl_sim_client_list_outbox (client);
  csl_sim_world_count (client->world, CSL_SIM_CHECKED_ABSENCE);
  for (guint i = 0; i < gone->len; i++) {
    const char *id = gone->pdata[i];

    if (!is_worked_on (entries, id) && !has_left (client, identity.since, id))
      violated (client, "I14: %s is not here any more, and nobody took it away", id);
  }
}
