/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-sim-defects.c: what each planted defect is (CSL_MUT, src/core/base/csl-mut.h). */
#include "sim/whole/csl-sim-defects.h"

static const CslSimDefect defects[] = {
  { 1, "disk", "commits wait for no disk (synchronous=NORMAL)" },
  { 2, "disk", "nothing ever waits for the disk (synchronous=OFF)" },
  { 3, "verdict", "a refused operation counts as done" },
  { 4, "verdict", "a held operation counts as done" },
  { 5, "verdict", "a difference counts as done and is laid over" },
  { 6, "queue", "what was cut stays sent" },
  { 7, "queue", "what waits for a repaired cause is never released" },
  { 8, "queue", "what waits goes only after its repair was applied" },
  { 9, "queue", "a gap is not filled" },
  { 10, "queue", "a rewound device keeps its incarnation" },
  { 11, "epoch", "acknowledged work is not offered to a restored server" },
  { 12, "epoch", "a changed epoch keeps the incarnation" },
  { 13, "epoch", "the cursor of the lost history stays" },
  { 14, "feed", "the cursor moves with the first page" },
  { 15, "feed", "rows that leave stay" },
  { 16, "access", "a lost bucket stays" },
  { 17, "access", "the shadows of a lost bucket stay" },
  { 18, "access", "the rows of a lost bucket stay" },
  { 19, "feed", "an older version replaces a newer one" },
  { 20, "feed", "what arrives is not counted" },
  { 21, "repair", "rows a restored server does not have stay" },
  { 22, "repair", "a wrong sum goes unnoticed" },
  { 23, "engine", "a failed pull is forgotten" },
  { 24, "engine", "a wait never ends" },
  { 25, "engine", "one 401 signs the person out" },
  { 26, "engine", "comparing goes on with a server that was restored once more" },
  { 27, "engine", "after a push nothing is pulled" },
  { 28, "status", "what a cut exchange changed is not counted" },
  { 29, "status", "a pull that went on is taken for the newest" },
  { 30, "repair", "attempts that failed count as repairs" },
  { 31, "epoch", "a server does not notice that it was restored" },
  { 32, "epoch", "a server does not notice the second restore" },
  { 33, "once", "a repeated operation is applied again" },
  { 34, "once", "numbers of a rewound device are taken" },
  { 35, "merge", "the last writer wins" },
  { 36, "merge", "the second value is not kept" },
  { 37, "merge", "a delete takes edits it has not seen" },
  { 38, "merge", "an edit brings back what was deleted" },
  { 39, "verdict", "work for a lost file is not kept" },
  { 40, "once", "a refused group leaves its first part" },
  { 41, "access", "what was lost is not told" },
  { 42, "feed", "the horizon is not looked at" },
  { 43, "merge", "stamps of a restored server are taken as they are" },
  { 44, "verdict", "the difference of a refused operation is not written" },
  { 45, "access", "a file whose access changed is taken for lost" },
  { 46, "queue", "what came behind a refused operation is not looked at" },
  { 47, "queue", "an operation waits for whatever its device could not make" },
  { 48, "erase", "what was refused because of it keeps its words" },
  { 49, "erase", "who wrote about somebody erased is not told" },
  { 50, "erase", "after a restore nobody asks who was erased" },
  { 51, "erase", "a restored server does not erase again" },
  { 52, "repair", "the audit finds nothing" },
  { 53, "merge", "a record is dated by the clock of the computer that made it" },
  { 54, "upgrade", "records an older program had no table for stay aside" },
  { 55, "upgrade", "fields an older program did not know stay aside" },
  { 56, "upgrade", "an older program forgets fields it does not know" },
};

const CslSimDefect *
csl_sim_defects_list (guint *ret_n)
{
  *ret_n = G_N_ELEMENTS (defects);
  return defects;
}
