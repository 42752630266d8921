/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is not acceptable in somebody's input: not a GError but a list that forms, refused
 * operations and HTTP answers all render. A problem names the field, a stable code and the
 * sentence for people (already translated where it was made on the client).
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

G_BEGIN_DECLS

typedef struct
{
  char *path;    /* (owned) field name, or file path with JSON path for definitions */
  char *code;    /* (owned) stable machine code: "required", "R-64", "transition", … */
  char *message; /* (owned) a full sentence */
} CslProblem;

/* A list of problems; free with csl_problems_free() or g_autoptr (CslProblems). */
typedef struct _CslProblems CslProblems;

CslProblems *csl_problems_new (void) G_GNUC_WARN_UNUSED_RESULT;
void csl_problems_free (CslProblems *self);
void csl_problems_add (CslProblems *self,
                       const char *path,
                       const char *code,
                       const char *format,
                       ...) G_GNUC_PRINTF (4, 5);
guint csl_problems_get_size (const CslProblems *self);
const CslProblem *csl_problems_get (const CslProblems *self, guint position);
/* First problem with this path, or NULL. */
const CslProblem *csl_problems_lookup (const CslProblems *self, const char *path);
/* All problems, one "path: message" per line. */
char *csl_problems_dup_text (const CslProblems *self) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CslProblems, csl_problems_free)

G_END_DECLS
