/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-outbox.c: the states of an outbox entry. */
#include "core/outbox/csl-outbox.h"

#include "core/base/csl-mut.h"

#include <string.h>

/* The names are stored in replicas: they never change. */
static const struct
{
  const char *name;
  bool overlays;
} states[] = {
  [CSL_OUTBOX_QUEUED] = { "queued", true },
  [CSL_OUTBOX_SENT] = { "sent", true },
  [CSL_OUTBOX_ACKED] = { "acked", true },
  [CSL_OUTBOX_HELD] = { "held", true },
  [CSL_OUTBOX_REJECTED] = { "rejected", true },
  [CSL_OUTBOX_CONFLICT] = { "conflict", false },
  [CSL_OUTBOX_ESCROW] = { "escrow", false },
  [CSL_OUTBOX_WITHDRAWN] = { "withdrawn", false },
};

/**
 * csl_outbox_state_to_string:
 *
 * Returns: (transfer none): the name a state is stored under
 */
const char *
csl_outbox_state_to_string (CslOutboxState state)
{
  return states[state].name;
}

/**
 * csl_outbox_state_from_string:
 * @text: (nullable): a stored name
 * @ret_state: (out): untouched on failure
 *
 * Returns: whether @text names a state
 */
bool
csl_outbox_state_from_string (const char *text, CslOutboxState *ret_state)
{
  for (guint i = 0; text != NULL && i < G_N_ELEMENTS (states); i++) {
    if (strcmp (text, states[i].name) == 0) {
      *ret_state = (CslOutboxState) i;
      return true;
    }
  }
  return false;
}

/**
 * csl_outbox_state_overlays:
 *
 * Returns: whether an operation in this state is part of what its author sees in the record
 */
bool
csl_outbox_state_overlays (CslOutboxState state)
{
  return states[state].overlays;
}

/* The state a verdict on one operation leads to; FALSE: it says nothing about this operation. */
static bool
settle (const CslAnswer *answer, CslOutboxState *ret_state)
{
  if (answer == NULL)
    return false;
  switch (answer->verdict) {
  case CSL_VERDICT_OK:
  case CSL_VERDICT_MERGED:
  case CSL_VERDICT_REDIRECT:
    *ret_state = CSL_OUTBOX_ACKED;
    return true;
  case CSL_VERDICT_CONFLICT:
    *ret_state = CSL_MUT (5) ? CSL_OUTBOX_ACKED : CSL_OUTBOX_CONFLICT;
    return true;
  case CSL_VERDICT_REJECTED:
    *ret_state = CSL_MUT (3) ? CSL_OUTBOX_ACKED : CSL_OUTBOX_REJECTED;
    return true;
  case CSL_VERDICT_HELD:
    *ret_state = CSL_MUT (4) ? CSL_OUTBOX_ACKED : CSL_OUTBOX_HELD;
    return true;
  case CSL_VERDICT_ESCROW:
    *ret_state = CSL_OUTBOX_ESCROW;
    return true;
  case CSL_VERDICT_GAP:
  case CSL_VERDICT_DEVICE_REWOUND:
  case CSL_VERDICT_BUSY:
  case CSL_VERDICT_EPOCH:
    break;
  }
  return false;
}

/**
 * csl_outbox_next_state:
 * @state: the entry's state
 * @answer: (nullable): what the server said; %NULL when the exchange ended without an answer
 *
 * A verdict on the operation moves a waiting entry (queued, sent, held) on; everything else makes a
 * sent one wait again and leaves the others. Answers that come late change nothing that was settled.
 *
 * Returns: the state to keep
 */
CslOutboxState
csl_outbox_next_state (CslOutboxState state, const CslAnswer *answer)
{
  CslOutboxState next;

  switch (state) {
  case CSL_OUTBOX_QUEUED:
  case CSL_OUTBOX_HELD:
    return settle (answer, &next) ? next : state;
  case CSL_OUTBOX_SENT:
    return settle (answer, &next) ? next : CSL_OUTBOX_QUEUED;
  case CSL_OUTBOX_ACKED:
  case CSL_OUTBOX_REJECTED:
  case CSL_OUTBOX_CONFLICT:
  case CSL_OUTBOX_ESCROW:
  case CSL_OUTBOX_WITHDRAWN:
    break;
  }
  return state;
}
