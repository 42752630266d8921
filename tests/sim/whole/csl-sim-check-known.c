/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-sim-check-known.c: what a program knows does not lie aside in its file (I23). */
#include "core/base/csl-json-scan.h"
#include "sim/whole/csl-sim-check.h"

#include <string.h>

#define violated(client, ...) csl_sim_fail ((client)->world, (client)->name, __VA_ARGS__)

static void
check_rest (CslSimClient *client, const CslRecordType *type, const char *rest)
{
  g_auto (CslJson) json = { 0 };
  guint count;

  csl_json_init (&json);
  g_assert_true (csl_json_scan (&json, rest, strlen (rest), &csl_json_limits_line, NULL));
  count = csl_json_token (&json, 0)->count;
  for (guint i = 0, name = 1; i < count; i++) {
    g_autofree char *text = csl_json_dup_string (&json, name);

    if (csl_record_type_lookup_field (type, text) != NULL)
      violated (client, "I23: %s of a %s is not in its field", text, type->name);
    name = csl_json_token (&json, name + 1)->next;
  }
}

static void
check_rests (CslSimClient *client, const CslRecordType *type)
{
  g_autofree char *sql =
    g_strdup_printf ("SELECT \"_rest\" FROM \"%s\" WHERE \"_rest\" IS NOT NULL",
                     type->name);
  g_autoptr (CslStmt) stmt =
    csl_db_prepare_once (csl_sim_client_inspect (client), sql, NULL);

  g_assert_nonnull (stmt);
  while (csl_stmt_step (stmt, NULL)) {
    csl_sim_world_count (client->world, CSL_SIM_CHECKED_REST);
    check_rest (client, type, csl_stmt_get_text (stmt, 0));
  }
}

static void
check_types (CslSimClient *client)
{
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (csl_sim_client_inspect (client),
                    "SELECT \"type\", \"id\" FROM \"_unknown\"", NULL);

  g_assert_nonnull (stmt);
  while (csl_stmt_step (stmt, NULL)) {
    csl_sim_world_count (client->world, CSL_SIM_CHECKED_UNKNOWN);
    if (csl_schema_lookup_type (client->schema, csl_stmt_get_text (stmt, 0)) != NULL)
      violated (client, "I23: %s %s is not in its table", csl_stmt_get_text (stmt, 0),
                csl_stmt_get_text (stmt, 1));
  }
}

void
csl_sim_check_known (CslSimClient *client)
{
  for (guint i = 0; i < csl_schema_get_n_types (client->schema); i++)
    check_rests (client, csl_schema_get_type (client->schema, i));
  check_types (client);
}
