/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The everyday notes between those of a storyline, and the ones that close a case half-way. */
#pragma once

#include "server/demo/csd-demo-case.h"

G_BEGIN_DECLS

void csd_demo_daily_emit (CsdDemoCase *self);
/* One of the lines of the templates for all programmes, for example "safety_lines"; NULL when
 * there is none. */
char *csd_demo_daily_dup_line (CsdDemoText *text, const char *list)
  G_GNUC_WARN_UNUSED_RESULT;
/* What a flag of this kind (vulnerability_type) says in a sentence, or NULL. */
char *csd_demo_daily_dup_flag (CsdDemoText *text, const char *type)
  G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
