/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-sim-check-taken.c: only what the server took counts as done; a difference stays in its author's list (I2). */
#include "core/wire/csl-answer.h"
#include "sim/whole/csl-sim-check.h"

#include <string.h>

void
csl_sim_check_taken (CslSimClient *client)
{
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (csl_sim_client_inspect (client),
                    "SELECT \"op\" FROM \"_outbox\" WHERE \"state\" = 'acked'", NULL);

  g_assert_nonnull (stmt);
  while (csl_stmt_step (stmt, NULL)) {
    const char *op = csl_stmt_get_text (stmt, 0);
    const char *text = g_hash_table_lookup (client->world->answers, op);
    g_auto (CslAnswer) answer = { 0 };

    if (text == NULL)
      continue;
    csl_sim_world_count (client->world, CSL_SIM_CHECKED_TAKEN);
    g_assert_true (csl_answer_parse (&answer, text, strlen (text), NULL));
    if (answer.verdict == CSL_VERDICT_CONFLICT)
      csl_sim_fail (client->world, client->name,
                    "I2: %s counts as done, its answer was %s", op, text);
  }
}
