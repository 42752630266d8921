/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-sim-tally.c: names of what is counted. */
#include "sim/whole/csl-sim-tally.h"

static const char *const names[CSL_SIM_N_COUNTS] = {
  [CSL_SIM_NET_DROPPED] = "net-dropped",
  [CSL_SIM_NET_REPEATED] = "net-repeated",
  [CSL_SIM_NET_LATE] = "net-late",
  [CSL_SIM_NET_REPLY_LOST] = "net-reply-lost",
  [CSL_SIM_NET_CUT] = "net-cut",
  [CSL_SIM_NET_GARBAGE] = "net-garbage",
  [CSL_SIM_NET_PORTAL] = "net-portal",
  [CSL_SIM_NET_401] = "net-401",
  [CSL_SIM_NET_429] = "net-429",
  [CSL_SIM_NET_500] = "net-500",
  [CSL_SIM_NET_503] = "net-503",
  [CSL_SIM_NET_LIST_LOST] = "net-list-lost",
  [CSL_SIM_CLIENT_KILLED] = "client-killed",
  [CSL_SIM_CLIENT_POWER_CUT] = "client-power-cut",
  [CSL_SIM_CLIENT_DISK_FULL] = "client-disk-full",
  [CSL_SIM_CLIENT_READ_ERROR] = "client-read-error",
  [CSL_SIM_CLIENT_WRITE_ERROR] = "client-write-error",
  [CSL_SIM_CLIENT_SYNC_ERROR] = "client-sync-error",
  [CSL_SIM_CLIENT_REWOUND] = "client-rewound",
  [CSL_SIM_CLIENT_FLIPPED] = "client-flipped",
  [CSL_SIM_CLIENT_FLIP_REFUSED] = "client-flip-refused",
  [CSL_SIM_CLIENT_ROW_PLANTED] = "client-row-planted",
  [CSL_SIM_SERVER_KILLED] = "server-killed",
  [CSL_SIM_SERVER_POWER_CUT] = "server-power-cut",
  [CSL_SIM_SERVER_DISK_FULL] = "server-disk-full",
  [CSL_SIM_SERVER_WRITE_ERROR] = "server-write-error",
  [CSL_SIM_SERVER_SYNC_ERROR] = "server-sync-error",
  [CSL_SIM_SERVER_BACKED_UP] = "server-backed-up",
  [CSL_SIM_SERVER_RESTORED] = "server-restored",
  [CSL_SIM_SERVER_RESTORED_AMID] = "server-restored-amid",
  [CSL_SIM_TOMBSTONES_FORGOTTEN] = "tombstones-forgotten",
  [CSL_SIM_WRITE_KEPT] = "write-kept",
  [CSL_SIM_WRITE_LOST] = "write-lost",
  [CSL_SIM_WRITE_TORN] = "write-torn",
  [CSL_SIM_CLOCK_JUMPED] = "clock-jumped",
  [CSL_SIM_CLOCK_BACKWARDS] = "clock-backwards",
  [CSL_SIM_CLOCK_FROZEN] = "clock-frozen",
  [CSL_SIM_TOKENS_EXPIRED] = "tokens-expired",
  [CSL_SIM_REFRESH_FORGOTTEN] = "refresh-forgotten",
  [CSL_SIM_ACCESS_GIVEN] = "access-given",
  [CSL_SIM_ACCESS_TAKEN] = "access-taken",
  [CSL_SIM_ACCOUNT_DISABLED] = "account-disabled",
  [CSL_SIM_HALF_REFUSED] = "half-refused",
  [CSL_SIM_LEFT_ALONE] = "left-alone",
  [CSL_SIM_QUARRELLED] = "quarrelled",
  [CSL_SIM_FORM_SAVED] = "form-saved",
  [CSL_SIM_CASE_MOVED] = "case-moved",
  [CSL_SIM_SIGNED_IN_AGAIN] = "signed-in-again",
  [CSL_SIM_VERDICT_OK] = "verdict-ok",
  [CSL_SIM_VERDICT_DUP] = "verdict-dup",
  [CSL_SIM_VERDICT_MERGED] = "verdict-merged",
  [CSL_SIM_VERDICT_CONFLICT] = "verdict-conflict",
  [CSL_SIM_VERDICT_REJECTED] = "verdict-rejected",
  [CSL_SIM_VERDICT_HELD] = "verdict-held",
  [CSL_SIM_VERDICT_ESCROW] = "verdict-escrow",
  [CSL_SIM_VERDICT_GAP] = "verdict-gap",
  [CSL_SIM_VERDICT_REWOUND] = "verdict-rewound",
  [CSL_SIM_VERDICT_EPOCH] = "verdict-epoch",
  [CSL_SIM_PULL_DROP] = "pull-drop",
  [CSL_SIM_PULL_GONE] = "pull-gone",
  [CSL_SIM_PULL_FILL] = "pull-fill",
  [CSL_SIM_PULL_PAGE] = "pull-page",
  [CSL_SIM_MANIFEST_READ] = "manifest-read",
  [CSL_SIM_ACTS_PROMISED] = "acts-promised",
  [CSL_SIM_ACTS_UNKNOWN] = "acts-unknown",
  [CSL_SIM_EXCHANGES] = "exchanges",
  [CSL_SIM_CHECKED_MODEL] = "checked-model",
  [CSL_SIM_CHECKED_ACCESS] = "checked-access",
  [CSL_SIM_CHECKED_REVOKED] = "checked-revoked",
  [CSL_SIM_CHECKED_ANSWER] = "checked-answer",
  [CSL_SIM_CHECKED_FILE] = "checked-file",
  [CSL_SIM_CHECKED_STATUS] = "checked-status",
  [CSL_SIM_CHECKED_LAID] = "checked-laid",
  [CSL_SIM_CHECKED_HISTORY] = "checked-history",
  [CSL_SIM_CHECKED_DELETE] = "checked-delete",
  [CSL_SIM_CHECKED_REFERENCE] = "checked-reference",
  [CSL_SIM_CHECKED_SEARCH] = "checked-search",
  [CSL_SIM_CHECKED_ABSENCE] = "checked-absence",
  [CSL_SIM_CHECKED_HELD] = "checked-held",
  [CSL_SIM_CHECKED_FRESH] = "checked-fresh",
};

const char *
csl_sim_count_get_name (CslSimCount count)
{
  return names[count];
}

void
csl_sim_tally_add (CslSimTally *self, const CslSimTally *other)
{
  for (guint i = 0; i < CSL_SIM_N_COUNTS; i++)
    self->counts[i] += other->counts[i];
}
