/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-sim-check-model.c: a replica that says it is at commit S has what the server had at S, of what its person might
 * see at S. */
#include "server/csd-server-private.h"
#include "sim/whole/csl-sim-check.h"
#include "sim/whole/csl-sim-model.h"

#include <string.h>

#define COMPLETE 2 /* state of a bucket */

#define violated(client, ...) csl_sim_fail ((client)->world, (client)->name, __VA_ARGS__)

static CsdOrganisation *
get_organisation (CslSimClient *client)
{
  CslSimWorld *world = client->world;

  return csd_server_get_organisation (world->server,
                                      world->organisations[client->organisation].id,
                                      NULL);
}

bool
csl_sim_check_may_see (CslSimClient *client, const char *bucket, gint64 seq)
{
  CsdOrganisation *organisation = get_organisation (client);
  CsdStorage *storage = organisation->storage;
  char base[CSD_BUCKET_SIZE];
  guint bit = csd_organisation_split_bucket (organisation, bucket, base);

  if (g_str_has_prefix (bucket, "a:"))
    return true;
  return (storage->get_access (storage, client->user, base, seq) & bit) != 0;
}

/* Rows that changed again while a pull went on come with the next one (docs/protocol.md part 8, rules 4 and 5). */
static bool
has_changed_since (CslSimClient *client, const char *bucket, gint64 since)
{
  const CslSimModel *model = client->world->organisations[client->organisation].model;
  gint64 count, sum, count_now, sum_now;

  csl_sim_model_lookup (model, bucket, since, &count, &sum);
  csl_sim_model_lookup (model, bucket, csl_sim_model_get_head (model), &count_now,
                        &sum_now);
  return count != count_now || sum != sum_now;
}

/* I8 and I20 (equal sums), I12 (no bucket outside access) */
static void
check_bucket (CslSimClient *client, const CslStmt *row, gint64 since)
{
  CslStmt *stmt = (CslStmt *) row;
  const char *name = csl_stmt_get_text (stmt, 0);
  gint64 state = csl_stmt_get_int (stmt, 1);
  gint64 count, sum;

  csl_sim_model_lookup (client->world->organisations[client->organisation].model, name,
                        since, &count, &sum);
  csl_sim_world_count (client->world, CSL_SIM_CHECKED_ACCESS);
  if (!csl_sim_check_may_see (client, name, since)) {
    if (csl_stmt_get_int (stmt, 2) != 0)
      violated (client, "I12: %s is held at commit %" G_GINT64_FORMAT " without access",
                name, since);
    return;
  }
  if (state != COMPLETE || has_changed_since (client, name, since))
    return;
  csl_sim_world_count (client->world, CSL_SIM_CHECKED_MODEL);
  if (csl_stmt_get_int (stmt, 2) != count || csl_stmt_get_int (stmt, 3) != sum)
    violated (client,
              "I8: %s at commit %" G_GINT64_FORMAT " has %" G_GINT64_FORMAT
              " rows and sum %" G_GINT64_MODIFIER "x, the server had %" G_GINT64_FORMAT
              " and %" G_GINT64_MODIFIER "x",
              name, since, csl_stmt_get_int (stmt, 2),
              (guint64) csl_stmt_get_int (stmt, 3), count, (guint64) sum);
}

bool
csl_sim_check_is_between_pages (CslSimClient *client)
{
  static const char sql[] = "SELECT count (*) FROM \"_meta\" WHERE \"name\" = 'resume'"
                            " AND \"value\" IS NOT NULL AND \"value\" <> ''";

  return csl_db_query_int (csl_sim_client_inspect (client), sql, 0) > 0;
}

/* Honest status: "up to date" is said only when it is. */
static void
check_status (CslSimClient *client, const CslReplicaIdentity *identity)
{
  const CslSyncSnapshot *snapshot = csl_sync_driver_get_snapshot (client->driver);
  CslOutboxCounts counts = csl_sim_client_count (client);

  csl_sim_world_count (client->world, CSL_SIM_CHECKED_STATUS);
  if (snapshot->waiting != counts.queued + counts.sent + counts.held)
    violated (client, "status: %u are said to wait, %u do", snapshot->waiting,
              counts.queued + counts.sent + counts.held);
  if (snapshot->status != CSL_SYNC_STATUS_UP_TO_DATE)
    return;
  if (counts.queued + counts.sent > 0)
    violated (client, "status: up to date, but %u operations wait",
              counts.queued + counts.sent);
  if (identity->since < csl_sim_server_get_head (client->world, client->organisation))
    violated (client,
              "status: up to date at commit %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT,
              identity->since,
              csl_sim_server_get_head (client->world, client->organisation));
}

void
csl_sim_check_model (CslSimClient *client)
{
  const CslSimModel *model = client->world->organisations[client->organisation].model;
  CslReplicaIdentity identity = csl_sim_client_get_identity (client);
  CslDb *db = csl_sim_client_inspect (client);
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (db, "SELECT \"name\", \"state\", \"count\", \"sum\" FROM \"_bucket\"",
                    NULL);

  check_status (client, &identity);
  if (strcmp (identity.epoch, csl_sim_model_get_epoch (model)) != 0 ||
      identity.reconcile || client->planted || csl_sim_check_is_between_pages (client) ||
      !csl_sim_model_knows (model, identity.since))
    return;
  while (csl_stmt_step (stmt, NULL))
    check_bucket (client, stmt, identity.since);
}
