/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words in texts that the full-text index does not have yet. */
#pragma once

#include "store/csl-db.h"

G_BEGIN_DECLS

/* The name of the function in statements. */
#define CSL_WORDS_FUNCTION "has_words"

/* Gives the connection has_words (expression, text, …): does each word of an expression of csl_reader_dup_match() begin a
 * word of one of the texts? As the full-text index would have it: without regard to case and accents. */
bool csl_words_install (CslDb *db, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
