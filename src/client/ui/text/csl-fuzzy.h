/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How well what somebody typed fits a short name: for commands, not for records. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The first word typed begins the name, or every word typed begins one of its words. */
#define CSL_FUZZY_TITLE 300
/* With the other words it is known by. */
#define CSL_FUZZY_WORDS 200
/* The letters come in this order: "nwnt" for "New note". */
#define CSL_FUZZY_LETTERS 100

/* 0: it does not fit; else higher is better, and at least the level above. Case and accents do not matter.
 * @words: other words for the same, or NULL */
guint csl_fuzzy_score (const char *title, const char *words, const char *typed);

G_END_DECLS
