/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Three-way merge of sets and lists of objects, element by element. */
#pragma once

#include "core/value/csl-value.h"

G_BEGIN_DECLS

/* One element. @key: what it is known by; @text: its whole canonical JSON. */
typedef struct
{
  char *key, *text; /* (owned) */
} CslElement;

/* Elements of a canonical JSON array (or of NULL): objects by their "id", everything else by itself. */
GPtrArray *csl_elements_read (const CslValue *value) G_GNUC_WARN_UNUSED_RESULT;

/* Lays what changed from @was to @mine over @current and puts the result into @current, sorted when
 * @sorted. FALSE when an element was changed on both sides in different ways (or changed on one and
 * removed on the other): it stays as it is in @current, everything else is merged. */
bool csl_merge_elements (CslValue *current,
                         const CslValue *was,
                         const CslValue *mine,
                         bool sorted);

G_END_DECLS
