/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslWorkCopy: unsent work on its way by file instead of by push. docs/sealed-copy.md, "The content of unsent work". */
#pragma once

#include "core/base/csl-error.h"

#include <stdbool.h>

G_BEGIN_DECLS

typedef struct
{
  char *organisation, *user;  /* (owned) ids: whose work it is */
  char *name;                 /* (owned) (nullable) of the author, for messages */
  char *device, *inc, *epoch; /* (owned) of the replica it comes from; epoch (nullable) */
  char *at;                   /* (owned) instant text: when it was made */
  GPtrArray *lines;           /* (owned) of char: wire lines in the order of writing */
  GPtrArray
    *drafts; /* (owned) (nullable) of char: lines {"t":"draft","id":…,"set":{…}} */
} CslWorkCopy;

void csl_work_copy_clear (CslWorkCopy *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CslWorkCopy, csl_work_copy_clear)

/* All or nothing. CSL_WIRE_ERROR_SYNTAX, VALUE; UNKNOWN: a newer program made it. @ret_copy: uninitialised memory. */
bool csl_work_copy_parse (CslWorkCopy *ret_copy,
                          const char *text,
                          gsize length,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The head and the lines, numbered from 1. NULL when a line is not one: CSL_WIRE_ERROR_SYNTAX. */
GString *csl_work_copy_print (const CslWorkCopy *self, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
