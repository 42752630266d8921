/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What must hold in a simulated world; each violation ends the history with the name of the invariant. */
#pragma once

#include "sim/whole/csl-sim-client.h"

G_BEGIN_DECLS

/* After every sync of @client: I5, I10, I11, I14, and those of the model. */
void csl_sim_check_running (CslSimClient *client,
                            CslSimClient **clients,
                            guint n_clients);
/* I7, I8, I12, I20, honest status: the replica against what the server was at that commit (csl-sim-check-model.c). */
void csl_sim_check_model (CslSimClient *client);
/* I14: records that left since the last look; (element-type utf8) (csl-sim-check-absence.c). */
void csl_sim_check_absence (CslSimClient *client, const GPtrArray *gone);
/* When everything has been said: L1, L2, I2. @fresh: (nullable) a new device of the same person. */
void csl_sim_check_quiet (CslSimClient *client, CslSimClient *fresh);
/* Has a pull ended in the middle? */
bool csl_sim_check_is_between_pages (CslSimClient *client);
/* May the person see @bucket at commit @seq (G_MAXINT64: now)? */
bool csl_sim_check_may_see (CslSimClient *client, const char *bucket, gint64 seq);
/* Every record of @type the person sees; (element-type CslRecord). */
GPtrArray *csl_sim_check_list (CslSimClient *client, const CslRecordType *type);
/* Adds every word that people type, from @text to @words, with @where. */
void csl_sim_check_collect_words (const char *text, const char *where, GHashTable *words);
void csl_sim_check_collect_bytes (const char *text,
                                  gsize size,
                                  const char *where,
                                  GHashTable *words);
/* Every word that can be read on the device → where (csl-sim-words.c). */
GHashTable *csl_sim_check_list_words (CslSimClient *client);
/* After a crash: I9, I20 of the file alone. */
void csl_sim_check_file_whole (CslSimClient *client);
/* I9, I12, I13, I15, I19 over the file of the device (csl-sim-check-file.c). */
void csl_sim_check_file (CslSimClient *client);
/* What the program knows does not lie aside (csl-sim-check-known.c). */
void csl_sim_check_known (CslSimClient *client);
/* A difference is in its author's list, I2 (csl-sim-check-taken.c). */
void csl_sim_check_taken (CslSimClient *client);
/* The search index is complete and right (csl-sim-check-search.c). */
void csl_sim_check_search (CslSimClient *client);
/* I15: of those who were erased by law no byte is left in the server's files (csl-sim-erase.c). */
void csl_sim_check_erased (CslSimWorld *world, guint organisation);
/* I1, I2, I3, I4, I16, I17, I21, I22, history = state (csl-sim-check-server.c). */
void csl_sim_check_server (CslSimWorld *world, CslSimClient **clients, guint n_clients);

G_END_DECLS
