/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Record and operation ids: UUIDv7 (RFC 9562) in lower-case text form, 36 characters. */
#pragma once

#include "core/base/csl-env.h"

#include <stdbool.h>

G_BEGIN_DECLS

#define CSL_ID_LENGTH 36

/* Text of an id with its NUL; copied by value. */
typedef struct
{
  char text[CSL_ID_LENGTH + 1];
} CslId;

CslId csl_id_new (const CslEnv *env);
bool csl_id_is_valid (const char *text);

G_END_DECLS
