/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What hangs on a demo case: notes, visits, appointments, tasks, goals, barriers, contacts, calls and letters. */
#pragma once

#include "server/demo/csd-demo-case.h"

G_BEGIN_DECLS

/* Everything of the storyline that happened up to today, and what is planned. */
void csd_demo_parts_emit (CsdDemoCase *self);
/* One note: @from is one of the storyline's or the templates', @day counts from the opening. */
void csd_demo_parts_emit_note (CsdDemoCase *self, JsonObject *from, gint64 day);

G_END_DECLS
