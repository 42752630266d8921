/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-problem.c: the list of what is not acceptable in somebody's input. */
#include "core/base/csl-problem.h"

struct _CslProblems
{
  GArray *items; /* (owned) of CslProblem */
};

static void
problem_clear (gpointer data)
{
  CslProblem *problem = data;

  g_free (problem->path);
  g_free (problem->code);
  g_free (problem->message);
}

/**
 * csl_problems_new:
 *
 * Returns: (transfer full): an empty list
 */
CslProblems *
csl_problems_new (void)
{
  CslProblems *self = g_new (CslProblems, 1);

  self->items = g_array_new (FALSE, FALSE, sizeof (CslProblem));
  g_array_set_clear_func (self->items, problem_clear);
  return self;
}

void
csl_problems_free (CslProblems *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->items);
  g_free (self);
}

/**
 * csl_problems_add:
 * @self: the list
 * @path: field name, or file with JSON path
 * @code: stable machine code
 * @format: printf format of a full sentence for people
 */
void
csl_problems_add (CslProblems *self,
                  const char *path,
                  const char *code,
                  const char *format,
                  ...)
{
  CslProblem problem = { .path = g_strdup (path), .code = g_strdup (code) };
  va_list arguments;

  va_start (arguments, format);
  problem.message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_array_append_val (self->items, problem);
}

guint
csl_problems_get_size (const CslProblems *self)
{
  return self->items->len;
}

/**
 * csl_problems_get:
 * @position: below csl_problems_get_size()
 *
 * Returns: (transfer none): the problem; valid until the next one is added
 */
const CslProblem *
csl_problems_get (const CslProblems *self, guint position)
{
  g_return_val_if_fail (position < self->items->len, NULL);
  return &g_array_index (self->items, CslProblem, position);
}

/**
 * csl_problems_lookup:
 *
 * Returns: (transfer none) (nullable): the first problem with this path
 */
const CslProblem *
csl_problems_lookup (const CslProblems *self, const char *path)
{
  for (guint i = 0; i < self->items->len; i++) {
    const CslProblem *problem = csl_problems_get (self, i);
    if (g_strcmp0 (problem->path, path) == 0)
      return problem;
  }
  return NULL;
}

/**
 * csl_problems_dup_text:
 *
 * Returns: (transfer full): all problems, one "path: message" per line; "" for none
 */
char *
csl_problems_dup_text (const CslProblems *self)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < self->items->len; i++) {
    const CslProblem *problem = csl_problems_get (self, i);
    g_string_append_printf (text, "%s: %s\n", problem->path, problem->message);
  }
  return g_string_free (text, FALSE);
}
